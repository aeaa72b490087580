"""Lo común a toda figura: colores, tipografía, idioma, el quiebre de enero de 2026 y el rótulo de demostración.

Las figuras se arman como diccionarios y se validan una sola vez al final: así se construyen unas diez veces más rápido que
agregando pieza por pieza.
"""

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


def armar(
    trazos: list[dict[str, Any]],
    alto: int,
    *,
    demostracion: bool,
    anotaciones: list[dict[str, Any]] | None = None,
    formas: list[dict[str, Any]] | None = None,
    margen: dict[str, int] | None = None,
    **disposicion: Any,
) -> go.Figure:
    """Figura con la tipografía, los márgenes y el idioma de la casa; «DEMOSTRACIÓN» dentro de ella si lo es."""
    return go.Figure(
        {
            "data": trazos,
            "layout": {
                "height": alto,
                "margin": {"l": 56, "r": 12, "t": 28, "b": 32, **(margen or {})},
                "paper_bgcolor": FONDO,
                "plot_bgcolor": FONDO,
                "font": {"family": TIPOGRAFIA, "size": 14, "color": TINTA},
                "separators": ".,",
                "showlegend": False,
                "dragmode": False,
                "annotations": [*(anotaciones or []), *([_SELLO] if demostracion else [])],
                "shapes": formas or [],
                **disposicion,
            },
        }
    )


_SELLO = {
    "text": DEMOSTRACION,
    "xref": "paper",
    "yref": "paper",
    "x": 0.5,
    "y": 0.5,
    "showarrow": False,
    "textangle": -12,
    "font": {"size": 34, "color": "rgba(91,103,112,0.22)", "weight": 700},
}


def quiebre(
    desde: pd.Timestamp, hasta: pd.Timestamp, eje_x: str = "x", eje_y: str = "y"
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Formas y anotaciones de la línea punteada de enero de 2026 con su palabra; vacías si no cae dentro del periodo."""
    if not desde < QUIEBRE <= hasta:
        return [], []
    forma = {
        "type": "line", "xref": eje_x, "yref": f"{eje_y} domain", "x0": QUIEBRE, "x1": QUIEBRE, "y0": 0, "y1": 1,
        "line": {"dash": "dash", "color": GRIS, "width": 1},
    }  # fmt: skip
    palabra = {
        "x": QUIEBRE, "y": 1, "xref": eje_x, "yref": f"{eje_y} domain", "yanchor": "top", "text": TEXTO_DEL_QUIEBRE,
        "textangle": -90, "showarrow": False, "xanchor": "right", "xshift": -2, "font": {"color": GRIS, "size": 12},
    }  # fmt: skip
    return [forma], [palabra]
