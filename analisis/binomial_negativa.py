"""La binomial negativa con media y varianza dadas, sobre las funciones especiales de SciPy.

``scipy.stats`` da lo mismo y tarda en abrirse más que leer un archivo municipal completo; las pruebas comparan las dos.
"""

from __future__ import annotations

import numpy as np
from scipy import special


def acumulada(k: np.ndarray | float, n: np.ndarray, p: np.ndarray) -> np.ndarray:
    """P(X ≤ k); cero si ``k`` es negativo. ``n`` puede no ser entero (Johnson, Kemp y Kotz, 2005, ec. 5.31)."""
    k = np.asarray(k, dtype="float64")
    return np.where(k < 0, 0.0, special.betainc(n, np.maximum(k, 0) + 1, p))


def excedente(k: np.ndarray | float, n: np.ndarray, p: np.ndarray) -> np.ndarray:
    """P(X > k); uno si ``k`` es negativo. No pierde precisión en la cola."""
    k = np.asarray(k, dtype="float64")
    return np.where(k < 0, 1.0, special.betainc(np.maximum(k, 0) + 1, n, 1 - p))


def cuantil(q: float, n: np.ndarray, p: np.ndarray) -> np.ndarray:
    """El menor entero con P(X ≤ k) ≥ ``q``, con ``q`` entre 0 y 1 sin tocarlos."""
    n, p = np.broadcast_arrays(np.asarray(n, dtype="float64"), np.asarray(p, dtype="float64"))
    k = np.maximum(np.ceil(np.nan_to_num(special.nbdtrik(q, n, p))), 0.0)
    # La inversa continua puede quedar a un entero de distancia: se corrige contra la acumulada.
    while (sobra := (k > 0) & (acumulada(k - 1, n, p) >= q)).any():
        k = k - sobra
    while (falta := acumulada(k, n, p) < q).any():
        k = k + falta
    return k
