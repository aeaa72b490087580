"""Las cifras por categoría de cada producto: lo que se hereda de la versión anterior y lo que trae esta carga."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from datos.esquema import COLUMNAS_DE_MES
from etl.lectura.conteos import Lectura
from etl.publicacion.ambitos import Ambito

BASE = "base"  # con este nombre se adjunta la versión publicada de la que se hereda


def conteos_del_ambito(
    con: duckdb.DuckDBPyConnection, ambito: Ambito, vigentes: list[Lectura], hay_base: bool
) -> pa.Table:
    """Todo lo vigente de un producto, de las dos metodologías: las columnas de ``Lectura.tabla``."""
    suyas = [lectura for lectura in vigentes if lectura.ambito == ambito.nombre]
    tablas = [lectura.tabla.select(_columnas(ambito)) for lectura in suyas]
    if hay_base:
        heredada = con.sql(
            f"SELECT {', '.join(_columnas(ambito))} FROM {BASE}.{ambito.conteos} WHERE categoria NOT IN "
            f"(SELECT id FROM {BASE}._categorias WHERE metodologia IN (SELECT unnest(?::VARCHAR[])))",
            params=[[lectura.metodologia for lectura in suyas]],
        ).to_arrow_table()
        tablas.append(heredada)
    esquema = _esquema(ambito)
    return pa.concat_tables([t.cast(esquema) for t in tablas]) if tablas else esquema.empty_table()


def escribir_conteos(con: duckdb.DuckDBPyConnection, ambito: Ambito, tabla: pa.Table) -> None:
    """Crea la tabla por categoría, ancha como la fuente y ordenada por categoría, lugar y año."""
    con.register("tabla", tabla)
    con.execute(f"CREATE TABLE {ambito.conteos} AS SELECT * FROM tabla ORDER BY categoria, {ambito.lugar}, anio")
    con.unregister("tabla")


def _columnas(ambito: Ambito) -> list[str]:
    return ["categoria", "anio", "cve_ent", "cve_mun", *ambito.desgloses, *COLUMNAS_DE_MES]


def _esquema(ambito: Ambito) -> pa.Schema:
    tipos = {"categoria": pa.int16(), "anio": pa.int16(), "cve_ent": pa.int8(), "cve_mun": pa.int32()}
    tipos |= dict.fromkeys(ambito.desgloses, pa.string()) | dict.fromkeys(COLUMNAS_DE_MES, pa.int32())
    return pa.schema(list(tipos.items()))
