"""Qué es un archivo por su contenido, no por su nombre: solo se aceptan siete tipos, enteros y sin nada que se ejecute."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from PIL import Image, UnidentifiedImageError

from datos.registro.errores import EvidenciaRechazada

TIPOS = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "txt": "text/plain",
}
_PARTE_PRINCIPAL = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
_MAXIMO_DESCOMPRIMIDO = 300_000_000
_MAXIMO_DE_PARTES = 10_000
# Macros de antes y de ahora, controles y objetos de otro programa: todo lo que un documento puede ejecutar al abrirse.
_EJECUTABLE = re.compile(r"vbaproject|vbadata|/macrosheets/|/activex/|oleobject[^/]*\.bin$", re.IGNORECASE)
_DE_MACROS = re.compile(rb"macroenabled|vbaproject|macrosheet", re.IGNORECASE)
_LIGA_VIVA = re.compile(rb"<(?:\w+:)?(?:ddeLink|oleLink)\b")
_PLANTILLA_AJENA = re.compile(
    rb"<[^>]*(?=[^>]*attachedTemplate)(?=[^>]*Target\s*=\s*[\"'](?:https?:|ftp:|file:/{4,}|\\\\|//))[^>]*>",
    re.IGNORECASE,
)
_COMPRESIONES = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_MARCADO = (b"<!doctype", b"<html", b"<?xml", b"<svg", b"<script")


def reconocer(contenido: bytes, nombre: str) -> str:
    """El tipo ('pdf', 'png', 'jpg', 'docx', 'xlsx', 'csv' o 'txt'). Lanza ``EvidenciaRechazada`` con el motivo.

    El texto es 'csv' si su nombre lo dice; en lo demás, el nombre no cuenta.
    """
    if not contenido:
        raise _rechazo("un archivo con contenido", "uno vacío")
    if contenido.startswith(b"%PDF-"):
        if b"%%EOF" not in contenido[-2_048:]:
            raise _rechazo("un PDF completo", "uno cortado")
        return "pdf"
    if contenido.startswith(b"\x89PNG\r\n\x1a\n"):
        return _imagen(contenido, "png")
    if contenido.startswith(b"\xff\xd8\xff"):
        return _imagen(contenido, "jpg")
    if contenido.startswith(b"PK"):
        return _de_oficina(contenido)
    return _texto(contenido, nombre)


def _imagen(contenido: bytes, tipo: str) -> str:
    try:
        with Image.open(io.BytesIO(contenido)) as imagen:
            if tipo == "png":
                imagen.verify()
            else:
                # Un JPG no lleva suma de comprobación: hay que leerlo. Reducido ocupa la memoria de su octava parte por lado.
                imagen.draft(imagen.mode, (max(1, imagen.width // 8), max(1, imagen.height // 8)))
                imagen.load()
    except Image.DecompressionBombError as causa:
        raise _rechazo("una imagen de tamaño razonable al abrirse", "una mucho mayor") from causa
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as causa:
        raise _rechazo("una imagen completa", "una cortada o dañada, que no se puede abrir") from causa
    return tipo


def _de_oficina(contenido: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(contenido)) as paquete:
            partes = paquete.infolist()
            nombres = {p.filename for p in partes}
            if any(p.compress_type not in _COMPRESIONES for p in partes):
                raise _rechazo("un documento como los guarda Word o Excel", "uno comprimido de otra manera")
            if len(partes) > _MAXIMO_DE_PARTES or sum(p.file_size for p in partes) > _MAXIMO_DESCOMPRIMIDO:
                raise _rechazo("un documento de tamaño razonable al abrirse", "uno mucho mayor")
            if paquete.testzip() is not None:
                raise _rechazo("un documento completo", "uno dañado")
            _exigir_sin_nada_que_se_ejecute(paquete)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as causa:
        raise _rechazo("un documento completo", "uno cortado o dañado, que no se puede abrir") from causa
    for tipo, parte in _PARTE_PRINCIPAL.items():
        if parte in nombres and "[Content_Types].xml" in nombres:
            return tipo
    raise _rechazo("un DOCX o un XLSX", "otro archivo comprimido")


def _exigir_sin_nada_que_se_ejecute(paquete: zipfile.ZipFile) -> None:
    """Se mira dentro: un documento con macros puede llevar cualquier nombre y sus partes también."""
    for parte in paquete.namelist():
        nombre = parte.lower()
        if _EJECUTABLE.search(f"/{nombre}"):
            raise _rechazo("un documento sin macros ni objetos de otro programa", "uno con ellos")
        if nombre == "[content_types].xml" and _DE_MACROS.search(paquete.read(parte)):
            raise _rechazo("un documento sin macros", "uno con macros")
        if "/externallinks/" in nombre and _LIGA_VIVA.search(paquete.read(parte)):
            raise _rechazo("un libro sin ligas a otros programas", "uno que llama a otro programa")
        if nombre.endswith(".rels") and _PLANTILLA_AJENA.search(paquete.read(parte)):
            raise _rechazo("un documento que no traiga su plantilla de otra máquina", "uno que la pide por la red")


def _texto(contenido: bytes, nombre: str) -> str:
    try:
        texto = contenido.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            texto = contenido.decode("cp1252")
        except UnicodeDecodeError as causa:
            raise _rechazo(f"uno de estos tipos: {', '.join(TIPOS)}", "un archivo de otro tipo") from causa
    if any(ord(c) < 32 and c not in "\t\n\r\f" for c in texto):
        raise _rechazo(f"uno de estos tipos: {', '.join(TIPOS)}", "un archivo de otro tipo")
    if contenido.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower().startswith(_MARCADO):
        raise _rechazo("texto simple", "una página o un documento con marcas")
    return "csv" if nombre.lower().endswith(".csv") else "txt"


def _rechazo(esperado: str, encontrado: str) -> EvidenciaRechazada:
    return EvidenciaRechazada.de("archivo", esperado, encontrado)
