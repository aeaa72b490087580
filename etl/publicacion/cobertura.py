"""Qué cubre lo municipal y en qué difiere de lo estatal: lo que falta se cuenta, nunca se supone cero."""

from __future__ import annotations

import duckdb

from datos.esquema import COLUMNAS_DE_MES, FECHA_DEL_MES, NUMERO_DE_MES, por_mes


def escribir_cobertura(con: duckdb.DuckDBPyConnection) -> None:
    """Crea ``_cobertura``: municipios y entidades con dato por delito y mes, y las dos sumas."""
    # Primero por entidad y año: así lo que se alarga a meses son miles de renglones y no millones.
    por_entidad = ", ".join(
        f"count({m}) FILTER (right(lugar, 3) < '998') AS municipios_{m}, sum({m}) AS {m}" for m in COLUMNAS_DE_MES
    )
    con.execute(
        "CREATE TABLE _cobertura AS WITH por_entidad AS ("
        f"SELECT metodologia, delito, anio, left(lugar, 2) AS entidad, {por_entidad} FROM _delitos_municipal "
        "WHERE NOT es_canasta GROUP BY ALL), municipal AS ("
        f"SELECT metodologia, delito, anio, {NUMERO_DE_MES}, {por_mes('municipios_{m}')} AS municipios, "
        f"{por_mes()} AS conteo FROM por_entidad), "
        f"estatal AS (SELECT delito, anio, {NUMERO_DE_MES}, {por_mes('sum({m})')} AS conteo "
        "FROM _delitos_estatal WHERE NOT es_canasta GROUP BY delito, anio) "
        f"SELECT m.metodologia, m.delito, {FECHA_DEL_MES} AS fecha, "
        "sum(m.municipios)::INTEGER AS municipios, count(*)::INTEGER AS entidades, sum(m.conteo)::BIGINT AS conteo, "
        "any_value(e.conteo)::BIGINT AS conteo_estatal FROM municipal AS m LEFT JOIN estatal AS e "
        "USING (delito, anio, mes) WHERE m.conteo IS NOT NULL GROUP BY m.metodologia, m.delito, anio, mes ORDER BY ALL"
    )


def escribir_diferencias(con: duckdb.DuckDBPyConnection) -> None:
    """Crea ``_diferencias_ambito``: dónde la suma municipal no da el total estatal, con dato en los dos archivos."""
    sumas = ", ".join(f"sum({m})::BIGINT AS {m}" for m in COLUMNAS_DE_MES)
    con.execute(
        "CREATE TABLE _diferencias_ambito AS SELECT " + FECHA_DEL_MES + " AS fecha, "
        "lpad(cve_ent::VARCHAR, 2, '0') AS cve_ent, categoria, estatal, municipal FROM ("
        f"SELECT e.anio, e.cve_ent, e.categoria, {NUMERO_DE_MES}, {por_mes('e.{m}')} AS estatal, "
        f"{por_mes('m.{m}')} AS municipal FROM _conteos_estatal AS e JOIN "
        f"(SELECT categoria, anio, cve_ent, {sumas} FROM _conteos_municipal GROUP BY ALL) AS m "
        "USING (categoria, anio, cve_ent)) WHERE estatal <> municipal ORDER BY ALL"
    )
