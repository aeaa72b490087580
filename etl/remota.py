"""Traer una versión ya construida y publicada en otra parte: su ficha, su base y su huella comprobada."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import urljoin

import duckdb

from datos.almacen import Almacen, Publicacion, publicacion_vigente
from datos.esquema import VISTAS
from etl.desenlace import HECHO, RECHAZADO, SIN_FUENTE, Desenlace
from etl.fuente.ajustes import Ajustes
from etl.fuente.cabeceras import LLANAS
from etl.fuente.fallas import FallaDeFuente
from etl.fuente.red import Red
from etl.publicacion.limites import ESTATICOS
from etl.publicacion.puntero import apuntar, candado, escribir_ficha
from etl.trabajo import Trabajo

_NOMBRE = re.compile(r"^tablero-[0-9A-Za-z-]{1,60}\.duckdb$")
_SHA256 = re.compile(r"^[0-9a-f]{64}$")


class VersionInservible(Exception):
    """Lo que llegó no es una versión que esta instalación pueda usar."""


def traer(direccion: str, almacen: Almacen, ajustes: Ajustes, trabajo: Trabajo) -> Desenlace:
    """Pone en uso la versión que nombra la ficha de ``direccion``, si es oficial y más nueva que la vigente."""
    almacen.crear()
    red = Red(ajustes, trabajo.bytes)
    igual = "No se cambió nada; lo publicado sigue igual."
    try:
        trabajo.paso("Leyendo la ficha de la versión publicada")
        remota = _ficha(red.pagina(direccion, LLANAS).texto, almacen)
        vigente = publicacion_vigente(almacen)
        if vigente is not None and not vigente.demostracion and vigente.version >= remota.version:
            return Desenlace(
                HECHO, f"Sin novedad: ya se tiene la versión {vigente.version}.", {"version": vigente.version}
            )
        trabajo.paso(f"Bajando la versión {remota.version} ({remota.bytes / 1e6:,.1f} MB)")
        provisional = almacen.descargas / "version-remota.duckdb"
        bajado = red.bajar(urljoin(direccion, remota.ruta.name), provisional, LLANAS)
        if bajado.sha256 != remota.sha256:
            provisional.unlink()
            raise VersionInservible(
                f"la huella no coincide (ficha {remota.sha256[:12]}…, archivo {bajado.sha256[:12]}…)"
            )
        _exigir_vistas(provisional)
    except FallaDeFuente as falla:
        return Desenlace(SIN_FUENTE, f"No se pudo traer la versión publicada: {falla.causa}. {igual}")
    except VersionInservible as causa:
        return Desenlace(RECHAZADO, f"La versión publicada no sirve: {causa}. {igual}")
    with candado(almacen):
        provisional.replace(remota.ruta)
        escribir_ficha(remota)
        apuntar(almacen, remota)
    from etl import geografia  # aquí: geopandas tarda en abrirse y solo la primera vez hace falta

    if geografia.geometria_vigente(almacen) is None:
        geografia.publicar_esquematica(ESTATICOS, almacen)
    texto = f"Publicado: versión {remota.version}, {remota.bytes / 1e6:,.1f} MB, SHA-256 {remota.sha_corto}"
    return Desenlace(HECHO, texto, {"version": remota.version})


def _ficha(texto: str, almacen: Almacen) -> Publicacion:
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
    except (ValueError, KeyError, TypeError) as causa:
        raise VersionInservible(f"su ficha no se entiende ({causa})") from causa
    if not _NOMBRE.match(nombre) or nombre != f"tablero-{publicacion.version}.duckdb" or not _SHA256.match(sha256):
        raise VersionInservible("su ficha nombra un archivo que no es una versión del tablero")
    if publicacion.demostracion:
        raise VersionInservible("es una demostración")
    return publicacion


def _exigir_vistas(ruta: Path) -> None:
    """Que la base traiga todas las vistas con sus columnas: una de otra versión del tablero rompería las páginas."""
    try:
        con = duckdb.connect(str(ruta), read_only=True)
    except duckdb.Error as causa:
        raise VersionInservible("no es una base que se pueda abrir") from causa
    try:
        for vista in VISTAS:
            con.execute(f"SELECT {', '.join(c.nombre for c in vista.columnas)} FROM {vista.nombre} LIMIT 0")
    except duckdb.Error as causa:
        raise VersionInservible(f"es de otra versión del tablero (vista {vista.nombre})") from causa
    finally:
        con.close()
