"""Las maneras de contar como barras desde cero, con su intervalo, y la cifra declarada como una línea que las cruza."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from graficas.base import GRIS, TINTA
from graficas.impresas.barras import DemasiadasBarras
from graficas.impresas.contenido import Contenido
from graficas.impresas.formas import PUNTOS, Forma
from graficas.impresas.letra import INTERLINEA, alto, ancho, partir
from graficas.impresas.lienzo import Lienzo

_PARTE_PARA_NOMBRES, _PARTE_MAXIMA = 0.42, 0.5
_AIRE = 0.12
COLOR_DE_LO_DICHO = "#B35900"


@dataclass(frozen=True)
class Fila:
    """Un nombre, su valor, los extremos de su intervalo (NaN = sin él), lo que se escribe al final y su color."""

    nombre: str
    valor: float
    bajo: float
    alto: float
    cifra: str
    color: str


def contraste(
    forma: Forma, contenido: Contenido, filas: Sequence[Fila], declarada: float | None, rotulo: str
) -> Lienzo:
    """La figura, en el orden dado; ``declarada`` va como línea con su ``rotulo`` arriba.

    Lanza ``ValueError`` si no hay filas y ``DemasiadasBarras`` si no caben con letra legible.
    """
    if not filas:
        raise ValueError("no hay maneras de contar que dibujar")
    lienzo = Lienzo(forma, contenido)
    x, y, w, h = lienzo.caja
    encabezado = alto(1.5, forma.texto) if declarada is not None else 0.0
    h -= encabezado
    nombres, puntos = _nombres(filas, forma, w, h)
    paso = min(h / len(filas), 3.0 * max(alto(len(n), puntos) for n in nombres))
    de_nombres = max(ancho(r, puntos) for bloque in nombres for r in bloque) + _AIRE
    de_cifras = max(ancho(f.cifra, puntos, negrita=True) for f in filas) + _AIRE
    x0, x1 = x + de_nombres, x + w - de_cifras
    numeros = [0.0, *([declarada] if declarada is not None else [])]
    numeros += [n for f in filas for n in (f.valor, f.bajo, f.alto) if np.isfinite(n)]
    menor, mayor = min(numeros), max(numeros)
    orilla = 0.04 * max(mayor - menor, 1e-9)
    escala = (x1 - x0) / max(mayor - menor + 2 * orilla, 1e-9)

    def en(valor: float) -> float:
        return x0 + (valor - menor + orilla) * escala

    arriba = y + h
    abajo = arriba - len(filas) * paso
    _recta(lienzo, [en(0.0)] * 2, [abajo, arriba], GRIS, 1.0)
    for i, (fila, nombre) in enumerate(zip(filas, nombres, strict=True)):
        centro = arriba - (i + 0.5) * paso
        _bloque(lienzo, nombre, x + de_nombres - _AIRE, centro, puntos)
        grueso = min(0.56 * paso, 0.42)
        izquierda, derecha = sorted((en(0.0), en(fila.valor)))
        lienzo.figura.add_artist(
            Rectangle(
                (izquierda / forma.ancho, (centro - grueso / 2) / forma.alto),
                (derecha - izquierda) / forma.ancho,
                grueso / forma.alto,
                transform=lienzo.figura.transFigure,
                facecolor=fila.color,
                linewidth=0,
            )
        )
        if np.isfinite(fila.bajo) and np.isfinite(fila.alto):
            _recta(lienzo, [en(fila.bajo), en(fila.alto)], [centro] * 2, TINTA, 1.4)
            for extremo in (fila.bajo, fila.alto):
                _recta(lienzo, [en(extremo)] * 2, [centro - grueso / 4, centro + grueso / 4], TINTA, 1.4)
        lienzo.escribir(
            x + w, centro - 0.36 * puntos / PUNTOS, fila.cifra, puntos, negrita=True, ha="right", va="baseline"
        )
    if declarada is not None:
        _recta(lienzo, [en(declarada)] * 2, [abajo, arriba + 0.05], COLOR_DE_LO_DICHO, 2.0, (0, (4, 2)))
        mitad = ancho(rotulo, forma.texto, negrita=True) / 2
        donde = min(max(en(declarada), x + mitad), x + w - mitad)
        lienzo.escribir(
            donde,
            arriba + 0.05 + 0.3 * forma.texto / PUNTOS,
            rotulo,
            forma.texto,
            negrita=True,
            color=COLOR_DE_LO_DICHO,
            ha="center",
            va="baseline",
        )
    return lienzo


def _nombres(filas: Sequence[Fila], forma: Forma, w: float, h: float) -> tuple[list[list[str]], float]:
    """Los nombres partidos y su tamaño de letra: el de la forma o, si no caben, el del pie, que es el mínimo legible."""
    for puntos, parte in (
        (forma.texto, _PARTE_PARA_NOMBRES),
        (forma.pie, _PARTE_PARA_NOMBRES),
        (forma.pie, _PARTE_MAXIMA),
    ):
        nombres = [partir(f.nombre, puntos, parte * w) for f in filas]
        necesario = max(alto(len(n), puntos) for n in nombres) * 1.1
        if h / len(filas) >= necesario:
            return nombres, puntos
    raise DemasiadasBarras(f"{len(filas)} maneras no caben en «{forma.nombre}»: caben {int(h / necesario)}.")


def _recta(lienzo: Lienzo, xs: list[float], ys: list[float], color: str, grueso: float, trazo: object = "-") -> None:
    forma = lienzo.forma
    lienzo.figura.add_artist(
        Line2D(
            [v / forma.ancho for v in xs],
            [v / forma.alto for v in ys],
            color=color,
            linewidth=grueso,
            linestyle=trazo,  # type: ignore[arg-type]
            transform=lienzo.figura.transFigure,
            zorder=5,
        )
    )


def _bloque(lienzo: Lienzo, renglones: list[str], derecha: float, centro: float, puntos: float) -> None:
    salto = puntos * INTERLINEA / PUNTOS
    arriba = centro + (len(renglones) - 1) * salto / 2
    for n, renglon in enumerate(renglones):
        y = arriba - n * salto - 0.36 * puntos / PUNTOS
        lienzo.escribir(derecha, y, renglon, puntos, color=TINTA, ha="right", va="baseline")
