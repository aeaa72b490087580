"""Hacer muchos documentos sin repetir lo hecho: en varios procesos, con ficha al lado y sin archivos a medias.

Junto a cada archivo va ``<archivo>.json`` con la huella de lo que entró y la del propio archivo: si las dos coinciden, ya está
hecho. Se escribe aparte y se cambia de nombre al final, de modo que nada a medias se toma por terminado.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from loky import ProcessPoolExecutor

from datos.almacen import VARIABLE_ALMACEN
from datos.recursos import escribir_de_una_vez

HECHO, INESPERADO, USO, RECHAZADO = 0, 1, 2, 3
POR_PROCESO = 12  # tareas antes de estrenar proceso: así la memoria no crece con el lote


@dataclass(frozen=True)
class Resultado:
    """En qué acabó una tarea: su código, lo que se le dice a una persona y a una máquina."""

    clave: str
    codigo: int
    mensaje: str
    datos: dict[str, Any] = field(default_factory=dict)


def comunes(analizador: argparse.ArgumentParser) -> None:
    """``--almacen`` y ``--json``, como en ``python -m etl``."""
    analizador.add_argument(
        "--almacen", type=Path, help="carpeta del almacén (por omisión TABLERO_ALMACEN o datos/almacen)"
    )
    analizador.add_argument("--json", action="store_true", help="respuesta para máquinas")


def usar_almacen(opciones: argparse.Namespace) -> None:
    """Pone el almacén pedido para este proceso y los que abra."""
    if opciones.almacen:
        os.environ[VARIABLE_ALMACEN] = str(opciones.almacen.expanduser().resolve())


def decir(opciones: argparse.Namespace, datos: Mapping[str, object], texto: str, *, error: bool = False) -> None:
    """El resultado: JSON en la salida con ``--json``; si no, texto, y los errores a su salida."""
    if opciones.json:
        print(json.dumps(datos, ensure_ascii=False, default=str))
    else:
        print(texto, file=sys.stderr if error else sys.stdout)


def avisar(opciones: argparse.Namespace, texto: str) -> None:
    """El avance, para quien mira la terminal."""
    if not opciones.json:
        print(f"· {texto}", file=sys.stderr, flush=True)


def ya_hecho(destino: Path, huella: str) -> bool:
    """Si el archivo está completo y salió de lo mismo."""
    try:
        ficha = json.loads(ficha_de(destino).read_text(encoding="utf-8"))
        return ficha["huella"] == huella and ficha["sha256"] == _sha256(destino)
    except (OSError, ValueError, KeyError, TypeError):
        return False  # sin ficha, dañada o sin archivo: se vuelve a hacer


def ficha_de(destino: Path) -> Path:
    """La ficha que va al lado de un archivo."""
    return destino.with_name(f"{destino.name}.json")


def guardar(destino: Path, cuerpo: bytes, huella: str, mas: Mapping[str, object] | None = None) -> None:
    """El archivo y después su ficha, cada uno entero o nada."""
    destino.parent.mkdir(parents=True, exist_ok=True)
    escribir_de_una_vez(destino, cuerpo)
    ficha = {"huella": huella, "sha256": hashlib.sha256(cuerpo).hexdigest(), "bytes": len(cuerpo), **(mas or {})}
    escribir_de_una_vez(ficha_de(destino), json.dumps(ficha, ensure_ascii=False, indent=1).encode("utf-8"))


def _sha256(ruta: Path) -> str:
    with ruta.open("rb") as archivo:
        return hashlib.file_digest(archivo, "sha256").hexdigest()


@contextmanager
def candado(ruta: Path) -> Iterator[bool]:
    """Si se pudo tomar ese candado; se suelta al salir, o cuando muere el proceso."""
    ruta.parent.mkdir(parents=True, exist_ok=True)
    with ruta.open("a+", encoding="utf-8") as archivo:
        try:
            fcntl.flock(archivo, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def en_paralelo(
    tareas: Sequence[Any], hacer: Callable[[Any], Resultado], procesos: int, al_terminar: Callable[[Resultado], None]
) -> list[Resultado]:
    """Cada tarea en uno de los procesos; ``hacer`` se importa en cada uno, así que vive en un módulo."""
    if procesos == 1 or len(tareas) == 1:
        hechos = []
        for tarea in tareas:
            hechos.append(hacer(tarea))
            al_terminar(hechos[-1])
        return hechos
    hechos = []
    por_tanda = POR_PROCESO * procesos
    for desde in range(0, len(tareas), por_tanda):
        # Procesos nuevos (DuckDB y SQLAlchemy no sobreviven a un fork) que, como los de loky, no corren el programa principal.
        with ProcessPoolExecutor(procesos) as cuadrilla:
            pendientes = [cuadrilla.submit(hacer, tarea) for tarea in tareas[desde : desde + por_tanda]]
            for futuro in as_completed(pendientes):
                hechos.append(futuro.result())
                al_terminar(hechos[-1])
    return hechos
