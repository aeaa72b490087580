"""Un registro y sus sesiones: leer de un mismo momento, o escribir todo o nada, con firma."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from weakref import WeakSet

from sqlalchemy import Engine, func, select
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from datos.registro import auditoria
from datos.registro.actor import Actor
from datos.registro.errores import RegistroDanado
from datos.registro.migrar import bloquear, copiar_antes, migrar
from datos.registro.modelo import Bitacora
from datos.registro.motor import ESCRITURA, motor

_bitacora = logging.getLogger(__name__)
_candado = threading.Lock()
_listos: WeakSet[Engine] = WeakSet()
_fabrica = sessionmaker(expire_on_commit=False)
auditoria.vigilar(_fabrica)


@dataclass(frozen=True)
class Registro:
    """Un registro abierto: la dirección de su base, dónde guarda la evidencia y si es el de práctica.

    Con ``en_base`` la evidencia se guarda en la propia base, y ``evidencia`` es la carpeta donde puede haber quedado la de antes.
    """

    url: URL
    evidencia: Path
    practica: bool = False
    en_base: bool = False

    @contextmanager
    def leer(self) -> Iterator[Session]:
        """Una sesión de solo lectura sobre un mismo momento. Lanza ``RegistroDanado`` si la base no responde."""
        with _traducir(), _fabrica(bind=motor(self.url)) as sesion:
            if self.url.get_backend_name() == "postgresql":
                sesion.connection(execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True})
            yield sesion

    @contextmanager
    def escribir(self, actor: Actor, motivo: str = "", *, cuando: datetime | None = None) -> Iterator[Session]:
        """Una transacción firmada: se confirma al salir bien y se deshace completa si algo falla.

        Lanza ``RegistroDanado`` si la base no responde.
        """
        with _traducir(), _fabrica(bind=motor(self.url)) as sesion:
            auditoria.firmar(sesion, actor, motivo, cuando or datetime.now(UTC))
            sesion.connection(execution_options={ESCRITURA: True})
            yield sesion
            sesion.commit()

    def sello(self) -> tuple[int, int]:
        """Cambia cuando cambia algo: último renglón de la bitácora y cuántos hay."""
        with self.leer() as sesion:
            ultimo, cuantos = sesion.execute(select(func.coalesce(func.max(Bitacora.id), 0), func.count())).one()
            return int(ultimo), int(cuantos)


def preparar(registro: Registro, sembrar: Callable[[Session], None], copias: Path, *, hasta: str | None = None) -> None:
    """Migra y siembra una sola vez por proceso y archivo; todo en una transacción, así que o queda completo o como estaba.

    Antes de migrar un SQLite con datos deja una copia en ``copias``. Con ``hasta`` migra solo hasta esa revisión, y lo que falte
    le toca a ``sembrar``. Lanza ``RegistroDanado`` si no se puede abrir y
    ``RegistroMasNuevo`` si lo escribió una versión más nueva.
    """
    abierto = motor(registro.url)
    if abierto in _listos:
        return
    with _candado, _traducir():
        if abierto in _listos:
            return
        copiar_antes(abierto, copias)
        with _fabrica(bind=abierto) as sesion:
            conexion = sesion.connection(execution_options={ESCRITURA: True})
            bloquear(conexion)
            migrar(conexion, hasta)
            sembrar(sesion)
            sesion.commit()
        _listos.add(abierto)


@contextmanager
def _traducir() -> Iterator[None]:
    """Los errores de la base que una persona puede encontrar, dichos para ella."""
    try:
        yield
    except OperationalError as causa:
        # Lo que dice un servidor trae su dirección y su usuario: va a la bitácora de quien administra, no a la página.
        de_archivo = isinstance(causa.orig, sqlite3.Error)
        if not de_archivo:
            _bitacora.warning("El registro no respondió: %s", causa.orig)
        detalle = f" ({causa.orig})" if de_archivo else ""
        raise RegistroDanado(
            f"El registro no respondió{detalle}. Lo guardado antes sigue igual y lo que se estaba guardando no entró. "
            "Revise que la base esté encendida y vuelva a intentar."
        ) from causa
    except DBAPIError as causa:
        if "malformed" in str(causa.orig) or "not a database" in str(causa.orig):
            raise RegistroDanado(
                "El archivo del registro está dañado. No se escribió nada en él. Restaure un respaldo con "
                "«python -m datos.acuerdos restaurar ARCHIVO»."
            ) from causa
        raise
