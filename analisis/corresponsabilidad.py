"""Los indicadores de una Mesa sobre lo que hace, no sobre el delito: pasos a tiempo, asistencia y continuidad.

Cada uno es «tantos de cuántos»: con pocos casos un por ciento engaña, y sin ninguno no hay dato, que no es cero.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from analisis.cambio import BASE_MINIMA
from analisis.formatos import SIN_DATO, entero, porcentaje

MESES_DE_CONTINUIDAD = 12


@dataclass(frozen=True)
class Proporcion:
    """``parte`` de ``total``; con ``total`` cero no hay dato."""

    parte: int
    total: int

    @property
    def valor(self) -> float | None:
        """De 0 a 1; ``None`` sin casos."""
        return self.parte / self.total if self.total else None

    def en_palabras(self) -> str:
        """«7 de 9», «31 de 36 (86 %)» o «n. d.»; el por ciento, solo con 20 casos o más."""
        if not self.total:
            return SIN_DATO
        texto = f"{entero(self.parte)} de {entero(self.total)}"
        return f"{texto} ({porcentaje(100 * self.parte / self.total, 0)})" if self.total >= BASE_MINIMA else texto


def a_tiempo(pasos: Iterable[tuple[date, date | None]], hoy: date) -> Proporcion:
    """Pasos cumplidos en su fecha o antes, de los que ya debían estarlo. Cada paso: (fin, cuándo se cumplió o nada).

    Uno cumplido antes de su fecha cuenta aunque esta no llegue.
    """
    debidos = [(fin, cumplido) for fin, cumplido in pasos if fin < hoy or cumplido is not None]
    return Proporcion(sum(cumplido is not None and cumplido <= fin for fin, cumplido in debidos), len(debidos))


def asistencia(estados: Iterable[str]) -> Proporcion:
    """Presencias entre todas las veces que se pasó lista; una falta justificada sigue siendo una falta."""
    lista = list(estados)
    return Proporcion(sum(e == "presente" for e in lista), len(lista))


def continuidad(
    sesiones: Iterable[date], hoy: date, desde: date | None = None, hasta: date | None = None
) -> Proporcion:
    """Meses con alguna sesión entre los doce meses completos anteriores a ``hoy`` en que la Mesa estaba activa."""
    con_sesion = {(s.year, s.month) for s in sesiones}
    ultimo = hoy.year * 12 + hoy.month - 2
    meses = [(m // 12, m % 12 + 1) for m in range(ultimo - MESES_DE_CONTINUIDAD + 1, ultimo + 1)]
    activos = [
        m
        for m in meses
        if (desde is None or m >= (desde.year, desde.month)) and (hasta is None or m <= (hasta.year, hasta.month))
    ]
    return Proporcion(sum(m in con_sesion for m in activos), len(activos))
