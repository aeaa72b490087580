"""Rótulos directos al final de cada línea: cortos, en dos renglones si hace falta y sin encimarse."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Sequence

ANCHO_EN_LETRAS = 14
PIXELES_POR_LETRA = 7.6
PIXELES_POR_RENGLON = 16


def partir(texto: str) -> list[str]:
    """El texto en renglones cortos; sin lo que va después de la coma, que repite la entidad."""
    return textwrap.wrap(texto.split(",")[0], ANCHO_EN_LETRAS, break_long_words=False) or [""]


def margen(textos: Sequence[str]) -> int:
    """Pixeles que hace falta dejar a la derecha para los rótulos."""
    letras = max((len(renglon) for texto in textos for renglon in partir(texto)), default=0)
    return round(letras * PIXELES_POR_LETRA) + 14


def separar(alturas: Sequence[float], minimos: Sequence[float], tope: float) -> list[float]:
    """Posiciones en pixeles, lo más cerca posible de ``alturas``, que dejan al menos la mitad de cada alto entre vecinas.

    ``minimos`` es el alto de cada rótulo; ``tope``, el alto disponible. Si no caben, se reparten parejo.
    """
    orden = sorted(range(len(alturas)), key=lambda i: alturas[i])
    puestas = [float(a) for a in alturas]
    for anterior, actual in itertools.pairwise(orden):
        separacion = (minimos[anterior] + minimos[actual]) / 2
        puestas[actual] = max(puestas[actual], puestas[anterior] + separacion)
    limite = tope
    for posicion in reversed(range(len(orden))):
        i = orden[posicion]
        puestas[i] = min(puestas[i], limite)
        if posicion:
            limite = puestas[i] - (minimos[i] + minimos[orden[posicion - 1]]) / 2
    return puestas
