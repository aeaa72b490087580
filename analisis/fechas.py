"""Días y plazos como se dicen: «10 feb 2026», «vence en 12 días», «venció hace 3 meses»."""

from __future__ import annotations

from datetime import date

from analisis.formatos import MESES, SIN_DATO, contar

DIAS_PARA_AVISAR = 30


def dia(fecha: date | None) -> str:
    """«10 feb 2026»; «n. d.» si falta."""
    return SIN_DATO if fecha is None else f"{fecha.day} {MESES[fecha.month - 1][:3]} {fecha.year}"


def dia_largo(fecha: date) -> str:
    """«10 de febrero de 2026»."""
    return f"{fecha.day} de {MESES[fecha.month - 1]} de {fecha.year}"


def plazo(fecha: date | None, hoy: date, *, completo: bool) -> str:
    """Cuánto falta o cuánto pasó; vacío si el acuerdo ya está completo o no tiene plazo."""
    if fecha is None or completo:
        return ""
    dias = (fecha - hoy).days
    if dias == 0:
        return "vence hoy"
    lapso = _lapso(abs(dias))
    return f"vence en {lapso}" if dias > 0 else f"venció hace {lapso}"


def por_vencer(fecha: date | None, hoy: date) -> bool:
    """Si el plazo cae en los próximos treinta días."""
    return fecha is not None and 0 <= (fecha - hoy).days <= DIAS_PARA_AVISAR


def _lapso(dias: int) -> str:
    if dias < 60:
        return contar(dias, "día")
    if dias < 730:
        return contar(dias // 30, "mes", "meses")
    return contar(dias // 365, "año")
