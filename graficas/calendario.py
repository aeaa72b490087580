"""Calendario: años por meses, con el promedio diario escrito y el color según se aparta de ese mes en los demás años."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from analisis.formatos import MESES, decimal, hay, porcentaje_con_signo
from graficas.base import GRIS, armar
from graficas.mapas import DIVERGENTE

ALTO_DE_RENGLON = 34
TOPE = 0.5  # desvíos mayores llevan el color más fuerte


def calendario(tabla: pd.DataFrame, *, demostracion: bool) -> go.Figure:
    """``tabla``: la de ``analisis.calendario.calendario``. Lo que falta queda en blanco; sin otro año, gris claro."""
    anios = sorted(tabla["anio"].unique())
    cuadro = tabla.pivot(index="anio", columns="mes", values=["diario", "desvio", "conteo"])
    diario, desvio, conteo = (
        cuadro[c].reindex(index=anios, columns=range(1, 13)) for c in ("diario", "desvio", "conteo")
    )
    leido = [
        [
            f"{MESES[m]} de {a}: {decimal(diario.iloc[i, m], 1)} por día ({decimal(conteo.iloc[i, m], 0)} carpetas)"
            + (
                f"<br>{porcentaje_con_signo(100 * desvio.iloc[i, m], 0)} que {MESES[m]} de otros años"
                if hay(desvio.iloc[i, m])
                else ""
            )
            if hay(diario.iloc[i, m])
            else ""
            for m in range(12)
        ]
        for i, a in enumerate(anios)
    ]
    textos = [[decimal(v, 1) if hay(v) else "" for v in fila] for fila in diario.to_numpy()]
    escala = [[i / (len(DIVERGENTE) - 1), color] for i, color in enumerate(DIVERGENTE)]
    comun = {"x": [m[:3] for m in MESES], "y": [str(a) for a in anios], "xgap": 2, "ygap": 2, "hoverongaps": False}
    trazos = [
        {
            "type": "heatmap", "z": desvio.where(desvio.notna(), 0).where(diario.notna()).to_numpy(), "zmin": -TOPE,
            "zmax": TOPE, "colorscale": escala, "showscale": False, "text": textos, "texttemplate": "%{text}",
            "textfont": {"size": 12}, "customdata": leido, "hovertemplate": "%{customdata}<extra></extra>", **comun,
        }
    ]  # fmt: skip
    return armar(
        trazos,
        ALTO_DE_RENGLON * len(anios) + 60,
        demostracion=demostracion,
        margen={"l": 48, "t": 34, "r": 8, "b": 8},
        xaxis={"side": "top", "showgrid": False, "fixedrange": True, "tickfont": {"color": GRIS}},
        yaxis={"autorange": "reversed", "showgrid": False, "type": "category", "fixedrange": True},
    )
