"""Periodos de meses completos: cuáles son, cuánto duran, si se enciman y cómo se dicen."""

from __future__ import annotations

import calendar
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from analisis.formatos import mes_corto, tramo

MESES_DEL_ANIO = 12


def mover(mes: date, meses: int) -> date:
    """El primer día del mes que está ``meses`` adelante (o atrás, si es negativo)."""
    cuantos = mes.year * MESES_DEL_ANIO + mes.month - 1 + meses
    return date(cuantos // MESES_DEL_ANIO, cuantos % MESES_DEL_ANIO + 1, 1)


@dataclass(frozen=True)
class Periodo:
    """De un mes a otro, los dos incluidos; ``desde`` y ``hasta`` son primeros de mes. Puede venir al revés: lo dice ``largo``."""

    desde: date
    hasta: date

    @property
    def largo(self) -> int:
        """Cuántos meses tiene; cero o menos si termina antes de empezar."""
        return (self.hasta.year - self.desde.year) * MESES_DEL_ANIO + self.hasta.month - self.desde.month + 1

    @property
    def meses(self) -> list[date]:
        """El primer día de cada mes, en orden."""
        return [mover(self.desde, n) for n in range(self.largo)]

    @property
    def dias(self) -> int:
        """Los días que tiene, con los bisiestos."""
        return sum(calendar.monthrange(m.year, m.month)[1] for m in self.meses)

    @property
    def es_anio(self) -> bool:
        """Si es un año calendario completo."""
        return self == anio(self.desde.year)

    def mover(self, meses: int) -> Periodo:
        """El mismo largo, ``meses`` más adelante."""
        return Periodo(mover(self.desde, meses), mover(self.hasta, meses))

    def texto(self) -> str:
        """«2018», «los 12 meses a noviembre de 2024», «marzo de 2026» o «enero a marzo de 2026», para decirlo tras «de»."""
        if self.es_anio:
            return str(self.desde.year)
        if self.largo == MESES_DEL_ANIO:
            return f"los 12 meses a {tramo(self.hasta, self.hasta).removeprefix('de ')}"
        return tramo(self.desde, self.hasta).removeprefix("de ")

    def corto(self) -> str:
        """«2018», «12 meses a nov 2024» o «ene–mar 2026»: para tablas y figuras."""
        if self.es_anio:
            return str(self.desde.year)
        if self.largo == MESES_DEL_ANIO:
            return f"12 meses a {mes_corto(self.hasta)}"
        if self.largo == 1:
            return mes_corto(self.hasta)
        primero = mes_corto(self.desde)
        return f"{primero[:3] if self.desde.year == self.hasta.year else primero}–{mes_corto(self.hasta)}"

    def clave(self) -> str:
        """Cómo viaja en una dirección: «2018-01.2018-12»."""
        return f"{self.desde:%Y-%m}.{self.hasta:%Y-%m}"


def anio(cual: int) -> Periodo:
    """El año calendario."""
    return Periodo(date(cual, 1, 1), date(cual, 12, 1))


def doce_meses_a(mes: date) -> Periodo:
    """Los doce meses que terminan en ``mes``."""
    return Periodo(mover(mes, 1 - MESES_DEL_ANIO), mes)


def faltantes(periodo: Periodo, publicados: Collection[date]) -> list[date]:
    """Los meses del periodo que no están publicados."""
    return [m for m in periodo.meses if m not in publicados]


def en_tramos(meses: Sequence[date]) -> list[tuple[date, date]]:
    """Los meses (en orden) juntados en tramos seguidos: (primero, último) de cada uno."""
    tramos: list[tuple[date, date]] = []
    for mes in meses:
        if tramos and mover(tramos[-1][1], 1) == mes:
            tramos[-1] = (tramos[-1][0], mes)
        else:
            tramos.append((mes, mes))
    return tramos
