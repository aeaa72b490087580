"""«Salir» vale también para las copias: la entrada de la que se salió ya no sirve, aunque alguien haya guardado su galleta.

La galleta de Streamlit va firmada y no se puede retirar: borrarla del navegador no borra las copias. Por eso el registro, que
es lo que comparten las réplicas, recuerda la huella de cada entrada terminada hasta que de todos modos venza.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from datos.registro.actor import SISTEMA
from datos.registro.conexion import Registro
from datos.registro.modelo import Ajuste

_PREFIJO = "salida:"
# Lo que distingue una entrada de otra de la misma persona; no todos los proveedores dan todo.
_SUYO = ("iss", "sub", "email", "iat", "exp", "nonce", "jti", "sid", "at_hash")


def anotar(registro: Registro, datos: Mapping[str, Any], vence: datetime, ahora: datetime) -> None:
    """La entrada de esos datos ya no vale. De paso olvida las que ya vencieron. Lanza ``RegistroDanado``."""
    with registro.escribir(SISTEMA) as sesion:
        limite = ahora.astimezone(UTC).isoformat()
        sesion.execute(delete(Ajuste).where(Ajuste.clave.like(f"{_PREFIJO}%"), Ajuste.valor < limite))
        sesion.merge(Ajuste(clave=_clave(datos), valor=vence.astimezone(UTC).isoformat()))


def termino(sesion: Session, datos: Mapping[str, Any]) -> bool:
    """Si de esa entrada ya se salió."""
    return sesion.get(Ajuste, _clave(datos)) is not None


def _clave(datos: Mapping[str, Any]) -> str:
    suyo = json.dumps([str(datos.get(c, "")) for c in _SUYO], ensure_ascii=False)
    return _PREFIJO + hashlib.sha256(suyo.encode()).hexdigest()[:48]
