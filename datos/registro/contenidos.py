"""Dónde queda el contenido de cada archivo de evidencia, siempre por su SHA-256.

Con PostgreSQL, en la propia base y en la misma transacción que el renglón que lo nombra: las réplicas no comparten otra cosa. Con
SQLite, o si ``TABLERO_EVIDENCIA`` dice una carpeta, en ella. Se guarda en un lugar y se busca en los dos, de modo que cambiar
de lugar no pierde lo anterior; lo que no da su huella no se entrega.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from datos.recursos import escribir_de_una_vez, que_falto
from datos.registro.actor import Actor
from datos.registro.autorizacion import Accion, exigir
from datos.registro.conexion import Registro
from datos.registro.errores import DatoInvalido, RegistroDanado
from datos.registro.modelo import Contenido, Evidencia


@dataclass(frozen=True)
class Revision:
    """Cuántos archivos nombra el registro y están enteros, y las huellas de los que faltan o ya no coinciden con la suya."""

    enteros: int
    faltan: tuple[str, ...]
    danados: tuple[str, ...]

    @property
    def perdidos(self) -> int:
        """Los que hay que reponer de un respaldo."""
        return len(self.faltan) + len(self.danados)


@dataclass(frozen=True)
class Recogida:
    """Lo que se pasó de la carpeta a la base, lo que ya estaba en ella y lo que no se halló entero en ningún lado."""

    pasados: int
    ya_estaban: int
    perdidos: tuple[str, ...]


def ruta_de(registro: Registro, huella: str) -> Path:
    """Dónde vive el archivo de esa huella cuando se guarda en la carpeta."""
    return registro.evidencia / huella[:2] / huella


def guardar(registro: Registro, sesion: Session, huella: str, contenido: bytes) -> None:
    """Lo deja en su lugar. El que ya está entero no se toca; el que está dañado se repone. Lanza ``RegistroDanado``."""
    if registro.en_base:
        _a_la_base(sesion, huella, contenido)
        return
    destino = ruta_de(registro, huella)
    if _de_la_carpeta(registro, huella) == contenido:
        return
    try:
        destino.parent.mkdir(parents=True, exist_ok=True)
        escribir_de_una_vez(destino, contenido)
    except OSError as causa:
        raise RegistroDanado(
            f"No se guardó la evidencia. {que_falto(causa) or causa.strerror} Lo escrito sigue aquí."
        ) from causa


def leer(registro: Registro, sesion: Session, huella: str) -> bytes:
    """El contenido, comprobado. Lanza ``RegistroDanado`` si falta o si en ningún lado da su huella."""
    lugares = [lambda: _de_la_base(sesion, huella), lambda: _de_la_carpeta(registro, huella)]
    hubo = False
    for lugar in lugares if registro.en_base else reversed(lugares):
        contenido = lugar()
        if contenido is not None:
            hubo = True
            if hashlib.sha256(contenido).hexdigest() == huella:
                return contenido
    if hubo:
        raise RegistroDanado(
            f"El archivo de esa evidencia cambió después de entregarse (SHA-256 {huella[:12]}…) y no se entrega. Restáurelo "
            "de un respaldo."
        )
    raise RegistroDanado(
        f"Falta el archivo de esa evidencia (SHA-256 {huella[:12]}…). Restáurelo de un respaldo; el registro sigue igual."
    )


def nombradas(sesion: Session) -> list[str]:
    """Las huellas de todos los archivos que el registro nombra, también los de evidencia retirada."""
    return list(
        sesion.scalars(select(Evidencia.sha256).where(Evidencia.sha256 != "").distinct().order_by(Evidencia.sha256))
    )


def revisar(registro: Registro) -> Revision:
    """Lee y comprueba cada archivo que el registro nombra."""
    enteros = 0
    faltan: list[str] = []
    danados: list[str] = []
    with registro.leer() as sesion:
        for huella in nombradas(sesion):
            try:
                leer(registro, sesion, huella)
                enteros += 1
            except RegistroDanado:
                esta = ruta_de(registro, huella).is_file() or sesion.get(Contenido, huella) is not None
                (danados if esta else faltan).append(huella)
    return Revision(enteros, tuple(faltan), tuple(danados))


def recoger(registro: Registro, actor: Actor) -> Recogida:
    """Pasa a la base lo que siga en la carpeta, uno por transacción y comprobado; la carpeta no se toca y se puede repetir.

    Lanza ``SinPermiso``, o ``DatoInvalido`` si este registro guarda su evidencia en la carpeta.
    """
    exigir(actor, Accion.RESPALDAR)
    if not registro.en_base:
        raise DatoInvalido.de(
            "recoger", "un registro en PostgreSQL y sin TABLERO_EVIDENCIA", "uno que guarda su evidencia en la carpeta"
        )
    pasados, ya_estaban, perdidos = 0, 0, []
    with registro.leer() as sesion:
        todas = nombradas(sesion)
    for huella in todas:
        with registro.escribir(actor) as sesion:
            if _entero(_de_la_base(sesion, huella), huella):
                ya_estaban += 1
                continue
            contenido = _de_la_carpeta(registro, huella)
            if contenido is None or not _entero(contenido, huella):
                perdidos.append(huella)
                continue
            _a_la_base(sesion, huella, contenido)
            pasados += 1
    return Recogida(pasados, ya_estaban, tuple(perdidos))


def en_palabras(registro: Registro) -> str:
    """«Evidencia: en la base (12 archivos, 3.4 MB)», o en qué carpeta."""
    if not registro.en_base:
        return f"Evidencia: en la carpeta {registro.evidencia}"
    with registro.leer() as sesion:
        cuantos, pesan = sesion.execute(
            select(func.count(), func.coalesce(func.sum(func.length(Contenido.contenido)), 0))
        ).one()
    return f"Evidencia: en la base ({cuantos:,} archivo(s), {pesan / 1e6:,.1f} MB)"


def _a_la_base(sesion: Session, huella: str, contenido: bytes) -> None:
    nuevo = insert(Contenido).values(sha256=huella, contenido=contenido, guardado_en=datetime.now(UTC))
    # El mismo archivo entregado dos veces, aun a la vez, es uno; uno dañado se repone.
    sesion.execute(
        nuevo.on_conflict_do_update(
            index_elements=["sha256"],
            set_={"contenido": nuevo.excluded.contenido},
            where=Contenido.contenido != nuevo.excluded.contenido,
        )
    )


def _de_la_base(sesion: Session, huella: str) -> bytes | None:
    return sesion.scalar(select(Contenido.contenido).where(Contenido.sha256 == huella))


def _de_la_carpeta(registro: Registro, huella: str) -> bytes | None:
    try:
        return ruta_de(registro, huella).read_bytes()
    except OSError:
        return None


def _entero(contenido: bytes | None, huella: str) -> bool:
    return contenido is not None and hashlib.sha256(contenido).hexdigest() == huella
