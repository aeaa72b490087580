"""Quién entra al registro y con qué papel, y de dónde sale el ``Actor`` de quien ya se identificó."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from datos.registro import salidas
from datos.registro.actor import PUBLICO, Actor, Rol
from datos.registro.auditoria import instante_de
from datos.registro.autorizacion import Accion, exigir
from datos.registro.comun import MAXIMO_NOMBRE, cambiar, conflicto, recuperar, retirar, texto
from datos.registro.conexion import Registro
from datos.registro.errores import DatoInvalido, NoEncontrado
from datos.registro.modelo import Mesa, Persona

VARIABLE_HORAS = "TABLERO_SESION_HORAS"
HORAS_POR_OMISION = 12
_CORREO = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
ASIGNABLES = (Rol.MESA, Rol.RED, Rol.ADMINISTRACION)


@dataclass(frozen=True)
class Identidad:
    """Quién es alguien según su proveedor, y qué puede aquí. ``aviso`` dice por qué no puede más, si es el caso."""

    actor: Actor
    aviso: str = ""
    vence: datetime | None = None


def poner(
    registro: Registro, actor: Actor, *, correo: str, rol: str, mesas: Sequence[str] = (), nombre: str = ""
) -> Persona:
    """Da de alta a una persona o cambia su papel. Lanza ``SinPermiso`` o ``DatoInvalido``."""
    exigir(actor, Accion.PERSONAS)
    limpio = texto("correo", correo, maximo=MAXIMO_NOMBRE).lower()
    if not _CORREO.fullmatch(limpio):
        raise DatoInvalido.de("correo", "un correo", f"«{limpio[:60]}»")
    if rol not in ASIGNABLES:
        raise DatoInvalido.de("papel", " o ".join(ASIGNABLES), f"«{rol[:40]}»")
    suyas = list(dict.fromkeys(mesas)) if rol == Rol.MESA else []
    if rol == Rol.MESA and not suyas:
        raise DatoInvalido.de("Mesas", "al menos una, para el papel «mesa»", "ninguna")
    llamada = texto("nombre", nombre, maximo=MAXIMO_NOMBRE, obligatorio=False)
    with registro.escribir(actor) as sesion:
        conocidas = set(sesion.scalars(select(Mesa.clave).where(Mesa.retirado_en.is_(None))))
        if set(suyas) - conocidas:
            raise DatoInvalido.de("Mesas", "Mesas del registro", ", ".join(sorted(set(suyas) - conocidas)[:5]))
        persona = sesion.get(Persona, limpio, with_for_update=True)
        if persona is None:
            persona = Persona(correo=limpio, rol=rol, mesas=suyas, nombre=llamada, creado_en=instante_de(sesion))
            sesion.add(persona)
        else:
            recuperar(persona)
            cambiar(persona, {"rol": rol, "mesas": suyas, "nombre": llamada or persona.nombre})
        sesion.flush()
        return persona


def quitar(registro: Registro, actor: Actor, correo: str, version: int, porque: str) -> None:
    """Le quita el papel a una persona: desde su siguiente clic solo ve lo público."""
    exigir(actor, Accion.PERSONAS)
    with registro.escribir(actor, porque) as sesion:
        retirar(sesion, _persona(sesion, correo, version), porque)


def todas(registro: Registro, actor: Actor) -> list[Persona]:
    """Quienes tienen papel en el registro. Lanza ``SinPermiso``."""
    exigir(actor, Accion.PERSONAS)
    with registro.leer() as sesion:
        return list(sesion.scalars(select(Persona).where(Persona.retirado_en.is_(None)).order_by(Persona.correo)))


def identificar(registro: Registro, datos: Mapping[str, Any], papeles: Mapping[str, Any], ahora: datetime) -> Identidad:
    """El actor de quien entró con OIDC. ``datos`` son los de su credencial; ``papeles``, los de ``secrets.toml``.

    Manda el registro; si no está ahí, ``papeles``; si en ninguno, es público. También es público si el proveedor dice que su
    correo no está verificado, si su credencial no dice cuándo se emitió o tiene más horas que ``TABLERO_SESION_HORAS``, o si
    ya se salió de esa entrada.
    """
    correo = str(datos.get("email") or "").strip().lower()
    if not correo:
        return Identidad(PUBLICO, "Su proveedor no dio su correo: aquí solo puede ver lo público.")
    if datos.get("email_verified") is False:
        return Identidad(PUBLICO, "Su proveedor dice que su correo no está verificado: aquí solo puede ver lo público.")
    vence = _vencimiento(datos)
    if vence is None or vence <= ahora:
        return Identidad(
            PUBLICO, "Su sesión venció. Lo que escribía está en sus borradores: entre de nuevo para seguir."
        )
    nombre = str(datos.get("name") or "").strip()[:MAXIMO_NOMBRE]
    with registro.leer() as sesion:
        persona = sesion.get(Persona, correo)
        if salidas.termino(sesion, datos):
            return Identidad(PUBLICO, "De esa entrada ya se salió: entre de nuevo para seguir.")
    if persona is not None:
        if persona.retirado_en is not None:
            return Identidad(PUBLICO, "Su permiso en este registro se retiró: solo puede ver lo público.", vence)
        llamada = persona.nombre or nombre or correo
        return Identidad(Actor(correo, llamada, Rol(persona.rol), frozenset(persona.mesas)), "", vence)
    asignado = next((v for c, v in papeles.items() if str(c).strip().lower() == correo), None)
    if asignado is None:
        return Identidad(
            PUBLICO,
            f"{correo} no tiene un papel en este registro: solo puede ver lo público. Pídalo a quien lo administra.",
        )
    rol, mesas = _papel(asignado)
    if rol is None:
        return Identidad(
            PUBLICO, f"El papel de {correo} en secrets.toml no se entiende: se espera mesa, red o administracion."
        )
    return Identidad(Actor(correo, nombre or correo, rol, mesas), "", vence)


def salir(registro: Registro, datos: Mapping[str, Any], ahora: datetime) -> None:
    """Termina esa entrada, en todas las ventanas y para cualquier copia de su galleta. Lanza ``RegistroDanado``."""
    vence = _vencimiento(datos)
    if vence is not None and vence > ahora:  # la vencida ya no vale
        salidas.anotar(registro, datos, vence, ahora)


def _papel(asignado: Any) -> tuple[Rol | None, frozenset[str]]:
    """'red', o {'rol': 'mesa', 'mesas': […]}."""
    if isinstance(asignado, str):
        asignado = {"rol": asignado}
    if not isinstance(asignado, Mapping):
        return None, frozenset()
    rol = str(asignado.get("rol", ""))
    if rol not in ASIGNABLES:
        return None, frozenset()
    mesas = asignado.get("mesas", [])
    return Rol(rol), frozenset([mesas] if isinstance(mesas, str) else [str(m) for m in mesas])


def _vencimiento(datos: Mapping[str, Any]) -> datetime | None:
    """Cuándo deja de valer la credencial: horas después de emitida."""
    emitida = datos.get("iat")
    if isinstance(emitida, bool) or not isinstance(emitida, (int, float)):
        return None
    return datetime.fromtimestamp(emitida, UTC) + timedelta(hours=horas_de_sesion())


def horas_de_sesion() -> float:
    """Cuánto dura una sesión: ``TABLERO_SESION_HORAS``, o 12. Lanza ``ValueError`` si no es un número positivo."""
    escrito = os.environ.get(VARIABLE_HORAS, "").strip()
    horas = float(escrito) if escrito else HORAS_POR_OMISION
    if not horas > 0:
        raise ValueError(f"{VARIABLE_HORAS} debe ser un número de horas mayor que cero; dice «{escrito}»")
    return horas


def _persona(sesion: Session, correo: str, version: int) -> Persona:
    persona = sesion.get(Persona, correo, with_for_update=True)
    if persona is None or persona.retirado_en is not None:
        raise NoEncontrado(f"{correo} no tiene un papel en el registro.")
    if persona.version != version:
        raise conflicto(sesion, persona, correo, version, {})
    return persona
