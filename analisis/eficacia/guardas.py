"""Cuándo no se puede decir nada, y por qué: las guardas que van antes de cualquier cálculo."""

from __future__ import annotations

import numpy as np

from analisis.eficacia.acumulado import Acumulado

MESES_ANTES, MESES_DESPUES = 24, 6
EVENTOS_EN_HISTORIA, HISTORIA = 30, 36
ESPERADO_MINIMO = 15
CEROS_SEGUIDOS = 6
# Con un promedio así, seis meses en cero por azar salen menos de una vez en diez mil.
PROMEDIO_QUE_REPORTA = 1.5


def antes_de_comparar(ac: Acumulado, tratados: np.ndarray, inicio: int, posteriores: int) -> str:
    """Motivo por el que no se evalúa, o '' si se puede seguir."""
    if inicio < MESES_ANTES:
        return f"hay {inicio} meses antes del inicio y hacen falta {MESES_ANTES}"
    if posteriores < MESES_DESPUES:
        return f"hay {max(posteriores, 0)} meses cerrados después del inicio y hacen falta {MESES_DESPUES}"
    desde = inicio - min(HISTORIA, inicio)
    if not ac.completos(desde, inicio + posteriores)[tratados].all():
        return "algún municipio del acuerdo no reportó todos los meses: lo no reportado no es cero"
    eventos = ac.suma(desde, inicio)[tratados].sum()
    if eventos < EVENTOS_EN_HISTORIA:
        return (
            f"hubo {eventos:,.0f} carpetas en los {inicio - desde} meses anteriores y hacen falta {EVENTOS_EN_HISTORIA}"
        )
    for municipio in tratados:
        if _dejo_de_reportar(ac.conteos[municipio, desde : inicio + posteriores], inicio - desde):
            return (
                f"un municipio que reportaba pasó {CEROS_SEGUIDOS} meses seguidos en cero: parece que dejó de reportar"
            )
    return ""


def despues_de_comparar(esperado: float) -> str:
    """Motivo por el que lo esperado no alcanza, o ''."""
    if esperado < ESPERADO_MINIMO:
        return f"se esperaban {esperado:,.1f} carpetas y hacen falta {ESPERADO_MINIMO} para distinguir un cambio"
    return ""


def _dejo_de_reportar(serie: np.ndarray, inicio: int) -> bool:
    """Si un lugar con promedio suficiente tiene seis ceros seguidos en su año base o después."""
    if serie[:inicio].mean() < PROMEDIO_QUE_REPORTA:
        return False
    ceros = serie[inicio - 12 :] == 0
    return bool((np.convolve(ceros, np.ones(CEROS_SEGUIDOS), "valid") >= CEROS_SEGUIDOS).any())
