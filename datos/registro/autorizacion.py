"""Quién puede hacer qué: una sola tabla, que se consulta en cada operación y no en las páginas."""

from __future__ import annotations

from enum import StrEnum

from datos.registro.actor import Actor, Rol
from datos.registro.errores import SinPermiso


class Accion(StrEnum):
    """Lo que se le puede pedir al registro, con el verbo que lo nombra en los mensajes."""

    LEER_INTERNO = "ver lo que no es público de"
    ESCRIBIR = "escribir en"
    VERIFICAR = "verificar evidencia de"
    LEER_BITACORA = "leer la bitácora de"
    EDITAR_MESA = "editar los datos de"
    IMPORTAR = "importar acuerdos a"
    CREAR_MESA = "registrar una Mesa nueva"
    EVALUAR = "guardar evaluaciones de"
    PERSONAS = "decidir quién entra al registro"
    RESPALDAR = "respaldar o restaurar el registro"
    PUBLICAR = "cambiar los datos publicados"


_DE_SU_MESA = frozenset({Rol.MESA, Rol.RED, Rol.ADMINISTRACION})
_DE_TODAS = frozenset({Rol.RED, Rol.ADMINISTRACION})
_SOLO_ADMINISTRACION = frozenset({Rol.ADMINISTRACION})
TABLA: dict[Accion, frozenset[Rol]] = {
    Accion.LEER_INTERNO: _DE_SU_MESA,
    Accion.ESCRIBIR: _DE_SU_MESA,
    Accion.VERIFICAR: _DE_SU_MESA,
    Accion.LEER_BITACORA: _DE_SU_MESA,
    Accion.EDITAR_MESA: _DE_SU_MESA,
    Accion.IMPORTAR: _DE_SU_MESA,
    Accion.CREAR_MESA: _DE_TODAS,
    Accion.EVALUAR: _DE_TODAS,
    Accion.PERSONAS: _SOLO_ADMINISTRACION,
    Accion.RESPALDAR: _SOLO_ADMINISTRACION,
    Accion.PUBLICAR: _SOLO_ADMINISTRACION,
}


def puede(actor: Actor, accion: Accion, mesa: str | None = None) -> bool:
    """Si el actor puede; el papel ``mesa`` solo alcanza a las suyas, y nunca a lo que no es de una Mesa."""
    if actor.rol not in TABLA[accion]:
        return False
    return actor.rol is not Rol.MESA or (mesa is not None and mesa in actor.mesas)


def exigir(actor: Actor, accion: Accion, mesa: str | None = None) -> None:
    """Lanza ``SinPermiso`` si el actor no puede; no dice si lo pedido existe."""
    if not puede(actor, accion, mesa):
        donde = f" la Mesa «{mesa}»" if mesa is not None else ""
        quien = actor.nombre if actor.id else "Quien no ha entrado con su cuenta"
        raise SinPermiso(
            f"{quien} no puede {accion}{donde}. No se cambió nada. Entre con una cuenta que pueda, o pida el permiso a "
            "quien administra el tablero."
        )


def ve_todo(actor: Actor) -> bool:
    """Si ve lo interno de todas las Mesas."""
    return actor.rol in _DE_TODAS
