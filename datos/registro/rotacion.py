"""Cuáles respaldos se conservan: el último de cada día, de cada semana y de cada mes, tantos como se pida."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Conservar:
    """Cuántos días, semanas y meses distintos se guardan; se cuentan los que tienen respaldo, no los del calendario."""

    diarios: int = 7
    semanales: int = 5
    mensuales: int = 12

    @classmethod
    def de(cls, texto: str) -> Conservar:
        """De «7,5,12». Lanza ``ValueError`` si no son tres enteros que guarden al menos uno."""
        partes = [p.strip() for p in texto.split(",")]
        if len(partes) != 3 or not all(p.isdigit() for p in partes) or not any(map(int, partes)):
            raise ValueError(f"se esperaban tres números, «diarios,semanales,mensuales», y se encontró «{texto}»")
        return cls(*map(int, partes))


def sobrantes(fechas: Mapping[str, datetime], conservar: Conservar) -> list[str]:
    """Los nombres que la regla ya no pide, de más viejo a más nuevo. El más reciente de todos nunca sobra."""
    recientes = sorted(fechas, key=lambda n: (fechas[n], n), reverse=True)
    guardar = set(recientes[:1])
    for cuantos, periodo in (
        (conservar.diarios, _dia),
        (conservar.semanales, _semana),
        (conservar.mensuales, _mes),
    ):
        guardar |= _ultimos(recientes, fechas, cuantos, periodo)
    return [n for n in reversed(recientes) if n not in guardar]


def _ultimos(
    recientes: list[str], fechas: Mapping[str, datetime], cuantos: int, periodo: Callable[[datetime], Hashable]
) -> set[str]:
    vistos: dict[Hashable, str] = {}
    for nombre in recientes:
        vistos.setdefault(periodo(fechas[nombre]), nombre)
    return set(list(vistos.values())[:cuantos])


def _dia(cuando: datetime) -> Hashable:
    return cuando.date()


def _semana(cuando: datetime) -> Hashable:
    return tuple(cuando.isocalendar())[:2]


def _mes(cuando: datetime) -> Hashable:
    return cuando.year, cuando.month
