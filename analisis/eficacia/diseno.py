"""Antes de firmar: qué cambio se podría distinguir con estos municipios y este delito, y qué tan seguido pasa sin acuerdo."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import numpy as np

from analisis.eficacia.evaluar import evaluar, primer_mes
from analisis.eficacia.tipos import INSUFICIENTES, Evaluacion

PLAZOS = (6, 9, 12)
FECHAS = 3  # fechas pasadas con que se ensaya cada plazo
SEPARACION = 6


@dataclass(frozen=True)
class Detectable:
    """Lo que se podría distinguir con un plazo, ensayado en las fechas más recientes que la serie permite.

    ``mde_pct``: mediana del cambio más chico que se vería 80 % de las veces, en por ciento de lo esperado; NaN si no se pudo
    evaluar, y entonces ``motivo`` dice por qué. ``esperado``: carpetas esperadas en el plazo, al nivel más reciente.
    """

    meses: int
    mde_pct: float
    esperado: float
    motivo: str = ""


@dataclass(frozen=True)
class SinAcuerdo:
    """Qué tan seguido cambia así sin acuerdo: en conjuntos comparables y en la historia de los propios municipios."""

    conjuntos: int
    cambiaron: int
    anios: int
    propios: int


def detectables(
    conteos: np.ndarray,
    tratados: Collection[int],
    *,
    mes_inicial: date,
    signo: int,
    semilla: int,
    excluidos: Collection[int] = (),
    contiguos: Collection[int] = (),
    ensanche: float = 1.0,
    plazos: Collection[int] = PLAZOS,
) -> list[Detectable]:
    """Un renglón por plazo. ``conteos``: municipios × meses cerrados; lo demás, como en ``evaluar``."""
    hechos = []
    for meses in plazos:
        ensayos = _ensayos(conteos, tratados, mes_inicial, meses, signo, semilla, excluidos, contiguos, ensanche)
        buenos = [e for e in ensayos if e.veredicto != INSUFICIENTES]
        if not buenos:
            motivo = ensayos[0].motivo if ensayos else "la serie es demasiado corta"
            hechos.append(Detectable(meses, np.nan, np.nan, motivo))
            continue
        ultimo = float(conteos[list(tratados), -meses:].sum())
        hechos.append(Detectable(meses, float(np.median([e.mde_pct for e in buenos])), ultimo))
    return hechos


def sin_acuerdo(
    conteos: np.ndarray,
    tratados: Collection[int],
    *,
    mes_inicial: date,
    meta_pct: float,
    semilla: int,
    meses: int = 12,
    excluidos: Collection[int] = (),
    contiguos: Collection[int] = (),
) -> SinAcuerdo:
    """Cuántas veces cambió tanto como la meta (o más, en su sentido) de un año al otro, sin acuerdo alguno.

    En conjuntos de municipios comparables, en las mismas fechas recientes con que se ensaya lo detectable, y en cada año de la
    historia de los propios municipios, contado hacia atrás desde el último mes cerrado.
    """
    ensayos = _ensayos(conteos, tratados, mes_inicial, meses, -1, semilla, excluidos, contiguos, 1.0)
    de_otros: list[np.ndarray] = [
        100 * ((1 + e.placebos / 100) * (1 + e.cambio_controles_pct / 100) - 1)
        for e in ensayos
        if e.veredicto != INSUFICIENTES
    ]
    juntos = np.concatenate(de_otros) if de_otros else np.empty(0)
    serie = conteos[list(tratados)].sum(axis=0)
    propios = []
    for fin in range(len(serie), 12 + meses - 1, -12):
        despues, antes = serie[fin - meses : fin].sum(), serie[fin - meses - 12 : fin - 12].sum()
        if np.isfinite(antes) and np.isfinite(despues) and antes > 0:
            propios.append(100 * (despues / antes - 1))
    return SinAcuerdo(
        len(juntos), int(_llega(juntos, meta_pct).sum()), len(propios), int(_llega(np.array(propios), meta_pct).sum())
    )


def _llega(cambios: np.ndarray, meta: float) -> np.ndarray:
    return cambios <= meta if meta < 0 else cambios >= meta


def _ensayos(
    conteos: np.ndarray,
    tratados: Collection[int],
    mes_inicial: date,
    meses: int,
    signo: int,
    semilla: int,
    excluidos: Collection[int],
    contiguos: Collection[int],
    ensanche: float,
) -> list[Evaluacion]:
    """El mismo conjunto evaluado en fechas recientes en que todavía no hay acuerdo."""
    hechas = []
    for numero in range(FECHAS):
        fin = conteos.shape[1] - numero * SEPARACION
        inicio = fin - meses
        if inicio < 1:
            break
        hechas.append(
            evaluar(
                conteos[:, :fin],
                tratados,
                primer_mes(mes_inicial, inicio),
                mes_inicial=mes_inicial,
                signo=signo,
                semilla=semilla + numero,
                excluidos=excluidos,
                contiguos=contiguos,
                ensanche=ensanche,
                horizonte=meses,
                con_sensibilidad=False,
            )
        )
    return hechas
