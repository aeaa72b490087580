"""La bitácora se escribe sola: cada alta o cambio de una tabla auditada deja su renglón en la misma transacción.

Ninguna operación puede olvidarla, y reconstruir el registro desde ella da lo mismo que está en las tablas.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import event, insert
from sqlalchemy.orm import Session, UOWTransaction
from sqlalchemy.orm.attributes import get_history

from datos.registro.actor import Actor
from datos.registro.modelo import AUDITADAS, Bitacora

TABLAS = {modelo.__tablename__: modelo for modelo in AUDITADAS}
# Lo que vale una columna que todavía no existía cuando se escribió la entrada.
_OMISIONES = {
    tabla: {c.key: c.default.arg for c in modelo.__mapper__.columns if c.default is not None and c.default.is_scalar}
    for tabla, modelo in TABLAS.items()
}
ALTA, CAMBIO, RETIRO, RECUPERACION = "alta", "cambio", "retiro", "recuperación"
_ACTOR, _MOTIVO, _INSTANTE = "actor", "motivo", "instante"


def firmar(sesion: Session, actor: Actor, motivo: str, instante: datetime) -> None:
    """Dice a la sesión quién escribe, por qué y cuándo; sin firma no se puede escribir nada auditado."""
    sesion.info[_ACTOR], sesion.info[_MOTIVO], sesion.info[_INSTANTE] = actor, motivo, instante


def instante_de(sesion: Session) -> datetime:
    """El momento de la operación en curso, uno solo para todo lo que escribe."""
    return sesion.info[_INSTANTE]


def llave_de(objeto: Any) -> str:
    """El valor de su llave primaria."""
    (columna,) = type(objeto).__mapper__.primary_key
    return str(getattr(objeto, columna.key))


def foto(objeto: Any) -> dict[str, Any]:
    """Todas las columnas de un renglón como valores de JSON."""
    return {columna.key: como_json(getattr(objeto, columna.key)) for columna in type(objeto).__mapper__.column_attrs}


def como_json(valor: Any) -> Any:
    """Las fechas como texto ISO; lo demás, igual."""
    return valor.isoformat() if isinstance(valor, date) else valor


def _antes(objeto: Any) -> dict[str, Any]:
    """Cómo estaba lo que cambió: solo las columnas distintas."""
    previos = {}
    for columna in type(objeto).__mapper__.column_attrs:
        historia = get_history(objeto, columna.key)
        if historia.has_changes() and historia.deleted:
            previos[columna.key] = como_json(historia.deleted[0])
    return previos


def _accion(antes: Mapping[str, Any], despues: Mapping[str, Any]) -> str:
    if "retirado_en" in antes or (despues["retirado_en"] and antes.get("retirado_en", despues["retirado_en"]) is None):
        return RETIRO if despues["retirado_en"] else RECUPERACION
    return CAMBIO


def _anotar(sesion: Session, _contexto: UOWTransaction) -> None:
    renglones, nuevos = [], sesion.new  # cada consulta a ``new`` arma un conjunto: se pide una vez
    borradas = [o for o in sesion.deleted if isinstance(o, AUDITADAS)]
    if borradas:
        raise RuntimeError(f"«{borradas[0].__tablename__}» se retira con su razón; nunca se borra")
    for objeto in (*nuevos, *sesion.dirty):
        if not isinstance(objeto, AUDITADAS) or not (objeto in nuevos or sesion.is_modified(objeto)):
            continue
        actor: Actor = sesion.info[_ACTOR]
        despues, antes = foto(objeto), None if objeto in nuevos else _antes(objeto)
        renglones.append(
            {
                "cuando": sesion.info[_INSTANTE],
                "quien": actor.id,
                "nombre": actor.nombre,
                "rol": actor.rol.value,
                "accion": ALTA if antes is None else _accion(antes, despues),
                "objeto": objeto.__tablename__,
                "objeto_id": llave_de(objeto),
                "mesa": despues.get("mesa") or (despues["clave"] if objeto.__tablename__ == "mesa" else ""),
                "acuerdo": despues["id"] if objeto.__tablename__ == "acuerdo" else despues.get("acuerdo") or "",
                "antes": antes,
                "despues": despues,
                "motivo": sesion.info[_MOTIVO],
            }
        )
    if renglones:
        sesion.execute(insert(Bitacora), renglones)


def vigilar(fabrica: Any) -> None:
    """Engancha la bitácora a una clase o fábrica de sesiones."""
    event.listen(fabrica, "after_flush", _anotar)


def reconstruir(entradas: Iterable[Bitacora]) -> dict[str, dict[str, dict[str, Any]]]:
    """Tabla → llave → último estado, leyendo la bitácora en orden.

    Lanza ``ValueError`` si un renglón no continúa al anterior: el estado previo que declara no es el que dejó la entrada de
    antes, o un alta aparece dos veces.
    """
    estado: dict[str, dict[str, dict[str, Any]]] = {tabla: {} for tabla in TABLAS}
    for entrada in entradas:
        suyos = estado[entrada.objeto]
        previo = suyos.get(entrada.objeto_id)
        if (entrada.antes is None) != (previo is None):
            raise ValueError(f"bitácora {entrada.id}: alta repetida o cambio de algo que no nació")
        for campo, valor in (entrada.antes or {}).items():
            if previo is None or previo[campo] != valor:
                raise ValueError(f"bitácora {entrada.id}: {entrada.objeto}.{campo} no continúa la entrada anterior")
        suyos[entrada.objeto_id] = {**_OMISIONES[entrada.objeto], **entrada.despues}
    return estado
