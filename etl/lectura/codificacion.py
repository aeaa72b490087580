"""Decidir la codificación por el contenido y rechazar lo que no es texto de la fuente."""

from __future__ import annotations

import codecs
import re

MUESTRA = 1 << 16
_MOJIBAKE = ("Ã±", "Ã©", "Ã³", "Ã­", "Ã¡", "Ãº", "Â°", "�", "AÃ", "Ã‘")
_HTML = re.compile(rb"^\s*(<!doctype|<html|<head|<body|<\?xml|<script)", re.IGNORECASE)
_TRAMO = 1 << 24
_C1 = bytes(range(0x80, 0xA0))


class ContenidoInesperado(Exception):
    """El contenido no es el texto que se espera. ``esperado`` y ``encontrado`` van al problema que ve la persona."""

    def __init__(self, esperado: str, encontrado: str) -> None:
        super().__init__(f"se esperaba {esperado}; se encontró {encontrado}")
        self.esperado = esperado
        self.encontrado = encontrado


def es_html(inicio: bytes) -> bool:
    """Si los primeros bytes son una página: lo que contestan las pantallas de acceso y de verificación."""
    return bool(_HTML.match(inicio.removeprefix(b"\xef\xbb\xbf")[:512]))


def codificacion(contenido: bytes) -> str:
    """'utf-8-sig', 'latin-1' o 'cp1252': la que decodifica el texto completo y sin mojibake.

    'latin-1' se elige solo cuando ningún byte cae entre 0x80 y 0x9F: ahí es idéntica a cp1252 y se lee más rápido.
    Lanza ``ContenidoInesperado`` si es HTML, binario, mojibake o si no decodifica en ninguna.
    """
    if not contenido.strip():
        raise ContenidoInesperado("un archivo con datos", "un archivo vacío")
    if es_html(contenido[:1024]):
        raise ContenidoInesperado("un CSV de la fuente", "una página HTML (acceso o verificación del sitio)")
    if b"\x00" in contenido[:MUESTRA]:
        raise ContenidoInesperado("texto en UTF-8 o Windows-1252", "contenido binario o UTF-16")
    elegida = _primera_que_decodifica(contenido)
    muestra = contenido[:MUESTRA].decode(elegida, errors="replace")
    vistas = [marca for marca in _MOJIBAKE if marca in muestra]
    if vistas:
        raise ContenidoInesperado(
            "acentos bien escritos", f"texto dañado al volver a guardarlo (mojibake: «{vistas[0]}»)"
        )
    return elegida


def _primera_que_decodifica(contenido: bytes) -> str:
    if _es_utf8(contenido):
        return "utf-8-sig"
    tramos = (contenido[inicio : inicio + _TRAMO] for inicio in range(0, len(contenido), _TRAMO))
    # Borrar los bytes C1 y comparar longitudes recorre el archivo a velocidad de memoria.
    if all(len(tramo.translate(None, _C1)) == len(tramo) for tramo in tramos):
        return "latin-1"
    try:
        contenido.decode("cp1252")
    except UnicodeDecodeError as causa:
        raise ContenidoInesperado(
            "texto en UTF-8 o Windows-1252", f"un byte que no existe en ninguna (posición {causa.start:,})"
        ) from causa
    return "cp1252"


def _es_utf8(contenido: bytes) -> bool:
    """Si todo el contenido es UTF-8 válido; se comprueba por tramos, sin copiar el archivo completo."""
    decodificador = codecs.getincrementaldecoder("utf-8")("strict")
    try:
        for inicio in range(0, len(contenido), _TRAMO):
            decodificador.decode(contenido[inicio : inicio + _TRAMO])
        decodificador.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
