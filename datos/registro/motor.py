"""El motor del registro: SQLite con WAL o PostgreSQL, con las mismas garantías para quien escribe a la vez.

En SQLite toda escritura empieza con ``BEGIN IMMEDIATE``: hay un escritor a la vez y ninguno lee algo que otro está por
cambiar. En PostgreSQL se bloquea el renglón que se va a cambiar.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections import OrderedDict
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from datos.recursos import que_falto
from datos.registro.errores import RegistroDanado

ESCRITURA = "escritura"
SEGUNDOS_DE_ESPERA = 20
PLAZOS_DE_RED = {
    "connect_timeout": 5,
    "tcp_user_timeout": 10_000,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}
_MAXIMO_DE_MOTORES = 6
_candado = threading.Lock()
_motores: OrderedDict[tuple[object, ...], Engine] = OrderedDict()


def leer_url(texto: str) -> URL:
    """La dirección de la base. Lanza ``RegistroDanado`` si no se entiende o no es SQLite ni PostgreSQL.

    Ningún mensaje repite la dirección: trae la clave. Por lo mismo se rechaza la que dejaría la clave fuera de su lugar, de donde
    después saldría en los mensajes de la base.
    """
    try:
        url = make_url(texto)
        url.get_dialect()
    except (ArgumentError, ValueError, ImportError) as causa:
        # «from None»: la causa puede traer pedazos de la dirección; un puerto mal leído puede ser uno de la clave.
        raise RegistroDanado(
            f"TABLERO_REGISTRO no es una dirección que se entienda ({type(causa).__name__}). Si la clave lleva signos (@, :, /), "
            f"van como %40, %3A, %2F. {_EJEMPLO}"
        ) from None
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise RegistroDanado(
            f"TABLERO_REGISTRO pide «{url.get_backend_name()}»: se acepta SQLite o PostgreSQL. {_EJEMPLO}"
        )
    if "@" in (url.host or "") or "password" in url.query:
        raise RegistroDanado(
            "TABLERO_REGISTRO trae la clave donde no va: se escribe antes de la arroba y, si tiene signos, con su código "
            f"(una arroba es %40). {_EJEMPLO}"
        )
    return url


def sqlite(archivo: Path) -> URL:
    """La dirección de un archivo de SQLite, tenga los caracteres que tenga su ruta."""
    return URL.create("sqlite", database=str(archivo))


_EJEMPLO = "Un ejemplo: postgresql+psycopg://tablero:clave@localhost/tablero."


def motor(url: URL) -> Engine:
    """El motor de esa base, uno por proceso. Si el archivo de SQLite se reemplazó (una restauración), uno nuevo.

    Lanza ``RegistroDanado`` si el archivo no existe y no se puede crear.
    """
    llave = (url.render_as_string(hide_password=False), _inodo(url), solo_lectura(url))
    with _candado:
        if llave not in _motores:
            _motores[llave] = _crear(url)
        _motores.move_to_end(llave)
        while len(_motores) > _MAXIMO_DE_MOTORES:
            _motores.popitem(last=False)[1].dispose()
        return _motores[llave]


def _inodo(url: URL) -> int | None:
    """Qué archivo es hoy el de SQLite; lo crea vacío si falta."""
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    archivo = Path(url.database)
    try:
        archivo.parent.mkdir(parents=True, exist_ok=True)
        if not archivo.exists():
            archivo.touch()
        return archivo.stat().st_ino
    except OSError as causa:
        que = que_falto(causa) or f"{causa.strerror}."
        raise RegistroDanado(
            f"El registro no se puede abrir. {que} Nada cambió. También puede decir otra carpeta con TABLERO_ALMACEN."
        ) from causa


def solo_lectura(url: URL) -> bool:
    """Si el SQLite está en un disco de solo lectura: se lee sin candados, que ahí nadie puede cambiarlo, y escribir se rechaza.

    Con cambios sin pasar a la base (un ``-wal`` con contenido) no: leerlo así los callaría.
    """
    if url.get_backend_name() != "sqlite" or not url.database or not hasattr(os, "statvfs"):
        return False
    archivo = Path(url.database)
    pendientes = archivo.with_name(f"{archivo.name}-wal")
    try:
        de_lectura = bool(os.statvfs(archivo).f_flag & os.ST_RDONLY)
        return de_lectura and not (pendientes.exists() and pendientes.stat().st_size)
    except FileNotFoundError:
        return False


def _crear(url: URL) -> Engine:
    comunes: dict[str, Any] = {"hide_parameters": True}  # lo escrito por una persona no va a los mensajes de error
    if url.get_backend_name() == "postgresql":
        comunes |= {"pool_pre_ping": True, "pool_size": 5, "max_overflow": 15, "pool_timeout": SEGUNDOS_DE_ESPERA}
        # Con la red cortada nadie contesta ni que no: sin estos plazos una página esperaría minutos.
        plazos = {c: v for c, v in PLAZOS_DE_RED.items() if c not in url.query}
        return create_engine(url, connect_args=plazos, **comunes)
    if solo_lectura(url):
        comunes["creator"] = partial(
            sqlite3.connect,
            f"{Path(str(url.database)).absolute().as_uri()}?immutable=1",
            uri=True,
            check_same_thread=False,
        )
    nuevo = create_engine(url, connect_args={"timeout": SEGUNDOS_DE_ESPERA}, **comunes)
    event.listen(nuevo, "connect", _preparar_sqlite)
    event.listen(nuevo, "begin", _empezar_en_sqlite)
    return nuevo


def _preparar_sqlite(conexion: Any, _registro: object) -> None:
    conexion.isolation_level = None  # el inicio de cada transacción lo decide _empezar_en_sqlite
    for ajuste in ("journal_mode = WAL", "foreign_keys = ON", "synchronous = FULL", "recursive_triggers = ON"):
        conexion.execute(f"PRAGMA {ajuste}").close()


def _empezar_en_sqlite(conexion: Any) -> None:
    escribe = conexion.get_execution_options().get(ESCRITURA, False)
    conexion.exec_driver_sql("BEGIN IMMEDIATE" if escribe else "BEGIN")
