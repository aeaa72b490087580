"""El archivo de un respaldo por dentro: un zip con ``manifiesto.json``, una tabla por archivo en JSON por renglón y la evidencia.

Cada respaldo dice en qué revisión del registro se hizo. Uno de una revisión anterior se comprueba contra la forma que la base
tenía entonces; uno de una que este programa no conoce no se abre.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

from sqlalchemy import create_engine, inspect

from datos.registro.errores import RespaldoInvalido
from datos.registro.migrar import conocidas, migrar, ultima
from datos.registro.modelo import AUDITADAS, Ajuste, Bitacora, Borrador

FORMATO = "delitos-a-la-baja/registro/1"
MANIFIESTO = "manifiesto.json"
EVIDENCIA = "evidencia/"
TABLAS: tuple[type[Any], ...] = (*AUDITADAS, Borrador, Ajuste, Bitacora)
# Tablas que no van como renglones: la evidencia va como archivos, viva en la base o en la carpeta.
SIN_RENGLONES = frozenset({"alembic_version", "contenido"})
_MAXIMO_DESCOMPRIMIDO = 20_000_000_000
_CIFRADO = (b"age-encryption.org/", b"-----BEGIN AGE ENCRYPTED FILE-----")


def esta_cifrado(archivo: Path) -> bool:
    """Si empieza como lo que escribe age. Lanza ``OSError`` si no se puede leer."""
    with archivo.open("rb") as entrada:
        return entrada.read(64).startswith(_CIFRADO)


def abrir(archivo: Path) -> zipfile.ZipFile:
    """El zip. Lanza ``RespaldoInvalido`` si no lo es, si está cifrado o si ocuparía demasiado."""
    try:
        cifrado = esta_cifrado(archivo)
        paquete = None if cifrado else zipfile.ZipFile(archivo)
    except (OSError, zipfile.BadZipFile) as causa:
        raise RespaldoInvalido(
            f"{archivo.name} no es un respaldo que se pueda abrir ({causa}). No se cambió nada."
        ) from causa
    if paquete is None:
        raise RespaldoInvalido(
            f"{archivo.name} está cifrado. No se cambió nada. Ábralo con su llave, por la línea de órdenes: «python -m "
            "datos.acuerdos restaurar ARCHIVO --identidad LLAVE»."
        )
    if sum(m.file_size for m in paquete.infolist()) > _MAXIMO_DESCOMPRIMIDO:
        paquete.close()
        raise RespaldoInvalido(f"{archivo.name} ocuparía demasiado al abrirse. No se cambió nada.")
    return paquete


@lru_cache(maxsize=8)
def forma_de(revision: str) -> Mapping[str, frozenset[str]]:
    """Tabla → columnas que tenía la base en esa revisión, según las propias migraciones."""
    memoria = create_engine("sqlite://")
    try:
        with memoria.connect() as conexion:
            migrar(conexion, revision)
            vista = inspect(conexion)
            return {
                tabla: frozenset(c["name"] for c in vista.get_columns(tabla))
                for tabla in vista.get_table_names()
                if tabla not in SIN_RENGLONES
            }
    finally:
        memoria.dispose()


def manifiesto_de(paquete: zipfile.ZipFile) -> dict[str, Any]:
    """El manifiesto, comprobado contra la revisión que dice. Lanza ``RespaldoInvalido``."""
    try:
        manifiesto = json.loads(paquete.read(MANIFIESTO))
        if manifiesto["formato"] != FORMATO:
            raise KeyError("formato")
        revision, miembros = str(manifiesto["revision"]), set(manifiesto["miembros"])
        if revision not in conocidas():
            raise RespaldoInvalido(
                f"El respaldo es de la revisión {revision} del registro y este tablero llega a la {ultima()}. No se cambió "
                "nada. Lo hizo una versión más nueva: actualice el programa y vuelva a restaurar."
            )
        forma = forma_de(revision)
        if miembros != {f"tablas/{t}.jsonl" for t in forma} or set(manifiesto["renglones"]) != set(forma):
            raise KeyError("miembros")
    except (KeyError, ValueError, TypeError) as causa:
        raise RespaldoInvalido("El archivo no es un respaldo de este registro. No se cambió nada.") from causa
    return manifiesto


def tablas_en_orden(manifiesto: Mapping[str, Any]) -> list[str]:
    """Los nombres en el orden en que se escribieron, que es en el que se pueden insertar."""
    return [str(m).removeprefix("tablas/").removesuffix(".jsonl") for m in manifiesto["miembros"]]


def renglones_de(paquete: zipfile.ZipFile, tabla: str) -> Iterator[dict[str, Any]]:
    """Cada renglón de una tabla."""
    with paquete.open(f"tablas/{tabla}.jsonl") as entrada:
        for linea in entrada:
            yield json.loads(linea)


def evidencias_de(paquete: zipfile.ZipFile) -> list[str]:
    """Las huellas de los archivos de evidencia que trae."""
    return [n.removeprefix(EVIDENCIA) for n in paquete.namelist() if n.startswith(EVIDENCIA)]


def huella(archivo: IO[bytes]) -> str:
    """El SHA-256 de lo que falta por leer; lo cierra."""
    with archivo:
        return hashlib.file_digest(archivo, "sha256").hexdigest()  # type: ignore[arg-type]
