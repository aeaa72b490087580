"""Qué es un archivo por su contenido, no por su nombre: solo se aceptan siete tipos, enteros y sin nada que se ejecute."""

from __future__ import annotations

import io
import zipfile

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
            imagen.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as causa:
        raise _rechazo("una imagen completa", f"una que no se puede abrir ({causa})") from causa
    return tipo


def _de_oficina(contenido: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(contenido)) as paquete:
            partes = paquete.infolist()
            nombres = {p.filename for p in partes}
            if len(partes) > _MAXIMO_DE_PARTES or sum(p.file_size for p in partes) > _MAXIMO_DESCOMPRIMIDO:
                raise _rechazo("un documento de tamaño razonable al abrirse", "uno mucho mayor")
            if paquete.testzip() is not None:
                raise _rechazo("un documento completo", "uno dañado")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as causa:
        raise _rechazo("un documento completo", f"uno que no se puede abrir ({causa})") from causa
    if any(n.lower().endswith("vbaproject.bin") for n in nombres):
        raise _rechazo("un documento sin macros", "uno con macros")
    for tipo, parte in _PARTE_PRINCIPAL.items():
        if parte in nombres and "[Content_Types].xml" in nombres:
            return tipo
    raise _rechazo("un DOCX o un XLSX", "otro archivo comprimido")


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
