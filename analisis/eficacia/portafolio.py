"""Muchos acuerdos a la vez: falsos descubrimientos, estimación conjunta con heterogeneidad y cuenta por veredicto."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special, stats

from analisis.eficacia.tipos import INSUFICIENTES, SIN_CAMBIO, VEREDICTOS, Evaluacion, por_ciento
from analisis.metaanalisis import paule_mandel

TASA_DE_FALSOS = 0.10


@dataclass(frozen=True)
class Portafolio:
    """``valores_q`` por evaluación (NaN si no se pudo evaluar) y ``sostienen``: cuáles siguen con evidencia a q ≤ 0.10.

    ``efecto_pct``, ``ic_bajo``, ``ic_alto``: el efecto conjunto por varianza inversa, en por ciento; ``tau``: cuánto difieren
    los acuerdos entre sí, en log; ``i2``: parte de lo que varían que no es azar (0 a 1). NaN con menos de dos evaluables.
    ``cuentas``: cuántas hay de cada veredicto, ya con la corrección.
    """

    valores_q: np.ndarray
    sostienen: np.ndarray
    efecto_pct: float
    ic_bajo: float
    ic_alto: float
    tau: float
    i2: float
    evaluables: int
    cuentas: dict[str, int]


def portafolio(evaluaciones: Sequence[Evaluacion]) -> Portafolio:
    """El conjunto de varias evaluaciones, orientadas por su signo: negativo es a favor de lo esperado si era bajar.

    Para mezclar acuerdos que esperan bajas con acuerdos que esperan alzas, el efecto conjunto voltea el signo de los
    segundos: un efecto conjunto negativo siempre va en el sentido acordado.
    """
    hay = np.array([e.veredicto != INSUFICIENTES for e in evaluaciones], dtype=bool)
    valores_q = np.full(len(evaluaciones), np.nan)
    if hay.any():
        valores_q[hay] = stats.false_discovery_control(
            [e.p_placebo for e in evaluaciones if e.veredicto != INSUFICIENTES]
        )
    con_evidencia = np.array([e.veredicto not in (SIN_CAMBIO, INSUFICIENTES) for e in evaluaciones], dtype=bool)
    sostienen = con_evidencia & (np.nan_to_num(valores_q, nan=1.0) <= TASA_DE_FALSOS)
    cuentas = dict.fromkeys(VEREDICTOS, 0)
    for evaluacion, firme in zip(evaluaciones, sostienen, strict=True):
        cuentas[evaluacion.veredicto if firme or evaluacion.veredicto == INSUFICIENTES else SIN_CAMBIO] += 1
    efectos = np.array([-e.signo * e.efecto_log for e, si in zip(evaluaciones, hay, strict=True) if si])
    varianzas = np.array([e.error_log**2 for e, si in zip(evaluaciones, hay, strict=True) if si])
    if len(efectos) < 2:
        nada = float("nan")
        return Portafolio(valores_q, sostienen, nada, nada, nada, nada, nada, int(hay.sum()), cuentas)
    tau2 = paule_mandel(efectos, varianzas)
    pesos = 1 / (varianzas + tau2)
    media = float((pesos * efectos).sum() / pesos.sum())
    # Hartung y Knapp: con pocos acuerdos la normal promete de más.
    grados = len(efectos) - 1
    error = float(np.sqrt(max((pesos * (efectos - media) ** 2).sum() / grados, 1.0) / pesos.sum()))
    ancho = float(special.stdtrit(grados, 0.975)) * error
    fijos = 1 / varianzas
    q = float((fijos * (efectos - (fijos * efectos).sum() / fijos.sum()) ** 2).sum())
    return Portafolio(
        valores_q, sostienen, por_ciento(media), por_ciento(media - ancho), por_ciento(media + ancho),
        float(np.sqrt(tau2)), max(0.0, 1 - grados / q) if q > 0 else 0.0, int(hay.sum()), cuentas,
    )  # fmt: skip
