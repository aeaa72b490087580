"""Qué cambió entre cortes del mismo producto: cada cifra reescrita y cuánto movió los totales nacionales."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import duckdb

from datos.catalogos import CANASTA_PRINCIPAL, canastas
from datos.esquema import COLUMNAS_DE_MES, DELITOS, FECHA_DEL_MES, NUMERO_DE_MES, por_mes
from etl.lectura.conteos import Lectura
from etl.publicacion.ambitos import AMBITOS, Ambito
from etl.publicacion.conteos import BASE
from etl.publicacion.cortes import provisional_desde
from etl.publicacion.delitos import delitos_de
from etl.publicacion.puente import Puente


@dataclass(frozen=True)
class _Corte:
    """Un corte de un producto: de la base publicada (``lectura`` es ``None``) o de esta carga."""

    fecha: date
    sha256: str
    lectura: Lectura | None


def delitos_principales() -> list[str]:
    """Los delitos cuyos totales nacionales se vigilan: los de la canasta ciudadana."""
    tabla = canastas()
    enteros = tabla[(tabla["canasta"] == CANASTA_PRINCIPAL) & (tabla["violencia"] == "")]
    return [delito for delito in enteros["delito"] if delito in DELITOS]


def escribir_revisiones(
    con: duckdb.DuckDBPyConnection, puente: Puente, vigentes: list[Lectura], anteriores: list[Lectura], hay_base: bool
) -> None:
    """Crea ``_revisiones`` (de carpetas) y ``_movimientos`` (totales nacionales por año), con lo heredado de la base."""
    con.execute(
        "CREATE TABLE _revisiones(corte_anterior DATE, corte_nuevo DATE, fecha DATE, cve_ent VARCHAR, cve_mun VARCHAR, "
        "delito VARCHAR, antes INTEGER, despues INTEGER)"
    )
    con.execute(
        "CREATE TABLE _movimientos(metodologia VARCHAR, ambito VARCHAR, corte_anterior DATE, corte_nuevo DATE, "
        "delito VARCHAR, anio INTEGER, antes BIGINT, despues BIGINT)"
    )
    if hay_base:
        con.execute(f"INSERT INTO _revisiones SELECT * FROM {BASE}._revisiones")
        # Los movimientos son los que llevaron al corte vigente: se olvidan cuando otro lo reemplaza.
        con.execute(
            f"INSERT INTO _movimientos SELECT m.* FROM {BASE}._movimientos AS m JOIN {BASE}._cortes AS antes "
            "USING (metodologia, ambito) JOIN _cortes AS ahora USING (metodologia, ambito, sha256) "
            "WHERE antes.vigente AND ahora.vigente"
        )
    for ambito in AMBITOS:
        for metodologia in sorted({v.metodologia for v in vigentes + anteriores if v.ambito == ambito.nombre}):
            lecturas = [v for v in vigentes + anteriores if v.producto == (metodologia, ambito.nombre)]
            _comparar_producto(con, puente, ambito, metodologia, lecturas, hay_base)


def _comparar_producto(
    con: duckdb.DuckDBPyConnection,
    puente: Puente,
    ambito: Ambito,
    metodologia: str,
    lecturas: list[Lectura],
    hay_base: bool,
) -> None:
    conocidos: set[str] = set()
    cortes = [_Corte(lectura.corte, lectura.recibido.sha256, lectura) for lectura in lecturas]
    if hay_base:
        de_la_base = con.execute(
            f"SELECT corte, sha256, vigente FROM {BASE}._cortes WHERE metodologia = ? AND ambito = ?",
            [metodologia, ambito.nombre],
        ).fetchall()
        conocidos = {sha256 for _, sha256, _ in de_la_base}
        publicados = {sha256: _Corte(corte, sha256, None) for corte, sha256, vigente in de_la_base if vigente}
        cortes = [c for c in cortes if c.sha256 not in publicados] + list(publicados.values())
    cortes.sort(key=lambda c: (c.fecha, c.lectura is not None, c.sha256))
    preparado = None
    for anterior, nuevo in pairwise(cortes):
        if {anterior.sha256, nuevo.sha256} <= conocidos:
            continue  # esa comparación ya se heredó
        if preparado is anterior:
            con.execute("CREATE OR REPLACE TEMP TABLE anterior AS FROM nuevo")
        else:
            _preparar(con, "anterior", puente, ambito, metodologia, anterior)
        _preparar(con, "nuevo", puente, ambito, metodologia, nuevo)
        preparado = nuevo
        if ambito.de_carpetas:
            _agregar_revisiones(con, anterior.fecha, nuevo.fecha)
        _agregar_movimientos(con, ambito, metodologia, anterior.fecha, nuevo.fecha)


def _preparar(
    con: duckdb.DuckDBPyConnection, nombre: str, puente: Puente, ambito: Ambito, metodologia: str, corte: _Corte
) -> None:
    """Tabla temporal con los delitos del corte: delito, lugar, anio y meses (las víctimas, sumadas)."""
    sumas = ", ".join(f"sum({m})::INTEGER AS {m}" for m in COLUMNAS_DE_MES)
    origen = f"{BASE}.{ambito.delitos}"
    if corte.lectura is not None:
        con.register("origen", delitos_de(corte.lectura.tabla, puente, ambito))
        origen = "origen"
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {nombre} AS SELECT delito, lugar, anio, {sumas} FROM {origen} "
        "WHERE metodologia = ? AND NOT es_canasta GROUP BY delito, lugar, anio",
        [metodologia],
    )
    if corte.lectura is not None:
        con.unregister("origen")


def _agregar_revisiones(con: duckdb.DuckDBPyConnection, anterior: date, nuevo: date) -> None:
    distintos = " OR ".join(f"a.{m} IS DISTINCT FROM n.{m}" for m in COLUMNAS_DE_MES)
    con.execute(
        f"INSERT INTO _revisiones SELECT ?, ?, {FECHA_DEL_MES} AS fecha, left(lugar, 2), "
        "CASE WHEN length(lugar) = 5 THEN lugar END, delito, antes, despues FROM ("
        f"SELECT delito, lugar, anio, {NUMERO_DE_MES}, {por_mes('a.{m}')} AS antes, {por_mes('n.{m}')} AS despues "
        f"FROM anterior AS a FULL JOIN nuevo AS n USING (delito, lugar, anio) WHERE {distintos}) "
        "WHERE fecha <= ? AND antes IS DISTINCT FROM despues ORDER BY ALL",
        [anterior, nuevo, anterior],
    )


def _agregar_movimientos(
    con: duckdb.DuckDBPyConnection, ambito: Ambito, metodologia: str, anterior: date, nuevo: date
) -> None:
    """Total nacional por delito principal y año, antes y después, en los meses que el corte anterior daba por cerrados."""
    nacional = (
        f"SELECT delito, anio, {NUMERO_DE_MES}, {por_mes('sum({m})')} AS conteo FROM {{tabla}} "
        "WHERE delito IN (SELECT unnest($principales::VARCHAR[])) GROUP BY delito, anio"
    )
    con.execute(
        "INSERT INTO _movimientos SELECT $metodologia, $ambito, $anterior, $nuevo, a.delito, a.anio, "
        "sum(a.conteo)::BIGINT, coalesce(sum(n.conteo), 0)::BIGINT "
        f"FROM ({nacional.format(tabla='anterior')}) AS a LEFT JOIN ({nacional.format(tabla='nuevo')}) AS n "
        f"USING (delito, anio, mes) WHERE a.conteo IS NOT NULL AND {FECHA_DEL_MES} < $cerrado GROUP BY a.delito, a.anio "
        "ORDER BY ALL",
        {
            "principales": delitos_principales(),
            "metodologia": metodologia,
            "ambito": ambito.nombre,
            "anterior": anterior,
            "nuevo": nuevo,
            "cerrado": provisional_desde(metodologia, anterior, anterior) or date.max,
        },
    )
