"""Lo que repite toda operación: encontrar el renglón, decidir si se puede, comparar versiones y limpiar lo escrito."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from datos.registro.actor import PUBLICO, Actor, Rol
from datos.registro.auditoria import como_json, instante_de
from datos.registro.autorizacion import Accion, exigir, puede
from datos.registro.errores import Conflicto, DatoInvalido, Diferencia, NoEncontrado
from datos.registro.modelo import Auditada, Bitacora, Mesa

MAXIMO_TEXTO = 2_000
MAXIMO_NOMBRE = 240
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
M = TypeVar("M", bound=Auditada)


def tomar(
    sesion: Session,
    modelo: type[M],
    llave: str,
    actor: Actor,
    accion: Accion,
    *,
    version: int | None = None,
    lo_suyo: Mapping[str, object] | None = None,
    retirados: bool = False,
) -> M:
    """El renglón, bloqueado para cambiarlo, si existe y el actor puede.

    Lanza ``NoEncontrado`` si no existe, está retirado o no le toca saber de él; ``SinPermiso`` si puede verlo y no cambiarlo;
    ``Conflicto`` si ya no está en la ``version`` que vio.
    """
    if actor.rol is Rol.PUBLICO:
        exigir(PUBLICO, accion)
    objeto = sesion.get(modelo, llave, with_for_update=True) if isinstance(llave, str) and llave else None
    if objeto is None or (objeto.retirado_en is not None and not retirados):
        raise NoEncontrado("Ya no está en el registro, o no se puede ver con este permiso.")
    mesa = mesa_de(objeto)
    if not puede(actor, accion, mesa):
        if not puede(actor, Accion.LEER_INTERNO, mesa) and not getattr(objeto, "publico", False):
            raise NoEncontrado("Ya no está en el registro, o no se puede ver con este permiso.")
        exigir(actor, accion, mesa)
    if version is not None and objeto.version != version:
        raise conflicto(sesion, objeto, llave, version, lo_suyo or {})
    return objeto


def mesa_de(objeto: Any) -> str:
    """Clave de la Mesa a la que pertenece un renglón."""
    return str(objeto.clave if isinstance(objeto, Mesa) else objeto.mesa)


def conflicto(sesion: Session, objeto: Auditada, llave: str, version: int, lo_suyo: Mapping[str, object]) -> Conflicto:
    """Qué cambió otra persona desde ``version``, campo por campo, junto a lo que se quiso guardar."""
    # cada cambio sube la versión en uno: hacen falta tantas entradas como versiones de diferencia
    recientes = sesion.scalars(
        select(Bitacora)
        .where(Bitacora.objeto == type(objeto).__tablename__, Bitacora.objeto_id == llave)  # type: ignore[attr-defined]
        .order_by(Bitacora.id.desc())
        .limit(max(objeto.version - version, 1))
    )
    posteriores = [e for e in reversed(list(recientes)) if e.despues["version"] > version]
    primeros: dict[str, Any] = {}
    for entrada in posteriores:
        for campo, valor in (entrada.antes or {}).items():
            primeros.setdefault(campo, valor)
    diferencias = [
        Diferencia(campo, antes, como_json(getattr(objeto, campo)), como_json(lo_suyo.get(campo)))
        for campo, antes in primeros.items()
        if campo != "version"
    ]
    ultima = posteriores[-1] if posteriores else None
    return Conflicto(
        ultima.nombre if ultima else "Otra persona",
        f"{ultima.cuando:%d/%m/%Y %H:%M} UTC" if ultima else "hace un momento",
        objeto.version,
        diferencias,
        {campo: como_json(valor) for campo, valor in lo_suyo.items()},
    )


def mesa_activa(sesion: Session, clave: str) -> Mesa:
    """La Mesa, bloqueada: quien numere folios o sesiones de ella espera su turno. Lanza ``NoEncontrado``."""
    mesa = sesion.get(Mesa, clave, with_for_update=True)
    if mesa is None or mesa.retirado_en is not None:
        raise NoEncontrado(f"No hay una Mesa «{clave}» en el registro.")
    return mesa


def cambiar(objeto: Any, nuevos: Mapping[str, object]) -> bool:
    """Pone los valores distintos y dice si hubo alguno: guardar lo mismo no deja huella."""
    distintos = {c: v for c, v in nuevos.items() if getattr(objeto, c) != v}
    for campo, valor in distintos.items():
        setattr(objeto, campo, valor)
    return bool(distintos)


def retirar(sesion: Session, objeto: Auditada, porque: str) -> None:
    """Lo retira con su razón; sigue en la base y se puede recuperar. Lanza ``DatoInvalido`` sin razón."""
    objeto.retirado_porque = texto("razón del retiro", porque)
    objeto.retirado_en = instante_de(sesion)


def recuperar(objeto: Auditada) -> None:
    """Deshace un retiro."""
    objeto.retirado_en, objeto.retirado_porque = None, None


def texto(campo: str, valor: str | None, *, maximo: int = MAXIMO_TEXTO, obligatorio: bool = True) -> str:
    """El texto sin espacios de sobra en las orillas. Lanza ``DatoInvalido`` si falta, es muy largo o trae controles."""
    limpio = (valor or "").replace("\r\n", "\n").strip()
    if obligatorio and not limpio:
        raise DatoInvalido.de(campo, "un texto", "vacío")
    if len(limpio) > maximo:
        raise DatoInvalido.de(campo, f"hasta {maximo:,} caracteres", f"{len(limpio):,}")
    if _CONTROL.search(limpio):
        raise DatoInvalido.de(campo, "texto sin caracteres de control", "uno o más")
    return limpio


def opcion(campo: str, valor: str, opciones: tuple[str, ...]) -> str:
    """El valor si es una de las opciones. Lanza ``DatoInvalido``."""
    if valor not in opciones:
        raise DatoInvalido.de(campo, " o ".join(opciones), f"«{str(valor)[:40]}»")
    return valor
