"""Lo que se calcula al publicar y las páginas solo leen: tendencias y alertas de cada lugar y clave."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import pandas as pd
import pyarrow as pa

from datos.catalogos import series
from etl.publicacion import alertas, tendencias
from etl.publicacion.paneles import paneles

_ORDEN = "nivel, delito, clave"


@dataclass(frozen=True)
class Derivadas:
    """Las partes por nivel y clave de cada tabla, con las columnas de su vista."""

    tendencias: list[pd.DataFrame]
    alertas: list[pd.DataFrame]


def calcular_derivadas(delitos: dict[str, pa.Table], habitantes: pd.DataFrame) -> Derivadas:
    """Tendencias y alertas de todo nivel, lugar y clave (delito o canasta) con serie. No toca la base.

    ``delitos`` son las tablas de ``delitos_de`` por ámbito; se usan la estatal y la municipal. ``habitantes``, lugares × años.
    """
    comparables = set(series().query("comparable_2026")["delito"])
    hechas = Derivadas([], [])
    for nivel, delito, panel in paneles(delitos):
        cruza = delito in comparables
        tendencia = tendencias.tendencia(panel, habitantes, cruza=cruza)
        if tendencia is not None:
            hechas.tendencias.append(tendencia.assign(nivel=nivel, delito=delito))
        rangos = alertas.rangos_del_mes(panel, cruza=cruza)
        if rangos is not None:
            hechas.alertas.append(rangos.assign(nivel=nivel, delito=delito))
    return hechas


def escribir_derivadas(con: duckdb.DuckDBPyConnection, hechas: Derivadas) -> None:
    """Crea ``_tendencias`` y ``_alertas``."""
    _escribir(con, tendencias.TABLA, tendencias.COLUMNAS, hechas.tendencias)
    _escribir(con, alertas.TABLA, alertas.COLUMNAS, hechas.alertas)


def _escribir(
    con: duckdb.DuckDBPyConnection, nombre: str, columnas: dict[str, str], partes: list[pd.DataFrame]
) -> None:
    con.execute(f"CREATE TABLE {nombre}({', '.join(f'{c} {tipo}' for c, tipo in columnas.items())})")
    if partes:
        con.register("tabla", pd.concat(partes, ignore_index=True))
        con.execute(f"INSERT INTO {nombre} BY NAME SELECT {', '.join(columnas)} FROM tabla ORDER BY {_ORDEN}")
        con.unregister("tabla")
