"""Los paquetes de sesión: pedir uno en su propio proceso, seguirlo, y encontrar el que ya está hecho.

Viven en ``<almacén>/paquetes``: ``hechos/<mesa>/`` con cada zip y su ficha, y ``trabajos/<id>/`` con el avance, en la misma forma
que los de ``etl`` pero aparte: hacer un documento no ocupa el turno de quien publica datos. Cualquiera puede pedir la versión
pública; la de la Mesa, solo quien ve lo interno. A la vez caben pocos, y de cada Mesa uno.
"""

from __future__ import annotations

import fcntl
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from datos.almacen import RAIZ_DEL_PROYECTO, Almacen, almacen_por_omision, nuevo_id
from datos.recursos import que_falto
from datos.registro.actor import Actor
from datos.registro.autorizacion import Accion, exigir
from datos.trabajos import Trabajo, leer_carpeta

A_LA_VEZ = 2
CONSERVAR_TRABAJOS, CONSERVAR_MESES = 40, 13
VERBO = "paquete"
LLENO = (
    "Ya se están haciendo otros paquetes y esta máquina no hace más a la vez. No se empezó el suyo ni se perdió nada: "
    "vuelva a pedirlo en un minuto."
)
_ID = re.compile(r"^\d{8}T\d{12}-paquete-[0-9a-f]{6}$")
_CLAVE = re.compile(r"^[a-z0-9][a-z0-9-]{0,63}$")


class Ocupado(Exception):
    """No cabe otro paquete a la vez, o la máquina no da para empezarlo; el mensaje dice qué hacer."""


@dataclass(frozen=True)
class Hecho:
    """Un paquete terminado: su archivo, cuánto pesa, la huella de lo que entró y el día con que se hizo."""

    ruta: Path
    bytes: int
    huella: str
    fecha: str


def carpeta_de_hechos(almacen: Almacen) -> Path:
    """Donde se guardan los paquetes terminados."""
    return almacen.raiz / "paquetes" / "hechos"


def _carpeta_de_trabajos(almacen: Almacen) -> Path:
    return almacen.raiz / "paquetes" / "trabajos"


def empezar(
    actor: Actor,
    mesa: str,
    mes: date,
    *,
    publico: bool,
    fecha: date,
    sesion: int | None = None,
    almacen: Almacen | None = None,
) -> str:
    """Empieza a hacer el paquete en su propio proceso y devuelve el nombre del trabajo; si ya se está haciendo, el de ese.

    Lanza ``SinPermiso`` si pide lo interno quien no lo ve, y ``Ocupado`` si no cabe otro o el disco no deja empezar.
    """
    if not publico:
        exigir(actor, Accion.LEER_INTERNO, mesa)
    if not _CLAVE.match(mesa):
        raise ValueError(f"«{mesa[:60]}» no es la clave de una Mesa")
    almacen = almacen or almacen_por_omision()
    vivos = en_curso(almacen)
    for trabajo, pedido in vivos:
        if _mismo(pedido, mesa, mes, publico=publico):
            return trabajo.id
    if len(vivos) >= A_LA_VEZ:
        raise Ocupado(LLENO)
    id = nuevo_id(VERBO, _carpeta_de_trabajos(almacen))
    carpeta = _carpeta_de_trabajos(almacen) / id
    ficha = {"id": id, "verbo": VERBO, "mesa": mesa, "mes": f"{mes:%Y-%m}", "publico": publico}
    ficha |= {"desde": datetime.now(UTC).isoformat(timespec="seconds")}
    orden = [
        sys.executable, "-m", "informes", VERBO, "--mesa", mesa, "--mes", f"{mes:%Y-%m}", "--fecha", fecha.isoformat(),
        "--almacen", str(almacen.raiz), "--trabajo", id, "--json",
        *(["--publico"] if publico else []), *(["--sesion", str(sesion)] if sesion is not None else []),
    ]  # fmt: skip
    try:
        carpeta.mkdir(parents=True)
        (carpeta / "trabajo.json").write_text(json.dumps(ficha), encoding="utf-8")
        with (carpeta / "salida.txt").open("wb") as salida:
            subprocess.Popen(
                orden, cwd=RAIZ_DEL_PROYECTO, stdin=subprocess.DEVNULL, stdout=salida, stderr=subprocess.STDOUT,
                start_new_session=True,
            )  # fmt: skip
    except OSError as causa:
        shutil.rmtree(carpeta, ignore_errors=True)
        raise Ocupado(f"No se empezó el paquete: {que_falto(causa) or causa} No se perdió nada.") from causa
    return id


def _mismo(pedido: Mapping[str, object], mesa: str, mes: date, *, publico: bool) -> bool:
    return (pedido.get("mesa"), pedido.get("mes"), pedido.get("publico")) == (mesa, f"{mes:%Y-%m}", publico)


def ultimo(mesa: str, mes: date, *, publico: bool, almacen: Almacen | None = None) -> Trabajo | None:
    """El trabajo más reciente por ese paquete; ``None`` si nunca se pidió."""
    for carpeta in _trabajos(almacen or almacen_por_omision()):
        if _mismo(_ficha(carpeta / "trabajo.json"), mesa, mes, publico=publico):
            return leer_carpeta(carpeta)
    return None


def leer(id: str, almacen: Almacen | None = None) -> Trabajo | None:
    """Un trabajo por su nombre; ``None`` si no existe."""
    return leer_carpeta(_carpeta_de_trabajos(almacen or almacen_por_omision()) / id) if _ID.match(id) else None


def en_curso(almacen: Almacen) -> list[tuple[Trabajo, dict]]:
    """Los que corren ahora, con lo que se les pidió."""
    vivos = []
    for carpeta in _trabajos(almacen)[:12]:
        trabajo = leer_carpeta(carpeta)
        if trabajo is not None and trabajo.vivo:
            vivos.append((trabajo, _ficha(carpeta / "trabajo.json")))
    return vivos


def hecho(mesa: str, mes: date, *, publico: bool, almacen: Almacen | None = None) -> Hecho | None:
    """El paquete terminado de esa Mesa y mes; ``None`` si no hay, o si la clave no es de una Mesa."""
    if not _CLAVE.match(mesa):
        return None
    ruta = mas_reciente(carpeta_de_hechos(almacen or almacen_por_omision()) / mesa, mes, publico=publico)
    if ruta is None:
        return None
    ficha = _ficha(ruta.with_name(f"{ruta.name}.json"))
    return Hecho(ruta, ruta.stat().st_size, str(ficha["huella"]), str(ficha.get("fecha", "")))


def mas_reciente(carpeta: Path, mes: date, *, publico: bool) -> Path | None:
    """El último zip terminado de ese mes en la carpeta de una Mesa; uno sin su ficha no está terminado."""
    candidatos = []
    for ficha in carpeta.glob("*.zip.json") if carpeta.is_dir() else ():
        leida, zip_ = _ficha(ficha), ficha.with_suffix("")
        if (
            leida.get("mes") == f"{mes:%Y-%m}"
            and leida.get("publico") == publico
            and "huella" in leida
            and zip_.is_file()
        ):
            candidatos.append(zip_)
    return max(candidatos, key=lambda r: (r.stat().st_mtime_ns, r.name), default=None)


def conservar(carpeta: Path, mes: date, propio: Path, *, publico: bool) -> None:
    """Deja uno por mes (el propio) y los meses más recientes; los demás se borran, que se pueden volver a hacer."""
    de_cada: dict[Path, str] = {}
    for ficha in carpeta.glob("*.zip.json"):
        leida = _ficha(ficha)
        if leida.get("publico") == publico:
            de_cada[ficha.with_suffix("")] = str(leida.get("mes", ""))
    meses = sorted({*de_cada.values(), f"{mes:%Y-%m}"}, reverse=True)[:CONSERVAR_MESES]
    for zip_, suyo in de_cada.items():
        if zip_ != propio and (suyo == f"{mes:%Y-%m}" or suyo not in meses):
            zip_.with_name(f"{zip_.name}.json").unlink(missing_ok=True)
            zip_.unlink(missing_ok=True)


class Bitacora:
    """Donde el proceso que hace el paquete anota su avance."""

    def __init__(self, carpeta: Path) -> None:
        self._carpeta = carpeta

    def paso(self, texto: str) -> None:
        """Qué se está haciendo ahora."""
        self._anotar("paso", texto=texto)

    def terminar(self, codigo: int, mensaje: str, detalle: Mapping[str, object] | None = None) -> None:
        """El final, con lo que se le dice a quien espera."""
        completo = json.dumps(
            {"codigo": codigo, "mensaje": mensaje, **(detalle or {})}, ensure_ascii=False, default=str
        )
        aparte = self._carpeta / "resultado.json.parcial"
        aparte.write_text(completo, encoding="utf-8")
        aparte.replace(self._carpeta / "resultado.json")
        self._anotar("final", codigo=codigo, mensaje=mensaje)

    def _anotar(self, clase: str, **datos: object) -> None:
        renglon = {"hora": datetime.now(UTC).isoformat(timespec="milliseconds"), "clase": clase, **datos}
        with (self._carpeta / "avance.jsonl").open("a", encoding="utf-8") as archivo:
            archivo.write(json.dumps(renglon, ensure_ascii=False, default=str) + "\n")


@contextmanager
def bitacora(id: str, almacen: Almacen | None = None) -> Iterator[Bitacora]:
    """La de un trabajo, con su candado tomado mientras viva el proceso. Lanza ``ValueError`` si el nombre no es de uno."""
    if not _ID.match(id):
        raise ValueError(f"«{id[:60]}» no es el nombre de un trabajo")
    almacen = almacen or almacen_por_omision()
    carpeta = _carpeta_de_trabajos(almacen) / id
    carpeta.mkdir(parents=True, exist_ok=True)
    with (carpeta / "vivo").open("a+", encoding="utf-8") as vivo:
        fcntl.flock(vivo, fcntl.LOCK_EX)
        for vieja in _trabajos(almacen)[CONSERVAR_TRABAJOS:]:
            shutil.rmtree(vieja, ignore_errors=True)
        yield Bitacora(carpeta)


@contextmanager
def lugar(almacen: Almacen | None = None) -> Iterator[bool]:
    """Si hay lugar entre los que caben a la vez; se ocupa hasta salir, o hasta que muera el proceso."""
    carpeta = _carpeta_de_trabajos(almacen or almacen_por_omision())
    carpeta.mkdir(parents=True, exist_ok=True)
    with ExitStack() as pila:
        for n in range(A_LA_VEZ):
            archivo = pila.enter_context((carpeta / f"lugar-{n}").open("a+", encoding="utf-8"))
            try:
                fcntl.flock(archivo, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield True
            return
        yield False


def _trabajos(almacen: Almacen) -> list[Path]:
    carpeta = _carpeta_de_trabajos(almacen)
    if not carpeta.is_dir():
        return []
    return sorted((c for c in carpeta.iterdir() if _ID.match(c.name)), key=lambda c: c.name, reverse=True)


def _ficha(ruta: Path) -> dict:
    try:
        leida = json.loads(ruta.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return leida if isinstance(leida, dict) else {}
