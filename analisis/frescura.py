"""Cuándo debe haber un corte nuevo y cuándo ya se tardó. La fecha de hoy siempre la da quien llama.

La fuente publica el mes anterior tradicionalmente el día 20; en la práctica, entre el 15 y el 23.
"""

from __future__ import annotations

from datetime import date

DIA_DE_BUSCAR = 15  # desde este día puede aparecer el corte del mes anterior
DIA_LIMITE = 25  # pasado este día, lo que no apareció está atrasado


def mes_anterior(fecha: date) -> date:
    """El primer día del mes anterior."""
    meses = fecha.year * 12 + fecha.month - 2
    return date(meses // 12, meses % 12 + 1, 1)


def corte_por_venir(hoy: date) -> date:
    """El corte más nuevo que la fuente pudo haber publicado ya: desde el día 15, el mes anterior."""
    anterior = mes_anterior(hoy)
    return anterior if hoy.day >= DIA_DE_BUSCAR else mes_anterior(anterior)


def corte_exigible(hoy: date) -> date:
    """El corte más nuevo que ya debería estar: después del día 25, el mes anterior."""
    anterior = mes_anterior(hoy)
    return anterior if hoy.day > DIA_LIMITE else mes_anterior(anterior)


def atrasado(corte: date, hoy: date) -> bool:
    """Si falta un corte que ya debería estar publicado."""
    return corte < corte_exigible(hoy)


def meses_de_atraso(corte: date, hoy: date) -> int:
    """Cuántos cortes faltan de los que ya deberían estar; 0 si está al día."""
    exigible = corte_exigible(hoy)
    return max(0, (exigible.year - corte.year) * 12 + exigible.month - corte.month)
