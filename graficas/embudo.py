"""Embudo de tasas y curva de concentración: comparar lugares de distinto tamaño sin ponerlos en fila."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analisis.formatos import decimal, entero
from analisis.tasas import Embudo
from graficas.base import CATEGORIAS, GRIS, LINEA, TINTA, armar

CURVAS = ((0.95, "dash"), (0.998, "solid"))


def embudo(
    tabla: pd.DataFrame, hecho: Embudo, unidad: str, *, elegido: str | None = None, demostracion: bool
) -> go.Figure:
    """``tabla``: lugar, nombre, poblacion (habitantes), conteo y tasa (por 100 mil), en el orden de ``hecho.z``."""
    hay = tabla["poblacion"].notna() & tabla["tasa"].notna()
    visible, z = tabla[hay], hecho.z[hay.to_numpy()]
    leido = [
        f"{f.nombre}<br>{entero(f.conteo)} carpetas, {entero(f.poblacion)} habitantes<br>{decimal(f.tasa)} por 100 mil"
        for f in visible.itertuples()
    ]
    fuera = np.abs(z) > 3.09
    trazos: list[dict] = [
        {
            "type": "scattergl" if len(visible) > 500 else "scatter", "mode": "markers", "x": visible["poblacion"],
            "y": visible["tasa"], "customdata": leido, "hovertemplate": "%{customdata}<extra></extra>",
            "marker": {"size": 6, "color": np.where(fuera, CATEGORIAS[1], CATEGORIAS[0]), "opacity": 0.65},
        }
    ]  # fmt: skip
    personas = np.geomspace(max(visible["poblacion"].min(), 50), visible["poblacion"].max(), 120)
    anotaciones = []
    for confianza, trazo in CURVAS:
        bajo, alto = hecho.limites(personas, confianza)
        for curva in (bajo, alto):
            trazos.append(
                {
                    "type": "scatter", "mode": "lines", "x": personas, "y": curva, "hoverinfo": "skip",
                    "line": {"color": GRIS, "width": 1.2, "dash": trazo},
                }
            )  # fmt: skip
    trazos.append(
        {
            "type": "scatter", "mode": "lines", "x": [personas[0], personas[-1]], "y": [hecho.centro] * 2,
            "hoverinfo": "skip", "line": {"color": TINTA, "width": 1.4},
        }
    )  # fmt: skip
    propio = visible[visible["lugar"] == elegido]
    if len(propio):
        fila = propio.iloc[0]
        trazos.append(
            {
                "type": "scatter", "mode": "markers", "x": [fila["poblacion"]], "y": [fila["tasa"]], "hoverinfo": "skip",
                "marker": {"size": 14, "color": "rgba(0,0,0,0)", "line": {"width": 3, "color": TINTA}},
            }
        )  # fmt: skip
        anotaciones.append(
            {
                "x": float(np.log10(fila["poblacion"])), "y": fila["tasa"], "text": fila["nombre"].split(",")[0],
                "showarrow": True, "arrowhead": 0, "ax": 0, "ay": -34, "font": {"size": 13, "color": TINTA},
            }
        )  # fmt: skip
    tope = max(float(visible["tasa"].quantile(0.995)) * 1.1, float(hecho.limites(np.array([2e4]), 0.95)[1][0]))
    return armar(
        trazos,
        430,
        demostracion=demostracion,
        anotaciones=[*anotaciones, _unidad(unidad)],
        margen={"t": 46, "b": 44},
        xaxis={
            "type": "log", "title": {"text": "habitantes (escala logarítmica)"}, "gridcolor": LINEA, "dtick": 1,
            "tickformat": ",",
        },
        yaxis={"range": [0, tope], "gridcolor": LINEA, "tickformat": ","},
    )  # fmt: skip


def concentracion(curva: pd.DataFrame, *, demostracion: bool) -> go.Figure:
    """La curva de ``analisis.contribuciones.curva_de_lorenz`` junto a la del reparto parejo.

    Con miles de lugares se dibujan los puntos que se distinguen: los 40 primeros y uno de cada tantos de los demás.
    """
    cuales = np.unique(
        np.concatenate([np.arange(min(40, len(curva))), np.linspace(0, len(curva) - 1, 160).astype(int)])
    )
    curva = curva.iloc[cuales]
    trazos = [
        {"type": "scatter", "mode": "lines", "x": [0, 1], "y": [0, 1], "hoverinfo": "skip",
         "line": {"color": GRIS, "dash": "dot", "width": 1}},
        {"type": "scatter", "mode": "lines", "x": curva["lugares"], "y": curva["carpetas"],
         "line": {"color": CATEGORIAS[0], "width": 2.6},
         "hovertemplate": "%{x:.1%} de los lugares: %{y:.1%} de las carpetas<extra></extra>"},
    ]  # fmt: skip
    return armar(
        trazos,
        380,
        demostracion=demostracion,
        anotaciones=[_unidad("parte acumulada de las carpetas")],
        margen={"t": 46, "b": 44},
        xaxis={
            "tickformat": ".0%", "range": [0, 1], "gridcolor": LINEA,
            "title": {"text": "parte acumulada de los lugares, del que más tiene al que menos"},
        },
        yaxis={"tickformat": ".0%", "range": [0, 1.02], "gridcolor": LINEA},
    )  # fmt: skip


def _unidad(texto: str) -> dict:
    return {
        "text": texto, "x": 0, "y": 1, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom",
        "showarrow": False, "font": {"size": 13, "color": TINTA}, "xshift": -50, "yshift": 4,
    }  # fmt: skip
