"""Poner en uso una versión: fichas y puntero, candado de una sola carga a la vez, limpieza."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from datos.almacen import Almacen, Publicacion, ficha_de, publicacion_vigente, versiones
from etl.escritura import PREFIJO_EN_OBRA, escribir_atomico

CONSERVAR = 3


class CargaEnCurso(Exception):
    """Otra carga tiene el candado; el mensaje dice cuál y desde cuándo."""


class SinVersionAnterior(Exception):
    """No hay a qué versión volver."""


@contextmanager
def candado(almacen: Almacen) -> Iterator[None]:
    """Una sola carga a la vez; el sistema suelta el candado si el proceso muere. Lanza ``CargaEnCurso``."""
    almacen.crear()
    ruta = almacen.raiz / "carga.candado"
    with ruta.open("a+", encoding="utf-8") as archivo:
        try:
            fcntl.flock(archivo, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as causa:
            archivo.seek(0)
            raise CargaEnCurso(
                f"Ya hay una carga en curso ({archivo.read().strip() or 'sin datos de quién'}). "
                "No se cambió nada; espere a que termine y repita."
            ) from causa
        archivo.seek(0)
        archivo.truncate()
        archivo.write(f"proceso {os.getpid()}, desde {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC")
        archivo.flush()
        limpiar_a_medias(almacen)
        yield


def limpiar_a_medias(almacen: Almacen) -> None:
    """Borra lo que dejó una carga interrumpida: obras sin terminar y bases que no llegaron a tener ficha."""
    for carpeta in (almacen.publicado, almacen.crudo):
        for resto in carpeta.glob(f"{PREFIJO_EN_OBRA}*"):
            resto.unlink()
    for base in almacen.publicado.glob("tablero-*.duckdb"):
        if not ficha_de(base).exists():
            base.unlink()


def apuntar(almacen: Almacen, publicacion: Publicacion) -> None:
    """Pone en uso una versión que ya tiene su base y su ficha en el disco."""
    escribir_atomico(almacen.puntero, ficha_de(publicacion.ruta).read_bytes())


def escribir_ficha(publicacion: Publicacion) -> None:
    """Ficha de una versión, al lado de su base."""
    ficha = {
        "version": publicacion.version,
        "archivo": publicacion.ruta.name,
        "sha256": publicacion.sha256,
        "bytes": publicacion.bytes,
        "publicado_en": publicacion.publicado_en,
        "demostracion": publicacion.demostracion,
    }
    escribir_atomico(ficha_de(publicacion.ruta), json.dumps(ficha, ensure_ascii=False, indent=1).encode("utf-8"))


def podar(almacen: Almacen, conservar: int = CONSERVAR) -> None:
    """Borra las versiones más viejas; nunca la vigente."""
    vigente = publicacion_vigente(almacen)
    for vieja in versiones(almacen)[:-conservar]:
        if vigente is not None and vieja.version == vigente.version:
            continue
        shutil.rmtree(almacen.complementos(vieja.version), ignore_errors=True)
        ficha_de(vieja.ruta).unlink()
        vieja.ruta.unlink()


def revertir(almacen: Almacen, version: str | None = None) -> Publicacion:
    """Vuelve a la versión anterior a la vigente, o a la que se nombre. Lanza ``SinVersionAnterior``."""
    with candado(almacen):
        disponibles = versiones(almacen)
        vigente = json.loads(almacen.puntero.read_text("utf-8"))["version"] if almacen.puntero.exists() else ""
        if version is not None:
            destino = next((v for v in disponibles if v.version == version), None)
        else:
            destino = next((v for v in reversed(disponibles) if v.version < vigente), None)
        if destino is None:
            nombres = ", ".join(v.version for v in disponibles) or "ninguna"
            raise SinVersionAnterior(
                f"No hay versión {version or 'anterior'} a la cual volver; nada cambió. Versiones en disco: {nombres}."
            )
        apuntar(almacen, destino)
        return destino
