"""Un trabajo de ``etl``: su carpeta, su candado y su bitácora, que otros procesos leen mientras corre.

``<almacén>/trabajos/<id>/`` lleva ``trabajo.json`` (qué se pidió), ``avance.jsonl`` (un renglón por novedad, con ``clase``:
``paso``, ``bytes``, ``intento`` o ``final``) y ``vivo``, un archivo con candado mientras el proceso existe: si el proceso
muere, el sistema lo suelta y quien lee sabe que el trabajo quedó interrumpido. ``datos.trabajos`` es quien los lee.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from datos.almacen import ID_DE_TRABAJO, Almacen, nuevo_id
from etl.pantalla import Pantalla
from etl.publicacion.puntero import CargaEnCurso, escribir_atomico

CONSERVAR = 60
SEGUNDOS_ENTRE_BYTES = 0.25
SIN_DATOS = "sin datos de quién"


class TrabajoEnCurso(CargaEnCurso):
    """Otro trabajo tiene el turno; el mensaje dice cuál, de qué proceso y desde cuándo."""


class IdInvalido(Exception):
    """El nombre de trabajo que se pidió no tiene la forma de uno."""


class Trabajo:
    """La bitácora abierta de un trabajo. Todo lo que se anota se ve también en la terminal de quien lo corre."""

    def __init__(self, almacen: Almacen, id: str, verbo: str, pantalla: Pantalla) -> None:
        self.id, self.verbo, self._pantalla = id, verbo, pantalla
        self.carpeta = almacen.trabajos / id
        self.carpeta.mkdir(parents=True, exist_ok=True)
        self.terminado = False
        self._ultimo_de_bytes = 0.0

    def paso(self, texto: str) -> None:
        """Qué se está haciendo ahora."""
        self._pantalla.paso(texto)
        self._anotar("paso", texto=texto)

    def bytes(self, hechos: int, total: int | None) -> None:
        """Cuánto va de la descarga en curso; se anota a lo más unas veces por segundo."""
        self._pantalla.bytes(hechos, total)
        ahora = time.monotonic()
        if hechos == total or ahora - self._ultimo_de_bytes >= SEGUNDOS_ENTRE_BYTES:
            self._ultimo_de_bytes = ahora
            self._anotar("bytes", hechos=hechos, total=total)

    def intento(self, escalon: str, que: str, resultado: str, *, bien: bool) -> None:
        """Qué se probó y en qué acabó."""
        self._pantalla.paso(f"{que} ({escalon}): {resultado}")
        self._anotar("intento", escalon=escalon, que=que, resultado=resultado, bien=bien)

    def terminar(self, codigo: int, mensaje: str, detalle: dict[str, object] | None = None) -> None:
        """Anota el final: código de salida, mensaje para personas y el detalle, que va también en ``resultado.json``."""
        completo = {"codigo": codigo, "mensaje": mensaje, **(detalle or {})}
        contenido = json.dumps(completo, ensure_ascii=False, indent=1, default=str)
        escribir_atomico(self.carpeta / "resultado.json", contenido.encode("utf-8"))
        self._anotar("final", codigo=codigo, mensaje=mensaje)
        self.terminado = True

    def _anotar(self, clase: str, **datos: object) -> None:
        renglon = {"hora": datetime.now(UTC).isoformat(timespec="milliseconds"), "clase": clase, **datos}
        with (self.carpeta / "avance.jsonl").open("a", encoding="utf-8") as archivo:
            archivo.write(json.dumps(renglon, ensure_ascii=False, default=str) + "\n")


@contextmanager
def abrir(
    almacen: Almacen,
    verbo: str,
    pantalla: Pantalla,
    *,
    id: str | None = None,
    descripcion: str = "",
    con_turno: bool = True,
) -> Iterator[Trabajo]:
    """El trabajo, con el turno si ``con_turno``: los que cambian el almacén van de uno en uno.

    Lanza ``TrabajoEnCurso`` si otro lo tiene, con el rechazo anotado en la bitácora, e ``IdInvalido``.
    """
    id = id or nuevo_id(verbo, almacen.trabajos)
    if not ID_DE_TRABAJO.match(id):
        raise IdInvalido(f"«{id[:60]}» no es el nombre de un trabajo.")
    almacen.trabajos.mkdir(parents=True, exist_ok=True)
    trabajo = Trabajo(almacen, id, verbo, pantalla)
    ficha = {"id": id, "verbo": verbo, "descripcion": descripcion, "proceso": os.getpid()}
    ficha |= {"desde": datetime.now(UTC).isoformat(timespec="seconds")}
    with (trabajo.carpeta / "vivo").open("a+", encoding="utf-8") as vivo:
        fcntl.flock(vivo, fcntl.LOCK_EX)
        escribir_atomico(trabajo.carpeta / "trabajo.json", json.dumps(ficha, ensure_ascii=False).encode("utf-8"))
        if not con_turno:
            yield trabajo
            return
        with (almacen.trabajos / "turno").open("a+", encoding="utf-8") as turno:
            _tomar(turno, ficha, trabajo)
            _podar(almacen, trabajo.carpeta)
            yield trabajo


def _tomar(turno: IO[str], ficha: dict[str, object], trabajo: Trabajo) -> None:
    try:
        fcntl.flock(turno, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as causa:
        mensaje = (
            f"Ya hay un trabajo en curso ({_quien_lo_tiene(turno)}). No se cambió nada; espere a que termine y repita."
        )
        trabajo.terminar(3, mensaje, {"en_curso": True})
        raise TrabajoEnCurso(mensaje) from causa
    turno.seek(0)
    turno.truncate()
    turno.write(json.dumps(ficha, ensure_ascii=False))
    turno.flush()


def _quien_lo_tiene(turno: IO[str]) -> str:
    """Quién es; si lo acaba de tomar y todavía no escribe su nombre, se le espera un momento."""
    for intento in range(20):
        turno.seek(0)
        dicho = _quien(turno.read())
        if dicho != SIN_DATOS or intento == 19:
            break
        time.sleep(0.05)
    return dicho


def _quien(contenido: str) -> str:
    try:
        ficha = json.loads(contenido)
        return f"«{ficha['verbo']}», proceso {ficha['proceso']}, desde {ficha['desde'][:19].replace('T', ' ')} UTC"
    except (ValueError, KeyError, TypeError):
        return SIN_DATOS


def _podar(almacen: Almacen, propia: Path) -> None:
    """Borra los trabajos más viejos; solo la bitácora: los archivos de la fuente viven en ``crudo``."""
    carpetas = sorted(c for c in almacen.trabajos.iterdir() if c.is_dir() and ID_DE_TRABAJO.match(c.name))
    for vieja in carpetas[:-CONSERVAR]:
        if vieja != propia:
            shutil.rmtree(vieja)
