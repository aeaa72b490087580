"""Barras horizontales con su nombre a la izquierda y su cifra al final: antes y después, o qué lugares cambiaron más."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.patches import Rectangle

from graficas.base import GRIS, TINTA
from graficas.impresas.contenido import Contenido
from graficas.impresas.formas import PUNTOS, Forma
from graficas.impresas.letra import INTERLINEA, alto, ancho, partir
from graficas.impresas.lienzo import Lienzo

_PARTE_PARA_NOMBRES = 0.34
_AIRE = 0.1


class DemasiadasBarras(Exception):
    """No caben con letra legible; el mensaje dice cuántas caben."""


@dataclass(frozen=True)
class Barra:
    """Un nombre, su valor (negativo va a la izquierda), lo que se escribe al final y su color."""

    nombre: str
    valor: float
    cifra: str
    color: str


def cuantas_caben(forma: Forma, contenido: Contenido) -> int:
    """Cuántas barras de un renglón caben en la forma."""
    return int(Lienzo(forma, contenido).caja[3] / (alto(1, forma.texto) * 1.25))


def barras(forma: Forma, contenido: Contenido, filas: Sequence[Barra]) -> Lienzo:
    """La figura, de arriba abajo en el orden dado. Lanza ``DemasiadasBarras`` y ``ValueError`` si no hay ninguna."""
    if not filas:
        raise ValueError("no hay barras que dibujar")
    lienzo = Lienzo(forma, contenido)
    x, y, w, h = lienzo.caja
    nombres = [partir(f.nombre, forma.texto, _PARTE_PARA_NOMBRES * w)[:2] for f in filas]
    paso = h / len(filas)
    necesario = max(alto(len(n), forma.texto) for n in nombres) * 1.12
    if paso < necesario:
        raise DemasiadasBarras(f"{len(filas)} barras no caben en «{forma.nombre}»: caben {int(h / necesario)}.")
    paso = min(paso, 3.2 * necesario)
    izquierda = max(ancho(r, forma.texto) for bloque in nombres for r in bloque) + _AIRE
    cifras = max(ancho(f.cifra, forma.texto, negrita=True) for f in filas) + 2 * _AIRE
    valores = np.array([f.valor for f in filas], dtype="float64")
    menor, mayor = min(0.0, float(np.nanmin(valores))), max(0.0, float(np.nanmax(valores)))
    # La cifra va del lado de su barra: si hay de los dos signos, cada lado le guarda lugar.
    a_la_izquierda = cifras if menor < 0 else 0.0
    a_la_derecha = cifras if mayor > 0 or menor == 0 else 0.0
    util = w - izquierda - a_la_izquierda - a_la_derecha
    escala = util / max(mayor - menor, 1e-9)
    cero = x + izquierda + a_la_izquierda - menor * escala
    for i, (fila, nombre) in enumerate(zip(filas, nombres, strict=True)):
        centro = y + h - (i + 0.5) * paso
        _nombre(lienzo, nombre, x + izquierda - _AIRE, centro)
        largo = 0.0 if np.isnan(fila.valor) else fila.valor * escala
        grueso = min(0.62 * paso, 0.5)
        lienzo.figura.add_artist(
            Rectangle(
                (min(cero, cero + largo) / forma.ancho, (centro - grueso / 2) / forma.alto),
                abs(largo) / forma.ancho,
                grueso / forma.alto,
                transform=lienzo.figura.transFigure,
                facecolor=fila.color,
                linewidth=0,
            )
        )
        lado = -1 if fila.valor < 0 else 1
        lienzo.escribir(
            cero + largo + lado * _AIRE * 0.7,
            centro - 0.36 * forma.texto / PUNTOS,
            fila.cifra,
            forma.texto,
            negrita=True,
            ha="left" if lado > 0 else "right",
            va="baseline",
        )
    arriba = y + h
    lienzo.figura.add_artist(
        Rectangle(
            (cero / forma.ancho - 0.0005, (arriba - len(filas) * paso) / forma.alto),
            0.001,
            len(filas) * paso / forma.alto,
            transform=lienzo.figura.transFigure,
            facecolor=GRIS,
            linewidth=0,
        )
    )
    return lienzo


def _nombre(lienzo: Lienzo, renglones: list[str], derecha: float, centro: float) -> None:
    forma = lienzo.forma
    salto = forma.texto * INTERLINEA / PUNTOS
    arriba = centro + (len(renglones) - 1) * salto / 2
    for n, renglon in enumerate(renglones):
        y = arriba - n * salto - 0.36 * forma.texto / PUNTOS
        lienzo.escribir(derecha, y, renglon, forma.texto, color=TINTA, ha="right", va="baseline")
