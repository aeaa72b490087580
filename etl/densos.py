"""Renumerar códigos sin huecos: el paso que vuelve índices de un arreglo las claves de un archivo."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

_MAXIMO_DENSO = 1 << 24


def densas(columnas: Iterable[tuple[np.ndarray, int]]) -> tuple[np.ndarray, int]:
    """Un código por combinación de varias columnas, sin huecos y en su orden (la primera manda), y cuántos hay.

    Cada columna es sus códigos, de 0 a su tamaño − 1, y ese tamaño.
    """
    juntas: np.ndarray | None = None
    cuantas = 1
    for codigos, tamano in columnas:
        cuantas *= tamano
        # En el mismo arreglo: con millones de renglones, pedir memoria nueva cuesta más que la cuenta.
        combinadas = (
            np.array(codigos, dtype=np.int64) if juntas is None else np.multiply(juntas, tamano, dtype=np.int64)
        )
        if juntas is not None:
            combinadas += codigos
        juntas, cuantas = _sin_huecos(combinadas, cuantas)
    assert juntas is not None, "se necesita al menos una columna"
    return juntas, cuantas


def _sin_huecos(codigos: np.ndarray, tamano: int) -> tuple[np.ndarray, int]:
    if tamano > _MAXIMO_DENSO:  # con tantas combinaciones posibles, ordenar cuesta menos que una casilla para cada una
        distintos, renumerados = np.unique(codigos, return_inverse=True)
        return renumerados.astype(np.int32), len(distintos)
    presentes = np.zeros(tamano, dtype=bool)
    presentes[codigos] = True
    posiciones = np.cumsum(presentes, dtype=np.int32)
    posiciones -= 1
    return posiciones[codigos], int(posiciones[-1]) + 1
