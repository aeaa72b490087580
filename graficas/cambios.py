"""Barras de cuánto cambió cada mes entre dos cortes: hacia arriba lo que se agregó y hacia abajo lo que se quitó."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from graficas.base import GRIS, LINEA, armar

MAS, MENOS = "#B35900", "#5E3C99"
ALTO = 300


def barras_de_cambio(tabla: pd.DataFrame, *, demostracion: bool = False) -> go.Figure:
    """``tabla`` trae fecha, antes y despues; un mes que no se reportaba en los dos cortes no se dibuja."""
    ambos = tabla.dropna(subset=["antes", "despues"])
    cambio = ambos["despues"] - ambos["antes"]
    trazo = {
        "type": "bar",
        "x": ambos["fecha"],
        "y": cambio,
        "marker": {"color": [MAS if c > 0 else MENOS for c in cambio]},
        "customdata": ambos[["antes", "despues"]].to_numpy(),
        "hovertemplate": "de %{customdata[0]:,.0f} a %{customdata[1]:,.0f}<extra></extra>",
    }
    unidad = {
        "text": "carpetas de más o de menos", "x": 0, "y": 1, "xref": "paper", "yref": "paper", "xanchor": "left",
        "yanchor": "bottom", "showarrow": False, "xshift": -50, "yshift": 4, "font": {"size": 13},
    }  # fmt: skip
    return armar(
        [trazo],
        ALTO,
        demostracion=demostracion,
        anotaciones=[unidad],
        margen={"t": 36},
        hovermode="x unified",
        bargap=0.15,
        xaxis={"type": "date", "tickformat": "%Y", "hoverformat": "%B de %Y", "showgrid": False, "ticks": "outside"},
        yaxis={"gridcolor": LINEA, "tickformat": ",", "zeroline": True, "zerolinecolor": GRIS, "zerolinewidth": 2},
    )
