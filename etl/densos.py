"""Renumerar códigos sin huecos: el paso que vuelve índices de un arreglo las claves de un archivo."""

from __future__ import annotations

import numpy as np

_MAXIMO_DENSO = 1 << 24


def densos(codigos: np.ndarray, tamano: int) -> tuple[np.ndarray, int]:
    """Los mismos códigos (de 0 a ``tamano`` − 1) renumerados sin huecos y en su orden, y cuántos distintos hay."""
    if tamano > _MAXIMO_DENSO:  # con tantas combinaciones posibles, ordenar cuesta menos que una casilla para cada una
        distintos, renumerados = np.unique(codigos, return_inverse=True)
        return renumerados, len(distintos)
    presentes = np.zeros(tamano, dtype=bool)
    presentes[codigos] = True
    return (np.cumsum(presentes) - 1)[codigos], int(presentes.sum())
