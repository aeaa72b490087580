"""Series en el tiempo: un panel por delito, una línea por lugar; a la vista el quiebre, lo provisional y lo que falta."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analisis.medidas import Medida
from graficas.base import CATEGORIAS, GRIS, LINEA, SIN_DATO, TINTA, armar, quiebre
from graficas.rotulos import PIXELES_POR_RENGLON, margen, partir, separar

ALTO_DE_PANEL = 400
ALTO_DE_PANEL_CHICO = 250
ENCABEZADO, ENTRE, PIE = 46, 66, 34  # pixeles: título y unidad, lo mismo entre paneles, y años del eje
AIRE = 1.08
MESES_DE_UN_HUECO = 3


@dataclass(frozen=True)
class Marca:
    """Algo fechado que se señala sobre el eje: un acuerdo, con su folio y lo que se lee al acercarse."""

    fecha: date
    rotulo: str
    detalle: str


@dataclass(frozen=True)
class Banda:
    """Un intervalo por fecha (NaN = no se dibuja) que va detrás de las líneas."""

    fechas: Sequence[pd.Timestamp]
    bajo: Sequence[float]
    alto: Sequence[float]


@dataclass
class _Panel:
    """Lo que va poniendo un panel: sus ejes y las piezas que se juntan al final."""

    eje_x: str
    eje_y: str
    alto: int
    trazos: list[dict[str, Any]] = field(default_factory=list)
    anotaciones: list[dict[str, Any]] = field(default_factory=list)
    formas: list[dict[str, Any]] = field(default_factory=list)
    tope: float = 0.0

    def trazar(self, **trazo: Any) -> None:
        self.trazos.append({"type": "scatter", "xaxis": self.eje_x, "yaxis": self.eje_y, **trazo})

    def anotar(self, texto: str, **lugar: Any) -> None:
        self.anotaciones.append({"text": texto, "showarrow": False, **lugar})


def lineas(
    tabla: pd.DataFrame,
    lugares: dict[str, str],
    delitos: dict[str, str],
    medida: Medida,
    *,
    marcas: Sequence[Marca] = (),
    bandas: Sequence[Banda] = (),
    planas: Sequence[pd.Series] = (),
    demostracion: bool = False,
) -> go.Figure:
    """Una línea por lugar desde cero, en un panel por delito, con rótulo directo si hay varias.

    ``tabla`` es la de ``analisis.medidas.medir``: lugar, delito, fecha, conteo, valor (NaN corta la línea) y provisional.
    ``lugares`` y ``delitos`` dan el orden y los nombres; un lugar sin renglones no se dibuja. ``bandas`` y ``planas`` (series
    con índice de fechas) van en gris detrás de la línea, en cada panel.
    """
    de_cada_delito = {d: propia for d, propia in tabla.groupby("delito") if d in delitos}
    mostrados = [d for d in delitos if d in de_cada_delito]
    cuantos = max(len(mostrados), 1)
    alto = ALTO_DE_PANEL if cuantos == 1 else ALTO_DE_PANEL_CHICO
    util = cuantos * alto + (cuantos - 1) * ENTRE
    hay = set(tabla["lugar"])
    presentes = {x: nombre for x, nombre in lugares.items() if x in hay}
    desde, hasta = tabla["fecha"].min(), tabla["fecha"].max()
    ejes: dict[str, Any] = {}
    paneles = []
    for numero, delito in enumerate(mostrados):
        sufijo = "" if numero == 0 else str(numero + 1)
        panel = _Panel(f"x{sufijo}", f"y{sufijo}", alto)
        titulo = f"<b>{delitos[delito]}</b><br>" if cuantos > 1 else ""
        _de_fondo(panel, bandas, planas)
        _llenar(panel, de_cada_delito[delito], presentes, medida, titulo)
        formas, palabras = quiebre(desde, hasta, panel.eje_x, panel.eje_y)
        panel.formas += formas
        panel.anotaciones += palabras
        if marcas:
            _senalar(panel, marcas)
        arriba = 1 - numero * (alto + ENTRE) / util
        dominio = (max(arriba - alto / util, 0.0), arriba)  # el último puede quedar una pizca bajo cero
        ejes |= _ejes(sufijo, dominio, panel.tope, desde, hasta, ultimo=numero == cuantos - 1)
        paneles.append(panel)
    derecha = {"r": margen(list(presentes.values()))} if len(presentes) > 1 else {}
    return armar(
        [t for p in paneles for t in p.trazos],
        ENCABEZADO + util + PIE,
        demostracion=demostracion,
        anotaciones=[a for p in paneles for a in p.anotaciones],
        formas=[f for p in paneles for f in p.formas],
        margen={"t": ENCABEZADO, "b": PIE, **derecha},
        hovermode="x unified",
        hoverlabel={"namelength": -1},
        **ejes,
    )


def _ejes(
    sufijo: str, dominio: tuple[float, float], tope: float, desde: pd.Timestamp, hasta: pd.Timestamp, *, ultimo: bool
) -> dict[str, Any]:
    un_mes = pd.DateOffset(months=1)
    por_anio = hasta - desde >= pd.Timedelta(days=3 * 365)  # en series cortas, el puro año se repetiría en el eje
    return {
        f"xaxis{sufijo}": {
            "type": "date", "range": [desde - un_mes, hasta + un_mes], "tickformat": "%Y" if por_anio else "%b %Y",
            "hoverformat": "%B de %Y",
            "showgrid": False, "ticks": "outside", "tickcolor": LINEA, "showticklabels": ultimo, "anchor": f"y{sufijo}",
        },
        f"yaxis{sufijo}": {
            "domain": list(dominio), "range": [0, tope], "gridcolor": LINEA, "tickformat": ",", "zeroline": True,
            "zerolinecolor": GRIS, "anchor": f"x{sufijo}",
        },
    }  # fmt: skip


def _llenar(panel: _Panel, tabla: pd.DataFrame, presentes: dict[str, str], medida: Medida, titulo: str) -> None:
    mayor = max(float(np.nan_to_num(tabla["valor"].max())), panel.tope)
    panel.tope = mayor * AIRE if mayor > 0 else 1
    panel.anotar(
        f"{titulo}{medida.unidad}", x=0, y=1, xref="paper", yref=f"{panel.eje_y} domain", xanchor="left",
        yanchor="bottom", align="left", font={"size": 13, "color": TINTA}, xshift=-50, yshift=4,
    )  # fmt: skip
    finales: list[tuple[str, str, float]] = []
    de_cada_lugar = dict(iter(tabla.groupby("lugar")))
    for numero, (lugar, nombre) in enumerate(presentes.items()):
        propia = de_cada_lugar.get(lugar)
        if propia is None or propia["valor"].isna().all():
            continue
        color = CATEGORIAS[numero % len(CATEGORIAS)]
        _linea(panel, propia, nombre, color, medida)
        finales.append((nombre, color, float(propia["valor"].dropna().iloc[-1])))
    _sombrear_huecos(panel, tabla)
    if len(presentes) > 1:
        _rotular(panel, finales)


def _de_fondo(panel: _Panel, bandas: Sequence[Banda], planas: Sequence[pd.Series]) -> None:
    for banda in bandas:
        alto = np.asarray(banda.alto, dtype=float)
        if np.isnan(alto).all():
            continue
        panel.tope = max(panel.tope, float(np.nanmax(alto)))
        comun: dict[str, Any] = {"x": banda.fechas, "mode": "lines", "hoverinfo": "skip", "connectgaps": False}
        panel.trazar(y=alto, line={"width": 0}, **comun)
        panel.trazar(y=banda.bajo, line={"width": 0}, fill="tonexty", fillcolor="rgba(91,103,112,0.18)", **comun)
    for plana in planas:
        panel.trazar(
            x=plana.index, y=plana.to_numpy(), mode="lines", hoverinfo="skip", connectgaps=False,
            line={"color": GRIS, "width": 1.6},
        )  # fmt: skip


def _linea(panel: _Panel, propia: pd.DataFrame, nombre: str, color: str, medida: Medida) -> None:
    """Firme y provisional son dos trazos del mismo color; el segundo, punteado, arranca en el último mes firme.

    Lo que se lee al acercarse va en un tercer trazo, invisible, para que cada mes aparezca una sola vez.
    """
    fechas, valores = propia["fecha"].to_numpy(), propia["valor"].to_numpy(dtype=float)
    provisional = propia["provisional"].to_numpy(dtype=bool)
    tramo = provisional | np.append(provisional[1:], False)
    for visibles, trazo, opacidad in ((~provisional, "solid", 1.0), (tramo, "dot", 0.75)):
        panel.trazar(
            x=fechas, y=np.where(visibles, valores, np.nan), mode="lines", connectgaps=False, hoverinfo="skip",
            line={"color": color, "width": 2.4, "dash": trazo}, opacity=opacidad,
        )  # fmt: skip
    hay = ~np.isnan(valores)
    panel.trazar(
        x=fechas[hay], y=valores[hay], mode="markers", name=nombre, marker={"color": color, "opacity": 0, "size": 8},
        customdata=np.where(provisional[hay], " (provisional)", ""),
        hovertemplate=f"%{{y:,.{medida.decimales}f}}%{{customdata}}",
    )  # fmt: skip


def _rotular(panel: _Panel, finales: list[tuple[str, str, float]]) -> None:
    renglones = [partir(nombre) for nombre, _, _ in finales]
    pixeles = [valor / panel.tope * panel.alto for _, _, valor in finales]
    puestas = separar(pixeles, [len(r) * PIXELES_POR_RENGLON + 2 for r in renglones], panel.alto)
    for (_, color, _), texto, pixel in zip(finales, renglones, puestas, strict=True):
        panel.anotar(
            "<br>".join(texto), x=1, xref="paper", xanchor="left", y=pixel / panel.alto * panel.tope, yref=panel.eje_y,
            yanchor="middle", align="left", xshift=6, font={"color": color, "size": 13},
        )  # fmt: skip


def _sombrear_huecos(panel: _Panel, tabla: pd.DataFrame) -> None:
    """Sombra con las palabras «sin datos» donde no hay cifra de ningún lugar en tres meses o más."""
    hay = tabla.groupby("fecha")["conteo"].count()
    hay = hay.reindex(pd.date_range(hay.index.min(), hay.index.max(), freq="MS"), fill_value=0)
    vacios = pd.Series(hay.index[hay == 0])
    if vacios.empty:
        return
    for _, tramo in vacios.groupby((vacios.diff() > pd.Timedelta(days=32)).cumsum()):
        if len(tramo) < MESES_DE_UN_HUECO:
            continue
        inicio, fin = tramo.iloc[0], tramo.iloc[-1] + pd.DateOffset(months=1)
        panel.formas.append(
            {
                "type": "rect", "xref": panel.eje_x, "yref": f"{panel.eje_y} domain", "x0": inicio, "x1": fin, "y0": 0,
                "y1": 1, "fillcolor": SIN_DATO, "opacity": 0.28, "line": {"width": 0}, "layer": "below",
            }
        )  # fmt: skip
        panel.anotar(
            "sin datos", x=inicio + (fin - inicio) / 2, xref=panel.eje_x, y=0.04, yref=f"{panel.eje_y} domain",
            textangle=-90, yanchor="bottom", font={"size": 12, "color": GRIS},
        )  # fmt: skip


def _senalar(panel: _Panel, marcas: Sequence[Marca]) -> None:
    panel.trazar(
        x=[m.fecha for m in marcas], y=[0] * len(marcas), mode="markers", name="acuerdo", cliponaxis=False,
        marker={"symbol": "triangle-up", "size": 12, "color": TINTA},
        customdata=[f"{m.rotulo}: {m.detalle}" for m in marcas], hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
