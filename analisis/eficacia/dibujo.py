"""Lo que se dibuja de una evaluación y no es una de sus cifras: la diferencia que se va acumulando mes con mes."""

from __future__ import annotations

import numpy as np
from scipy import special

from analisis.eficacia.tipos import Evaluacion

PREVIOS = 12


def diferencia_acumulada(e: Evaluacion) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Carpetas de más (o de menos) que las esperadas, sumadas desde el inicio, con su intervalo de 95 % en cada mes.

    Lo esperado se reparte para que su suma sea ``esperado_post``. La varianza de cada mes es la del efecto completo más lo que
    el azar de Poisson pesa de más en una suma corta; en el último mes es la del efecto.
    """
    observado = e.observado[PREVIOS:].cumsum()
    esperado = e.esperado[PREVIOS:]
    suma = (esperado * (e.esperado_post / esperado.sum())).cumsum()
    azar = 1 / np.maximum(suma, 0.5) - 1 / max(suma[-1], 0.5)
    mitad = float(np.log1p(e.ic_alto / 100) - e.efecto_log)
    ancho = np.sqrt(mitad**2 + (float(special.ndtri(0.975)) ** 2) * azar)
    # Las puntas son las del intervalo del efecto, en carpetas de lo esperado.
    centro = np.log(np.maximum(observado, 0.5) / np.maximum(suma, 0.5))
    return observado - suma, suma * np.expm1(centro - ancho), suma * np.expm1(centro + ancho)
