"""La leyenda de un mapa impreso: cuadros con su nombre y tiras de color con sus extremos, en los renglones que hagan falta."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.patches import Rectangle

from graficas.base import GRIS
from graficas.impresas.formas import PUNTOS, Forma
from graficas.impresas.letra import alto, ancho
from graficas.impresas.lienzo import Lienzo
from graficas.impresas.trazos import color_de

RAYADO = "////"
_CUADRO = 0.9  # del alto de la letra
_CUADROS_DE_TIRA = 12  # lo que mide de ancho una tira
_ENTRE = 0.25  # pulgadas


@dataclass(frozen=True)
class Clase:
    """Una clase: su color, lo que se lee y si va rayada (lo que no se puede decir)."""

    color: str
    texto: str
    rayada: bool = False


@dataclass(frozen=True)
class Tira:
    """Una escala: sus colores, de izquierda a derecha, y lo que se lee a cada lado."""

    colores: tuple[str, ...]
    izquierda: str
    derecha: str


Pieza = Clase | Tira


def acomodar(forma: Forma, piezas: Sequence[Pieza], disponible: float) -> list[list[tuple[float, Pieza]]]:
    """La leyenda en los renglones que hagan falta: a cuántas pulgadas del margen va cada pieza."""
    renglones: list[list[tuple[float, Pieza]]] = [[]]
    cursor = 0.0
    for pieza in piezas:
        largo = _largo(forma, pieza) + _ENTRE
        if cursor and cursor + largo - _ENTRE > disponible:
            renglones.append([])
            cursor = 0.0
        renglones[-1].append((cursor, pieza))
        cursor += largo
    return renglones


def dibujar_leyenda(lienzo: Lienzo, renglones: list[list[tuple[float, Pieza]]], x: float, y: float) -> None:
    """La pone con su esquina inferior izquierda en ``x``, ``y`` pulgadas."""
    forma = lienzo.forma
    arriba = y + alto(len(renglones), forma.texto)
    for n, renglon in enumerate(renglones):
        base = arriba - alto(n, forma.texto) - forma.texto / PUNTOS
        for donde, pieza in renglon:
            if isinstance(pieza, Clase):
                _clase(lienzo, pieza, x + donde, base)
            else:
                _tira(lienzo, pieza, x + donde, base)


def _cuadro(forma: Forma) -> float:
    return _CUADRO * forma.texto / PUNTOS


def _largo(forma: Forma, pieza: Pieza) -> float:
    cuadro = _cuadro(forma)
    if isinstance(pieza, Clase):
        return cuadro * 1.5 + ancho(pieza.texto, forma.texto)
    izquierda = ancho(pieza.izquierda, forma.texto) + cuadro / 2 if pieza.izquierda else 0.0
    return izquierda + _CUADROS_DE_TIRA * cuadro + cuadro / 2 + ancho(pieza.derecha, forma.texto)


def _clase(lienzo: Lienzo, clase: Clase, x: float, base: float) -> None:
    cuadro = _cuadro(lienzo.forma)
    _rectangulo(lienzo, x, base, cuadro, clase.color, borde=GRIS, rayado=clase.rayada)
    _texto(lienzo, x + cuadro * 1.5, base, clase.texto)


def _tira(lienzo: Lienzo, tira: Tira, x: float, base: float) -> None:
    cuadro = _cuadro(lienzo.forma)
    if tira.izquierda:
        _texto(lienzo, x, base, tira.izquierda)
        x += ancho(tira.izquierda, lienzo.forma.texto) + cuadro / 2
    paso = _CUADROS_DE_TIRA * cuadro / len(tira.colores)
    for i, color in enumerate(tira.colores):
        _rectangulo(lienzo, x + i * paso, base, paso, color)
    _texto(lienzo, x + _CUADROS_DE_TIRA * cuadro + cuadro / 2, base, tira.derecha)


def _texto(lienzo: Lienzo, x: float, base: float, texto: str) -> None:
    y = base + 0.08 * _cuadro(lienzo.forma)
    lienzo.escribir(x, y, texto, lienzo.forma.texto, va="baseline", ha="left")


def _rectangulo(
    lienzo: Lienzo, x: float, base: float, largo: float, color: str, *, borde: str | None = None, rayado: bool = False
) -> None:
    forma = lienzo.forma
    lienzo.figura.add_artist(
        Rectangle(
            (x / forma.ancho, base / forma.alto),
            largo / forma.ancho,
            _cuadro(forma) / forma.alto,
            transform=lienzo.figura.transFigure,
            facecolor=color_de(color),
            edgecolor=borde,
            linewidth=0.6 if borde else 0,
            hatch=RAYADO if rayado else None,
        )
    )
