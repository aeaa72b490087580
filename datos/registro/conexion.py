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
from sqlalchemy.exc import TimeoutError as PoolSinLugar
from sqlalchemy.orm import Session, sessionmaker

from datos.recursos import SOLO_LECTURA, que_falto
from datos.registro import auditoria
from datos.registro.actor import Actor
from datos.registro.errores import RegistroDanado
from datos.registro.migrar import bloquear, copiar_antes, migrar, revision, ultima
from datos.registro.modelo import Bitacora
from datos.registro.motor import ESCRITURA, motor, solo_lectura

NO_RESPONDIO = (
    "El registro no respondió{}. Lo guardado antes sigue igual y lo que se estaba guardando no entró. "
    "Revise que la base esté encendida y vuelva a intentar."
)
DUDOSO = (
    "El registro dejó de responder justo al confirmar: puede que lo suyo haya entrado. Lo guardado antes sigue igual. En cuanto "
    "vuelva, revise si ya está antes de repetirlo."
)
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
            try:
                sesion.commit()
            except DBAPIError as causa:
                if isinstance(causa.orig, sqlite3.Error) or not causa.connection_invalidated:
                    raise
                _bitacora.warning("El registro dejó de responder al confirmar: %s", causa.orig)
                raise RegistroDanado(DUDOSO) from causa

    def sello(self) -> tuple[int, int]:
        """Cambia cuando cambia algo: último renglón de la bitácora y cuántos hay."""
        with self.leer() as sesion:
            ultimo, cuantos = sesion.execute(select(func.coalesce(func.max(Bitacora.id), 0), func.count())).one()
            return int(ultimo), int(cuantos)


def preparar(registro: Registro, sembrar: Callable[[Session], None], copias: Path, *, hasta: str | None = None) -> None:
    """Migra y siembra una sola vez por proceso y archivo; todo en una transacción, así que o queda completo o como estaba.

    En un disco de solo lectura no hace nada de eso: se lee como está, si su forma es la de hoy. Antes de migrar un SQLite con
    datos deja una copia en ``copias``. Con ``hasta`` migra solo hasta esa revisión, y lo que falte le toca a ``sembrar``.

    Lanza ``RegistroDanado`` si no se puede abrir y ``RegistroMasNuevo`` si lo escribió una versión más nueva.
    """
    abierto = motor(registro.url)
    if abierto in _listos:
        return
    if solo_lectura(registro.url):
        with _traducir(), abierto.connect() as conexion:
            if revision(conexion) != ultima():
                raise RegistroDanado(f"El registro no se pudo poner al día. {SOLO_LECTURA} Nada cambió.")
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
    except PoolSinLugar as causa:
        raise RegistroDanado(
            "El registro está muy ocupado y no alcanzó a atender. Lo guardado antes sigue igual y lo que se estaba guardando no "
            "entró. Vuelva a intentar en un minuto."
        ) from causa
    except OperationalError as causa:
        falto = que_falto(causa.orig)
        if falto is not None:
            raise RegistroDanado(
                f"El registro no pudo guardar. {falto} Lo guardado antes sigue igual y lo que se estaba guardando no entró."
            ) from causa
        if "is locked" in str(causa.orig):
            raise RegistroDanado(
                "Otra persona está guardando y el disco no alcanzó a atender. Lo guardado antes sigue igual y lo que se estaba "
                "guardando no entró. Vuelva a intentar."
            ) from causa
        # Lo que dice un servidor trae su dirección y su usuario: va a la bitácora de quien administra, no a la página.
        de_archivo = isinstance(causa.orig, sqlite3.Error)
        if not de_archivo:
            _bitacora.warning("El registro no respondió: %s", causa.orig)
        detalle = f" ({causa.orig})" if de_archivo else ""
        raise RegistroDanado(NO_RESPONDIO.format(detalle)) from causa
    except DBAPIError as causa:
        if causa.connection_invalidated:
            raise RegistroDanado(NO_RESPONDIO.format("")) from causa
        if "malformed" in str(causa.orig) or "not a database" in str(causa.orig):
            raise RegistroDanado(
                "El archivo del registro está dañado. No se escribió nada en él. Restaure un respaldo con "
                "«python -m datos.acuerdos restaurar ARCHIVO»."
            ) from causa
        raise
