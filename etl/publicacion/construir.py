"""Construir una versión de la base a partir de las lecturas vigentes y de lo que se hereda de la versión anterior."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from datos.catalogos import municipios
from datos.esquema import VERSION_DEL_ESQUEMA, sentencias_de_vistas
from etl.lectura.categorias import Categorias
from etl.lectura.conteos import Lectura
from etl.publicacion.ambitos import AMBITOS
from etl.publicacion.calidad import Hallazgo, escribir_calidad
from etl.publicacion.cobertura import escribir_cobertura, escribir_diferencias
from etl.publicacion.conteos import BASE, conteos_del_ambito, escribir_conteos
from etl.publicacion.cortes import escribir_cortes
from etl.publicacion.delitos import delitos_de, escribir_delitos
from etl.publicacion.poblacion import escribir_poblacion, poblacion_heredada
from etl.publicacion.puente import Puente
from etl.publicacion.revisiones import escribir_revisiones
from etl.publicacion.tendencias import escribir_tendencias


@dataclass
class Plan:
    """Qué se va a publicar: cortes vigentes nuevos, cortes anteriores por comparar y la base de la que se hereda."""

    vigentes: list[Lectura]
    anteriores: list[Lectura]
    categorias: Categorias
    poblacion: pd.DataFrame | None
    cargado_en: datetime
    version: str
    demostracion: bool
    base: Path | None = None
    hallazgos: list[Hallazgo] = field(default_factory=list)
    extras: dict[str, pa.Table] = field(default_factory=dict)


def construir(plan: Plan, destino: Path) -> list[Hallazgo]:
    """Escribe la base completa en ``destino``, que no debe existir, y devuelve lo que encontraron las comprobaciones."""
    con = duckdb.connect(str(destino))
    try:
        hay_base = plan.base is not None
        if plan.base is not None:
            adjuntar(con, plan.base)
        puente = Puente(plan.categorias)
        puente.escribir(con)
        _escribir_municipios(con)
        poblacion = poblacion_heredada(con, hay_base) if plan.poblacion is None else plan.poblacion
        escribir_poblacion(con, poblacion)
        escribir_cortes(con, plan.vigentes, plan.anteriores, plan.cargado_en, hay_base)
        for ambito in AMBITOS:
            conteos = conteos_del_ambito(con, ambito, plan.vigentes, hay_base)
            escribir_conteos(con, ambito, conteos)
            escribir_delitos(con, delitos_de(conteos, puente, ambito), ambito)
        escribir_revisiones(con, puente, plan.vigentes, plan.anteriores, hay_base)
        escribir_cobertura(con)
        escribir_diferencias(con)
        escribir_tendencias(con)
        _escribir_publicacion(con, plan, str(poblacion["fuente"].iloc[0]))
        for nombre, tabla in plan.extras.items():
            con.register("extra", tabla)
            con.execute(f'CREATE TABLE "{nombre}" AS SELECT * FROM extra')
            con.unregister("extra")
        hallazgos = escribir_calidad(con, plan.vigentes, plan.hallazgos, hay_base)
        for sentencia in sentencias_de_vistas():
            con.execute(sentencia)
        if hay_base:
            con.execute(f"DETACH {BASE}")
        con.execute("CHECKPOINT")
        return hallazgos
    finally:
        con.close()


def adjuntar(con: duckdb.DuckDBPyConnection, base: Path) -> None:
    """Deja la versión publicada a la mano, de solo lectura, con el nombre ``base``."""
    ruta = str(base).replace("'", "''")
    con.execute(f"ATTACH '{ruta}' AS {BASE} (READ_ONLY)")


def _escribir_municipios(con: duckdb.DuckDBPyConnection) -> None:
    con.register("catalogo", municipios()[["cve_mun", "nombre", "cve_ent", "entidad", "lat", "lon"]])
    con.execute("CREATE TABLE _municipios AS SELECT * FROM catalogo ORDER BY cve_mun")
    con.unregister("catalogo")


def _escribir_publicacion(con: duckdb.DuckDBPyConnection, plan: Plan, fuente_de_poblacion: str) -> None:
    datos = {
        "version": plan.version,
        "esquema": str(VERSION_DEL_ESQUEMA),
        "demostracion": "si" if plan.demostracion else "no",
        "fuente_poblacion": fuente_de_poblacion,
    }
    con.execute("CREATE TABLE _publicacion(clave VARCHAR, valor VARCHAR)")
    con.executemany("INSERT INTO _publicacion VALUES (?, ?)", [[c, v] for c, v in datos.items()])
