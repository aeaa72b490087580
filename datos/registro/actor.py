"""Quién pide algo al registro: su identidad, su papel y de qué Mesas."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Rol(StrEnum):
    """Los cuatro papeles, de menos a más."""

    PUBLICO = "publico"
    MESA = "mesa"
    RED = "red"
    ADMINISTRACION = "administracion"


NOMBRE_DEL_ROL = {
    Rol.PUBLICO: "Público",
    Rol.MESA: "Mesa",
    Rol.RED: "Red Nacional",
    Rol.ADMINISTRACION: "Administración",
}
CUENTA_LOCAL = "local"


@dataclass(frozen=True)
class Actor:
    """Una persona (o un proceso) frente al registro.

    ``id`` es su correo en minúsculas, ``local:<nombre>`` en modo local, ``orden:<usuario>`` en la línea de órdenes o vacío si
    es el público. ``mesas`` son las claves de las suyas cuando su papel es ``mesa``.
    """

    id: str
    nombre: str
    rol: Rol
    mesas: frozenset[str] = frozenset()

    @property
    def cuenta(self) -> str:
        """De quién son los borradores: en modo local, de la máquina, se firme con el nombre que se firme."""
        return CUENTA_LOCAL if self.id.startswith(f"{CUENTA_LOCAL}:") else self.id


PUBLICO = Actor("", "Público", Rol.PUBLICO)
SISTEMA = Actor("sistema", "El propio tablero", Rol.ADMINISTRACION)


def actor_local(nombre: str) -> Actor:
    """Quien usa su propia máquina en modo local: todo lo puede y firma con su nombre."""
    limpio = " ".join(nombre.split())[:80] or "sin nombre"
    return Actor(f"{CUENTA_LOCAL}:{limpio.lower()}", limpio, Rol.ADMINISTRACION)


def actor_de_la_orden(usuario: str) -> Actor:
    """Quien corre ``python -m datos.acuerdos`` con acceso al almacén."""
    return Actor(f"orden:{usuario}", f"{usuario} (línea de órdenes)", Rol.ADMINISTRACION)
