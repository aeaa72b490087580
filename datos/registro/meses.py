"""Cuentas con meses: sumar, contar y el primer mes en que se espera un efecto."""

from __future__ import annotations

from datetime import date


def sumar(mes: date, cuantos: int) -> date:
    """El primer día del mes que está ``cuantos`` meses después (o antes)."""
    total = mes.year * 12 + mes.month - 1 + cuantos
    return date(total // 12, total % 12 + 1, 1)


def entre(desde: date, hasta: date) -> int:
    """Cuántos meses hay de ``desde`` a ``hasta``, contando los dos."""
    return (hasta.year - desde.year) * 12 + hasta.month - desde.month + 1


def primer_mes(inicio: date, rezago: int) -> date:
    """Primer mes completo desde ``inicio``, más el rezago en meses."""
    return sumar(inicio.replace(day=1), rezago + (inicio.day > 1))


def leer_mes(texto: str) -> date:
    """«2024-03» como su primer día. Lanza ``ValueError`` si no es un mes."""
    return date.fromisoformat(f"{texto}-01")
