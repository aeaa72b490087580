"""Series en el tiempo: un panel por delito, una línea por lugar; a la vista el quiebre, lo provisional y lo que falta."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analisis.medidas import Medida
from graficas.base import CATEGORIAS, GRIS, LINEA, SIN_DATO, TINTA, figura_base, marcar_quiebre
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


def lineas(
    tabla: pd.DataFrame,
    lugares: dict[str, str],
    delitos: dict[str, str],
    medida: Medida,
    *,
    marcas: Sequence[Marca] = (),
    demostracion: bool = False,
) -> go.Figure:
    """Una línea por lugar desde cero, en un panel por delito, con rótulo directo si hay varias.

    ``tabla`` es la de ``analisis.medidas.medir``: lugar, delito, fecha, valor (NaN corta la línea) y provisional.
    ``lugares`` y ``delitos`` dan el orden y los nombres; un lugar sin renglones no se dibuja.
    """
    paneles = [d for d in delitos if (tabla["delito"] == d).any()]
    cuantos = max(len(paneles), 1)
    alto = ALTO_DE_PANEL if cuantos == 1 else ALTO_DE_PANEL_CHICO
    total = ENCABEZADO + cuantos * alto + (cuantos - 1) * ENTRE + PIE
    figura = make_subplots(
        rows=cuantos,
        cols=1,
        shared_xaxes=True,
        vertical_spacing=ENTRE / (total - ENCABEZADO - PIE) if cuantos > 1 else 0,
    )
    figura.update_layout(figura_base(total, demostracion=demostracion).layout)
    figura.update_layout(margin={"t": ENCABEZADO, "b": PIE})
    presentes = [x for x in lugares if (tabla["lugar"] == x).any()]
    rotular = len(presentes) > 1
    if rotular:
        figura.update_layout(margin_r=margen([lugares[x] for x in presentes]))
    desde, hasta = tabla["fecha"].min(), tabla["fecha"].max()
    for renglon, delito in enumerate(paneles, 1):
        titulo = f"<b>{delitos[delito]}</b><br>" if cuantos > 1 else ""
        _panel(figura, renglon, alto, tabla[tabla["delito"] == delito], presentes, lugares, medida, rotular, titulo)
        eje = {"row": renglon, "col": 1}
        marcar_quiebre(figura, desde, hasta, **eje)
        if marcas:
            _marcar(figura, marcas, eje)
    figura.update_xaxes(range=[desde - pd.DateOffset(months=1), hasta + pd.DateOffset(months=1)], gridcolor=LINEA)
    figura.update_xaxes(tickformat="%Y", hoverformat="%B de %Y", showgrid=False, ticks="outside", tickcolor=LINEA)
    figura.update_layout(hovermode="x unified", hoverlabel={"namelength": -1})
    return figura


def _panel(
    figura: go.Figure,
    renglon: int,
    alto: int,
    tabla: pd.DataFrame,
    presentes: list[str],
    lugares: dict[str, str],
    medida: Medida,
    rotular: bool,
    titulo: str,
) -> None:
    eje = {"row": renglon, "col": 1}
    tope = (tabla["valor"].max() or 0) * AIRE if tabla["valor"].notna().any() else 1
    tope = tope or 1
    finales: list[tuple[str, str, float]] = []
    for numero, lugar in enumerate(presentes):
        propia = tabla[tabla["lugar"] == lugar]
        if propia["valor"].isna().all():
            continue
        color = CATEGORIAS[numero % len(CATEGORIAS)]
        _linea(figura, propia, lugares[lugar], color, medida, eje)
        finales.append((lugares[lugar], color, float(propia["valor"].dropna().iloc[-1])))
    _huecos(figura, tabla, eje)
    figura.update_yaxes(range=[0, tope], gridcolor=LINEA, tickformat=",", zeroline=True, zerolinecolor=GRIS, **eje)
    figura.add_annotation(
        text=f"{titulo}{medida.unidad}", x=0, y=1, xref="x domain", yref="y domain", xanchor="left", yanchor="bottom",
        align="left", showarrow=False, font={"size": 13, "color": TINTA}, xshift=-50, yshift=4, **eje,
    )  # fmt: skip
    if not rotular:
        return
    renglones = [partir(nombre) for nombre, _, _ in finales]
    pixeles = [valor / tope * alto for _, _, valor in finales]
    puestas = separar(pixeles, [len(r) * PIXELES_POR_RENGLON + 2 for r in renglones], alto)
    for (_, color, _), texto, pixel in zip(finales, renglones, puestas, strict=True):
        figura.add_annotation(
            text="<br>".join(texto), x=1, xref="x domain", xanchor="left", y=pixel / alto * tope, yanchor="middle",
            align="left", showarrow=False, xshift=6, font={"color": color, "size": 13}, **eje,
        )  # fmt: skip


def _linea(
    figura: go.Figure, propia: pd.DataFrame, nombre: str, color: str, medida: Medida, eje: dict[str, int]
) -> None:
    """Firme y provisional son dos trazos del mismo color; el segundo, punteado, arranca en el último mes firme.

    Lo que se lee al acercarse va en un tercer trazo, invisible, para que cada mes aparezca una sola vez.
    """
    provisional = propia["provisional"].to_numpy(dtype=bool)
    siguiente = [*provisional[1:], False]
    for valores, trazo in (
        (propia["valor"].where(~provisional), "solid"),
        (propia["valor"].where(provisional | siguiente), "dot"),
    ):
        figura.add_trace(
            go.Scatter(
                x=propia["fecha"], y=valores, mode="lines", connectgaps=False, hoverinfo="skip",
                line={"color": color, "width": 2.4, "dash": trazo}, opacity=1 if trazo == "solid" else 0.75,
            ),
            **eje,
        )  # fmt: skip
    hay = propia["valor"].notna()
    notas = [" (provisional)" if p else "" for p in provisional[hay]]
    figura.add_trace(
        go.Scatter(
            x=propia["fecha"][hay], y=propia["valor"][hay], mode="markers", name=nombre,
            marker={"color": color, "opacity": 0, "size": 8}, customdata=notas,
            hovertemplate=f"%{{y:,.{medida.decimales}f}}%{{customdata}}",
        ),
        **eje,
    )  # fmt: skip


def _huecos(figura: go.Figure, tabla: pd.DataFrame, eje: dict[str, int]) -> None:
    """Sombra con las palabras «sin datos» donde no hay cifra de ningún lugar en tres meses o más."""
    hay = tabla.groupby("fecha")["conteo"].count()
    hay = hay.reindex(pd.date_range(hay.index.min(), hay.index.max(), freq="MS"), fill_value=0)
    vacios = hay.index[hay == 0]
    tramos = (pd.Series(vacios).diff() > pd.Timedelta(days=32)).cumsum()
    for _, tramo in pd.Series(vacios).groupby(tramos.to_numpy() if len(vacios) else []):
        if len(tramo) < MESES_DE_UN_HUECO:
            continue
        inicio, fin = tramo.iloc[0], tramo.iloc[-1] + pd.DateOffset(months=1)
        figura.add_vrect(x0=inicio, x1=fin, fillcolor=SIN_DATO, opacity=0.28, line_width=0, layer="below", **eje)
        figura.add_annotation(
            text="sin datos", x=inicio + (fin - inicio) / 2, y=0.04, yref="y domain", textangle=-90, yanchor="bottom",
            showarrow=False, font={"size": 12, "color": GRIS}, **eje,
        )  # fmt: skip


def _marcar(figura: go.Figure, marcas: Sequence[Marca], eje: dict[str, int]) -> None:
    figura.add_trace(
        go.Scatter(
            x=[m.fecha for m in marcas], y=[0] * len(marcas), mode="markers", name="acuerdo",
            marker={"symbol": "triangle-up", "size": 12, "color": TINTA}, cliponaxis=False,
            customdata=[f"{m.rotulo}: {m.detalle}" for m in marcas], hovertemplate="%{customdata}<extra></extra>",
        ),
        **eje,
    )  # fmt: skip
