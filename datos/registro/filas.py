"""Renglones del registro como JSON, de ida y vuelta: lo que usan el respaldo y la demostración."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, MetaData, Table, insert
from sqlalchemy.orm import Session

from datos.registro.actor import Actor
from datos.registro.auditoria import ALTA, como_json
from datos.registro.modelo import Base, Bitacora

POR_VEZ = 500


def de_json(tabla: Table, fila: Mapping[str, Any]) -> dict[str, Any]:
    """Los valores de una fila con los tipos de sus columnas. Lanza ``KeyError`` si trae una columna que no existe."""
    columnas = tabla.columns
    valores = {}
    for nombre, valor in fila.items():
        tipo = columnas[nombre].type.python_type
        if isinstance(valor, str) and tipo in (date, datetime):
            valor = tipo.fromisoformat(valor)
        valores[nombre] = valor
    return valores


def insertar(sesion: Session, modelo: type[Any], filas: Iterable[Mapping[str, Any]]) -> int:
    """Inserta muchas filas tal cual, sin pasar por la bitácora, y dice cuántas; quien llama la escribe o la trae."""
    return insertar_en(sesion, modelo.__table__, filas)  # por la tabla y no por el modelo, que pondría la versión en 1


def tabla_de_entonces(sesion: Session, nombre: str) -> Table:
    """La tabla con las columnas que la base tiene **ahora mismo**, que puede estar en una revisión anterior a la del modelo.

    Los tipos son los del modelo donde la columna sigue existiendo; no lleva valores por omisión: no se inserta lo que no venía.
    """
    hallada = Table(nombre, MetaData(), autoload_with=sesion.connection(), resolve_fks=False)
    de_hoy = Base.metadata.tables.get(nombre)
    return Table(
        nombre,
        MetaData(),
        *[
            Column(c.name, de_hoy.columns[c.name].type if de_hoy is not None and c.name in de_hoy.columns else c.type)
            for c in hallada.columns
        ],
    )


def insertar_en(sesion: Session, tabla: Table, filas: Iterable[Mapping[str, Any]]) -> int:
    """Inserta muchas filas en esa tabla y dice cuántas. Lanza ``KeyError`` si una trae una columna que la tabla no tiene."""
    pendientes, cuantas = [], 0
    for fila in filas:
        pendientes.append(de_json(tabla, fila))
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
