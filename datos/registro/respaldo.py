"""Un solo archivo con todo el registro, bitácora y evidencia incluidas; sirve igual en SQLite y en PostgreSQL.

Se toma de un mismo momento aunque alguien escriba, y se restaura completo o nada. Uno de una revisión anterior se restaura en la
forma que la base tenía entonces y de ahí se migra hasta la de hoy. Cómo es por dentro está en ``respaldo_en_zip``.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import zipfile
import zlib
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, StatementError
from sqlalchemy.orm import Session

from datos.registro import contenidos, filas
from datos.registro.actor import Actor
from datos.registro.auditoria import como_json, foto, reconstruir
from datos.registro.autorizacion import Accion, exigir
from datos.registro.conexion import Registro, preparar
from datos.registro.errores import RegistroDanado, RespaldoInvalido
from datos.registro.migrar import migrar, revision, ultima
from datos.registro.modelo import AUDITADAS, Ajuste, Bitacora
from datos.registro.motor import motor, sqlite
from datos.registro.respaldo_en_zip import (
    EVIDENCIA,
    FORMATO,
    MANIFIESTO,
    TABLAS,
    abrir,
    evidencias_de,
    forma_de,
    huella,
    manifiesto_de,
    renglones_de,
    tablas_en_orden,
)
from datos.ultimo_respaldo import CLAVE_DE_AJUSTE

__all__ = ["TABLAS", "Respaldo", "comprobar", "respaldar", "restaurar", "revisar"]
TERMINACIONES = ("", "-wal", "-shm")


@dataclass(frozen=True)
class Respaldo:
    """Qué trae un respaldo: cuándo se hizo, en qué revisión, cuántos renglones por tabla y cuántos archivos de evidencia.

    ``faltan`` son las huellas de la evidencia cuyo archivo ya no estaba al hacerlo.
    """

    hecho_en: str
    revision: str
    renglones: dict[str, int]
    evidencias: int
    faltan: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """Renglones de todas las tablas."""
        return sum(self.renglones.values())

    def en_palabras(self) -> str:
        """«21 Mesas, 130 acuerdos, 1,204 renglones de bitácora y 12 archivos de evidencia»."""
        r = self.renglones
        return (
            f"{r['mesa']:,} Mesa(s), {r['acuerdo']:,} acuerdo(s), {r['bitacora']:,} renglón(es) de bitácora y "
            f"{self.evidencias:,} archivo(s) de evidencia"
        )


def respaldar(registro: Registro, actor: Actor, destino: Path) -> Respaldo:
    """Escribe el respaldo y devuelve qué trae. Lanza ``SinPermiso``.

    Si el archivo de una evidencia falta o está dañado, el respaldo se hace igual y el manifiesto la nombra en ``faltan``.
    """
    exigir(actor, Accion.RESPALDAR)
    temporal = destino.with_name(f".{destino.name}.{os.getpid()}")
    try:
        with zipfile.ZipFile(temporal, "w", zipfile.ZIP_DEFLATED) as paquete, registro.leer() as sesion:
            miembros: dict[str, str] = {}
            renglones: dict[str, int] = {}
            for modelo in TABLAS:
                nombre = modelo.__tablename__
                renglones[nombre], miembros[f"tablas/{nombre}.jsonl"] = _volcar(paquete, sesion, modelo)
            faltan, guardadas = [], 0
            for suya in contenidos.nombradas(sesion):
                try:
                    paquete.writestr(f"{EVIDENCIA}{suya}", contenidos.leer(registro, sesion, suya))
                    guardadas += 1
                except RegistroDanado:
                    faltan.append(suya)
            hecho = datetime.now(UTC).isoformat(timespec="seconds")
            manifiesto = {
                "formato": FORMATO,
                "revision": ultima(),
                "hecho_en": hecho,
                "hecho_por": actor.nombre,
                "renglones": renglones,
                "miembros": miembros,
                "evidencias": guardadas,
                "faltan": faltan,
            }
            paquete.writestr(MANIFIESTO, json.dumps(manifiesto, ensure_ascii=False, indent=1))
        os.replace(temporal, destino)
    finally:
        temporal.unlink(missing_ok=True)
    return Respaldo(hecho, ultima(), renglones, guardadas, tuple(faltan))


def revisar(archivo: Path) -> Respaldo:
    """Comprueba un respaldo entero —formato, huellas, cuentas, evidencia— sin tocar nada. Lanza ``RespaldoInvalido``."""
    try:
        with abrir(archivo) as paquete:
            return _revisar(paquete)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, TypeError) as causa:
        raise RespaldoInvalido(f"{archivo.name} está dañado por dentro ({causa}). No se cambió nada.") from causa


def _revisar(paquete: zipfile.ZipFile) -> Respaldo:
    manifiesto = manifiesto_de(paquete)
    nombres = set(paquete.namelist())
    for miembro, suya in manifiesto["miembros"].items():
        if miembro not in nombres or huella(paquete.open(miembro)) != suya:
            raise RespaldoInvalido(f"«{miembro}» falta o cambió después de hacerse el respaldo. No se cambió nada.")
    evidencias = evidencias_de(paquete)
    if len(evidencias) != manifiesto["evidencias"]:
        raise RespaldoInvalido(
            f"El respaldo trae {len(evidencias):,} archivos de evidencia y su manifiesto dice {manifiesto['evidencias']:,}. No "
            "se cambió nada."
        )
    for suya in evidencias:
        if huella(paquete.open(f"{EVIDENCIA}{suya}")) != suya:
            raise RespaldoInvalido(f"El archivo «{EVIDENCIA}{suya}» cambió después de respaldarse. No se cambió nada.")
    forma = forma_de(manifiesto["revision"])
    for tabla, columnas in forma.items():
        cuantos = 0
        for renglon in renglones_de(paquete, tabla):
            cuantos += 1
            if set(renglon) != columnas:
                raise RespaldoInvalido(
                    f"El renglón {cuantos:,} de «{tabla}» no tiene las columnas de la revisión {manifiesto['revision']}. No se "
                    "cambió nada."
                )
        if cuantos != manifiesto["renglones"][tabla]:
            raise RespaldoInvalido(
                f"La tabla «{tabla}» trae {cuantos:,} renglones y el manifiesto dice {manifiesto['renglones'][tabla]:,}. No se "
                "cambió nada."
            )
    return Respaldo(
        manifiesto["hecho_en"],
        str(manifiesto["revision"]),
        manifiesto["renglones"],
        len(evidencias),
        tuple(manifiesto.get("faltan", ())),
    )


def restaurar(registro: Registro, actor: Actor, archivo: Path) -> tuple[Respaldo, Path | None]:
    """Pone el registro como estaba en el respaldo. Devuelve qué trae y dónde quedó el registro de antes (solo SQLite).

    En SQLite se arma aparte, se comprueba y se cambia de una sola vez; el archivo anterior se conserva. En PostgreSQL pide una
    base donde no se haya abierto el registro. Lanza ``SinPermiso`` o ``RespaldoInvalido``, y entonces no cambió
    nada.
    """
    exigir(actor, Accion.RESPALDAR)
    hecho = revisar(archivo)
    if registro.url.get_backend_name() == "postgresql":
        _en_postgres(registro, archivo, hecho.revision)
        return hecho, None
    return hecho, _en_sqlite(registro, archivo, hecho.revision)


def comprobar(registro: Registro) -> int:
    """Reconstruye el registro desde su bitácora y lo compara con las tablas; devuelve cuántas entradas leyó.

    Lanza ``RespaldoInvalido`` con la primera diferencia.
    """
    with registro.leer() as sesion:
        return _comprobar(sesion)


def _comprobar(sesion: Session) -> int:
    entradas = list(sesion.scalars(select(Bitacora).order_by(Bitacora.id)))
    try:
        estado = reconstruir(entradas)
    except ValueError as causa:
        raise RespaldoInvalido(f"La bitácora no se sostiene: {causa}.") from causa
    for modelo in AUDITADAS:
        nombre = modelo.__tablename__
        (llave,) = (c.key for c in modelo.__mapper__.primary_key)
        real = {str(f[llave]): f for f in (foto(o) for o in sesion.scalars(select(modelo)))}
        if real != estado[nombre]:
            distintos = sorted(k for k in {*real, *estado[nombre]} if real.get(k) != estado[nombre].get(k))
            raise RespaldoInvalido(f"La tabla «{nombre}» no coincide con la bitácora en {', '.join(distintos[:3])}.")
    return len(entradas)


def _en_sqlite(registro: Registro, archivo: Path, de: str) -> Path | None:
    actual = Path(str(registro.url.database))
    marca = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
    nuevo = actual.with_name(f".restaurando-{marca}.sqlite")
    anterior = actual.with_name(f"{actual.stem}-antes-de-restaurar-{marca}.sqlite")
    try:
        armado = Registro(sqlite(nuevo), registro.evidencia, registro.practica)
        preparar(armado, lambda sesion: _cargar(armado, sesion, archivo), actual.parent, hasta=de)
        motor(armado.url).dispose()
        with closing(sqlite3.connect(nuevo)) as conexion:
            conexion.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        habia = actual.exists()
        if habia:
            motor(registro.url).dispose()
            with closing(sqlite3.connect(actual, timeout=20, isolation_level=None)) as conexion:
                conexion.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                conexion.execute("BEGIN IMMEDIATE")  # nadie escribe entre la copia y el cambio
                for terminacion in TERMINACIONES:
                    viejo = Path(f"{actual}{terminacion}")
                    if viejo.exists():
                        os.replace(viejo, Path(f"{anterior}{terminacion}"))
        os.replace(nuevo, actual)
    finally:
        for terminacion in TERMINACIONES:
            Path(f"{nuevo}{terminacion}").unlink(missing_ok=True)
    return anterior if habia else None


def _en_postgres(registro: Registro, archivo: Path, de: str) -> None:
    """En una base donde el registro nunca se ha abierto: la bitácora solo se agrega, ni para restaurar se vacía."""
    with motor(registro.url).connect() as conexion:
        if revision(conexion) is not None:
            raise RespaldoInvalido(
                "La base de PostgreSQL ya tiene un registro y no se tocó. Cree una base vacía, apunte TABLERO_REGISTRO a ella y "
                "restaure ahí antes de abrir el tablero; la anterior se conserva."
            )
    preparar(registro, lambda sesion: _cargar(registro, sesion, archivo), registro.evidencia.parent, hasta=de)


def _cargar(registro: Registro, sesion: Session, archivo: Path) -> None:
    """Los renglones en la base, que está en la revisión del respaldo; después la lleva a la de hoy, comprueba la historia y pone
    cada archivo de evidencia en el lugar que a este registro le toca.
    """
    with abrir(archivo) as paquete:
        manifiesto = manifiesto_de(paquete)
        for tabla in tablas_en_orden(manifiesto):
            entonces = filas.tabla_de_entonces(sesion, tabla)
            try:
                cuantos = filas.insertar_en(sesion, entonces, renglones_de(paquete, tabla))
            except (IntegrityError, DataError, StatementError, ValueError, KeyError, TypeError) as causa:
                if isinstance(causa, OperationalError):
                    raise
                raise RespaldoInvalido(
                    f"Los renglones de «{tabla}» no caben en el registro ({type(causa).__name__}). No se cambió nada."
                ) from causa
            if cuantos != manifiesto["renglones"][tabla]:
                raise RespaldoInvalido(
                    f"En «{tabla}» entraron {cuantos:,} renglones y el respaldo trae {manifiesto['renglones'][tabla]:,}. No se "
                    "cambió nada."
                )
    if sesion.connection().dialect.name == "postgresql":
        sesion.execute(
            text("SELECT setval(pg_get_serial_sequence('bitacora', 'id'), (SELECT greatest(max(id), 1) FROM bitacora))")
        )
    migrar(sesion.connection())
    _comprobar(sesion)
    with abrir(archivo) as paquete:
        for suya in evidencias_de(paquete):
            contenidos.guardar(registro, sesion, suya, paquete.read(f"{EVIDENCIA}{suya}"))


def _volcar(paquete: zipfile.ZipFile, sesion: Session, modelo: type[Any]) -> tuple[int, str]:
    """Una tabla en JSON por renglón, en orden estable; devuelve cuántos renglones y la huella de lo escrito."""
    suma, cuantos = hashlib.sha256(), 0
    (llave,) = modelo.__mapper__.primary_key
    consulta = select(modelo).order_by(llave).execution_options(yield_per=500)
    if modelo is Ajuste:  # cuándo se respaldó esta instalación no le toca a la que lo restaure
        consulta = consulta.where(Ajuste.clave != CLAVE_DE_AJUSTE)
    with paquete.open(f"tablas/{modelo.__tablename__}.jsonl", "w") as salida:
        for objeto in sesion.scalars(consulta):
            valores = {c.key: como_json(getattr(objeto, c.key)) for c in modelo.__mapper__.column_attrs}
            linea = (json.dumps(valores, ensure_ascii=False, sort_keys=True) + "\n").encode()
            salida.write(linea)
            suma.update(linea)
            cuantos += 1
    return cuantos, suma.hexdigest()
