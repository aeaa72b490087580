"""Bajar un archivo y dejarlo conservado, o reconocer que es el mismo que ya se tenía."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from datos.almacen import Almacen
from etl.fuente import fichas
from etl.fuente.fallas import SinCambios
from etl.fuente.memoria import Memoria
from etl.fuente.red import Red

_SUFIJOS = {".csv", ".zip", ".xlsx"}


@dataclass(frozen=True)
class Obtenido:
    """Un archivo listo para cargarse, con el nombre de la fuente; ``nuevo`` es falso si ya se había recibido."""

    ruta: Path
    sha256: str
    bytes: int
    nuevo: bool


class Almacenista:
    """Junta la red, la memoria y el almacén: todo lo que se baja queda conservado con su ficha."""

    def __init__(self, almacen: Almacen, red: Red, *, forzar: bool = False) -> None:
        self.almacen, self.red, self._forzar = almacen, red, forzar
        self._memoria = Memoria(almacen)

    def bajar(
        self,
        clave: str,
        direccion: str,
        cabeceras: Mapping[str, str],
        ficha: Mapping[str, object],
        *,
        revisar: Callable[[Path], object] = lambda ruta: None,
    ) -> Obtenido:
        """Baja ``direccion`` como ``clave``. Lanza ``FallaDeFuente`` si no llega o si ``revisar`` no lo acepta."""
        carpeta = self.almacen.descargas / clave
        carpeta.mkdir(parents=True, exist_ok=True)
        conocido = None if self._forzar else self._memoria.de(clave)
        try:
            bajado = self.red.bajar(
                direccion,
                carpeta / "bajado",
                cabeceras,
                etag=conocido.etag if conocido else None,
                modificado=conocido.modificado if conocido else None,
                revisar=revisar,
            )
        except SinCambios:
            assert conocido is not None  # sin validadores nadie contesta 304
            destino = carpeta / conocido.nombre
            shutil.copyfile(self.almacen.crudo / conocido.sha256, destino)
            return Obtenido(destino, conocido.sha256, destino.stat().st_size, nuevo=False)
        destino = carpeta / _nombre(bajado.nombre, bajado.ruta, clave)
        bajado.ruta.replace(destino)
        nuevo = not (self.almacen.crudo / bajado.sha256).is_file()
        fichas.conservar(self.almacen, destino, bajado.sha256, {"enlace": bajado.enlace, **ficha})
        self._memoria.anotar(clave, replace(bajado, ruta=destino))
        return Obtenido(destino, bajado.sha256, bajado.bytes, nuevo)

    def limpiar(self, clave: str) -> None:
        """Quita lo bajado de ``clave``, que ya está en ``crudo``."""
        shutil.rmtree(self.almacen.descargas / clave, ignore_errors=True)


def _nombre(de_la_fuente: str, ruta: Path, clave: str) -> str:
    if Path(de_la_fuente).suffix.lower() in _SUFIJOS:
        return de_la_fuente
    with ruta.open("rb") as archivo:
        es_zip = archivo.read(2) == b"PK"
    return f"{clave}{'.zip' if es_zip else '.csv'}"
