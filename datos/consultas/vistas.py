"""Las vistas públicas completas o de un solo delito, para quien se lleva los datos."""

from __future__ import annotations

import pandas as pd

from datos.esquema import VISTAS, vista
from datos.tablero import consultar, recordar

MAXIMO_DE_RENGLONES = 1_000_000  # cabe en una hoja de cálculo


class DemasiadosRenglones(Exception):
    """Lo pedido no cabe en un archivo que se pueda abrir; el mensaje dice qué hacer."""


def nombres_de_vistas() -> dict[str, str]:
    """Vista → qué contiene."""
    return {v.nombre: v.descripcion for v in VISTAS}


def tiene_delito(nombre: str) -> bool:
    """Si la vista se puede pedir de un solo delito."""
    return any(c.nombre == "delito" for c in vista(nombre).columnas)


@recordar(maximo=64)
def contar(nombre: str, delito: str | None = None) -> int:
    """Renglones de la vista, de un delito si se pide."""
    donde, valores = _filtro(nombre, delito)
    return int(consultar(f"SELECT count(*) AS n FROM {vista(nombre).nombre}{donde}", valores)["n"].iloc[0])


def leer(nombre: str, delito: str | None = None, maximo: int | None = None) -> pd.DataFrame:
    """La vista, de un delito si se pide; con ``maximo``, sus primeros renglones.

    Lanza ``DemasiadosRenglones`` si pasa de un millón y no se pidió un máximo, y ``KeyError`` si la vista no existe.
    """
    donde, valores = _filtro(nombre, delito)
    if maximo is not None:
        return consultar(f"SELECT * FROM {vista(nombre).nombre}{donde} LIMIT ?", [*valores, maximo])
    cuantos = contar(nombre, delito)
    if cuantos > MAXIMO_DE_RENGLONES:
        raise DemasiadosRenglones(
            f"«{nombre}» tiene {cuantos:,} renglones y un archivo abre hasta {MAXIMO_DE_RENGLONES:,}. Pida un solo delito, o "
            "abra la base completa con DuckDB (docs/operacion.md)."
        )
    return consultar(f"SELECT * FROM {vista(nombre).nombre}{donde}", valores)


def _filtro(nombre: str, delito: str | None) -> tuple[str, list[object]]:
    return (" WHERE delito = ?", [delito]) if delito is not None and tiene_delito(nombre) else ("", [])
