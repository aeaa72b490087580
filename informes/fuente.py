"""De dónde salió una cifra, en palabras: cortes, lo provisional, el cambio de metodología y lo que no se denuncia."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from analisis.formatos import lista, mes
from datos.consultas import poblacion
from datos.consultas.contexto import Contexto
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


def frases_de_fuente(
    actual: Contexto,
    ambitos: Sequence[str],
    desde: date | None = None,
    hasta: date | None = None,
    notas: Sequence[str] = (),
) -> list[str]:
    """Las mismas advertencias como oraciones sueltas, para el pie de una figura que sale del tablero; la fuente va primero."""
    provisional = {
        f"{mes(f.provisional_desde)} ({f.metodologia})": f.provisional_desde
        for ambito in ambitos
        for f in actual.fuentes(ambito, desde, hasta)
        if f.provisional_desde is not None and (hasta is None or f.provisional_desde <= hasta)
    }
    frases = [f"Fuente: {texto_de_fuente(actual, ambitos, desde, hasta)}"]
    if provisional:
        frases.append(f"Provisional desde {lista(sorted(provisional, key=provisional.__getitem__))}")
    frases += notas
    de_poblacion = poblacion.edicion()
    if de_poblacion.es_censo and not any(de_poblacion.nota in n for n in notas):
        frases.append(de_poblacion.nota)
    metodologias = {f.metodologia for ambito in ambitos for f in actual.fuentes(ambito, desde, hasta)}
    if RNID in metodologias:
        frases.append(QUIEBRE)
    frases.append(CIFRA_NEGRA)
    return [f if f.endswith(".") else f + "." for f in frases]
