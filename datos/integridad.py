"""Que la base publicada sea la que se publicó: su huella se comprueba una vez por archivo, y otra si el archivo cambia."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from datos.almacen import Publicacion, PunteroInvalido

Identidad = tuple[str, int, int, int]


class PublicacionDanada(PunteroInvalido):
    """El archivo publicado ya no es el que se publicó: no se lee. El mensaje dice qué hacer."""


def identidad(ruta: Path) -> Identidad:
    """Ruta, archivo, tamaño y última escritura: mientras no cambien, el contenido es el que ya se comprobó.

    Lanza ``OSError`` si no está.
    """
    estado = ruta.stat()
    return str(ruta), estado.st_ino, estado.st_size, estado.st_mtime_ns


def exigir(publicacion: Publicacion) -> Identidad:
    """La identidad del archivo, si su huella es la de su ficha. Lanza ``PublicacionDanada``."""
    try:
        suya = identidad(publicacion.ruta)
        hallada = _huella(suya)
    except OSError as causa:
        raise danada(publicacion, f"no se pudo leer ({causa.strerror})") from causa
    if hallada != publicacion.sha256:
        raise danada(publicacion, f"su huella no coincide (ficha {publicacion.sha_corto}…, archivo {hallada[:8]}…)")
    return suya


def intacta(publicacion: Publicacion) -> bool:
    """Si el archivo es el que se publicó."""
    try:
        exigir(publicacion)
    except PublicacionDanada:
        return False
    return True


def danada(publicacion: Publicacion, porque: str) -> PublicacionDanada:
    """El error de una base que no se debe leer."""
    return PublicacionDanada(
        f"El archivo de la versión {publicacion.version} se dañó después de publicarse: {porque}. Sus cifras no se muestran. "
        "Quien administra puede volver a la versión anterior con «python -m etl revertir» o, si no hay otra, cargar de nuevo los "
        "archivos oficiales."
    )


def olvidar() -> None:
    """La siguiente vez se comprueba de nuevo, aunque el archivo parezca el mismo."""
    _huella.cache_clear()


@lru_cache(maxsize=8)
def _huella(suya: Identidad) -> str:
    with open(suya[0], "rb") as archivo:
        return hashlib.file_digest(archivo, "sha256").hexdigest()
