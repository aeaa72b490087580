"""El puntero de una publicación servida por HTTP: qué versión está vigente y cada archivo que la acompaña, con su huella.

Es la ficha de siempre (``actual.json``) con tres cosas más: ``esquema``, con qué tablas se construyó; ``apuntado_en``, cuándo se
movió, que distingue una vuelta atrás de una copia vieja; y ``acompanan`` y ``geometria``, lo que va con esa versión. Una ficha
sin ellas también vale: solo trae la base.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from datos.almacen import AGRUPAMIENTOS, CALIBRACION, Almacen, Publicacion

PUNTERO = "actual.json"
GEOMETRIA, VECINOS, COMPLEMENTO = "geometria", "vecinos", "complemento"
COMPLEMENTOS = (AGRUPAMIENTOS, CALIBRACION)
LARGO_DE_HUELLA = 12
_VERSION = re.compile(r"^[0-9A-Za-z-]{1,60}$")
_SHA256 = re.compile(r"^[0-9a-f]{64}$")
_NOMBRES = {
    GEOMETRIA: re.compile(r"^[a-z]{3,20}(-\d{2})?-[0-9a-f]{12}\.json$"),
    VECINOS: re.compile(r"^vecinos-[0-9a-f]{12}\.json$"),
    COMPLEMENTO: re.compile(r"^(agrupamientos|calibracion)-[0-9a-f]{12}\.parquet$"),
}


class VersionInservible(Exception):
    """Lo que llegó no es una versión que esta instalación pueda usar."""


@dataclass(frozen=True)
class Acompanante:
    """Un archivo inmutable que va con la versión: para qué es, cómo se llama en el sitio, su huella y su tamaño."""

    papel: str
    archivo: str
    sha256: str
    bytes: int

    @property
    def complemento(self) -> str:
        """Con qué nombre se guarda un complemento en el almacén: el mismo sin la huella."""
        return f"{self.archivo.rsplit('-', 1)[0]}.parquet"


@dataclass(frozen=True)
class Puntero:
    """Una publicación como la anuncia el sitio. ``publicacion.ruta`` es dónde va su base en este almacén."""

    publicacion: Publicacion
    esquema: str | None
    apuntado_en: datetime | None
    geometria: Mapping[str, object] | None
    acompanan: tuple[Acompanante, ...]


def nombres_de(geometria: Mapping[str, object]) -> set[str]:
    """Los archivos que nombra una ficha de límites, colindancias incluidas. Lanza ``KeyError`` o ``TypeError`` si no lo es."""
    archivos = {str(a) for a in dict(geometria["archivos"]).values()}  # type: ignore[call-overload]
    for clave in ("esquematica", "fuente", "sin_figura"):
        geometria[clave]
    return archivos | ({str(geometria["vecinos"])} if geometria.get("vecinos") else set())


def leer_puntero(texto: str, almacen: Almacen) -> Puntero:
    """El puntero que dice ``texto``. Lanza ``VersionInservible`` si no se entiende o si nombra lo que no debe."""
    try:
        ficha = json.loads(texto)
        nombre, sha256 = str(ficha["archivo"]), str(ficha["sha256"])
        publicacion = Publicacion(
            str(ficha["version"]),
            almacen.publicado / nombre,
            sha256,
            int(ficha["bytes"]),
            str(ficha["publicado_en"]),
            bool(ficha["demostracion"]),
        )
        cuando = ficha.get("apuntado_en")
        apuntado_en = datetime.fromisoformat(cuando) if cuando else None
        acompanan = tuple(
            Acompanante(str(a["papel"]), str(a["archivo"]), str(a["sha256"]), int(a["bytes"]))
            for a in ficha.get("acompanan", ())
        )
        geometria = ficha.get("geometria")
        nombrados = nombres_de(geometria) if geometria is not None else set()
    except (ValueError, KeyError, TypeError, AttributeError) as causa:
        raise VersionInservible(f"su ficha no se entiende ({causa})") from causa
    if (
        not _VERSION.match(publicacion.version)
        or nombre != f"tablero-{publicacion.version}.duckdb"
        or not _SHA256.match(sha256)
    ):
        raise VersionInservible("su ficha nombra un archivo que no es una versión del tablero")
    if apuntado_en is not None and apuntado_en.tzinfo is None:
        raise VersionInservible("su ficha no se entiende (la hora en que se movió no dice su zona)")
    for uno in acompanan:
        patron = _NOMBRES.get(uno.papel)
        if patron is None or not patron.match(uno.archivo) or not _SHA256.match(uno.sha256):
            raise VersionInservible("su ficha nombra un archivo que no acompaña a una versión del tablero")
    faltan = nombrados - {a.archivo for a in acompanan if a.papel in (GEOMETRIA, VECINOS)}
    if faltan:
        raise VersionInservible(f"sus límites nombran archivos que no anuncia ({len(faltan)})")
    esquema = ficha.get("esquema")
    return Puntero(publicacion, str(esquema) if esquema else None, apuntado_en, geometria, acompanan)
