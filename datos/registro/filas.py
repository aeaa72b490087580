"""Renglones del registro como JSON, de ida y vuelta: lo que usan el respaldo y la demostración."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from datos.registro.actor import Actor
from datos.registro.auditoria import ALTA, como_json
from datos.registro.modelo import Bitacora

POR_VEZ = 500


def de_json(modelo: type[Any], fila: Mapping[str, Any]) -> dict[str, Any]:
    """Los valores de una fila con los tipos de sus columnas. Lanza ``KeyError`` si trae una columna que no existe."""
    columnas = modelo.__mapper__.columns
    valores = {}
    for nombre, valor in fila.items():
        tipo = columnas[nombre].type.python_type
        if isinstance(valor, str) and tipo in (date, datetime):
            valor = tipo.fromisoformat(valor)
        valores[nombre] = valor
    return valores


def insertar(sesion: Session, modelo: type[Any], filas: Iterable[Mapping[str, Any]]) -> int:
    """Inserta muchas filas tal cual, sin pasar por la bitácora, y dice cuántas; quien llama la escribe o la trae."""
    tabla = modelo.__table__  # por la tabla y no por el modelo, que pondría la versión en 1
    pendientes, cuantas = [], 0
    for fila in filas:
        pendientes.append(de_json(modelo, fila))
        if len(pendientes) == POR_VEZ:
            sesion.execute(insert(tabla), pendientes)
            cuantas += len(pendientes)
            pendientes = []
    if pendientes:
        sesion.execute(insert(tabla), pendientes)
    return cuantas + len(pendientes)


def completa(modelo: type[Any], fila: Mapping[str, Any], creado_en: datetime) -> dict[str, Any]:
    """La fila con todas sus columnas: lo que no diga toma su valor por omisión, o nulo."""
    valores: dict[str, Any] = {"version": 1, "creado_en": creado_en.isoformat()}
    for columna in modelo.__mapper__.columns:
        if columna.key not in fila and columna.key not in valores:
            omision = columna.default
            valores[columna.key] = (
                None if omision is None else [] if omision.is_callable else omision.arg  # la única función es «list»
            )
    return {**valores, **fila}


def altas(
    sesion: Session, modelo: type[Any], filas: Iterable[Mapping[str, Any]], actor: Actor, motivo: str, cuando: datetime
) -> None:
    """Escribe en la bitácora el alta de cada fila ya insertada."""
    (llave,) = (c.key for c in modelo.__mapper__.primary_key)
    entradas = [
        {
            "cuando": cuando,
            "quien": actor.id,
            "nombre": actor.nombre,
            "rol": actor.rol.value,
            "accion": ALTA,
            "objeto": modelo.__tablename__,
            "objeto_id": str(fila[llave]),
            "mesa": fila.get("mesa") or (fila["clave"] if modelo.__tablename__ == "mesa" else ""),
            "acuerdo": fila["id"] if modelo.__tablename__ == "acuerdo" else fila.get("acuerdo") or "",
            "antes": None,
            "despues": {c: como_json(v) for c, v in fila.items()},
            "motivo": motivo,
        }
        for fila in filas
    ]
    for inicio in range(0, len(entradas), POR_VEZ):
        sesion.execute(insert(Bitacora), entradas[inicio : inicio + POR_VEZ])
