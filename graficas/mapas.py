"""Mapas por lugar: la geometría viaja como dirección y lo que no se puede decir queda gris."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

SIN_DATO = "#d1d5db"
# PuOr: morado donde bajan, naranja donde suben; nunca rojo y verde.
DIVERGENTE = [(0.0, "#542788"), (0.25, "#998ec3"), (0.5, "#f7f7f7"), (0.75, "#f1a340"), (1.0, "#b35806")]


def mapa(tabla: pd.DataFrame, medida: str, titulo: str, url: str, clave: str, vista: str) -> go.Figure:
    """Coropleta de ``tabla[medida]``; ``texto`` es lo que se lee al pasar el puntero.

    ``tabla``: lugar, texto y la medida (nula si no se puede decir). ``vista`` conserva el acercamiento mientras no cambia.
    """
    figura = go.Figure()
    comun = {"geojson": url, "featureidkey": f"properties.{clave}", "hovertemplate": "%{customdata}<extra></extra>"}
    borde = {"width": 0.6 if len(tabla) < 600 else 0, "color": "white"}
    faltan = tabla[tabla[medida].isna()]
    if len(faltan):
        figura.add_trace(
            go.Choroplethmap(
                locations=faltan["lugar"],
                z=[0] * len(faltan),
                colorscale=[(0, SIN_DATO), (1, SIN_DATO)],
                showscale=False,
                customdata=faltan["texto"],
                marker={"line": borde},
                **comun,
            )
        )
    hay = tabla[tabla[medida].notna()]
    if len(hay):
        escala = {"colorscale": "Cividis", "zmin": 0, "zmax": max(float(hay[medida].quantile(0.98)), 1.0)}
        if medida.startswith("cambio"):
            tope = max(float(hay[medida].abs().quantile(0.95)), 1.0)
            escala = {"colorscale": DIVERGENTE, "zmin": -tope, "zmax": tope}
        figura.add_trace(
            go.Choroplethmap(
                locations=hay["lugar"],
                z=hay[medida],
                customdata=hay["texto"],
                marker={"line": borde},
                colorbar={"title": {"text": titulo}, "thickness": 12, "tickformat": ",.0f"},
                **escala,
                **comun,
            )
        )
    figura.update_layout(
        map={"style": "white-bg", "center": {"lat": 23.8, "lon": -102.3}, "zoom": 4},
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        height=560,
        uirevision=vista,
        separators=".,",
    )
    return figura
