"""La minuta de una sesión: primero un texto sencillo, que es lo que se fija al cerrarla, y de ese texto sale el documento.

El texto usa tres marcas al inicio del renglón («# » título, «## » apartado, «- » punto); lo demás son párrafos.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt

from analisis.fechas import dia_largo

TIPO = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TITULO, APARTADO, PUNTO, PARRAFO = "título", "apartado", "punto", "párrafo"
_MARCAS = (("# ", TITULO), ("## ", APARTADO), ("- ", PUNTO))
_LADOS = (("autoridad", "Autoridad"), ("ciudadania", "Ciudadanía"))
SIN_MEZCLAR = "El cumplimiento dice si se hizo lo acordado; no dice qué pasó con el delito."


@dataclass(frozen=True)
class Asistente:
    """Una institución y si estuvo: 'presente', 'ausente' o 'justificada'."""

    institucion: str
    lado: str
    estado: str
    representante: str = ""


@dataclass(frozen=True)
class Revisado:
    """Un acuerdo anterior: en qué quedó, qué se dijo y si se movió su plazo."""

    folio: str
    texto: str
    cumplimiento: str
    nota: str = ""
    plazo: str = ""


@dataclass(frozen=True)
class Nuevo:
    """Un acuerdo tomado en la sesión, con quién responde, su meta y su plazo, ya en palabras."""

    folio: str
    texto: str
    autoridad: str
    ciudadania: str
    meta: str
    plazo: str


@dataclass(frozen=True)
class Minuta:
    """Todo lo que dice una minuta."""

    mesa: str
    numero: int
    romano: str
    tipo: str
    fecha: date
    lugar: str = ""
    comision: str = ""
    asistentes: Sequence[Asistente] = ()
    revisados: Sequence[Revisado] = ()
    sin_revisar: Sequence[str] = ()
    nuevos: Sequence[Nuevo] = ()
    notas: str = ""
    advertencia: str = ""


def componer(m: Minuta) -> str:
    """El texto completo. Lo que escribieron las personas va en un solo renglón, salvo las notas."""
    return "\n".join(_renglones(m))


def _renglones(m: Minuta) -> Iterator[str]:
    yield f"# Minuta de la sesión {m.romano} ({m.numero}) · {_linea(m.mesa)}"
    que = f"Sesión de {m.tipo} {_linea(m.comision)}".strip() if m.tipo == "comisión" else f"Sesión {m.tipo}"
    yield f"{que}, {dia_largo(m.fecha)}" + (f", {_linea(m.lugar)}" if m.lugar else "") + "."
    if m.advertencia:
        yield _frase(m.advertencia)
    yield "## Asistencia"
    if not m.asistentes:
        yield "No se pasó lista."
    for lado, nombre in _LADOS:
        suyos = [a for a in m.asistentes if a.lado == lado]
        if suyos:
            yield f"{nombre}: {sum(a.estado == 'presente' for a in suyos)} de {len(suyos)} presentes."
        for a in suyos:
            quien = f" ({_linea(a.representante)})" if a.representante else ""
            yield f"- {_linea(a.institucion)}{quien}: {a.estado}"
    yield "## Acuerdos anteriores"
    if not m.revisados:
        yield "No se revisó ninguno."
    else:
        yield SIN_MEZCLAR
    for r in m.revisados:
        resto = "".join(f" {_frase(x)}" for x in (r.plazo, r.nota) if x)
        yield f"- {r.folio}. {_frase(r.texto)} Cumplimiento: {r.cumplimiento}.{resto}"
    if m.sin_revisar:
        yield f"Quedaron sin revisar: {', '.join(m.sin_revisar)}."
    yield "## Acuerdos nuevos"
    if not m.nuevos:
        yield "No se tomó ninguno."
    for n in m.nuevos:
        yield (
            f"- {n.folio}. {_frase(n.texto)} Responde por la autoridad: {_linea(n.autoridad)}. Responde por la ciudadanía: "
            f"{_linea(n.ciudadania)}. Meta: {_linea(n.meta)}. Plazo: {_linea(n.plazo)}."
        )
    if m.notas.strip():
        yield "## Notas"
        yield from (renglon.strip() for renglon in m.notas.splitlines() if renglon.strip())


def _linea(texto: str) -> str:
    """En un renglón y sin punto final: lo pone quien compone."""
    return " ".join(texto.split()).rstrip(".")


def _frase(texto: str) -> str:
    """En un renglón y con su punto, si no acaba ya en un signo."""
    junto = " ".join(texto.split())
    return junto if junto.endswith((".", "…", "?", "!", "»")) else f"{junto}."


def bloques(texto: str) -> Iterator[tuple[str, str]]:
    """El texto de una minuta como pares (clase de bloque, contenido)."""
    for renglon in texto.splitlines():
        if not renglon.strip():
            continue
        clase, marca = next(((c, x) for x, c in _MARCAS if renglon.startswith(x)), (PARRAFO, ""))
        yield clase, renglon.removeprefix(marca).strip()


def a_docx(texto: str, autor: str = "") -> bytes:
    """El documento de Word de una minuta, editable e imprimible."""
    documento = Document()
    base = documento.styles["Normal"]
    base.font.name, base.font.size = "Calibri", Pt(11)
    idioma = base.element.get_or_add_rPr()
    lengua = idioma.makeelement(qn("w:lang"), {qn("w:val"): "es-MX"})
    idioma.append(lengua)
    documento.core_properties.language = "es-MX"
    documento.core_properties.author = autor
    documento.core_properties.comments = ""
    for clase, contenido in bloques(texto):
        if clase == TITULO:
            documento.core_properties.title = contenido
            documento.add_heading(contenido, level=1)
        elif clase == APARTADO:
            documento.add_heading(contenido, level=2)
        else:
            documento.add_paragraph(contenido, style="List Bullet" if clase == PUNTO else None)
    salida = io.BytesIO()
    documento.save(salida)
    return salida.getvalue()
