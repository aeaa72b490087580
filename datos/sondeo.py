"""Preguntar si el registro contesta, sin esperar: para quien vigila la instalación, no para quien la usa.

Cada pregunta corre en su propio hilo y se abandona a los ``SEGUNDOS``; lo que contesta vale unos segundos, de modo que vigilar
mucho no es cargar la base. Nunca dice por qué falló: el mensaje de la base puede llevar direcciones.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from datos.almacen import VARIABLE_REGISTRO, Almacen
from datos.ultimo_respaldo import CLAVE_DE_AJUSTE

SEGUNDOS = 1.5
SEGUNDOS_QUE_VALE = 5.0
_candado = threading.Lock()
_ultimos: dict[str, tuple[float, Sondeo]] = {}
_en_curso: dict[str, Future[Sondeo]] = {}


@dataclass(frozen=True)
class Sondeo:
    """Qué base es ('postgresql', 'sqlite' o 'desconocido'), si contestó y en cuántos milisegundos.

    ``hay_registro`` dice si ya nació; ``respaldo``, lo que el registro recuerda del último que se le hizo.
    """

    motor: str
    alcanzable: bool
    milisegundos: float | None
    hay_registro: bool = False
    respaldo: str | None = None


def sondear(almacen: Almacen) -> Sondeo:
    """Si el registro de la instalación contesta, en a lo más ``SEGUNDOS``. No lanza nada por una base caída."""
    configurado = os.environ.get(VARIABLE_REGISTRO, "").strip()
    try:
        url = make_url(configurado) if configurado else URL.create("sqlite", database=str(almacen.archivo_del_registro))
    except (ArgumentError, ValueError):
        return Sondeo("desconocido", False, None)
    llave = url.render_as_string(hide_password=False)
    with _candado:
        cuando, ultimo = _ultimos.get(llave, (0.0, None))
        if ultimo is not None and time.monotonic() - cuando < SEGUNDOS_QUE_VALE:
            return ultimo
        futuro = _en_curso.get(llave)
        if futuro is None:
            futuro = _en_curso[llave] = Future()
            threading.Thread(target=_correr, args=(llave, url, futuro), daemon=True).start()
    try:
        return futuro.result(SEGUNDOS)
    except TimeoutError:
        return Sondeo(url.get_backend_name(), False, None)


def _correr(llave: str, url: URL, futuro: Future[Sondeo]) -> None:
    empezo = time.perf_counter()
    try:
        bien, hay, respaldo = _contesta(url)
        ms = round((time.perf_counter() - empezo) * 1000, 1) if bien else None
        hecho = Sondeo(url.get_backend_name(), bien, ms, hay, respaldo)
    except BaseException as causa:
        with _candado:
            _en_curso.pop(llave, None)
        futuro.set_exception(causa)
        raise
    with _candado:
        _ultimos[llave] = (time.monotonic(), hecho)
        _en_curso.pop(llave, None)
    futuro.set_result(hecho)


def _contesta(url: URL) -> tuple[bool, bool, str | None]:
    """Si contesta, si el registro ya nació y qué recuerda de su último respaldo."""
    como: dict[str, Any] = {"connect_args": {"connect_timeout": 2, "options": "-c statement_timeout=1000"}}
    if url.get_backend_name() == "sqlite":
        # Sin crearlo: el archivo nace la primera vez que alguien abre el registro.
        archivo = Path(str(url.database))
        if not archivo.is_file() or not archivo.stat().st_size:
            return archivo.parent.is_dir() or archivo.parent.parent.is_dir(), False, None
        direccion = f"{archivo.resolve().as_uri()}?mode=ro"
        como = {"creator": lambda: sqlite3.connect(direccion, uri=True, timeout=1)}
    try:
        motor = create_engine(url, poolclass=NullPool, hide_parameters=True, **como)
        with motor.connect() as conexion:
            if not inspect(conexion).has_table("ajuste"):
                return True, False, None
            suyo = conexion.execute(text("SELECT valor FROM ajuste WHERE clave = :c"), {"c": CLAVE_DE_AJUSTE}).scalar()
            return True, True, suyo
    except (SQLAlchemyError, ValueError):
        return False, False, None
