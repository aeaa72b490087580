"""Municipios × meses cerrados de uno o varios delitos sumados: lo que se evalúa y se calibra."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from datos.consultas.claves import claves
from datos.consultas.paneles import panel
from datos.consultas.series import origen
from datos.tablero import consultar, recordar


class SinMesesCerrados(Exception):
    """No hay serie municipal cerrada de lo que se pide; el mensaje dice qué falta."""


@dataclass(frozen=True)
class Cerrados:
    """``conteos``: lugares × meses, desde ``mes_inicial`` hasta ``cierre`` (NaN = algún delito no se reportó). Compartido.

    ``provisional_desde``: primer mes que no entra porque la fuente suele corregirlo, o ``None``; ``provisionales``: cuántos
    meses publicados quedaron fuera por eso.
    """

    lugares: tuple[str, ...]
    mes_inicial: date
    cierre: date
    conteos: np.ndarray
    provisional_desde: date | None
    provisionales: int

    @property
    def meses(self) -> list[date]:
        """El primer día de cada mes, en el orden de las columnas."""
        base = self.mes_inicial.year * 12 + self.mes_inicial.month - 1
        return [date(m // 12, m % 12 + 1, 1) for m in range(base, base + self.conteos.shape[1])]

    @property
    def posiciones(self) -> dict[str, int]:
        """Renglón de cada municipio."""
        return {lugar: i for i, lugar in enumerate(self.lugares)}


@recordar(maximo=24)
def cerrados(delitos: tuple[str, ...]) -> Cerrados:
    """Los delitos sumados, en los meses que todos tienen y que ya no son provisionales. Lanza ``SinMesesCerrados``."""
    tramos = [_tramo(d) for d in delitos]
    if not tramos or any(t is None for t in tramos):
        faltan = [claves()[d].nombre for d, t in zip(delitos, tramos, strict=True) if t is None]
        raise SinMesesCerrados(f"No hay serie municipal publicada de {', '.join(faltan) or 'ningún delito'}.")
    desde = max(t[0] for t in tramos if t)
    fuera = [t[2] for t in tramos if t and t[2] is not None]
    ultimo = min(t[1] for t in tramos if t)
    cierre = min([ultimo, *[_mes_previo(f) for f in fuera]])
    meses = (cierre.year - desde.year) * 12 + cierre.month - desde.month + 1
    if meses < 1:
        raise SinMesesCerrados("Todos los meses publicados de estos delitos son provisionales.")
    partes = [panel("municipal", d, cierre, meses) for d in delitos]
    conteos = np.sum([p.conteos for p in partes], axis=0)
    conteos.flags.writeable = False
    sobran = (ultimo.year - cierre.year) * 12 + ultimo.month - cierre.month
    return Cerrados(partes[0].lugares, desde, cierre, conteos, min(fuera) if fuera else None, sobran)


def meses_cerrados(delito: str) -> int:
    """Cuántos meses cerrados tiene la serie municipal, sin leerla; 0 si no hay."""
    tramo = _tramo(delito)
    if tramo is None:
        return 0
    desde, hasta, provisional = tramo
    cierre = hasta if provisional is None else min(hasta, _mes_previo(provisional))
    return max(0, (cierre.year - desde.year) * 12 + cierre.month - desde.month + 1)


@recordar(maximo=64)
def _tramo(delito: str) -> tuple[date, date, date | None] | None:
    """Primer y último mes publicados y primer mes provisional de una serie municipal."""
    vista, _, condicion, valor = origen("municipal", delito)
    fila = consultar(
        f"SELECT min(fecha) AS desde, max(fecha) AS hasta, min(fecha) FILTER (provisional) AS provisional FROM {vista} "
        f"WHERE {condicion}",
        [valor],
    ).iloc[0]
    if pd.isna(fila["desde"]):
        return None
    provisional = None if pd.isna(fila["provisional"]) else fila["provisional"].date()
    return fila["desde"].date(), fila["hasta"].date(), provisional


def _mes_previo(mes: date) -> date:
    return date(mes.year - (mes.month == 1), (mes.month - 2) % 12 + 1, 1)


ANTES, DESPUES = 24, 6


def meses_evaluables(hecho: Cerrados, antes: int = ANTES, despues: int = DESPUES) -> list[date]:
    """Primeros días de mes en que podría empezar una evaluación, del más viejo al más nuevo."""
    return hecho.meses[antes : hecho.conteos.shape[1] - despues + 1]
