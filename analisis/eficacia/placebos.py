"""Qué tanto se mueven por sí solos conjuntos como este: placebos de municipios parecidos, y el pasado del propio conjunto."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analisis.eficacia.acumulado import Acumulado
from analisis.eficacia.comparables import elegibles, en_orden_propio, vecinos
from analisis.metaanalisis import paule_mandel

CONJUNTOS = 499
SUAVE = 0.5
FECHAS_PASADAS = (12, 24, 36, 48)
ANTES_MINIMO = 24
PESO_DEL_AZAR = 3  # cuánto pesa tau² de los placebos junto a cada fecha pasada del propio conjunto


@dataclass(frozen=True)
class Contraste:
    """El cambio del conjunto respecto del de los placebos, en log, con lo que hace falta para su intervalo.

    ``efecto``: log(post/base) menos la media de los placebos; ``varianza``: 1/base + 1/post; ``tau2``: entre placebos;
    ``media`` y ``var_media``: de los placebos; ``z``: placebos estandarizados; ``logs``: sus cambios.
    """

    base: float
    post: float
    efecto: float
    varianza: float
    tau2: float
    media: float
    var_media: float
    z: np.ndarray
    logs: np.ndarray
    controles: np.ndarray
    pesos: np.ndarray


def contrastar(
    ac: Acumulado,
    tratados: np.ndarray,
    inicio: int,
    posteriores: int,
    fuera: np.ndarray,
    azar: np.random.Generator,
    *,
    anios_de_base: int = 1,
) -> Contraste | None:
    """El contraste en una fecha; ``None`` si no hay con quién comparar.

    La base son los mismos meses del año anterior (o el promedio de ``anios_de_base`` años). Cada placebo toma un vecino al
    azar de cada tratado; con un solo tratado, los placebos son sus vecinos, uno por uno.
    """
    candidatos = elegibles(ac, tratados, inicio, posteriores, fuera)
    if len(candidatos) < 2:
        return None
    tratados = en_orden_propio(ac, tratados, inicio)
    cercanos = vecinos(ac, tratados, inicio, posteriores, candidatos)
    if len(tratados) == 1:
        conjuntos = cercanos[0][:, None]
    else:
        sorteo = azar.integers(0, cercanos.shape[1], (CONJUNTOS, len(tratados)))
        conjuntos = cercanos[np.arange(len(tratados))[None, :], sorteo]
    post = ac.suma(inicio, inicio + posteriores)
    desde = [inicio - 12 * anio for anio in range(1, anios_de_base + 1)]
    base = np.stack([ac.suma(mes, mes + posteriores) for mes in desde]).mean(axis=0)
    logs, varianzas = _cambio(base[conjuntos].sum(axis=1), post[conjuntos].sum(axis=1))
    tau2 = paule_mandel(logs, varianzas)
    pesos = 1 / (varianzas + tau2)
    media = float((pesos * logs).sum() / pesos.sum())
    propio, varianza = _cambio(base[tratados].sum(), post[tratados].sum())
    # Los conjuntos comparten vecinos: no informan de la media más que sus 60 vecinos distintos.
    var_media = float(1 / pesos.sum() * len(logs) / cercanos.shape[1])
    controles, veces = np.unique(cercanos, return_counts=True)
    return Contraste(
        base=float(base[tratados].sum()),
        post=float(post[tratados].sum()),
        efecto=float(propio - media),
        varianza=float(varianza),
        tau2=tau2,
        media=media,
        var_media=var_media,
        z=(logs - media) / np.sqrt(varianzas + tau2),
        logs=logs,
        controles=controles,
        pesos=veces / veces.sum(),
    )


def _cambio(base: np.ndarray | float, post: np.ndarray | float) -> tuple[np.ndarray, np.ndarray]:
    """log(post/base) con medio caso de más en cada uno, y su varianza de Poisson."""
    b, p = np.asarray(base, dtype="float64") + SUAVE, np.asarray(post, dtype="float64") + SUAVE
    return np.log(p / b), 1 / b + 1 / p


def con_su_historia(
    ac: Acumulado,
    tratados: np.ndarray,
    inicio: int,
    posteriores: int,
    fuera: np.ndarray,
    azar: np.random.Generator,
    tau2: float,
) -> float:
    """tau² que no es menor que lo que este mismo conjunto se ha movido en fechas pasadas en que nada pasó.

    Los municipios que hacen acuerdos son los más grandes y no tienen gemelos: sus vecinos varían menos que ellos. Si no hay
    24 meses antes de ninguna fecha pasada, devuelve ``tau2``.
    """
    excesos = []
    for meses in FECHAS_PASADAS:
        if inicio - meses < ANTES_MINIMO or inicio - meses + posteriores > inicio:
            continue
        pasado = contrastar(ac, tratados, inicio - meses, posteriores, fuera, azar)
        if pasado is not None and ac.completos(inicio - meses - 12, inicio)[tratados].all():
            excesos.append(pasado.efecto**2 - pasado.varianza)
    if not excesos:
        return tau2
    propio = max(0.0, float(np.mean(excesos)))
    return max(tau2, (PESO_DEL_AZAR * tau2 + len(excesos) * propio) / (PESO_DEL_AZAR + len(excesos)))
