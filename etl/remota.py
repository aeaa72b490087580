"""Traer una versión ya construida y publicada en otra parte: su ficha, su base y lo que la acompaña, con huella comprobada."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urljoin

import duckdb

from datos.almacen import Almacen, Publicacion, PunteroInvalido, ficha_de, leer_ficha, publicacion_vigente
from datos.esquema import VISTAS, huella_del_esquema
from etl.desenlace import HECHO, RECHAZADO, SIN_FUENTE, Desenlace
from etl.escritura import copiar_atomico, escribir_atomico
from etl.fuente.ajustes import Ajustes
from etl.fuente.cabeceras import LLANAS
from etl.fuente.contenido import nombre_de_pagina
from etl.fuente.fallas import FallaDeFuente
from etl.fuente.red import Red
from etl.publicacion.herencia import al_dia
from etl.publicacion.limites import ESTATICOS
from etl.publicacion.puntero import apuntar, candado, escribir_ficha
from etl.publicacion.remoto import COMPLEMENTO, GEOMETRIA, Acompanante, Puntero, VersionInservible, leer_puntero
from etl.trabajo import Trabajo

IGUAL = "No se cambió nada; lo publicado sigue igual."
_MEGABYTES_DE_PUNTERO = 1.0


@dataclass(frozen=True)
class Leido:
    """Un puntero tal como llegó: qué dice, su huella y los validadores con que vino."""

    texto: str
    sha256: str
    etag: str | None
    modificado: str | None


def pedir_puntero(direccion: str, ajustes: Ajustes, *, etag: str | None = None, modificado: str | None = None) -> Leido:
    """Lo que hoy dice el puntero. Lanza ``SinCambios`` si el sitio dice que es el mismo, y ``FallaDeFuente``."""
    red = Red(replace(ajustes, maximo_de_megabytes=min(_MEGABYTES_DE_PUNTERO, ajustes.maximo_de_megabytes)))
    with tempfile.TemporaryDirectory() as carpeta:
        bajado = red.bajar(
            direccion,
            Path(carpeta) / "puntero.json",
            {**LLANAS, "Cache-Control": "no-cache"},
            etag=etag,
            modificado=modificado,
            revisar=_exigir_que_no_sea_pagina,
        )
        texto = bajado.ruta.read_bytes().decode("utf-8", errors="replace")
    return Leido(texto, bajado.sha256, bajado.etag, bajado.modificado)


def traer(direccion: str, almacen: Almacen, ajustes: Ajustes, trabajo: Trabajo) -> Desenlace:
    """Pone en uso la versión que nombra la ficha de ``direccion``, si es oficial y más nueva que la vigente."""
    almacen.crear()
    try:
        trabajo.paso("Leyendo la ficha de la versión publicada")
        puntero = leer_puntero(pedir_puntero(direccion, ajustes).texto, almacen)
        remota = puntero.publicacion
        if remota.demostracion:
            raise VersionInservible("es una demostración")
        vigente = publicacion_vigente(almacen)
        if vigente is not None and not vigente.demostracion and vigente.version >= remota.version:
            return Desenlace(
                HECHO, f"Sin novedad: ya se tiene la versión {vigente.version}.", {"version": vigente.version}
            )
        poner(puntero, direccion, almacen, ajustes, trabajo)
    except FallaDeFuente as falla:
        return Desenlace(SIN_FUENTE, f"No se pudo traer la versión publicada: {falla.causa}. {IGUAL}")
    except VersionInservible as causa:
        return Desenlace(RECHAZADO, f"La versión publicada no sirve: {causa}. {IGUAL}")
    return publicada(puntero)


def publicada(puntero: Puntero) -> Desenlace:
    """Lo que se dice de una versión recién puesta en uso."""
    remota = puntero.publicacion
    texto = f"Publicado: versión {remota.version}, {remota.bytes / 1e6:,.1f} MB, SHA-256 {remota.sha_corto}"
    return Desenlace(HECHO, texto, {"version": remota.version, "acompanan": [a.archivo for a in puntero.acompanan]})


def poner(puntero: Puntero, direccion: str, almacen: Almacen, ajustes: Ajustes, trabajo: Trabajo) -> None:
    """Baja lo que falte de un puntero y lo pone en uso: primero los archivos, después la ficha y al final el puntero de aquí.

    Interrumpirlo en cualquier momento deja vigente la versión de antes o la nueva, completas; repetirlo termina lo que faltó.
    Lanza ``FallaDeFuente``, ``VersionInservible`` y ``CargaEnCurso``.
    """
    remota, red = puntero.publicacion, Red(ajustes, trabajo.bytes)
    if puntero.esquema is not None and puntero.esquema != huella_del_esquema():
        raise VersionInservible(f"es de otra versión del tablero (esquema {puntero.esquema[:40]})")
    _exigir_misma_huella(remota)
    _olvidar_lo_de_otra(puntero, almacen)
    bajados: list[tuple[Path, Path]] = []
    for uno in puntero.acompanan:
        destino = _lugar(uno, puntero, almacen)
        if not _es(destino, uno.sha256):
            trabajo.paso(f"Bajando {uno.archivo}")
            bajados.append((_bajar(red, direccion, uno.archivo, uno.sha256, almacen), destino))
    base = None
    # Una base sin su ficha es lo que dejó quien murió a la mitad: el candado la borra, y aquí no cuenta.
    if not (ficha_de(remota.ruta).is_file() and _es(remota.ruta, remota.sha256)):
        trabajo.paso(f"Bajando la versión {remota.version} ({remota.bytes / 1e6:,.1f} MB)")
        base = _bajar(red, direccion, remota.ruta.name, remota.sha256, almacen)
    _exigir_vistas(base or remota.ruta, remota)
    with candado(almacen):
        for provisional, destino in bajados:
            destino.parent.mkdir(parents=True, exist_ok=True)
            copiar_atomico(provisional, destino)
            provisional.unlink()
        if base is not None:
            with base.open("rb") as archivo:
                os.fsync(archivo.fileno())
            base.replace(remota.ruta)
        escribir_ficha(remota)
        apuntar(almacen, remota)
        if puntero.geometria is not None:
            contenido = json.dumps(dict(puntero.geometria), ensure_ascii=False, indent=1)
            escribir_atomico(almacen.geometria, contenido.encode("utf-8"))
    if not almacen.geometria.exists():
        from etl import geografia  # aquí: geopandas tarda en abrirse y solo la primera vez hace falta

        geografia.publicar_esquematica(ESTATICOS, almacen)


def _lugar(uno: Acompanante, puntero: Puntero, almacen: Almacen) -> Path:
    if uno.papel == COMPLEMENTO:
        return almacen.complementos(puntero.publicacion.version) / uno.complemento
    return (ESTATICOS / "geometria" if uno.papel == GEOMETRIA else almacen.publicado) / uno.archivo


def _es(ruta: Path, sha256: str) -> bool:
    """Si ya está en el disco, completo."""
    if not ruta.is_file():
        return False
    with ruta.open("rb") as archivo:
        return hashlib.file_digest(archivo, "sha256").hexdigest() == sha256


def _bajar(red: Red, direccion: str, nombre: str, sha256: str, almacen: Almacen) -> Path:
    """Un archivo del sitio con su huella comprobada, en ``descargas``; si se cortó antes, sigue donde iba."""
    provisional = almacen.descargas / f"remota-{nombre}"
    bajado = red.bajar(urljoin(direccion, nombre), provisional, LLANAS, revisar=_exigir_que_no_sea_pagina)
    if bajado.sha256 != sha256:
        provisional.unlink()
        raise VersionInservible(
            f"la huella no coincide en {nombre} (ficha {sha256[:12]}…, archivo {bajado.sha256[:12]}…)"
        )
    return provisional


def _olvidar_lo_de_otra(puntero: Puntero, almacen: Almacen) -> None:
    """Borra las descargas a medias que ya nadie va a terminar."""
    vigentes = {puntero.publicacion.ruta.name, *(a.archivo for a in puntero.acompanan)}
    for resto in almacen.descargas.glob("remota-*"):
        if resto.name.removeprefix("remota-").removesuffix(".json").removesuffix(".parcial") not in vigentes and (
            resto.name.removeprefix("remota-") not in vigentes
        ):
            resto.unlink()


def _exigir_que_no_sea_pagina(ruta: Path) -> None:
    with ruta.open("rb") as archivo:
        clase = nombre_de_pagina(archivo.read(4096))
    if clase is not None:
        raise FallaDeFuente(f"en lugar del archivo llegó {clase}")


def _exigir_misma_huella(remota: Publicacion) -> None:
    """Una versión es inmutable: si aquí ya está con otra huella, una de las dos no es la que dice ser."""
    if not ficha_de(remota.ruta).is_file():
        return
    try:
        de_aqui = leer_ficha(ficha_de(remota.ruta))
    except PunteroInvalido:
        return  # la de aquí está dañada: se vuelve a bajar
    if de_aqui.sha256 != remota.sha256:
        raise VersionInservible(f"anuncia la versión {remota.version} con otra huella que la que ya se tenía")


def _exigir_vistas(ruta: Path, remota: Publicacion) -> None:
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
    if not al_dia(replace(remota, ruta=ruta)):
        raise VersionInservible("es de otra versión del tablero (sus tablas no son las de aquí)")
