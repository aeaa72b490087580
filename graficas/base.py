"""Lo común a toda figura: colores, tipografía, idioma, el quiebre de enero de 2026 y el rótulo de demostración."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analisis.formatos import MESES

# Okabe–Ito, en un orden que también se distingue en gris.
CATEGORIAS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
TINTA, GRIS, LINEA, FONDO = "#14212B", "#5B6770", "#E3E8EC", "#FFFFFF"
SIN_DATO = "#B8BEC6"
TIPOGRAFIA = "Atkinson, sans-serif"
QUIEBRE = pd.Timestamp("2026-01-01")
TEXTO_DEL_QUIEBRE = "nueva metodología"
DEMOSTRACION = "DEMOSTRACIÓN"

_DIAS = ["domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"]
_ES_MX = {
    "dictionary": {
        "Zoom in": "Acercar",
        "Zoom out": "Alejar",
        "Reset view": "Volver al inicio",
        "Reset": "Volver al inicio",
        "Autoscale": "Ajustar",
        "Reset axes": "Volver al inicio",
        "Pan": "Mover",
        "Zoom": "Acercar",
    },
    "format": {
        "days": _DIAS,
        "shortDays": [d[:3] for d in _DIAS],
        "months": list(MESES),
        "shortMonths": [m[:3] for m in MESES],
        "date": "%d/%m/%Y",
        "decimal": ".",
        "thousands": ",",
        "grouping": [3],
    },
}
# Sin barra de botones: la imagen que sale del navegador no lleva fuente ni fecha.
CONFIGURACION: dict[str, Any] = {
    "locale": "es-MX",
    "locales": {"es-MX": _ES_MX},
    "displaylogo": False,
    "displayModeBar": False,
    "scrollZoom": False,
}


def figura_base(alto: int, *, demostracion: bool, **disposicion: Any) -> go.Figure:
    """Figura vacía con la tipografía, los márgenes y el idioma de la casa; «DEMOSTRACIÓN» dentro de ella si lo es."""
    figura = go.Figure()
    figura.update_layout(
        height=alto,
        margin={"l": 56, "r": 12, "t": 28, "b": 32},
        paper_bgcolor=FONDO,
        plot_bgcolor=FONDO,
        font={"family": TIPOGRAFIA, "size": 14, "color": TINTA},
        separators=".,",
        showlegend=False,
        dragmode=False,
        **disposicion,
    )
    if demostracion:
        figura.add_annotation(
            text=DEMOSTRACION, xref="paper", yref="paper", x=0.5, y=0.5, showarrow=False, textangle=-12,
            font={"size": 34, "color": "rgba(91,103,112,0.22)", "weight": 700},
        )  # fmt: skip
    return figura


def marcar_quiebre(figura: go.Figure, desde: pd.Timestamp, hasta: pd.Timestamp, **eje: Any) -> None:
    """Línea punteada en enero de 2026 con su palabra, si cae dentro del periodo."""
    if not desde < QUIEBRE <= hasta:
        return
    figura.add_vline(x=QUIEBRE, line={"dash": "dash", "color": GRIS, "width": 1}, **eje)
    figura.add_annotation(
        x=QUIEBRE, y=1, yref="y domain" if eje else "paper", yanchor="top", text=TEXTO_DEL_QUIEBRE, textangle=-90,
        showarrow=False, xanchor="right", xshift=-2, font={"color": GRIS, "size": 12}, **eje,
    )  # fmt: skip
