"""Efectos aleatorios: cuánto varían de veras los lugares, aparte del azar de cada uno."""

from __future__ import annotations

import numpy as np
from scipy import optimize


def paule_mandel(observado: np.ndarray, varianza: np.ndarray, centro: float | None = None) -> float:
    """Varianza entre lugares tau² que iguala el estadístico Q a sus grados de libertad (Paule y Mandel, 1982).

    ``centro``: media conocida; sin ella se estima con los mismos pesos y se pierde un grado de libertad. Cero si lo
    observado varía menos de lo que el azar explica.
    """
    grados = len(observado) - (centro is None)
    if grados < 1:
        return 0.0

    def exceso(tau2: float) -> float:
        pesos = 1 / (varianza + tau2)
        media = centro if centro is not None else float((pesos * observado).sum() / pesos.sum())
        return float((pesos * (observado - media) ** 2).sum() - grados)

    if exceso(0.0) <= 0:
        return 0.0
    techo = float(np.var(observado) + (observado.mean() - (centro or 0.0)) ** 2 + varianza.max())
    while exceso(techo) > 0:
        techo *= 2
    return float(optimize.brentq(exceso, 0.0, techo))
