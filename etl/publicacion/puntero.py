"""Poner en uso una versión: fichas y puntero, candado de una sola carga a la vez, limpieza."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from datos.almacen import Almacen, Publicacion, ficha_de, publicacion_vigente, versiones
from datos.integridad import intacta
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
            if resto.is_dir():  # donde DuckDB pone lo que no le cabe en memoria
                shutil.rmtree(resto)
            else:
                resto.unlink()
    for base in almacen.publicado.glob("tablero-*.duckdb"):
        if not ficha_de(base).exists():
            base.unlink()


def apuntar(almacen: Almacen, publicacion: Publicacion) -> None:
    """Pone en uso una versión que ya tiene su base y su ficha en el disco."""
    escribir_atomico(almacen.puntero, ficha_de(publicacion.ruta).read_bytes())


def despues_de_todas(almacen: Almacen, ahora: datetime) -> datetime:
    """``ahora``, o un milisegundo después de la versión más nueva del disco si el reloj se atrasó.

    El nombre de una versión empieza con su hora y por él se ordenan: la que se publica al último siempre queda al último.
    """
    horas = [hora for v in versiones(almacen) if (hora := _hora_de(v.version)) is not None]
    return max([ahora, *(hora + timedelta(milliseconds=1) for hora in horas)])


def _hora_de(version: str) -> datetime | None:
    try:
        return datetime.strptime(f"{version.split('-')[0]}000", "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)
    except ValueError:
        return None  # una versión con otro nombre no dice su hora


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
    """Vuelve a la versión anterior a la vigente, o a la que se nombre; nunca a una dañada. Lanza ``SinVersionAnterior``.

    Si el puntero no se puede leer no se sabe cuál era la vigente: sin nombrar ninguna, se vuelve a la más nueva.
    """
    with candado(almacen):
        disponibles = versiones(almacen)
        vigente = _version_apuntada(almacen)
        if version is not None:
            candidatas = [v for v in disponibles if v.version == version]
        else:
            candidatas = [v for v in reversed(disponibles) if vigente is None or v.version < vigente]
        destino = next((v for v in candidatas if intacta(v)), None)
        if destino is None:
            nombres = ", ".join(v.version + ("" if intacta(v) else " (dañada)") for v in disponibles) or "ninguna"
            raise SinVersionAnterior(
                f"No hay versión {version or 'anterior'} a la cual volver; nada cambió. Versiones en disco: {nombres}."
            )
        apuntar(almacen, destino)
        return destino


def _version_apuntada(almacen: Almacen) -> str | None:
    """La que nombra el puntero, esté o no su base; vacío si no hay puntero y ``None`` si no se entiende."""
    if not almacen.puntero.exists():
        return ""
    try:
        return str(json.loads(almacen.puntero.read_text("utf-8"))["version"])
    except (ValueError, KeyError, TypeError):
        return None
