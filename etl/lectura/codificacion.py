"""Decidir la codificación por el contenido y rechazar lo que no es texto de la fuente."""

from __future__ import annotations

import re
from collections.abc import Iterable

_HTML = re.compile(rb"^\s*(<!doctype|<html|<head|<body|<\?xml|<script)", re.IGNORECASE)
_BOM = b"\xef\xbb\xbf"
# Una letra acentuada en UTF-8 son dos bytes; leídos como cp1252 dan «Ã» o «Â» y un segundo signo. Ni el español ni un
# cp1252 legítimo (comillas tipográficas, €) juntan esas parejas. Lo último es el signo de «carácter perdido».
_SEGUNDO = "\u0080-\u00bf" + bytes(set(range(0x80, 0xA0)) - {0x81, 0x8D, 0x8F, 0x90, 0x9D}).decode("cp1252")
_MOJIBAKE = re.compile(f"[ÂÃ][{_SEGUNDO}]|ï¿½|\ufffd")


class ContenidoInesperado(Exception):
    """El contenido no es el texto que se espera. ``esperado`` y ``encontrado`` van al problema que ve la persona."""

    def __init__(self, esperado: str, encontrado: str) -> None:
        super().__init__(f"se esperaba {esperado}; se encontró {encontrado}")
        self.esperado = esperado
        self.encontrado = encontrado


def es_html(inicio: bytes) -> bool:
    """Si los primeros bytes son una página: lo que contestan las pantallas de acceso y de verificación."""
    return bool(_HTML.match(inicio.removeprefix(_BOM)[:512]))


def decodificar(valores: Iterable[bytes]) -> list[str]:
    """Los textos de un archivo, todos con la misma codificación: UTF-8 si lo son todos; si no, Windows-1252.

    Lanza ``ContenidoInesperado`` si no son ninguna de las dos o si alguno es mojibake.
    """
    crudos = list(valores)
    try:
        textos = [crudo.decode("utf-8") for crudo in crudos]
    except UnicodeDecodeError:
        textos = [_de_cp1252(crudo) for crudo in crudos]
    for texto in textos:
        exigir_sin_mojibake(texto)
    return textos


def _de_cp1252(crudo: bytes) -> str:
    try:
        return crudo.decode("cp1252")
    except UnicodeDecodeError as causa:
        legible = crudo[max(0, causa.start - 20) : causa.start + 20].decode("latin-1")
        raise ContenidoInesperado(
            "texto en UTF-8 o Windows-1252", f"un byte que no existe en ninguna (cerca de «{legible}»)"
        ) from causa


def exigir_sin_mojibake(texto: str) -> None:
    """Lanza ``ContenidoInesperado``, con el pedazo dañado, si el texto se volvió a guardar con otra codificación."""
    visto = _MOJIBAKE.search(texto)
    if visto:
        cerca = texto[max(0, visto.start() - 20) : visto.end() + 20]
        raise ContenidoInesperado("acentos bien escritos", f"texto dañado al volver a guardarlo (mojibake: «{cerca}»)")


def texto_completo(contenido: bytes) -> str:
    """Un archivo chico, entero, como texto sin marca de orden. Lanza ``ContenidoInesperado`` como ``decodificar``."""
    if not contenido.strip():
        raise ContenidoInesperado("un archivo con datos", "un archivo vacío")
    if b"\x00" in contenido:
        raise ContenidoInesperado("texto en UTF-8 o Windows-1252", "contenido binario o UTF-16")
    return decodificar([contenido.removeprefix(_BOM)])[0]


def primera_linea(inicio: bytes) -> str:
    """El primer renglón, sin marca de orden ni fin de línea; lo que no se entiende queda con el signo de perdido."""
    linea = inicio.removeprefix(_BOM).split(b"\n", 1)[0].rstrip(b"\r")
    try:
        return linea.decode("utf-8")
    except UnicodeDecodeError:
        return linea.decode("cp1252", errors="replace")
