"""Cuánto se mueve un mes recién publicado, según los cortes que se conservan."""

from __future__ import annotations

from analisis import frases
from analisis.revisiones import asentamiento, cercanos
from datos.consultas import revisiones


def cuanto_se_mueve_el_ultimo_mes() -> str:
    """Lo que dicen los cortes que se conservan de cuánto cambia un mes recién publicado, o que todavía no se sabe."""
    edades = asentamiento(cercanos(revisiones.nacionales()))
    recien = edades[edades["edad"] == 0]
    if recien.empty:
        return "Ese mes todavía se corrige, y aún no hay dos cortes cercanos con que saber cuánto"
    fila = recien.iloc[0]
    return frases.cuanto_se_mueve(int(fila["cifras"]), float(fila["mediana_pct"]), float(fila["p90_pct"]))
