"""Los mismos doce meses de cada año, uno sobre otro: los dos más recientes resaltan y los demás quedan de fondo."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analisis.formatos import MESES
from graficas.base import CATEGORIAS, GRIS, LINEA, TINTA, armar
from graficas.rotulos import separar

ALTO = 400
AIRE = 1.08
TENUE = "#B9C2C9"


def por_anios(serie: pd.DataFrame, *, demostracion: bool) -> go.Figure:
    """``serie``: fecha, conteo y provisional de un solo lugar y delito. Los meses que faltan cortan la línea."""
    tabla = serie.assign(anio=serie["fecha"].dt.year, mes=serie["fecha"].dt.month)
    anios = sorted(tabla["anio"].unique())
    tope = max(float(tabla["conteo"].max()), 1.0) * AIRE
    trazos, anotaciones, finales = [], [], []
    for posicion, anio in enumerate(anios):
        propia = tabla[tabla["anio"] == anio].set_index("mes").reindex(range(1, 13))
        valores = propia["conteo"].to_numpy(dtype=float)
        provisional = propia["provisional"].eq(True).to_numpy()
        reciente = len(anios) - 1 - posicion
        color, ancho = {0: (CATEGORIAS[0], 3.0), 1: (CATEGORIAS[1], 2.4)}.get(reciente, (TENUE, 1.2))
        comun = {"type": "scatter", "x": list(MESES), "mode": "lines", "connectgaps": False}
        tramo = provisional | np.append(provisional[1:], False)
        for visibles, trazo in ((~provisional, "solid"), (tramo, "dot")):
            trazos.append(
                {
                    **comun, "y": np.where(visibles, valores, np.nan), "hoverinfo": "skip",
                    "line": {"color": color, "width": ancho, "dash": trazo},
                }
            )  # fmt: skip
        trazos.append(
            {
                **comun, "mode": "markers", "y": valores, "name": str(anio), "marker": {"color": color, "opacity": 0},
                "customdata": np.where(provisional, " (provisional)", ""), "hovertemplate": "%{y:,.0f}%{customdata}",
            }
        )  # fmt: skip
        hay = np.flatnonzero(~np.isnan(valores))
        if reciente < 2 and len(hay):
            finales.append((str(anio), color, hay[-1], valores[hay[-1]]))
    puestas = separar([v / tope * ALTO for *_, v in finales], [18] * len(finales), ALTO)
    for (texto, color, mes, _), pixel in zip(finales, puestas, strict=True):
        anotaciones.append(
            {
                "text": texto, "x": MESES[mes], "y": pixel / ALTO * tope, "xanchor": "left", "xshift": 6,
                "showarrow": False, "font": {"color": color, "size": 14, "weight": 700},
            }
        )  # fmt: skip
    anotaciones.append(
        {
            "text": "carpetas por mes", "x": 0, "y": 1, "xref": "paper", "yref": "paper", "xanchor": "left",
            "yanchor": "bottom", "showarrow": False, "font": {"size": 13, "color": TINTA}, "xshift": -50, "yshift": 4,
        }
    )  # fmt: skip
    return armar(
        trazos,
        ALTO + 90,
        demostracion=demostracion,
        anotaciones=anotaciones,
        margen={"t": 46, "r": 44},
        hovermode="x unified",
        hoverlabel={"namelength": -1},
        xaxis={"type": "category", "showgrid": False, "ticktext": [m[:3] for m in MESES], "tickvals": list(MESES)},
        yaxis={"range": [0, tope], "gridcolor": LINEA, "tickformat": ",", "zeroline": True, "zerolinecolor": GRIS},
    )
