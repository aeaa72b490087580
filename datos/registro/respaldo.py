"""Un solo archivo con todo el registro, bitácora y evidencia incluidas; sirve igual en SQLite y en PostgreSQL.

Es un zip: ``manifiesto.json`` con cuentas y huellas, una tabla por archivo en JSON por renglón y la evidencia por su SHA-256. Se
toma de un mismo momento aunque alguien escriba, y se restaura completo o nada.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from datos.registro import filas
from datos.registro.actor import SISTEMA, Actor
from datos.registro.auditoria import como_json, foto, reconstruir
from datos.registro.autorizacion import Accion, exigir
from datos.registro.conexion import Registro, preparar
from datos.registro.errores import RespaldoInvalido
from datos.registro.evidencias import ruta_de
from datos.registro.migrar import revision, ultima
from datos.registro.modelo import AUDITADAS, Ajuste, Bitacora, Borrador, Evidencia
from datos.registro.motor import motor, sqlite

FORMATO = "delitos-a-la-baja/registro/1"
MANIFIESTO = "manifiesto.json"
TABLAS: tuple[type[Any], ...] = (*AUDITADAS, Borrador, Ajuste, Bitacora)
TERMINACIONES = ("", "-wal", "-shm")
_MAXIMO_DESCOMPRIMIDO = 20_000_000_000


@dataclass(frozen=True)
class Respaldo:
    """Qué trae un respaldo: cuándo se hizo, cuántos renglones por tabla y cuántos archivos de evidencia."""

    hecho_en: str
    revision: str
    renglones: dict[str, int]
    evidencias: int

    def en_palabras(self) -> str:
        """«21 Mesas, 130 acuerdos, 1,204 renglones de bitácora y 12 archivos de evidencia»."""
        r = self.renglones
        return (
            f"{r['mesa']:,} Mesa(s), {r['acuerdo']:,} acuerdo(s), {r['bitacora']:,} renglón(es) de bitácora y "
            f"{self.evidencias:,} archivo(s) de evidencia"
        )


def respaldar(registro: Registro, actor: Actor, destino: Path) -> Respaldo:
    """Escribe el respaldo y devuelve qué trae. Lanza ``SinPermiso``.

    Si falta el archivo de una evidencia, el respaldo se hace igual y el manifiesto la nombra en ``faltan``.
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
            for huella in sesion.scalars(select(Evidencia.sha256).where(Evidencia.sha256 != "").distinct()):
                ruta = ruta_de(registro, huella)
                if ruta.exists():
                    paquete.write(ruta, f"evidencia/{huella}")
                    guardadas += 1
                else:
                    faltan.append(huella)
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
    return Respaldo(hecho, ultima(), renglones, guardadas)


def revisar(archivo: Path) -> Respaldo:
    """Comprueba un respaldo entero —formato, huellas, cuentas, evidencia— sin tocar nada. Lanza ``RespaldoInvalido``."""
    with _abrir(archivo) as paquete:
        manifiesto = _manifiesto(paquete)
        for miembro, huella in manifiesto["miembros"].items():
            if miembro not in paquete.namelist() or _huella(paquete.open(miembro)) != huella:
                raise RespaldoInvalido(f"«{miembro}» falta o cambió después de hacerse el respaldo. No se cambió nada.")
        evidencias = [n for n in paquete.namelist() if n.startswith("evidencia/")]
        for nombre in evidencias:
            if _huella(paquete.open(nombre)) != nombre.removeprefix("evidencia/"):
                raise RespaldoInvalido(f"El archivo «{nombre}» cambió después de respaldarse. No se cambió nada.")
        for modelo in TABLAS:
            nombre = modelo.__tablename__
            cuantos = sum(1 for _ in _leer(paquete, nombre))
            if cuantos != manifiesto["renglones"][nombre]:
                raise RespaldoInvalido(
                    f"La tabla «{nombre}» trae {cuantos:,} renglones y el manifiesto dice "
                    f"{manifiesto['renglones'][nombre]:,}. No se cambió nada."
                )
        return Respaldo(manifiesto["hecho_en"], manifiesto["revision"], manifiesto["renglones"], len(evidencias))


def restaurar(registro: Registro, actor: Actor, archivo: Path) -> tuple[Respaldo, Path | None]:
    """Pone el registro como estaba en el respaldo. Devuelve qué trae y dónde quedó el registro de antes (solo SQLite).

    En SQLite se arma aparte, se comprueba y se cambia de una sola vez; el archivo anterior se conserva. En PostgreSQL pide una
    base donde no se haya abierto el registro. Lanza ``SinPermiso`` o ``RespaldoInvalido``, y entonces no cambió
    nada.
    """
    exigir(actor, Accion.RESPALDAR)
    hecho = revisar(archivo)
    if registro.url.get_backend_name() == "postgresql":
        _en_postgres(registro, archivo)
        _sacar_evidencia(registro, archivo)
        return hecho, None
    return hecho, _en_sqlite(registro, archivo)


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


def _en_sqlite(registro: Registro, archivo: Path) -> Path | None:
    actual = Path(str(registro.url.database))
    marca = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
    nuevo = actual.with_name(f".restaurando-{marca}.sqlite")
    anterior = actual.with_name(f"{actual.stem}-antes-de-restaurar-{marca}.sqlite")
    try:
        armado = Registro(sqlite(nuevo), registro.evidencia, registro.practica)
        preparar(armado, lambda sesion: _cargar(sesion, archivo), actual.parent)
        motor(armado.url).dispose()
        with closing(sqlite3.connect(nuevo)) as conexion:
            conexion.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        _sacar_evidencia(registro, archivo)
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


def _en_postgres(registro: Registro, archivo: Path) -> None:
    """En una base donde el registro nunca se ha abierto: la bitácora solo se agrega, ni para restaurar se vacía."""
    with motor(registro.url).connect() as conexion:
        if revision(conexion) is not None:
            raise RespaldoInvalido(
                "La base de PostgreSQL ya tiene un registro y no se tocó. Cree una base vacía, apunte TABLERO_REGISTRO a ella y "
                "restaure ahí antes de abrir el tablero; la anterior se conserva."
            )
    preparar(registro, lambda sesion: _cargar(sesion, archivo), registro.evidencia.parent)
    with registro.escribir(SISTEMA) as sesion:
        sesion.execute(
            text("SELECT setval(pg_get_serial_sequence('bitacora', 'id'), (SELECT greatest(max(id), 1) FROM bitacora))")
        )


def _cargar(sesion: Session, archivo: Path) -> None:
    with _abrir(archivo) as paquete:
        for modelo in TABLAS:
            filas.insertar(sesion, modelo, _leer(paquete, modelo.__tablename__))
    _comprobar(sesion)


def _sacar_evidencia(registro: Registro, archivo: Path) -> None:
    with _abrir(archivo) as paquete:
        for nombre in paquete.namelist():
            if not nombre.startswith("evidencia/"):
                continue
            destino = ruta_de(registro, nombre.removeprefix("evidencia/"))
            if not destino.exists():
                destino.parent.mkdir(parents=True, exist_ok=True)
                destino.write_bytes(paquete.read(nombre))


def _volcar(paquete: zipfile.ZipFile, sesion: Session, modelo: type[Any]) -> tuple[int, str]:
    """Una tabla en JSON por renglón, en orden estable; devuelve cuántos renglones y la huella de lo escrito."""
    huella, cuantos = hashlib.sha256(), 0
    (llave,) = modelo.__mapper__.primary_key
    with paquete.open(f"tablas/{modelo.__tablename__}.jsonl", "w") as salida:
        for objeto in sesion.scalars(select(modelo).order_by(llave).execution_options(yield_per=500)):
            valores = {c.key: como_json(getattr(objeto, c.key)) for c in modelo.__mapper__.column_attrs}
            linea = (json.dumps(valores, ensure_ascii=False, sort_keys=True) + "\n").encode()
            salida.write(linea)
            huella.update(linea)
            cuantos += 1
    return cuantos, huella.hexdigest()


def _leer(paquete: zipfile.ZipFile, tabla: str) -> Iterator[dict[str, Any]]:
    with paquete.open(f"tablas/{tabla}.jsonl") as entrada:
        for linea in entrada:
            yield json.loads(linea)


def _abrir(archivo: Path) -> zipfile.ZipFile:
    try:
        paquete = zipfile.ZipFile(archivo)
    except (OSError, zipfile.BadZipFile) as causa:
        raise RespaldoInvalido(
            f"{archivo.name} no es un respaldo que se pueda abrir ({causa}). No se cambió nada."
        ) from causa
    if sum(m.file_size for m in paquete.infolist()) > _MAXIMO_DESCOMPRIMIDO:
        paquete.close()
        raise RespaldoInvalido(f"{archivo.name} ocuparía demasiado al abrirse. No se cambió nada.")
    return paquete


def _manifiesto(paquete: zipfile.ZipFile) -> dict[str, Any]:
    try:
        manifiesto = json.loads(paquete.read(MANIFIESTO))
        esperados = {f"tablas/{m.__tablename__}.jsonl" for m in TABLAS}
        if manifiesto["formato"] != FORMATO or set(manifiesto["miembros"]) != esperados:
            raise KeyError("formato")
    except (KeyError, ValueError, TypeError) as causa:
        raise RespaldoInvalido("El archivo no es un respaldo de este registro. No se cambió nada.") from causa
    if manifiesto["revision"] != ultima():
        raise RespaldoInvalido(
            f"El respaldo es de la revisión {manifiesto['revision']} del registro y este tablero usa la {ultima()}. No se cambió "
            "nada. Restáurelo con la versión del tablero que lo hizo y después actualice."
        )
    return manifiesto


def _huella(archivo: IO[bytes]) -> str:
    with archivo:
        return hashlib.file_digest(archivo, "sha256").hexdigest()  # type: ignore[arg-type]
