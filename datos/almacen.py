"""Dónde vive cada cosa: rutas del almacén, puntero de la publicación vigente y su lectura.

El almacén es una carpeta (``TABLERO_ALMACEN``; por omisión ``datos/almacen``) con:

- ``crudo/``: los archivos tal como se recibieron, por SHA-256, con su ficha al lado; nunca se sobrescriben;
- ``publicado/``: versiones inmutables de la base (``tablero-<versión>.duckdb``), su ficha ``.json`` y el puntero
  ``actual.json``, que se reemplaza de una sola vez; y ``complementos-<versión>/``, lo que tarda y se calcula después;
- ``registro/``: mesas y acuerdos, lo que escriben las personas;
- ``entrada/`` (o ``TABLERO_ENTRADA``): donde una persona deja los archivos que bajó a mano;
- ``descargas/``: lo que se está bajando de la fuente, y lo que se sabe de la última descarga de cada archivo;
- ``trabajos/``: una carpeta por trabajo de ``etl``, con su avance y su resultado;
- ``paquetes/``: los paquetes de sesión ya hechos y el avance de los que se están haciendo (``datos.paquetes``).
"""

from __future__ import annotations

import json
import os
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

RAIZ_DEL_PROYECTO = Path(__file__).resolve().parent.parent
VARIABLE_ALMACEN = "TABLERO_ALMACEN"
VARIABLE_ENTRADA = "TABLERO_ENTRADA"
VARIABLE_REGISTRO = "TABLERO_REGISTRO"
AGRUPAMIENTOS = "agrupamientos.parquet"  # complementos de una versión
CALIBRACION = "calibracion.parquet"


class PunteroInvalido(Exception):
    """El puntero existe pero no se puede usar; el mensaje dice qué tiene y qué hacer."""


@dataclass(frozen=True)
class Publicacion:
    """Una versión publicada: identidad, huella y de qué está hecha."""

    version: str
    ruta: Path
    sha256: str
    bytes: int
    publicado_en: str
    demostracion: bool

    @property
    def sha_corto(self) -> str:
        """Primeros ocho caracteres del SHA-256, como se cita al pie de cada figura."""
        return self.sha256[:8]


@dataclass(frozen=True)
class Almacen:
    """Rutas de un almacén; construirlo no crea nada en el disco."""

    raiz: Path

    @property
    def crudo(self) -> Path:
        """Archivos como se recibieron."""
        return self.raiz / "crudo"

    @property
    def publicado(self) -> Path:
        """Versiones publicadas y puntero."""
        return self.raiz / "publicado"

    @property
    def registro(self) -> Path:
        """Mesas y acuerdos."""
        return self.raiz / "registro"

    @property
    def archivo_del_registro(self) -> Path:
        """El SQLite del registro, cuando ``TABLERO_REGISTRO`` no dice otra cosa."""
        return self.registro / "registro.sqlite"

    @property
    def entrada(self) -> Path:
        """Archivos que una persona bajó a mano: ``TABLERO_ENTRADA`` si está puesta; si no, dentro del almacén."""
        configurada = os.environ.get(VARIABLE_ENTRADA, "").strip()
        return Path(configurada).expanduser().resolve() if configurada else self.raiz / "entrada"

    @property
    def descargas(self) -> Path:
        """Descargas a medias y memoria de las anteriores."""
        return self.raiz / "descargas"

    @property
    def trabajos(self) -> Path:
        """Avance y resultado de cada trabajo."""
        return self.raiz / "trabajos"

    @property
    def puntero(self) -> Path:
        """Archivo que dice cuál versión está vigente."""
        return self.publicado / "actual.json"

    @property
    def geometria(self) -> Path:
        """Ficha de los límites vigentes: qué archivos son y de quién."""
        return self.publicado / "geometria.json"

    def complementos(self, version: str) -> Path:
        """Carpeta de lo que se calcula después de publicar una versión."""
        return self.publicado / f"complementos-{version}"

    def crear(self) -> None:
        """Crea las carpetas que falten."""
        for carpeta in (self.crudo, self.publicado, self.registro):
            carpeta.mkdir(parents=True, exist_ok=True)


def almacen_por_omision() -> Almacen:
    """Almacén que dice ``TABLERO_ALMACEN``; si no está puesta, ``datos/almacen`` dentro del proyecto."""
    configurado = os.environ.get(VARIABLE_ALMACEN, "").strip()
    return Almacen(Path(configurado).expanduser().resolve() if configurado else RAIZ_DEL_PROYECTO / "datos" / "almacen")


def ficha_de(ruta_base: Path) -> Path:
    """Ficha ``.json`` que acompaña a una versión publicada."""
    return ruta_base.with_suffix(".json")


def leer_ficha(ruta_ficha: Path) -> Publicacion:
    """Publicación descrita por una ficha (o por el puntero, que es copia de una).

    Lanza ``PunteroInvalido`` si el JSON no se entiende o si falta la base que nombra.
    """
    try:
        ficha = json.loads(ruta_ficha.read_text(encoding="utf-8"))
        nombre = Path(ficha["archivo"]).name  # solo el nombre: la ficha nunca saca de la carpeta
        publicacion = Publicacion(
            version=str(ficha["version"]),
            ruta=ruta_ficha.parent / nombre,
            sha256=str(ficha["sha256"]),
            bytes=int(ficha["bytes"]),
            publicado_en=str(ficha["publicado_en"]),
            demostracion=bool(ficha["demostracion"]),
        )
    except (ValueError, KeyError, TypeError) as causa:
        raise PunteroInvalido(
            f"La ficha {ruta_ficha.name} no se puede leer ({causa}). Los datos publicados no se tocaron. "
            "Vuelva a una versión anterior con «python -m etl revertir»."
        ) from causa
    exigir_base(publicacion, ruta_ficha)
    return publicacion


def exigir_base(publicacion: Publicacion, ruta_ficha: Path) -> None:
    """Lanza ``PunteroInvalido`` si falta la base que nombra esa ficha."""
    if not publicacion.ruta.is_file():
        raise PunteroInvalido(
            f"Falta el archivo {publicacion.ruta.name} que nombra {ruta_ficha.name}. "
            "Vuelva a una versión anterior con «python -m etl revertir» o cargue de nuevo los archivos."
        )


def publicacion_vigente(almacen: Almacen | None = None) -> Publicacion | None:
    """La publicación a la que apunta el almacén, o ``None`` si todavía no hay ninguna.

    Lanza ``PunteroInvalido`` si hay puntero y no se puede usar.
    """
    almacen = almacen or almacen_por_omision()
    try:
        hay = almacen.puntero.stat()
    except FileNotFoundError:
        return None
    publicacion = _puntero_leido(almacen.puntero, (hay.st_ino, hay.st_mtime_ns, hay.st_ctime_ns, hay.st_size))
    exigir_base(publicacion, almacen.puntero)
    return publicacion


@lru_cache(maxsize=8)
def _puntero_leido(puntero: Path, _sello: tuple[int, ...]) -> Publicacion:
    """El puntero se pregunta decenas de veces por página y cambia una vez al mes: solo se vuelve a leer si es otro archivo."""
    return leer_ficha(puntero)


def versiones(almacen: Almacen) -> list[Publicacion]:
    """Las versiones que siguen en el disco, de la más antigua a la más nueva; una con su ficha dañada no cuenta."""
    encontradas = []
    for ficha in sorted(almacen.publicado.glob("tablero-*.json")):
        try:
            encontradas.append(leer_ficha(ficha))
        except PunteroInvalido:
            continue  # sin su ficha no se sabe qué huella exigirle: que no estorbe a las demás
    return encontradas


ID_DE_TRABAJO = re.compile(r"^\d{8}T\d{12}-[a-z-]{1,20}-[0-9a-f]{6}$")


def nuevo_id(verbo: str, carpeta: Path) -> str:
    """El nombre de un trabajo: ordena por fecha, va después de los de ``carpeta`` aunque el reloj se atrase y no se repite."""
    ahora = datetime.now(UTC)
    ultimo = max((c.name[:21] for c in carpeta.glob("*T*-*-*") if ID_DE_TRABAJO.match(c.name)), default="")
    if ultimo:
        ahora = max(ahora, datetime.strptime(ultimo, "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC) + timedelta(microseconds=1))
    return f"{ahora:%Y%m%dT%H%M%S%f}-{verbo}-{secrets.token_hex(3)}"
