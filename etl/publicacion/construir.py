"""Construir una versión de la base a partir de las lecturas vigentes y de lo que se hereda de la versión anterior."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from datos.catalogos import municipios
from datos.esquema import COLUMNAS_DE_MES, DELITOS, MESES_PROVISIONALES, sentencias_de_vistas
from etl.lectura.conteos import Categorias, Lectura
from etl.publicacion.delitos import insertar_delitos, preparar_puente
from etl.publicacion.tendencias import calcular
from etl.publicacion.ventana import fijar_ventana, primer_provisional

_M = ", ".join(COLUMNAS_DE_MES)
LUGAR = {"estatal": ("cve_ent", 2), "municipal": ("cve_mun", 5), "victimas_estatal": ("cve_ent", 2)}
LUGAR["victimas_municipal"] = ("cve_mun", 5)
DESGLOSES = {
    "estatal": (),
    "municipal": (),
    "victimas_estatal": ("sexo", "edad"),
    "victimas_municipal": ("sexo", "edad"),
}
TABLA_DELITOS = {
    "estatal": "_delitos_estatal",
    "municipal": "_delitos_municipal",
    "victimas_estatal": "_victimas_estatal",
    "victimas_municipal": "_victimas_municipal",
}


@dataclass
class Plan:
    """Qué se va a publicar: cortes vigentes nuevos, cortes anteriores por comparar y la base de la que se hereda."""

    vigentes: list[Lectura]
    anteriores: list[Lectura]
    categorias: Categorias
    poblacion: pd.DataFrame
    cargado_en: datetime
    version: str
    demostracion: bool
    base: Path | None = None
    avisos: list[tuple[str, str, int, str]] = field(default_factory=list)
    extras: dict[str, pa.Table] = field(default_factory=dict)


def construir(plan: Plan, destino: Path) -> None:
    """Escribe la base completa en ``destino``, que no debe existir."""
    con = duckdb.connect(str(destino))
    try:
        con.execute("SET preserve_insertion_order = false")
        if plan.base is not None:
            con.execute(f"ATTACH '{str(plan.base).replace(chr(39), chr(39) * 2)}' AS base (READ_ONLY)")
        preparar_puente(con, plan.categorias)
        _referencias(con, plan)
        _cortes(con, plan)
        _tablas_de_conteos(con, plan)
        _delitos(con, plan)
        _revisiones(con, plan)
        _comparar_ambitos(con)
        for sentencia in ("_tendencias", "_calidad", "_cobertura"):
            con.execute(f"DROP TABLE IF EXISTS {sentencia}")
        con.execute(_COBERTURA)
        _calidad(con, plan)
        con.execute("CREATE TABLE _publicacion(clave VARCHAR, valor VARCHAR)")
        _datos_de_publicacion(con, plan)
        for nombre, tabla in plan.extras.items():
            con.register("extra", tabla)
            con.execute(f'CREATE TABLE "{nombre}" AS SELECT * FROM extra')
            con.unregister("extra")
        con.execute(_TENDENCIAS_VACIA)
        for sentencia in sentencias_de_vistas():
            con.execute(sentencia)
        fijar_ventana(con)
        tabla = calcular(con)
        if len(tabla):
            con.register("tabla", tabla)
            con.execute(
                "INSERT INTO _tendencias BY NAME SELECT nivel, clave, delito, metodologia, cierre::DATE AS cierre, "
                "conteo, conteo_previo, razon, ic_bajo, ic_alto, valor_q, racha, etiqueta, motivo FROM tabla "
                "ORDER BY nivel, delito, clave"
            )
            con.unregister("tabla")
        if plan.base is not None:
            con.execute("DETACH base")
        con.execute("CHECKPOINT")
    finally:
        con.close()


_TENDENCIAS_VACIA = (
    "CREATE TABLE _tendencias(nivel VARCHAR, clave VARCHAR, delito VARCHAR, metodologia VARCHAR, cierre DATE, "
    "conteo INTEGER, conteo_previo INTEGER, razon DOUBLE, ic_bajo DOUBLE, ic_alto DOUBLE, valor_q DOUBLE, "
    "racha INTEGER, etiqueta VARCHAR, motivo VARCHAR)"
)
_COBERTURA = (
    "CREATE TABLE _cobertura AS SELECT m.metodologia::VARCHAR AS metodologia, m.delito::VARCHAR AS delito, m.fecha, "
    "(count(*) FILTER (right(m.cve_mun::VARCHAR, 3) < '998'))::INTEGER AS municipios, "
    "count(DISTINCT left(m.cve_mun::VARCHAR, 2))::INTEGER AS entidades, sum(m.conteo)::BIGINT AS conteo, "
    "any_value(e.conteo)::BIGINT AS conteo_estatal FROM _delitos_municipal AS m LEFT JOIN "
    "(SELECT delito::VARCHAR AS delito, fecha, sum(conteo) AS conteo FROM _delitos_estatal GROUP BY ALL) AS e "
    "ON e.delito = m.delito::VARCHAR AND e.fecha = m.fecha GROUP BY m.metodologia, m.delito, m.fecha ORDER BY ALL"
)


def _referencias(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    catalogo = municipios()[["cve_mun", "nombre", "cve_ent", "entidad", "lat", "lon"]]
    con.register("catalogo", catalogo)
    con.execute("CREATE TABLE _municipios AS SELECT * FROM catalogo ORDER BY cve_mun")
    con.unregister("catalogo")
    con.register("habitantes", plan.poblacion)
    con.execute(
        "CREATE TABLE _poblacion AS SELECT anio::INTEGER AS anio, cve_mun, poblacion::INTEGER AS poblacion, fuente "
        "FROM habitantes ORDER BY cve_mun, anio"
    )
    con.unregister("habitantes")


def _provisional_desde(metodologia: str, corte: date, corte_del_conjunto: date) -> date | None:
    """Primer mes provisional de un corte; ``None`` si ya no lo es ninguno.

    Una metodología cerrada (su corte llegó a su último mes) deja de ser provisional con el tiempo del conjunto.
    """
    return primer_provisional(metodologia, corte, corte_del_conjunto, MESES_PROVISIONALES)


def _cortes(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    con.execute(
        "CREATE TABLE _cortes(id INTEGER, metodologia VARCHAR, ambito VARCHAR, archivo VARCHAR, sha256 VARCHAR, "
        "bytes BIGINT, renglones BIGINT, corte DATE, cargado_en TIMESTAMP, vigente BOOLEAN, provisional_desde DATE)"
    )
    nuevos = {(*lectura.producto,) for lectura in plan.vigentes}
    filas: list[list[object]] = []
    if plan.base is not None:
        for fila in con.execute(
            "SELECT metodologia, ambito, archivo, sha256, bytes, renglones, corte, cargado_en, vigente FROM base._cortes"
        ).fetchall():
            filas.append([*fila[:8], fila[8] and (fila[0], fila[1]) not in nuevos])
    conocidos = {(fila[0], fila[1], fila[3]) for fila in filas}
    for vigente, lecturas in ((False, plan.anteriores), (True, plan.vigentes)):
        for lectura in lecturas:
            recibido = lectura.recibido
            if (*lectura.producto, recibido.sha256) in conocidos:
                filas = [f for f in filas if (f[0], f[1], f[3]) != (*lectura.producto, recibido.sha256)]
            filas.append(
                [
                    *lectura.producto,
                    recibido.nombre,
                    recibido.sha256,
                    recibido.bytes,
                    lectura.renglones,
                    lectura.corte,
                    plan.cargado_en,
                    vigente,
                ]
            )
    filas.sort(key=lambda f: (f[0], f[1], f[6], f[3]))
    ultimo = max((f[6] for f in filas if f[8]), default=date(1900, 1, 1))
    for numero, fila in enumerate(filas, 1):
        provisional = _provisional_desde(str(fila[0]), fila[6], ultimo)  # type: ignore[arg-type]
        con.execute("INSERT INTO _cortes VALUES (?,?,?,?,?,?,?,?,?,?,?)", [numero, *fila, provisional])


def _tablas_de_conteos(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    for ambito in TABLA_DELITOS:
        desgloses = "".join(f", {d} VARCHAR" for d in DESGLOSES[ambito])
        con.execute(
            f"CREATE TABLE _conteos_{ambito}(categoria SMALLINT, anio SMALLINT, cve_ent TINYINT, cve_mun INTEGER"
            f"{desgloses}, {', '.join(f'{m} INTEGER' for m in COLUMNAS_DE_MES)})"
        )
        columnas = f"categoria, anio, cve_ent, cve_mun{''.join(f', {d}' for d in DESGLOSES[ambito])}, {_M}"
        reemplazadas = [lectura.metodologia for lectura in plan.vigentes if lectura.ambito == ambito]
        if plan.base is not None:
            con.execute(
                f"INSERT INTO _conteos_{ambito} SELECT {columnas} FROM base._conteos_{ambito} AS t "
                "WHERE categoria NOT IN (SELECT id FROM base._categorias WHERE metodologia IN "
                "(SELECT unnest(?::VARCHAR[]))) ORDER BY categoria, cve_ent, cve_mun, anio",
                [reemplazadas],
            )
        for lectura in plan.vigentes:
            if lectura.ambito == ambito:
                con.register("lectura", lectura.tabla)
                con.execute(
                    f"INSERT INTO _conteos_{ambito} SELECT {columnas} FROM lectura ORDER BY categoria, cve_mun, anio"
                )
                con.unregister("lectura")


def _delitos(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    con.execute(f"CREATE TYPE _clave_delito AS ENUM ({', '.join(repr(d) for d in DELITOS)})")
    con.execute("CREATE TYPE _clave_metodologia AS ENUM ('CNSP/38/15', 'RNID')")
    con.execute(
        "CREATE TYPE _clave_lugar AS ENUM (SELECT clave FROM (SELECT DISTINCT lpad(cve_mun::VARCHAR, 5, '0') AS clave "
        "FROM _conteos_municipal UNION SELECT DISTINCT lpad(cve_mun::VARCHAR, 5, '0') FROM _conteos_victimas_municipal "
        "UNION SELECT lpad(range::VARCHAR, 2, '0') FROM range(1, 33)) ORDER BY clave)"
    )
    for ambito, tabla in TABLA_DELITOS.items():
        lugar, ancho = LUGAR[ambito]
        desgloses = DESGLOSES[ambito]
        insertar_delitos(con, f"_conteos_{ambito}", "largo", lugar=lugar, ancho=ancho, desgloses=desgloses)
        extra = "".join(f", {d}" for d in desgloses)
        con.execute("SET preserve_insertion_order = true")  # los grupos ya vienen por delito, lugar y año
        con.execute(
            f"CREATE TABLE {tabla} AS SELECT l.fecha, l.cve_mun::_clave_lugar AS cve_mun, "
            "l.delito::_clave_delito AS delito, l.conteo, l.metodologia::_clave_metodologia AS metodologia, "
            f"coalesce(l.fecha >= c.provisional_desde, false) AS provisional{extra} FROM largo AS l LEFT JOIN "
            f"(SELECT metodologia, provisional_desde FROM _cortes WHERE vigente AND ambito = '{ambito}') AS c "
            "USING (metodologia)"
        )


def _revisiones(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Cifras que cambiaron entre cortes consecutivos del mismo producto de carpetas."""
    con.execute(
        "CREATE TABLE _revisiones(corte_anterior DATE, corte_nuevo DATE, fecha DATE, cve_ent VARCHAR, cve_mun VARCHAR, "
        "delito VARCHAR, antes INTEGER, despues INTEGER)"
    )
    if plan.base is not None:
        con.execute("INSERT INTO _revisiones SELECT * FROM base._revisiones")
    por_producto: dict[tuple[str, str], list[Lectura]] = {}
    for lectura in [*plan.anteriores, *plan.vigentes]:
        if lectura.ambito in ("estatal", "municipal"):
            por_producto.setdefault(lectura.producto, []).append(lectura)
    for (metodologia, ambito), lecturas in por_producto.items():
        lugar, ancho = LUGAR[ambito]
        lecturas.sort(key=lambda lec: lec.corte)
        previo: date | None = None
        if plan.base is not None:
            hallado = con.execute(
                "SELECT corte FROM base._cortes WHERE vigente AND metodologia = ? AND ambito = ?", [metodologia, ambito]
            ).fetchone()
            if hallado is not None and hallado[0] <= lecturas[0].corte:
                previo = hallado[0]
                con.execute(
                    f"CREATE OR REPLACE TEMP TABLE viejo AS SELECT fecha, cve_mun::VARCHAR AS cve_mun, "
                    f"delito::VARCHAR AS delito, conteo FROM base.{TABLA_DELITOS[ambito]} "
                    "WHERE metodologia::VARCHAR = ?",
                    [metodologia],
                )
        for lectura in lecturas:
            if len(lecturas) == 1 and previo is None:
                break
            con.register("lectura", lectura.tabla)
            insertar_delitos(con, "lectura", "nuevo", lugar=lugar, ancho=ancho)
            con.unregister("lectura")
            if previo is not None:
                con.execute(
                    "INSERT INTO _revisiones SELECT ?, ?, fecha, left(cve_mun, 2), "
                    "CASE WHEN length(cve_mun) = 5 THEN cve_mun END, delito, v.conteo, n.conteo "
                    "FROM viejo AS v FULL JOIN nuevo AS n USING (fecha, cve_mun, delito) "
                    "WHERE fecha <= ? AND v.conteo IS DISTINCT FROM n.conteo ORDER BY ALL",
                    [previo, lectura.corte, previo],
                )
            con.execute("CREATE OR REPLACE TEMP TABLE viejo AS SELECT fecha, cve_mun, delito, conteo FROM nuevo")
            previo = lectura.corte


def _comparar_ambitos(con: duckdb.DuckDBPyConnection) -> None:
    """Suma municipal contra archivo estatal, por entidad, mes y categoría, donde los dos traen dato."""
    sumas = ", ".join(f"sum({m})::BIGINT AS {m}" for m in COLUMNAS_DE_MES)
    con.execute(
        "CREATE TABLE _diferencias_ambito AS SELECT make_date(anio::INTEGER, mes, 1) AS fecha, "
        "lpad(cve_ent::VARCHAR, 2, '0') AS cve_ent, categoria, estatal, municipal FROM ("
        f"SELECT e.anio, e.cve_ent, e.categoria, unnest([1,2,3,4,5,6,7,8,9,10,11,12]) AS mes, "
        f"unnest([{', '.join(f'e.{m}' for m in COLUMNAS_DE_MES)}]) AS estatal, "
        f"unnest([{', '.join(f'm.{m}' for m in COLUMNAS_DE_MES)}]) AS municipal FROM _conteos_estatal AS e JOIN "
        f"(SELECT categoria, anio, cve_ent, {sumas} FROM _conteos_municipal GROUP BY ALL) AS m "
        "USING (categoria, anio, cve_ent)) WHERE estatal <> municipal ORDER BY ALL"
    )


def _calidad(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    con.execute("CREATE TABLE _calidad(regla VARCHAR, nivel VARCHAR, casos BIGINT, detalle VARCHAR)")
    filas = list(plan.avisos)
    for lectura in plan.vigentes:
        quien = f"{lectura.recibido.nombre} ({lectura.metodologia}, {lectura.ambito})"
        filas.append(
            (
                "archivo_completo",
                "correcto",
                lectura.renglones,
                f"{quien}: {lectura.renglones:,} renglones sin claves repetidas y con categorías del catálogo",
            )
        )
        filas += [("aviso_del_archivo", "aviso", 1, f"{quien}: {aviso}") for aviso in lectura.avisos]
        if lectura.negativos:
            filas.append(("correcciones_negativas", "aviso", lectura.negativos, f"{quien}: celdas de −1 de la fuente"))
    casos, entidades, neta = con.execute(
        "SELECT count(*), count(DISTINCT cve_ent), coalesce(sum(municipal - estatal), 0) FROM _diferencias_ambito"
    ).fetchone()  # type: ignore[misc]
    comparables = con.execute("SELECT count(*) FROM _conteos_municipal").fetchone()[0]  # type: ignore[index]
    if comparables:
        filas.append(
            (
                "estatal_igual_a_suma_municipal",
                "aviso" if casos else "correcto",
                casos,
                f"{casos:,} celdas de entidad, mes y categoría difieren en {entidades} entidades (diferencia neta "
                f"{neta:,} carpetas); el detalle está en la vista diferencias_ambito"
                if casos
                else "Donde hay dato en los dos archivos, la suma municipal da el total estatal en cada entidad, mes y categoría",
            )
        )
    revisadas = con.execute("SELECT count(*) FROM _revisiones").fetchone()[0]  # type: ignore[index]
    if revisadas:
        filas.append(
            ("revisiones", "aviso", revisadas, "Cifras que la fuente reescribió entre cortes; vista revisiones")
        )
    if filas:
        con.executemany("INSERT INTO _calidad VALUES (?, ?, ?, ?)", [list(f) for f in filas])


def _datos_de_publicacion(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    datos = {
        "version": plan.version,
        "demostracion": "si" if plan.demostracion else "no",
        "fuente_poblacion": str(plan.poblacion["fuente"].iloc[0]),
    }
    con.executemany("INSERT INTO _publicacion VALUES (?, ?)", [[c, v] for c, v in datos.items()])
