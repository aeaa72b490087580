"""Seguir una publicación ajena: preguntar cada tanto por su puntero y, si se movió, poner aquí lo que nombra.

Lo que falle deja sirviendo la última versión; se anota en ``sincronizacion.json`` (``datos.sincronizacion``) y la siguiente
pregunta se espacia. Un puntero que vuelve a una versión anterior también se sigue, si quien publica lo movió después: una
copia vieja que guardó un intermediario se reconoce por su ``apuntado_en`` y no cuenta.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from datos import sincronizacion
from datos.almacen import Almacen, Publicacion, PunteroInvalido, publicacion_vigente
from datos.integridad import intacta
from datos.recursos import que_falto
from datos.sincronizacion import Sincronizacion
from etl.desenlace import HECHO, RECHAZADO, SIN_FUENTE, SIN_RECURSOS, Desenlace
from etl.escritura import escribir_atomico
from etl.fuente.ajustes import Ajustes
from etl.fuente.fallas import FallaDeFuente, SinCambios
from etl.publicacion.puntero import podar
from etl.publicacion.remoto import Puntero, VersionInservible, leer_puntero
from etl.remota import IGUAL, Leido, pedir_puntero, poner, publicada
from etl.trabajo import Trabajo

SEGUNDOS_MAXIMOS = 900.0  # lo más que se espacian las preguntas cuando el sitio falla
_VUELTAS = 2
EnTrabajo = Callable[[Callable[[Trabajo], Desenlace]], Desenlace]


@dataclass(frozen=True)
class Pedido:
    """A quién se sigue, cada cuántos segundos y si se acepta una demostración."""

    direccion: str
    cada: float
    con_demostracion: bool = False


def una_vez(almacen: Almacen, ajustes: Ajustes, pedido: Pedido, en_trabajo: EnTrabajo) -> Desenlace:
    """Pregunta una vez y pone lo nuevo si lo hay; anota en qué acabó.

    ``en_trabajo`` corre lo que cambia el almacén con el turno tomado: solo se llama si hay algo que traer, de modo que
    preguntar no llena la lista de trabajos. Lanza ``CargaEnCurso`` si otro proceso tiene el turno; no cuenta como falla.
    """
    almacen.crear()
    antes = sincronizacion.leer(almacen)
    if antes is not None and antes.origen != origen(pedido.direccion):
        antes = None  # ahora se sigue a otro
    for vuelta in range(_VUELTAS):
        leido: Leido | None = None
        puntero: Puntero | None = None
        try:
            leido = _preguntar(pedido, ajustes, almacen, antes)
            if leido is None:
                desenlace = _sin_novedad(antes.version if antes else None)
                break
            puntero = leer_puntero(leido.texto, almacen)
            desenlace = _seguir(puntero, pedido, almacen, ajustes, antes, en_trabajo)
        except FallaDeFuente as falla:
            desenlace = Desenlace(SIN_FUENTE, f"No se alcanzó la publicación: {falla.causa}. {IGUAL}")
        except VersionInservible as causa:
            desenlace = Desenlace(RECHAZADO, f"La versión publicada no sirve: {causa}. {IGUAL}")
        except Exception as causa:
            falto = que_falto(causa)
            if falto is None:
                raise
            desenlace = Desenlace(SIN_RECURSOS, f"No se pudo poner la versión publicada. {falto} {IGUAL}")
            break
        # Quien publica pudo mover el puntero mientras se bajaba lo que nombraba el anterior: se pregunta otra vez.
        if desenlace.codigo == HECHO or puntero is None or vuelta + 1 == _VUELTAS:
            break
    _anotar(almacen, pedido, antes, desenlace, leido, puntero)
    return desenlace


def origen(direccion: str) -> str:
    """El sitio sin claves ni consulta: lo que se puede mostrar."""
    partes = urlsplit(direccion)
    puerto = f":{partes.port}" if partes.port else ""
    return f"{partes.scheme}://{partes.hostname or ''}{puerto}{partes.path}"


def espera(fallas_seguidas: int, cada: float, azar: random.Random) -> float:
    """Segundos hasta la siguiente pregunta: ``cada``; tras fallas, el doble por cada una hasta un tope.

    Lleva una décima al azar para que las réplicas no pregunten todas a la vez.
    """
    tope = max(cada, SEGUNDOS_MAXIMOS)
    base = min(tope, cada * 2.0 ** min(fallas_seguidas, 20)) if fallas_seguidas else cada
    return base * azar.uniform(0.95, 1.05)


def _preguntar(pedido: Pedido, ajustes: Ajustes, almacen: Almacen, antes: Sincronizacion | None) -> Leido | None:
    """El puntero; ``None`` si el sitio dice que es el mismo que ya está puesto aquí."""
    condicional = antes is not None and antes.version is not None and _vigente(almacen, antes.version)
    try:
        return pedir_puntero(
            pedido.direccion,
            ajustes,
            etag=antes.etag if antes and condicional else None,
            modificado=antes.modificado if antes and condicional else None,
        )
    except SinCambios:
        return None


def _vigente(almacen: Almacen, version: str) -> bool:
    """Si lo vigente aquí sigue siendo esa versión, con sus límites: si no, el puntero se lee completo aunque no haya cambiado."""
    vigente = _publicacion(almacen)
    return vigente is not None and vigente.version == version and almacen.geometria.exists()


def _publicacion(almacen: Almacen) -> Publicacion | None:
    try:
        vigente = publicacion_vigente(almacen)
    except PunteroInvalido:
        return None  # lo de aquí está dañado: traer lo publicado lo repara
    return vigente if vigente is None or intacta(vigente) else None


def _seguir(
    puntero: Puntero,
    pedido: Pedido,
    almacen: Almacen,
    ajustes: Ajustes,
    antes: Sincronizacion | None,
    en_trabajo: EnTrabajo,
) -> Desenlace:
    remota, vigente = puntero.publicacion, _publicacion(almacen)
    if remota.demostracion and not pedido.con_demostracion:
        raise VersionInservible("es una demostración")
    if remota.demostracion and vigente is not None and not vigente.demostracion:
        raise VersionInservible("es una demostración y aquí hay datos oficiales")
    if _es_copia_vieja(puntero, antes) and vigente is not None:
        return Desenlace(
            HECHO,
            f"Llegó una copia vieja del puntero, anterior a la que ya se siguió: no cuenta. Vigente: {vigente.version}.",
            {"version": vigente.version, "copia_vieja": True},
        )

    def hacer(trabajo: Trabajo) -> Desenlace:
        poner(puntero, pedido.direccion, almacen, ajustes, trabajo)
        podar(almacen)
        return publicada(puntero)

    return en_trabajo(hacer)


def _es_copia_vieja(puntero: Puntero, antes: Sincronizacion | None) -> bool:
    if antes is None or antes.apuntado_en is None or puntero.apuntado_en is None:
        return False
    return puntero.apuntado_en < antes.apuntado_en


def _sin_novedad(version: str | None) -> Desenlace:
    return Desenlace(HECHO, f"Sin novedad: vigente la versión {version}.", {"version": version, "sin_novedad": True})


def _anotar(
    almacen: Almacen,
    pedido: Pedido,
    antes: Sincronizacion | None,
    desenlace: Desenlace,
    leido: Leido | None,
    puntero: Puntero | None,
) -> None:
    ahora = datetime.now(UTC)
    bien = desenlace.codigo == HECHO
    fallas = 0 if bien else (antes.fallas_seguidas if antes else 0) + 1
    copia_vieja = bool(desenlace.datos.get("copia_vieja"))
    aplicado = bien and puntero is not None and leido is not None and not copia_vieja
    segundos = espera(fallas, pedido.cada, random.Random())
    version = antes.version if antes else None
    suya = Sincronizacion(
        origen=origen(pedido.direccion),
        revisado_en=ahora,
        al_dia_en=ahora if bien and not copia_vieja else (antes.al_dia_en if antes else None),
        codigo=desenlace.codigo,
        mensaje=desenlace.mensaje,
        fallas_seguidas=fallas,
        siguiente_en=ahora + timedelta(seconds=segundos),
        cada=pedido.cada,
        version=puntero.publicacion.version if aplicado and puntero else version,
        apuntado_en=puntero.apuntado_en if aplicado and puntero else (antes.apuntado_en if antes else None),
        sha_del_puntero=leido.sha256 if aplicado and leido else (antes.sha_del_puntero if antes else None),
        etag=leido.etag if aplicado and leido else (antes.etag if antes else None),
        modificado=leido.modificado if aplicado and leido else (antes.modificado if antes else None),
    )
    escribir_atomico(almacen.raiz / sincronizacion.ARCHIVO, sincronizacion.como_json(suya).encode("utf-8"))
