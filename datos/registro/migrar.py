"""Poner al día la forma de la base: sola al abrirla, con copia antes, y a salvo de que dos procesos lo hagan a la vez."""

from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from datos.registro.errores import RegistroMasNuevo

CARPETA = Path(__file__).with_name("migraciones")
_candado = threading.Lock()  # Alembic lleva su contexto en variables del módulo: una migración a la vez por proceso
_CANDADO_DE_POSTGRES = 4_318_265_911  # cualquier número fijo: identifica al registro ante otros usos de la base


def configuracion(conexion: Connection | None = None) -> Config:
    """La configuración de Alembic, sin archivo .ini."""
    config = Config()
    config.set_main_option("script_location", str(CARPETA))
    config.set_main_option("path_separator", "os")
    if conexion is not None:
        config.attributes["connection"] = conexion
    return config


def ultima() -> str:
    """La revisión a la que este código lleva la base."""
    return str(ScriptDirectory.from_config(configuracion()).get_current_head())


def conocidas() -> set[str]:
    """Las revisiones que este código sabe leer."""
    return {r.revision for r in ScriptDirectory.from_config(configuracion()).walk_revisions()}


def revision(conexion: Connection) -> str | None:
    """La revisión en que está la base; ``None`` si está vacía."""
    return MigrationContext.configure(conexion).get_current_revision()


def bloquear(conexion: Connection) -> None:
    """Deja pasar a un proceso a la vez hasta el fin de la transacción. En SQLite ya lo hace ``BEGIN IMMEDIATE``."""
    if conexion.dialect.name == "postgresql":
        conexion.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _CANDADO_DE_POSTGRES})


def migrar(conexion: Connection, hasta: str | None = None) -> bool:
    """Aplica lo que falte, dentro de la transacción dada y con ``bloquear`` hecho. Devuelve si cambió algo.

    Con ``hasta``, solo hasta esa revisión: sirve para restaurar ahí un respaldo de entonces. Lanza ``RegistroMasNuevo`` si la
    base trae una revisión que este código no conoce.
    """
    actual, destino = revision(conexion), hasta or ultima()
    if actual == destino:
        return False
    if actual is not None and actual not in conocidas():
        raise RegistroMasNuevo(
            f"El registro está en la revisión {actual}, que esta versión del tablero no conoce. No se tocó. Abra el "
            "tablero con la versión que lo escribió, o una posterior."
        )
    with _candado:
        command.upgrade(configuracion(conexion), destino)
    return True


def copiar_antes(motor: Engine, carpeta: Path) -> Path | None:
    """Copia de un SQLite que ya tiene datos y va a migrarse; devuelve su ruta, o ``None`` si no hizo falta."""
    archivo = motor.url.database
    if motor.dialect.name != "sqlite" or archivo is None:
        return None
    with motor.connect() as conexion:
        actual = revision(conexion)
    if actual is None or actual == ultima():
        return None
    carpeta.mkdir(parents=True, exist_ok=True)
    destino = carpeta / f"registro-{actual}-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.sqlite"
    de, a = sqlite3.connect(archivo), sqlite3.connect(destino)
    try:
        de.backup(a)
    finally:
        a.close()
        de.close()
    return destino
