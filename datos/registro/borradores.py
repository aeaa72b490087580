"""Lo que alguien escribe antes de guardar: se conserva aunque se cierre el navegador, se caiga el servidor o se corte la red.

Un borrador es de una cuenta y nadie más lo ve, ni quien administra. Se guarda campo por campo: dos ventanas abiertas no se
borran lo que no tocaron.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from datos.registro.actor import Actor
from datos.registro.autorizacion import Accion, exigir
from datos.registro.conexion import Registro
from datos.registro.errores import DatoInvalido
from datos.registro.modelo import LARGO_NOMBRE, Borrador

MAXIMO_DE_CONTENIDO = 200_000


def guardar(registro: Registro, actor: Actor, mesa: str, asunto: str, campos: Mapping[str, Any]) -> Borrador:
    """Guarda los campos dados sobre los que ya tuviera el borrador de ese asunto. Lanza ``SinPermiso`` o ``DatoInvalido``."""
    exigir(actor, Accion.ESCRIBIR, mesa)
    if len(asunto) > LARGO_NOMBRE or len(repr(campos)) > MAXIMO_DE_CONTENIDO:
        raise DatoInvalido.de("borrador", f"hasta {MAXIMO_DE_CONTENIDO:,} caracteres", "más")
    for ultimo_intento in (False, True):
        try:
            with registro.escribir(actor) as sesion:
                suyo = sesion.scalar(
                    select(Borrador).where(Borrador.cuenta == actor.cuenta, Borrador.asunto == asunto).with_for_update()
                )
                if suyo is None:
                    suyo = Borrador(cuenta=actor.cuenta, asunto=asunto, mesa=mesa, contenido={})
                    sesion.add(suyo)
                suyo.contenido = {**suyo.contenido, **campos}
                suyo.guardado_en = datetime.now(UTC)
                sesion.flush()
                return suyo
        except IntegrityError:
            if ultimo_intento:  # otra ventana lo creó a la vez: la segunda vuelta ya lo encuentra
                raise
    raise AssertionError("el segundo intento guarda o lanza")


def leer(registro: Registro, actor: Actor, asunto: str) -> Borrador | None:
    """El borrador propio de ese asunto, o ``None``."""
    if not actor.id:
        return None
    with registro.leer() as sesion:
        return sesion.scalar(select(Borrador).where(Borrador.cuenta == actor.cuenta, Borrador.asunto == asunto))


def propios(registro: Registro, actor: Actor) -> list[Borrador]:
    """Los borradores de la cuenta, del más reciente al más viejo."""
    if not actor.id:
        return []
    with registro.leer() as sesion:
        consulta = select(Borrador).where(Borrador.cuenta == actor.cuenta).order_by(Borrador.guardado_en.desc())
        return list(sesion.scalars(consulta))


def desechar(registro: Registro, actor: Actor, asunto: str) -> None:
    """Borra un borrador propio; si no existe, no pasa nada."""
    with registro.escribir(actor) as sesion:
        suyo = sesion.scalar(select(Borrador).where(Borrador.cuenta == actor.cuenta, Borrador.asunto == asunto))
        if suyo is not None and actor.id:
            sesion.delete(suyo)
