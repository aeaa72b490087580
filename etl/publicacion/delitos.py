"""De conteos por categoría a delitos comparables, sin convertir nunca lo que falta en cero.

Un delito se reporta en un lugar y año solo si están todos sus componentes. El componente es el subtipo cuando todas sus
modalidades van al mismo delito, y la categoría cuando el puente distingue la modalidad. Un mes se reporta si ningún
renglón presente lo trae vacío. Una suma negativa (corrección de la fuente) no se publica como conteo del delito.
"""

from __future__ import annotations

import duckdb
import pandas as pd

from datos.catalogos import puente
from datos.esquema import COLUMNAS_DE_MES
from etl.lectura.conteos import Categorias


def preparar_puente(con: duckdb.DuckDBPyConnection, categorias: Categorias) -> None:
    """Crea ``_categorias``, ``_puente`` y las tablas de componentes que usa ``insertar_delitos``."""
    columnas = ["id", "metodologia", "bien_juridico", "tipo", "subtipo", "modalidad"]
    catalogo = pd.DataFrame(categorias.renglones, columns=columnas)
    con.register("catalogo", catalogo)
    con.execute(
        "CREATE TABLE _categorias AS SELECT id::SMALLINT AS id, metodologia, bien_juridico, tipo, subtipo, modalidad "
        "FROM catalogo ORDER BY id"
    )
    con.unregister("catalogo")
    filas = puente().merge(catalogo, on=["metodologia", "tipo", "subtipo", "modalidad"], validate="many_to_one")
    ajenas = catalogo.loc[catalogo["id"] >= Categorias.PRIMERA_SIN_EQUIVALENCIA].assign(delito="total")
    filas = pd.concat([filas, ajenas], ignore_index=True)
    subtipo = ["metodologia", "tipo", "subtipo"]
    hojas_del_subtipo = catalogo.groupby(subtipo).size().rename("hojas_del_subtipo")
    hojas_del_delito = filas.groupby([*subtipo, "delito"]).size().rename("hojas_del_delito")
    filas = filas.merge(hojas_del_subtipo.reset_index(), on=subtipo).merge(
        hojas_del_delito.reset_index(), on=[*subtipo, "delito"]
    )
    entero = filas["hojas_del_subtipo"] == filas["hojas_del_delito"]
    # El componente es un número: el de la primera categoría del subtipo, o el de la categoría misma.
    primera = filas.groupby([*subtipo, "delito"])["id"].transform("min")
    filas["componente"] = primera.where(entero, filas["id"])
    con.register("filas", filas[["id", "metodologia", "delito", "componente"]])
    con.execute(
        "CREATE TABLE _puente AS SELECT id::SMALLINT AS categoria, delito FROM filas ORDER BY delito, categoria"
    )
    con.execute(
        "CREATE TEMP TABLE partes AS SELECT id::SMALLINT AS categoria, metodologia, delito, "
        "componente::SMALLINT AS componente FROM filas"
    )
    con.unregister("filas")
    con.execute(
        "CREATE TEMP TABLE requisitos AS SELECT metodologia, delito, count(*) AS hojas, "
        "count(DISTINCT componente) AS componentes FROM partes WHERE categoria < 9001 GROUP BY ALL"
    )


def insertar_delitos(
    con: duckdb.DuckDBPyConnection,
    origen: str,
    destino: str,
    *,
    lugar: str,
    ancho: int,
    desgloses: tuple[str, ...] = (),
) -> None:
    """Crea la vista temporal ``destino``(fecha, cve_mun, delito, conteo, metodologia, …desgloses) a partir de ``origen``.

    ``lugar`` es la columna del lugar en ``origen`` y ``ancho`` los dígitos de su clave. Los nombres son internos.
    """
    extra = "".join(f", {d}" for d in desgloses)
    sumas = ", ".join(f"sum({m})::INTEGER AS s_{m}, count({m}) AS n_{m}" for m in COLUMNAS_DE_MES)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE agrupado AS SELECT p.metodologia, p.delito, t.{lugar} AS lugar, t.anio{extra}, "
        f"count(*) AS presentes, {sumas} FROM {origen} AS t JOIN partes AS p USING (categoria) GROUP BY ALL "
        "ORDER BY delito, lugar, anio"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE incompletos AS "
        "SELECT p.delito, t.anio, lugar, count(DISTINCT p.componente) AS componentes "
        f"FROM (SELECT DISTINCT categoria, anio, {lugar} AS lugar FROM {origen}) AS t JOIN partes AS p USING (categoria) "
        "SEMI JOIN (SELECT g.delito, g.anio, g.lugar FROM agrupado AS g JOIN requisitos AS r USING (metodologia, delito) "
        "WHERE g.presentes < r.hojas) AS f ON f.delito = p.delito AND f.anio = t.anio AND f.lugar = t.lugar GROUP BY ALL"
    )
    valores = ", ".join(f"CASE WHEN n_{m} = presentes AND s_{m} >= 0 THEN s_{m} END" for m in COLUMNAS_DE_MES)
    con.execute(
        f"CREATE OR REPLACE TEMP VIEW {destino} AS SELECT make_date(anio::INTEGER, mes, 1) AS fecha, "
        f"lpad(lugar::VARCHAR, {ancho}, '0') AS cve_mun, delito, conteo, metodologia{extra} FROM ("
        f"SELECT g.metodologia, g.delito, g.lugar, g.anio{extra}, unnest([1,2,3,4,5,6,7,8,9,10,11,12]) AS mes, "
        f"unnest([{valores}]) AS conteo FROM agrupado AS g JOIN requisitos AS r USING (metodologia, delito) "
        "LEFT JOIN incompletos AS i ON i.delito = g.delito AND i.anio = g.anio AND i.lugar = g.lugar "
        "WHERE g.presentes >= r.hojas OR i.componentes >= r.componentes) WHERE conteo IS NOT NULL"
    )
