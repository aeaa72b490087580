"""Líneas miniatura como SVG: para tablas y para cuadrículas de muchas series; desde cero y con huecos donde falta dato."""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass

from analisis.formatos import entero
from graficas.base import CATEGORIAS, GRIS, SIN_DATO, TINTA

ANCHO, ALTO, BORDE = 132, 30, 3
CLARO = "#8FB8D4"
BANDA = "#DCE3E8"


@dataclass(frozen=True)
class Lienzo:
    """Medidas del dibujo, en pixeles: tamaño total y márgenes de la zona donde va la línea."""

    ancho: int
    alto: int
    izquierda: int = BORDE
    derecha: int = BORDE
    arriba: int = BORDE
    abajo: int = BORDE


MINIATURA = Lienzo(ANCHO, ALTO)
CUADRO = Lienzo(230, 96, izquierda=34, derecha=8, arriba=8, abajo=8)


def chispa(valores: Sequence[float], provisionales: Sequence[bool], color: str = CATEGORIAS[0]) -> str:
    """El SVG de una serie, con un valor por mes (NaN = sin dato), en el orden del tiempo."""
    return _svg(MINIATURA, _trazos(MINIATURA, valores, provisionales, color, _tope(valores)))


def cuadro(
    valores: Sequence[float],
    provisionales: Sequence[bool],
    *,
    tope: float | None = None,
    banda: tuple[Sequence[float], Sequence[float]] | None = None,
    quiebre: int | None = None,
    color: str = CATEGORIAS[0],
) -> str:
    """El SVG de una serie para una cuadrícula: con su cero y su tope escritos y, si los hay, la banda esperada y el quiebre.

    ``banda``: límite bajo y alto de cada mes (NaN = no se dibuja). ``quiebre``: posición del primer mes con otra
    metodología. ``tope`` común hace comparables varios cuadros.
    """
    alto = tope or _tope([*valores, *(banda[1] if banda else [])])
    x, y = _escalas(CUADRO, len(valores), alto)
    partes = []
    if banda:
        visibles = [i for i, (b, a) in enumerate(zip(*banda, strict=True)) if not (math.isnan(b) or math.isnan(a))]
        if visibles:
            ida = "L".join(f"{x(i):.1f} {y(banda[1][i]):.1f}" for i in visibles)
            vuelta = "L".join(f"{x(i):.1f} {y(banda[0][i]):.1f}" for i in reversed(visibles))
            partes.append(f'<path d="M{ida}L{vuelta}Z" fill="{BANDA}"/>')
    if quiebre is not None:
        partes.append(
            f'<path d="M{x(quiebre):.1f} {CUADRO.arriba}V{CUADRO.alto - CUADRO.abajo}" stroke="{GRIS}" stroke-dasharray="3 2"/>'
        )
    partes += _trazos(CUADRO, valores, provisionales, color, alto)
    letra = f'font-family="Arial, sans-serif" font-size="10" fill="{TINTA}" text-anchor="end"'
    partes.append(f'<text x="{CUADRO.izquierda - 4}" y="{CUADRO.arriba + 8}" {letra}>{entero(alto)}</text>')
    partes.append(f'<text x="{CUADRO.izquierda - 4}" y="{CUADRO.alto - CUADRO.abajo + 2}" {letra}>0</text>')
    return _svg(CUADRO, partes)


def direccion(svg: str) -> str:
    """El SVG como dirección ``data:`` para una imagen."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode("utf-8")).decode("ascii")


def _tope(valores: Sequence[float]) -> float:
    return max((v for v in valores if not math.isnan(v)), default=0) or 1


def _escalas(lienzo: Lienzo, cuantos: int, tope: float):
    paso = (lienzo.ancho - lienzo.izquierda - lienzo.derecha) / max(cuantos - 1, 1)
    util = lienzo.alto - lienzo.arriba - lienzo.abajo
    return (
        lambda i: lienzo.izquierda + i * paso,
        lambda v: lienzo.alto - lienzo.abajo - util * min(v / tope, 1.02),
    )


def _trazos(
    lienzo: Lienzo, valores: Sequence[float], provisionales: Sequence[bool], color: str, tope: float
) -> list[str]:
    x, y = _escalas(lienzo, len(valores), tope)
    puntos = [None if math.isnan(v) else (x(i), y(v)) for i, v in enumerate(valores)]
    tramos: list[tuple[str, list[tuple[float, float]]]] = []  # líneas seguidas de un mismo tono
    for i, punto in enumerate(puntos):
        if punto is None:
            continue
        previo = puntos[i - 1] if i else None
        tono = CLARO if provisionales[i] else color
        if previo is None:
            tramos.append((tono, [punto]))
        elif tramos[-1][0] == tono or len(tramos[-1][1]) == 1:
            tramos[-1] = (tono, [*tramos[-1][1], punto])
        else:
            tramos.append((tono, [previo, punto]))
    base = lienzo.alto - lienzo.abajo
    eje = f'<path d="M{lienzo.izquierda} {base}H{lienzo.ancho - lienzo.derecha}" stroke="{SIN_DATO}" stroke-width="1"/>'
    return [eje, *(_tramo(puntos_del_tramo, tono) for tono, puntos_del_tramo in tramos)]


def _tramo(puntos: list[tuple[float, float]], tono: str) -> str:
    """Una línea continua, o un punto si quedó solo."""
    if len(puntos) == 1:
        return f'<circle cx="{puntos[0][0]:.1f}" cy="{puntos[0][1]:.1f}" r="1.6" fill="{tono}"/>'
    camino = "L".join(f"{px:.1f} {py:.1f}" for px, py in puntos)
    return f'<path d="M{camino}" stroke="{tono}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>'


def _svg(lienzo: Lienzo, partes: list[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{lienzo.ancho}" height="{lienzo.alto}" '
        f'viewBox="0 0 {lienzo.ancho} {lienzo.alto}" fill="none">{"".join(partes)}</svg>'
    )
