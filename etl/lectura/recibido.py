"""Un archivo recibido: su huella, y el miembro útil que trae dentro si es un zip."""

from __future__ import annotations

import hashlib
import mmap
import re
import shutil
import subprocess
import zipfile
import zlib
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from etl.lectura.codificacion import ContenidoInesperado, es_html

MAXIMO_MIEMBRO = 2 << 30
MAXIMO_MIEMBROS = 200
MAXIMA_RAZON = 200
_PK = b"PK\x03\x04"
_CIFRADO = 0x1
# Un hilo aparte: la huella de un archivo de 400 MB se calcula mientras se lee su tabla.
_HUELLAS = ThreadPoolExecutor(1, thread_name_prefix="huella")


@dataclass
class Recibido:
    """Lo recibido: ``contenido`` es el de la tabla (el CSV de dentro, si es zip); huella y ``tamano`` (bytes), del archivo."""

    ruta: Path
    tamano: int
    nombre_tabla: str
    contenido: bytes | mmap.mmap
    huella: Future[str]
    es_libro: bool = False
    dejados: list[str] = field(default_factory=list)
    hojas: list[list[list[Any]]] | None = None

    @property
    def nombre(self) -> str:
        """Nombre con que se recibió."""
        return self.ruta.name

    @property
    def sha256(self) -> str:
        """Huella SHA-256 del archivo recibido; espera a que termine de calcularse."""
        return self.huella.result()

    def soltar(self) -> None:
        """Olvida el contenido, que ya está en una tabla: lo recibido sigue en su ruta."""
        self.contenido, self.hojas = b"", None


def recibir(ruta: Path) -> Recibido:
    """Lee un archivo y escoge su tabla: el CSV de un zip (por contenido, no por nombre) o el libro de Excel.

    Lanza ``ContenidoInesperado`` si está vacío o es una página, un zip roto o peligroso, o un zip sin tabla.
    """
    if ruta.stat().st_size == 0:
        raise ContenidoInesperado("un archivo con datos", "un archivo vacío")
    with ruta.open("rb") as archivo:
        crudo = mmap.mmap(archivo.fileno(), 0, access=mmap.ACCESS_READ)
    if es_html(crudo[:1024]):
        raise ContenidoInesperado("un archivo de datos", "una página HTML (acceso o verificación del sitio)")
    huella = _HUELLAS.submit(lambda: hashlib.sha256(crudo).hexdigest())
    if crudo[:4] != _PK:
        return Recibido(ruta, len(crudo), ruta.name, crudo, huella)
    try:
        with zipfile.ZipFile(ruta) as comprimido:
            nombres = [info for info in comprimido.infolist() if not info.is_dir()]
            if any(info.filename == "xl/workbook.xml" for info in nombres):
                return Recibido(ruta, len(crudo), ruta.name, crudo, huella, es_libro=True)
            _comprobar_zip(nombres)
            elegido, es_libro = _elegir(ruta, comprimido, nombres)
            contenido = _extraer(ruta, comprimido, elegido)
    except zipfile.BadZipFile as causa:
        raise ContenidoInesperado("un zip completo", f"un zip truncado o dañado ({causa})") from causa
    dejados = [info.filename for info in nombres if info is not elegido]
    return Recibido(ruta, len(crudo), elegido.filename, contenido, huella, es_libro, dejados)


def _comprobar_zip(miembros: list[zipfile.ZipInfo]) -> None:
    if len(miembros) > MAXIMO_MIEMBROS:
        raise ContenidoInesperado(f"un zip de hasta {MAXIMO_MIEMBROS} archivos", f"{len(miembros):,} archivos")
    for info in miembros:
        if info.file_size > MAXIMO_MIEMBRO or info.file_size > MAXIMA_RAZON * max(info.compress_size, 1 << 16):
            raise ContenidoInesperado(
                "un zip con archivos de tamaño razonable",
                f"«{info.filename}» con {info.file_size:,} bytes a partir de {info.compress_size:,}",
            )


def _elegir(ruta: Path, comprimido: zipfile.ZipFile, miembros: list[zipfile.ZipInfo]) -> tuple[zipfile.ZipInfo, bool]:
    """El CSV más grande; si no hay ninguno, el libro más grande. Se mira el contenido, no la extensión."""
    textos, libros = [], []
    for info in miembros:
        inicio = _extraer(ruta, comprimido, info, hasta=4096)
        if inicio[:4] == _PK:
            libros.append(info)
        elif b"," in inicio and b"\x00" not in inicio and not inicio.startswith(b"%PDF") and not es_html(inicio):
            textos.append(info)
    if not textos and not libros:
        raise ContenidoInesperado("un zip con un CSV o un libro de Excel dentro", "ninguno de los dos")
    candidatos = textos or libros
    return max(candidatos, key=lambda info: info.file_size), not textos


def _extraer(ruta: Path, comprimido: zipfile.ZipFile, info: zipfile.ZipInfo, hasta: int = -1) -> bytes:
    """Bytes de un miembro, en memoria: nada se escribe en rutas que diga el zip."""
    if info.flag_bits & _CIFRADO:
        raise ContenidoInesperado("un zip sin contraseña", f"«{info.filename}» cifrado")
    try:
        with comprimido.open(info) as miembro:
            return miembro.read(hasta)
    except NotImplementedError as causa:  # Deflate64 y otros métodos que la biblioteca estándar no lee
        for orden in _herramientas(ruta, info.filename):
            contenido = _con_el_sistema(orden, hasta)
            # La huella del zip descarta lo que salió a medias o de otro miembro.
            if contenido and (hasta >= 0 or zlib.crc32(contenido) == info.CRC):
                return contenido
        raise ContenidoInesperado(
            "un zip que se pueda descomprimir",
            f"«{info.filename}», con un método de compresión que aquí no se lee ({causa}); instale «unzip» o "
            "descomprímalo a mano y cargue el CSV que trae dentro",
        ) from causa


def _herramientas(ruta: Path, miembro: str) -> list[list[str]]:
    """Órdenes de descompresores instalados que escriben el miembro en su salida."""
    # unzip toma el nombre como patrón y no siempre entiende los acentos: van como comodín.
    patron = re.sub(r"[^A-Za-z0-9 ._/-]+", "*", miembro)
    ordenes = [["unzip", "-p", str(ruta), patron], ["7z", "e", "-so", str(ruta), miembro]]
    return [orden for orden in ordenes if shutil.which(orden[0])]


def _con_el_sistema(orden: list[str], hasta: int) -> bytes:
    with subprocess.Popen(
        orden, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as proceso:
        assert proceso.stdout is not None
        contenido = proceso.stdout.read(hasta)
        if hasta >= 0:
            proceso.kill()  # solo se quería ver cómo empieza
        return contenido
