"""Los trabajos de ``etl`` vistos desde fuera: empezar uno en su propio proceso, seguirlo y saber cuáles hubo.

Un trabajo no depende de quien lo mira: cerrar el navegador o el servidor no lo detiene. Lo que se lee aquí lo escribe
``etl`` en ``<almacén>/trabajos/<id>/``.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from datos.almacen import ID_DE_TRABAJO, RAIZ_DEL_PROYECTO, Almacen, almacen_por_omision, nuevo_id
from datos.permisos import exigir_modo_local
from datos.recursos import que_falto
from datos.registro.actor import Actor
from datos.registro.autorizacion import Accion, exigir

MAXIMO_DE_MEGABYTES = 500
MAXIMO_DE_ARCHIVOS = 40
SEGUNDOS_PARA_ARRANCAR = 20
EN_CURSO, TERMINADO, INTERRUMPIDO = "en curso", "terminado", "interrumpido"
REVISAR = "revisar"
_NO_EN_NOMBRE = re.compile(r"[^\w .()\-]")


class TrabajoEnCurso(Exception):
    """Ya hay un trabajo que cambia el almacén; el mensaje dice cuál y desde cuándo."""


class EntregaInvalida(Exception):
    """Los archivos entregados no se pueden recibir; el mensaje dice por qué."""


@dataclass(frozen=True)
class Intento:
    """Algo que se probó contra la fuente y en qué acabó."""

    escalon: str
    que: str
    resultado: str
    bien: bool


@dataclass(frozen=True)
class Trabajo:
    """Cómo va o cómo acabó un trabajo. ``codigo`` es ``None`` mientras no termina."""

    id: str
    verbo: str
    descripcion: str
    desde: datetime
    situacion: str
    paso: str = ""
    hechos: int | None = None
    total: int | None = None
    intentos: tuple[Intento, ...] = ()
    codigo: int | None = None
    mensaje: str = ""
    resultado: dict = field(default_factory=dict)

    @property
    def vivo(self) -> bool:
        """Si todavía corre."""
        return self.situacion == EN_CURSO


def empezar(
    verbo: str,
    argumentos: Sequence[str],
    *,
    almacen: Almacen | None = None,
    id: str | None = None,
    actor: Actor | None = None,
) -> str:
    """Empieza ``python -m etl …`` en su propio proceso y devuelve el nombre del trabajo.

    Con ``actor`` manda su papel en el registro; sin él hace falta el modo local. Lanza ``SinPermiso``, y ``TrabajoEnCurso`` si
    otro tiene el turno.
    """
    _exigir(actor)
    almacen = almacen or almacen_por_omision()
    if verbo != REVISAR:
        ocupado = en_curso(almacen)
        if ocupado is not None:
            raise TrabajoEnCurso(
                f"Ya hay un trabajo en curso («{ocupado.verbo}», desde {ocupado.desde:%Y-%m-%d %H:%M} UTC). "
                "No se cambió nada; espere a que termine."
            )
    id = id or nuevo_id(verbo, almacen.trabajos)
    carpeta = almacen.trabajos / id
    ficha = {"id": id, "verbo": verbo, "descripcion": "", "proceso": None}
    ficha |= {"desde": datetime.now(UTC).isoformat(timespec="seconds")}
    orden = [sys.executable, "-m", "etl", *argumentos, "--almacen", str(almacen.raiz), "--trabajo", id, "--json"]
    with _sin_restos(carpeta):
        carpeta.mkdir(parents=True, exist_ok=True)
        (carpeta / "trabajo.json").write_text(json.dumps(ficha), encoding="utf-8")
        with (carpeta / "salida.txt").open("wb") as salida:
            subprocess.Popen(
                orden,
                cwd=RAIZ_DEL_PROYECTO,
                stdin=subprocess.DEVNULL,
                stdout=salida,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
    return id


def actualizar(almacen: Almacen | None = None, *, actor: Actor | None = None) -> str:
    """Empieza a buscar en la fuente; devuelve el nombre del trabajo."""
    return empezar("actualizar", ["actualizar"], almacen=almacen, actor=actor)


def revisar(
    archivos: Iterable[tuple[str, bytes]],
    *,
    sin_equivalencia: bool = False,
    almacen: Almacen | None = None,
    actor: Actor | None = None,
) -> str:
    """Guarda los archivos entregados y empieza a revisarlos sin publicar nada; devuelve el nombre del trabajo.

    Lanza ``EntregaInvalida`` si son demasiados, si pesan de más o si no hay ninguno.
    """
    _exigir(actor)
    almacen = almacen or almacen_por_omision()
    id = nuevo_id(REVISAR, almacen.trabajos)
    with _sin_restos(almacen.trabajos / id):
        carpeta = _guardar(list(archivos), almacen, id)
    mas = ["--como-sin-equivalencia"] if sin_equivalencia else []
    return empezar(REVISAR, ["cargar", str(carpeta), "--solo-revisar", *mas], almacen=almacen, id=id, actor=actor)


def revisar_otra_vez(id_de_la_revision: str, *, almacen: Almacen | None = None, actor: Actor | None = None) -> str:
    """Revisa los mismos archivos aceptando categorías sin equivalencia. Lanza ``EntregaInvalida`` si ya no están."""
    _exigir(actor)
    almacen = almacen or almacen_por_omision()
    anteriores = _recibidos(id_de_la_revision, almacen)
    id = nuevo_id(REVISAR, almacen.trabajos)
    carpeta = almacen.trabajos / id / "recibidos"
    carpeta.parent.mkdir(parents=True)
    anteriores.rename(carpeta)
    orden = ["cargar", str(carpeta), "--solo-revisar", "--como-sin-equivalencia"]
    return empezar(REVISAR, orden, almacen=almacen, id=id, actor=actor)


def publicar(
    id_de_la_revision: str,
    *,
    sin_equivalencia: bool = False,
    almacen: Almacen | None = None,
    actor: Actor | None = None,
) -> str:
    """Empieza a publicar lo que se revisó; devuelve el nombre del trabajo. Lanza ``EntregaInvalida`` si ya no está."""
    _exigir(actor)
    almacen = almacen or almacen_por_omision()
    recibidos = _recibidos(id_de_la_revision, almacen)
    mas = ["--como-sin-equivalencia"] if sin_equivalencia else []
    return empezar("cargar", ["cargar", str(recibidos), *mas], almacen=almacen, actor=actor)


def _exigir(actor: Actor | None) -> None:
    if actor is None:
        exigir_modo_local()
    else:
        exigir(actor, Accion.PUBLICAR)


def _recibidos(id: str, almacen: Almacen) -> Path:
    carpeta = almacen.trabajos / id / "recibidos"
    if not ID_DE_TRABAJO.match(id) or not carpeta.is_dir():
        raise EntregaInvalida("Los archivos que se revisaron ya no están; vuelva a entregarlos. No se cambió nada.")
    return carpeta


def _guardar(archivos: list[tuple[str, bytes]], almacen: Almacen, id: str) -> Path:
    if not archivos:
        raise EntregaInvalida("No se entregó ningún archivo.")
    if len(archivos) > MAXIMO_DE_ARCHIVOS:
        raise EntregaInvalida(
            f"Se entregaron {len(archivos)} archivos y se reciben hasta {MAXIMO_DE_ARCHIVOS} a la vez."
        )
    pesan = sum(len(contenido) for _, contenido in archivos)
    if pesan > MAXIMO_DE_MEGABYTES * 1_000_000:
        raise EntregaInvalida(
            f"Lo entregado pesa {pesan / 1e6:,.0f} MB y se reciben hasta {MAXIMO_DE_MEGABYTES} MB a la vez. "
            "Con archivos más grandes, use «python tareas.py cargar CARPETA»."
        )
    # Solo se guarda la última entrega: lo publicado ya está en «crudo».
    for anterior in almacen.trabajos.glob(f"*-{REVISAR}-*"):
        if not _vive(anterior):
            shutil.rmtree(anterior / "recibidos", ignore_errors=True)
    carpeta = almacen.trabajos / id / "recibidos"
    carpeta.mkdir(parents=True)
    usados: set[str] = set()
    for numero, (nombre, contenido) in enumerate(archivos, 1):
        limpio = nombre_limpio(nombre)
        if limpio in usados:
            limpio = f"{numero}_{limpio}"
        usados.add(limpio)
        (carpeta / limpio).write_bytes(contenido)
    return carpeta


@contextmanager
def _sin_restos(carpeta: Path) -> Iterator[None]:
    """Si el disco no deja empezar un trabajo, borra lo que alcanzó a escribirse de él. Lanza ``EntregaInvalida``."""
    try:
        yield
    except OSError as causa:
        shutil.rmtree(carpeta, ignore_errors=True)
        raise EntregaInvalida(f"No se empezó: {que_falto(causa) or causa} Lo publicado sigue igual.") from causa


def nombre_limpio(nombre: str) -> str:
    """El nombre de un archivo entregado, sin carpetas ni signos que estorben; nunca vacío ni oculto."""
    ultimo = nombre.replace("\\", "/").rsplit("/", 1)[-1]
    return _NO_EN_NOMBRE.sub("_", ultimo).strip(" .")[-120:] or "archivo"


def leer(id: str, almacen: Almacen | None = None) -> Trabajo | None:
    """Un trabajo por su nombre; ``None`` si no existe."""
    carpeta = (almacen or almacen_por_omision()).trabajos / id
    return leer_carpeta(carpeta) if ID_DE_TRABAJO.match(id) else None


def lista(maximo: int = 20, almacen: Almacen | None = None) -> list[Trabajo]:
    """Los últimos trabajos, del más nuevo al más viejo."""
    hallados = (leer_carpeta(carpeta) for carpeta in _carpetas(almacen or almacen_por_omision())[:maximo])
    return [t for t in hallados if t is not None]


def en_curso(almacen: Almacen | None = None) -> Trabajo | None:
    """El trabajo que tiene el turno de cambiar el almacén; ``None`` si no hay. Las revisiones no cuentan."""
    for carpeta in _carpetas(almacen or almacen_por_omision())[:8]:
        if f"-{REVISAR}-" not in carpeta.name and not (carpeta / "resultado.json").exists():
            trabajo = leer_carpeta(carpeta)
            if trabajo is not None and trabajo.vivo:
                return trabajo
    return None


def revision_pendiente(almacen: Almacen | None = None) -> Trabajo | None:
    """La última revisión, si después de ella no se publicó nada y sus archivos siguen ahí; ``None`` si no hay."""
    almacen = almacen or almacen_por_omision()
    for carpeta in _carpetas(almacen):
        if f"-{REVISAR}-" in carpeta.name:
            return leer_carpeta(carpeta) if (carpeta / "recibidos").is_dir() else None
        if "-cargar-" in carpeta.name and _json(carpeta / "resultado.json").get("codigo") == 0:
            return None
    return None


def ultima_busqueda(almacen: Almacen | None = None) -> Trabajo | None:
    """La última vez que se buscó en la fuente (a mano, al iniciar o vigilando); ``None`` si nunca."""
    for carpeta in _carpetas(almacen or almacen_por_omision()):
        if "-actualizar-" in carpeta.name or "-vigilar-" in carpeta.name:
            return leer_carpeta(carpeta)
    return None


def _carpetas(almacen: Almacen) -> list[Path]:
    if not almacen.trabajos.is_dir():
        return []
    return sorted(
        (c for c in almacen.trabajos.iterdir() if ID_DE_TRABAJO.match(c.name)), key=lambda c: c.name, reverse=True
    )


def leer_carpeta(carpeta: Path) -> Trabajo | None:
    """El trabajo cuyo avance vive en esa carpeta; ``None`` si no es la de uno."""
    ficha = _json(carpeta / "trabajo.json")
    if not ficha:
        return None
    desde = datetime.fromisoformat(str(ficha["desde"]))
    novedades = _novedades(carpeta / "avance.jsonl")
    final = next((n for n in reversed(novedades) if n["clase"] == "final"), None)
    paso = next((str(n["texto"]) for n in reversed(novedades) if n["clase"] == "paso"), "Empezando")
    # Los bytes son de la descarga en curso: los de una anterior ya no dicen nada.
    bytes_ = novedades[-1] if novedades and novedades[-1]["clase"] == "bytes" else {}
    intentos = [
        Intento(str(n["escalon"]), str(n["que"]), str(n["resultado"]), bool(n["bien"]))
        for n in novedades
        if n["clase"] == "intento"
    ]
    resultado = _json(carpeta / "resultado.json") if final else {}
    return Trabajo(
        str(ficha["id"]),
        str(ficha["verbo"]),
        str(ficha.get("descripcion") or ""),
        desde,
        _situacion(carpeta, desde, final is not None),
        paso,
        bytes_.get("hechos"),
        bytes_.get("total"),
        tuple(intentos),
        final["codigo"] if final else None,
        str(final["mensaje"]) if final else "",
        resultado,
    )


def _situacion(carpeta: Path, desde: datetime, con_final: bool) -> str:
    if con_final:
        return TERMINADO
    recien = abs(datetime.now(UTC) - desde) < timedelta(seconds=SEGUNDOS_PARA_ARRANCAR)
    arrancando = recien and not (carpeta / "vivo").exists()
    return EN_CURSO if arrancando or _vive(carpeta) else INTERRUMPIDO


def _vive(carpeta: Path) -> bool:
    """Si el proceso que lo corre existe: tiene tomado su candado, que el sistema suelta cuando muere."""
    try:
        descriptor = os.open(carpeta / "vivo", os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _novedades(ruta: Path) -> list[dict]:
    """Los renglones completos de la bitácora; el último puede estar a medio escribir y se deja para después."""
    try:
        renglones = ruta.read_text(encoding="utf-8").split("\n")[:-1]
    except OSError:
        return []
    return [leido for leido in map(_renglon, renglones) if leido.get("clase")]


def _renglon(texto: str) -> dict:
    try:
        leido = json.loads(texto)
    except ValueError:
        return {}
    return leido if isinstance(leido, dict) else {}


def _json(ruta: Path) -> dict:
    try:
        return _renglon(ruta.read_text(encoding="utf-8"))
    except OSError:
        return {}
