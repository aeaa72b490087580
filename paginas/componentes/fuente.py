"""La línea de fuente que va debajo de toda figura: de qué cortes salió, qué es provisional y qué no dice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

import streamlit as st

from datos.consultas.contexto import PAGINA_DE_LA_FUENTE, Contexto
from informes.fuente import frases_de_fuente


def escribir_fuente(
    actual: Contexto,
    ambitos: Sequence[str],
    desde: date | None = None,
    hasta: date | None = None,
    notas: Sequence[str] = (),
) -> None:
    """Escribe la línea; ``notas`` son advertencias propias de la figura (población, límites, base chica)."""
    rotulo = "<strong>DEMOSTRACIÓN</strong> · " if actual.demostracion else ""
    primera, *resto = map(escape, frases_de_fuente(actual, ambitos, desde, hasta, notas))
    if not actual.demostracion:
        primera = primera.replace("SESNSP", f'<a href="{PAGINA_DE_LA_FUENTE}">SESNSP</a>', 1)
    st.html(f'<p class="fuente">{rotulo}{" ".join([primera, *resto])}</p>')
