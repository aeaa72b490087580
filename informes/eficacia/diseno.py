"""Lo que se puede medir con una meta: lo detectable por plazo, lo que pasa sin acuerdo y los conjuntos más amplios."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from analisis.eficacia import primer_mes
from analisis.eficacia.diseno import Detectable, SinAcuerdo, detectables, sin_acuerdo
from datos import catalogos
from datos.catalogos import PREFIJO_DE_CANASTA
from datos.consultas import lugares
from datos.consultas.cerrados import Cerrados, SinMesesCerrados, cerrados
from datos.consultas.claves import claves
from datos.consultas.geometria import vecinos
from datos.tablero import recordar
from informes.eficacia.servicio import Pregunta, ensanche_de, semilla_de

MAXIMO_DE_VECINOS = 25
DE_MAS_CARPETAS = 10


@dataclass(frozen=True)
class Opcion:
    """Otro conjunto de municipios o de delitos con que la meta podría medirse."""

    nombre: str
    municipios: tuple[str, ...]
    delito: str
    detectable: Detectable


@recordar(maximo=300)
def detectables_de(municipios: tuple[str, ...], delito: str, signo: int, plazos: tuple[int, ...]) -> list[Detectable]:
    """Lo que se distinguiría en cada plazo. Lanza ``SinMesesCerrados``."""
    panel = cerrados((delito,))
    return detectables(
        panel.conteos,
        _posiciones(panel, municipios),
        mes_inicial=panel.mes_inicial,
        signo=signo,
        semilla=_semilla(municipios, delito, panel),
        contiguos=_posiciones(panel, contiguos(municipios)),
        ensanche=ensanche_de((delito,), len(municipios)),
        plazos=plazos,
    )


@recordar(maximo=300)
def sin_acuerdo_de(municipios: tuple[str, ...], delito: str, meta_pct: float, meses: int) -> SinAcuerdo:
    """Qué tan seguido se cumple la meta sin acuerdo. Lanza ``SinMesesCerrados``."""
    panel = cerrados((delito,))
    return sin_acuerdo(
        panel.conteos,
        _posiciones(panel, municipios),
        mes_inicial=panel.mes_inicial,
        meta_pct=meta_pct,
        semilla=_semilla(municipios, delito, panel),
        meses=meses,
        contiguos=_posiciones(panel, contiguos(municipios)),
    )


def contiguos(municipios: Sequence[str]) -> tuple[str, ...]:
    """Los que colindan con el conjunto, en orden."""
    return tuple(sorted({v for m in municipios for v in vecinos().get(m, [])} - set(municipios)))


def opciones_mas_amplias(municipios: tuple[str, ...], delito: str, signo: int, meses: int) -> list[Opcion]:
    """Conjuntos que contienen a este: con sus contiguos, con los de más carpetas de su estado, o con canastas del delito."""
    panel = cerrados((delito,))
    candidatos: list[tuple[str, tuple[str, ...], str]] = []
    junto = contiguos(municipios)
    if junto and len(junto) <= MAXIMO_DE_VECINOS:
        candidatos.append(("Con los municipios contiguos", tuple(sorted({*municipios, *junto})), delito))
    for entidad in sorted({m[:2] for m in municipios}):
        grandes = _de_mas_carpetas(panel, entidad)
        nuevo = tuple(sorted({*municipios, *grandes}))
        if len(nuevo) > len(municipios):
            nombre = lugares.nombre(entidad)
            candidatos.append((f"Con los {len(grandes)} municipios de {nombre} con más carpetas", nuevo, delito))
    canastas = catalogos.canastas()
    for canasta in canastas.loc[canastas["delito"] == delito, "canasta"].unique():
        clave = f"{PREFIJO_DE_CANASTA}{canasta}"
        candidatos.append(
            (f"Con la {claves()[clave].nombre[:1].lower()}{claves()[clave].nombre[1:]}", municipios, clave)
        )
    hechas = []
    for nombre, conjunto, que in candidatos:
        try:
            (uno,) = detectables_de(conjunto, que, signo, (meses,))
        except SinMesesCerrados:
            continue
        hechas.append(Opcion(nombre, conjunto, que, uno))
    return hechas


def linea_base(municipios: tuple[str, ...], delito: str, meses: int) -> tuple[float, date, date]:
    """Carpetas de los ``meses`` cerrados más recientes, con su primer y último mes. NaN si alguno no se reportó."""
    panel = cerrados((delito,))
    suma = float(panel.conteos[_posiciones(panel, municipios), -meses:].sum())
    return suma, primer_mes(panel.cierre, -(meses - 1)), panel.cierre


def _de_mas_carpetas(panel: Cerrados, entidad: str) -> list[str]:
    propios = [i for i, lugar in enumerate(panel.lugares) if lugar.startswith(entidad)]
    sumas = np.nansum(panel.conteos[propios, -12:], axis=1)
    orden = np.argsort(-sumas, kind="stable")[:DE_MAS_CARPETAS]
    return [panel.lugares[propios[i]] for i in orden if sumas[i] > 0]


def _posiciones(panel: Cerrados, municipios: Sequence[str]) -> list[int]:
    posicion = panel.posiciones
    return [posicion[m] for m in municipios if m in posicion]


def _semilla(municipios: tuple[str, ...], delito: str, panel: Cerrados) -> int:
    return semilla_de(Pregunta(municipios, (delito,), panel.cierre))
