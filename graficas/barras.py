"""Barras de contribución: cuánto suma o resta cada parte al cambio total; juntas dan exactamente ese cambio."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from analisis.formatos import con_signo, entero, porcentaje_con_signo
from graficas.base import GRIS, LINEA, armar
from graficas.mapas import COLOR_DE_ETIQUETA

ALTO_DE_BARRA = 28


def contribuciones(tabla: pd.DataFrame, *, demostracion: bool) -> go.Figure:
    """``tabla``: la de ``analisis.contribuciones.contribuciones``. Morado resta carpetas, naranja suma."""
    colores = [COLOR_DE_ETIQUETA["a la baja"] if c < 0 else COLOR_DE_ETIQUETA["al alza"] for c in tabla["cambio"]]
    leido = [
        f"{f.nombre}: {con_signo(f.cambio)} carpetas<br>de {entero(f.conteo_previo)} a {entero(f.conteo)}"
        + (f"<br>aporta {porcentaje_con_signo(f.aporte_pct)} al cambio total" if pd.notna(f.aporte_pct) else "")
        for f in tabla.itertuples()
    ]
    tope = max(float(tabla["cambio"].abs().max()), 1.0) * 1.22
    menor = -tope if (tabla["cambio"] < 0).any() else 0
    mayor = tope if (tabla["cambio"] > 0).any() else 0
    trazo = {
        "type": "bar", "orientation": "h", "x": tabla["cambio"], "y": tabla["nombre"], "marker": {"color": colores},
        "text": [con_signo(c) for c in tabla["cambio"]], "textposition": "outside", "cliponaxis": False,
        "customdata": leido, "hovertemplate": "%{customdata}<extra></extra>",
    }  # fmt: skip
    return armar(
        [trazo],
        ALTO_DE_BARRA * len(tabla) + 70,
        demostracion=demostracion,
        margen={"l": 8, "t": 34, "r": 12, "b": 24},
        bargap=0.25,
        xaxis={
            "range": [menor, mayor or 1], "tickformat": "+,", "gridcolor": LINEA, "zeroline": True, "zerolinecolor": GRIS,
            "side": "top", "fixedrange": True,
        },
        yaxis={"autorange": "reversed", "automargin": True, "type": "category", "fixedrange": True},
    )  # fmt: skip
