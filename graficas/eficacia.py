"""Las figuras de una evaluación: observado contra esperado, diferencia acumulada, placebos, y el bosque de un conjunto."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analisis.formatos import con_signo, entero, mes, porcentaje_con_signo
from graficas.base import CATEGORIAS, GRIS, LINEA, SIN_DATO, TINTA, armar, quiebre
from graficas.mapas import COLOR_DE_ETIQUETA

BANDA = "rgba(91,103,112,0.18)"
ALTO_DE_RENGLON = 38
COLOR_DE_VEREDICTO = {
    "a la baja con evidencia": COLOR_DE_ETIQUETA["a la baja"],
    "al alza con evidencia": "#B35806",
    "sin cambio distinguible": GRIS,
}
DEL_ACUERDO, COMPARABLE, OTRO = "del conjunto", "comparable", "los demás"
CONTIGUO, INCOMPLETO = "contiguo o con otro acuerdo: no se usa", "no reportó todos los meses"
COLOR_DE_PAPEL = {
    DEL_ACUERDO: "#542788",
    COMPARABLE: "#56B4E9",
    CONTIGUO: "#E69F00",
    OTRO: "#EDEAE1",
    INCOMPLETO: SIN_DATO,
}


def observado_y_esperado(
    meses: pd.DatetimeIndex,
    observado: np.ndarray,
    esperado: np.ndarray,
    bajo: np.ndarray,
    alto: np.ndarray,
    inicio: pd.Timestamp,
    *,
    demostracion: bool,
) -> go.Figure:
    """Carpetas por mes: lo observado, y desde ``inicio`` lo esperado en municipios comparables con su banda de 95 %."""
    tope = 1.12 * max(float(np.nanmax(observado)), float(np.nanmax(alto)) if np.isfinite(alto).any() else 0.0, 1.0)
    trazos: list[dict[str, Any]] = [
        _linea(meses, alto, width=0, hoverinfo="skip"),
        _linea(meses, bajo, width=0, hoverinfo="skip", fill="tonexty", fillcolor=BANDA),
        _linea(meses, esperado, color=GRIS, dash="dash", name="esperado", hovertemplate="%{y:,.0f}"),
        _linea(meses, observado, color=CATEGORIAS[0], width=2.6, name="observado", hovertemplate="%{y:,}"),
    ]
    formas, palabras = quiebre(meses[0], meses[-1])
    return armar(
        trazos,
        380,
        demostracion=demostracion,
        anotaciones=[
            *palabras, _arriba("carpetas por mes"), _aqui(inicio, "inicio"), *_rotulos(meses, observado, esperado, tope),
        ],
        formas=[*formas, _vertical(inicio)],
        margen={"t": 46, "r": 86},
        hovermode="x unified",
        hoverlabel={"namelength": -1},
        xaxis=_tiempo(meses),
        yaxis={"range": [0, tope], "gridcolor": LINEA, "tickformat": ",", "zeroline": True, "zerolinecolor": GRIS},
    )  # fmt: skip


def _rotulos(meses: pd.DatetimeIndex, observado: np.ndarray, esperado: np.ndarray, tope: float) -> list[dict[str, Any]]:
    """Los nombres al final de cada línea, separados si se encimarían."""
    propio, otro = float(observado[-1]), float(esperado[-1])
    falta = 0.07 * tope - abs(propio - otro)
    if falta > 0:
        arriba = 1 if propio >= otro else -1
        propio, otro = propio + arriba * falta / 2, otro - arriba * falta / 2
    comun = {"x": meses[-1], "xanchor": "left", "xshift": 6, "showarrow": False}
    return [
        {**comun, "y": propio, "text": "observado", "font": {"color": CATEGORIAS[0], "size": 13}},
        {**comun, "y": otro, "text": "esperado", "font": {"color": GRIS, "size": 13}},
    ]


def acumulada(
    meses: pd.DatetimeIndex, diferencia: np.ndarray, bajo: np.ndarray, alto: np.ndarray, *, demostracion: bool
) -> go.Figure:
    """Carpetas de más o de menos que las esperadas, sumadas desde el inicio, con su intervalo."""
    trazos = [
        _linea(meses, alto, width=0, hoverinfo="skip"),
        _linea(meses, bajo, width=0, hoverinfo="skip", fill="tonexty", fillcolor=BANDA),
        {
            **_linea(meses, diferencia, color=TINTA, width=2.4, name="diferencia"),
            "customdata": [
                f"{con_signo(d)} (de {con_signo(b)} a {con_signo(a)})"
                for d, b, a in zip(diferencia, bajo, alto, strict=True)
            ],
            "hovertemplate": "%{customdata}<extra></extra>",
        },
    ]
    return armar(
        trazos,
        260,
        demostracion=demostracion,
        anotaciones=[_arriba("carpetas de más (+) o de menos (−), sumadas desde el inicio")],
        margen={"t": 46, "r": 20},
        hovermode="x unified",
        xaxis=_tiempo(meses),
        yaxis={"gridcolor": LINEA, "tickformat": ",", "zeroline": True, "zerolinecolor": TINTA, "zerolinewidth": 1.5},
    )


def distribucion_de_placebos(placebos: np.ndarray, propio: float, *, demostracion: bool) -> go.Figure:
    """Cuántos placebos se movieron cuánto (por ciento, respecto de su media) y dónde queda este conjunto."""
    tope = max(float(np.quantile(np.abs(placebos), 0.99)), abs(propio) * 1.15, 5.0)
    desde = max(-tope, -100.0)
    cuentas, bordes = np.histogram(np.clip(placebos, desde, tope), bins=41, range=(desde, tope))
    centros = (bordes[:-1] + bordes[1:]) / 2
    mas_alejado = np.abs(centros) >= abs(propio)
    rotulos = [
        f"{entero(n)} placebos entre {porcentaje_con_signo(a, 0)} y {porcentaje_con_signo(b, 0)}"
        for n, a, b in zip(cuentas, bordes[:-1], bordes[1:], strict=True)
    ]
    trazos = [
        {
            "type": "bar", "x": centros, "y": cuentas, "width": (bordes[1] - bordes[0]) * 0.94, "customdata": rotulos,
            "marker": {"color": np.where(mas_alejado, CATEGORIAS[1], "#B8BEC6")},
            "hovertemplate": "%{customdata}<extra></extra>",
        }
    ]  # fmt: skip
    alto = float(cuentas.max()) or 1.0
    lado = "left" if propio < (desde + tope) / 2 else "right"
    return armar(
        trazos,
        280,
        demostracion=demostracion,
        anotaciones=[
            _arriba("placebos"),
            {
                "x": propio, "y": alto * 1.12, "text": f"<b>este conjunto: {porcentaje_con_signo(propio, 0)}</b>",
                "showarrow": False, "xanchor": lado, "xshift": 6 if lado == "left" else -6, "font": {"color": TINTA},
            },
        ],
        formas=[_vertical(propio, color=TINTA, ancho=2.4, trazo="solid")],
        margen={"t": 46, "b": 52},
        bargap=0,
        xaxis={
            "range": [desde, tope], "ticksuffix": " %", "tickformat": ",d", "showgrid": False, "zeroline": False,
            "title": {"text": "cambio respecto de la media de los placebos", "font": {"size": 13}},
        },
        yaxis={"range": [0, alto * 1.22], "gridcolor": LINEA, "tickformat": ","},
    )  # fmt: skip


@dataclass(frozen=True)
class Renglon:
    """Un acuerdo en el bosque: rótulo, su detalle, efecto e intervalo (por ciento), veredicto y lo que se lee al acercarse."""

    rotulo: str
    detalle: str
    efecto: float
    bajo: float
    alto: float
    veredicto: str
    leido: str


def bosque(
    renglones: Sequence[Renglon], conjunto: tuple[float, float, float] | None, *, demostracion: bool
) -> go.Figure:
    """Un punto con su intervalo por acuerdo, en escala logarítmica de razón, y abajo el efecto conjunto como rombo.

    El relleno distingue lo que tiene evidencia (lleno) de lo que no (hueco), además del color.
    """
    rotulos = [f"{r.rotulo}<br><span style='font-size:11px'>{_corto(r.detalle)}</span>" for r in renglones]
    puestos = list(range(len(renglones)))

    def razon(por_ciento: np.ndarray) -> np.ndarray:
        return np.maximum(1 + np.asarray(por_ciento, dtype=float) / 100, 0.02)

    centros = razon(np.array([r.efecto for r in renglones]))
    abajo, arriba = razon(np.array([r.bajo for r in renglones])), razon(np.array([r.alto for r in renglones]))
    colores = [COLOR_DE_VEREDICTO.get(r.veredicto, GRIS) for r in renglones]
    firmes = ["circle" if "evidencia" in r.veredicto else "circle-open" for r in renglones]
    trazos: list[dict[str, Any]] = [
        {
            "type": "scatter", "mode": "markers", "x": centros, "y": puestos, "customdata": [r.leido for r in renglones],
            "hovertemplate": "%{customdata}<extra></extra>",
            "marker": {"size": 11, "color": colores, "symbol": firmes, "line": {"width": 2, "color": colores}},
            "error_x": {
                "type": "data", "symmetric": False, "array": arriba - centros, "arrayminus": centros - abajo,
                "color": GRIS, "thickness": 1.6, "width": 0,
            },
        }
    ]  # fmt: skip
    formas = [_vertical(1.0, color=TINTA, ancho=1.4, trazo="solid")]
    if conjunto is not None:
        centro, bajo, alto = razon(np.array(conjunto))
        rotulos, puestos = [*rotulos, "<b>conjunto</b>"], [*puestos, len(puestos)]
        trazos.append(
            {
                "type": "scatter", "mode": "lines", "fill": "toself", "x": [bajo, centro, alto, centro, bajo],
                "y": [puestos[-1] + d for d in (0, 0.28, 0, -0.28, 0)], "line": {"color": TINTA, "width": 1},
                "fillcolor": TINTA, "hoverinfo": "skip", "yaxis": "y",
            }
        )  # fmt: skip
    marcas = [0.25, 0.5, 1.0, 2.0, 4.0]
    finitos = np.concatenate([abajo, arriba, razon(np.array(conjunto or ()))])
    limites = [np.log10(max(min(finitos.min(), 0.6), 0.15) * 0.92), np.log10(min(max(finitos.max(), 1.6), 4.0) * 1.08)]
    return armar(
        trazos,
        ALTO_DE_RENGLON * len(rotulos) + 76,
        demostracion=demostracion,
        formas=formas,
        margen={"l": 8, "t": 40, "b": 20},
        xaxis={
            "type": "log", "range": limites, "tickvals": marcas, "side": "top", "gridcolor": LINEA, "fixedrange": True,
            "tickangle": 0, "ticktext": [porcentaje_con_signo(100 * (m - 1), 0) if m != 1 else "igual" for m in marcas],
        },
        yaxis={
            "range": [len(rotulos) - 0.4, -0.6], "automargin": True, "fixedrange": True, "zeroline": False, "gridcolor": LINEA,
            "tickmode": "array", "tickvals": puestos, "ticktext": rotulos,
        },
    )  # fmt: skip


def _corto(texto: str, largo: int = 20) -> str:
    """Para que en un teléfono quede lugar para los intervalos."""
    return texto if len(texto) <= largo else f"{texto[: largo - 1].rstrip()}…"


def curva_de_detectable(tabla: pd.DataFrame, meta: float, *, demostracion: bool) -> go.Figure:
    """``tabla``: meses (después del inicio) y mde_pct (caída, negativa); la meta como línea horizontal punteada."""
    x, y = tabla["meses"].to_numpy(), tabla["mde_pct"].to_numpy()
    trazos = [
        {
            "type": "scatter", "mode": "lines+markers", "x": x, "y": y, "line": {"color": CATEGORIAS[0], "width": 2.4},
            "customdata": [f"a los {m} meses: {porcentaje_con_signo(v, 0)}" for m, v in zip(x, y, strict=True)],
            "hovertemplate": "%{customdata}<extra></extra>",
        }
    ]  # fmt: skip
    menor = min(float(np.nanmin(y)), meta, 0.0) * 1.15
    mayor = max(float(np.nanmax(y)), meta, 0.0) * 1.15
    return armar(
        trazos,
        260,
        demostracion=demostracion,
        anotaciones=[
            _arriba("cambio más chico que se vería ocho de cada diez veces"),
            {"x": 1, "xref": "paper", "y": meta, "text": f"meta: {porcentaje_con_signo(meta, 0)}", "showarrow": False,
             "xanchor": "right", "yanchor": "bottom", "font": {"color": CATEGORIAS[1]}},
        ],
        formas=[{"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": meta, "y1": meta,
                 "line": {"color": CATEGORIAS[1], "dash": "dash", "width": 1.6}}],
        margen={"t": 46, "b": 44},
        xaxis={"tickvals": list(x), "title": {"text": "meses después del inicio"}, "gridcolor": LINEA},
        yaxis={"range": [menor, mayor], "ticksuffix": " %", "gridcolor": LINEA, "zeroline": True, "zerolinecolor": TINTA},
    )  # fmt: skip


def _linea(
    x: pd.DatetimeIndex, y: np.ndarray, *, color: str = GRIS, width: float = 1.6, dash: str = "solid", **mas: Any
) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "lines", "x": x, "y": y, "connectgaps": False,
        "line": {"color": color, "width": width, "dash": dash}, **mas,
    }  # fmt: skip


def _tiempo(meses: pd.DatetimeIndex) -> dict[str, Any]:
    return {
        "type": "date", "range": [meses[0], meses[-1]], "tickformat": "%b %Y", "hoverformat": "%B de %Y", "nticks": 7,
        "showgrid": False, "ticks": "outside", "tickcolor": LINEA,
    }  # fmt: skip


def _vertical(x: Any, *, color: str = GRIS, ancho: float = 1.2, trazo: str = "dot") -> dict[str, Any]:
    return {
        "type": "line", "x0": x, "x1": x, "yref": "paper", "y0": 0, "y1": 1,
        "line": {"color": color, "width": ancho, "dash": trazo},
    }  # fmt: skip


def _aqui(x: pd.Timestamp, texto: str) -> dict[str, Any]:
    return {
        "x": x, "y": 1, "yref": "paper", "yanchor": "bottom", "text": f"{texto}, {mes(x)}", "showarrow": False,
        "font": {"size": 12, "color": GRIS},
    }  # fmt: skip


def _arriba(texto: str) -> dict[str, Any]:
    return {
        "text": texto, "x": 0, "y": 1, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom",
        "showarrow": False, "font": {"size": 13, "color": TINTA}, "xshift": -50, "yshift": 18,
    }  # fmt: skip
