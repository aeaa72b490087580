"""Las cifras por categoría de cada producto: lo que se hereda de la versión anterior y lo que trae esta carga."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import duckdb
import numpy as np
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
    return (
        _por_categoria(pa.concat_tables([t.cast(esquema) for t in tablas]), ambito) if tablas else esquema.empty_table()
    )


def _por_categoria(tabla: pa.Table, ambito: Ambito) -> pa.Table:
    """La tabla por categoría, lugar y año: el orden en que se guarda y en que se suma a delitos.

    El archivo oficial trae cada lugar y año con todas sus categorías: basta trasponer, sin ordenar millones de renglones.
    """
    categoria, lugar, anio = (tabla[c].to_numpy() for c in ("categoria", ambito.lugar, "anio"))
    categorias = _categorias_por_grupo(categoria, lugar, anio)
    if categorias:
        with ThreadPoolExecutor(os.cpu_count()) as hilos:  # NumPy suelta el intérprete al copiar
            columnas = hilos.map(lambda columna: _columna_traspuesta(columna, categorias), tabla.columns)
            return pa.table(dict(zip(tabla.column_names, columnas, strict=True)))
    return tabla.take(pa.array(np.lexsort((anio, lugar, categoria))))


def _categorias_por_grupo(categoria: np.ndarray, lugar: np.ndarray, anio: np.ndarray) -> int:
    """Cuántas categorías trae cada lugar y año si todos traen las mismas, seguidas y en orden; 0 si no es así."""
    categorias = int(np.argmax(categoria[1:] <= categoria[:-1])) + 1 if len(categoria) > 1 else 1
    if len(categoria) % categorias:
        return 0
    por_grupo = [columna.reshape(-1, categorias) for columna in (categoria, lugar, anio)]
    grupo = por_grupo[1][:, 0].astype(np.int64) * (int(anio.max(initial=0)) + 1) + por_grupo[2][:, 0]
    iguales = (por_grupo[0] == por_grupo[0][:1]).all() and all((p == p[:, :1]).all() for p in por_grupo[1:])
    return categorias if iguales and (grupo[1:] >= grupo[:-1]).all() else 0


def _trasponer(valores: np.ndarray, categorias: int) -> np.ndarray:
    return valores.reshape(-1, categorias).T.ravel()


def _columna_traspuesta(columna: pa.ChunkedArray, categorias: int) -> pa.Array:
    if pa.types.is_string(columna.type):
        columna = columna.dictionary_encode()
        juntas = columna.unify_dictionaries().combine_chunks()
        indices = _columna_traspuesta(pa.chunked_array([juntas.indices]), categorias)
        return pa.DictionaryArray.from_arrays(indices, juntas.dictionary)
    if not columna.null_count:
        return pa.array(_trasponer(columna.to_numpy(), categorias))
    vacios = _trasponer(columna.is_null().to_numpy(), categorias)
    return pa.array(_trasponer(columna.fill_null(0).to_numpy(), categorias), columna.type, mask=vacios)


def escribir_conteos(con: duckdb.DuckDBPyConnection, ambito: Ambito, tabla: pa.Table) -> None:
    """Crea la tabla por categoría, ancha como la fuente y en el orden de ``tabla``."""
    con.register("tabla", tabla)
    con.execute(f"CREATE TABLE {ambito.conteos} AS SELECT * FROM tabla")
    con.unregister("tabla")


def _columnas(ambito: Ambito) -> list[str]:
    return ["categoria", "anio", "cve_ent", "cve_mun", *ambito.desgloses, *COLUMNAS_DE_MES]


def _esquema(ambito: Ambito) -> pa.Schema:
    tipos = {"categoria": pa.int16(), "anio": pa.int16(), "cve_ent": pa.int8(), "cve_mun": pa.int32()}
    tipos |= dict.fromkeys(ambito.desgloses, pa.string()) | dict.fromkeys(COLUMNAS_DE_MES, pa.int32())
    return pa.schema(list(tipos.items()))
