"""La línea de fuente que va debajo de toda figura: de qué cortes salió, qué es provisional y qué no dice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

import streamlit as st

from analisis.formatos import lista, mes
from datos.consultas import poblacion
from datos.consultas.contexto import PAGINA_DE_LA_FUENTE, Contexto
from datos.esquema import RNID

NOMBRE_DEL_AMBITO = {
    "estatal": "archivo estatal",
    "municipal": "archivo municipal",
    "victimas_estatal": "víctimas, archivo estatal",
    "victimas_municipal": "víctimas, archivo municipal",
}
QUIEBRE = (
    "Desde enero de 2026 la fuente cuenta con otra metodología (RNID); «Total de delitos» no es comparable a través de "
    "esa fecha."
)
CIFRA_NEGRA = (
    "Una carpeta de investigación no es un delito ni una víctima: 93.2\u00a0% de los delitos de 2024 no se denunció o no tuvo "
    "carpeta (ENVIPE 2025)."
)


def texto_de_fuente(
    actual: Contexto, ambitos: Sequence[str], desde: date | None = None, hasta: date | None = None
) -> str:
    """«SESNSP, archivo estatal, corte marzo de 2026 (RNID, SHA-256 d035b4af)», con cada corte que alimenta el periodo."""
    partes = []
    for ambito in ambitos:
        cortes = [
            f"corte {mes(f.corte)} ({f.metodologia}, SHA-256 {f.sha256[:8]})"
            for f in actual.fuentes(ambito, desde, hasta)
        ]
        if cortes:
            partes.append(f"{NOMBRE_DEL_AMBITO[ambito]}, {lista(cortes)}")
    nombre = "cifras inventadas" if actual.demostracion else "SESNSP"
    return "; ".join([nombre, *partes]) if partes else nombre


def escribir_fuente(
    actual: Contexto,
    ambitos: Sequence[str],
    desde: date | None = None,
    hasta: date | None = None,
    notas: Sequence[str] = (),
) -> None:
    """Escribe la línea; ``notas`` son advertencias propias de la figura (población, límites, base chica)."""
    rotulo = "<strong>DEMOSTRACIÓN</strong> · " if actual.demostracion else ""
    fuente = escape(texto_de_fuente(actual, ambitos, desde, hasta))
    if not actual.demostracion:
        fuente = fuente.replace("SESNSP", f'<a href="{PAGINA_DE_LA_FUENTE}">SESNSP</a>', 1)
    provisional = {
        f"{mes(f.provisional_desde)} ({f.metodologia})": f.provisional_desde
        for ambito in ambitos
        for f in actual.fuentes(ambito, desde, hasta)
        if f.provisional_desde is not None and (hasta is None or f.provisional_desde <= hasta)
    }
    frases = [f"{rotulo}Fuente: {fuente}"]
    if provisional:
        frases.append(escape(f"Provisional desde {lista(sorted(provisional, key=provisional.__getitem__))}"))
    frases += [escape(n) for n in notas]
    de_poblacion = poblacion.edicion()
    if de_poblacion.es_censo and not any(de_poblacion.nota in n for n in notas):
        frases.append(escape(de_poblacion.nota))
    metodologias = {f.metodologia for ambito in ambitos for f in actual.fuentes(ambito, desde, hasta)}
    if RNID in metodologias:
        frases.append(escape(QUIEBRE))
    frases.append(escape(CIFRA_NEGRA))
    st.html(f'<p class="fuente">{" ".join(f if f.endswith(".") else f + "." for f in frases)}</p>')
