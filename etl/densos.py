"""Renumerar códigos sin huecos: el paso que vuelve índices de un arreglo las claves de un archivo."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

_MAXIMO_DENSO = 1 << 24


def densas(columnas: Iterable[tuple[np.ndarray, int]]) -> tuple[np.ndarray, int]:
    """Un código por combinación de varias columnas, sin huecos y en su orden (la primera manda), y cuántos hay.

    Cada columna es sus códigos, de 0 a su tamaño − 1, y ese tamaño.
    """
    junta, cuantas = np.zeros(1, dtype=np.int32), 1
    for codigos, tamano in columnas:
        entero = np.int32 if cuantas * tamano <= _MAXIMO_DENSO else np.int64
        junta, cuantas = _densos(junta.astype(entero) * entero(tamano) + codigos.astype(entero), cuantas * tamano)
    return junta, cuantas


def _densos(codigos: np.ndarray, tamano: int) -> tuple[np.ndarray, int]:
    if tamano > _MAXIMO_DENSO:  # con tantas combinaciones posibles, ordenar cuesta menos que una casilla para cada una
        distintos, renumerados = np.unique(codigos, return_inverse=True)
        return renumerados.astype(np.int32), len(distintos)
    presentes = np.zeros(tamano, dtype=bool)
    presentes[codigos] = True
    return (np.cumsum(presentes, dtype=np.int32) - 1)[codigos], int(presentes.sum())
