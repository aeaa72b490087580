"""Construir una versión de la base a partir de las lecturas vigentes y de lo que se hereda de la versión anterior."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from datos.catalogos import municipios
from datos.esquema import huella_del_esquema, sentencias_de_vistas
from etl.lectura.categorias import Categorias
from etl.lectura.conteos import Lectura
from etl.publicacion.ambitos import AMBITOS, Ambito
from etl.publicacion.calidad import Hallazgo, escribir_calidad
from etl.publicacion.cobertura import escribir_cobertura, escribir_diferencias
from etl.publicacion.conteos import BASE, conteos_del_ambito, escribir_conteos
from etl.publicacion.cortes import escribir_cortes
from etl.publicacion.delitos import delitos_de, escribir_delitos
from etl.publicacion.derivadas import calcular_derivadas, escribir_derivadas
from etl.publicacion.poblacion import escribir_poblacion, poblacion_heredada
from etl.publicacion.puente import Puente
from etl.publicacion.revisiones import escribir_revisiones
from etl.publicacion.tendencias import habitantes_por_lugar
from etl.publicacion.ventana import fijar_ventana


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
        conteos = {ambito: conteos_del_ambito(con, ambito, plan.vigentes, hay_base) for ambito in AMBITOS}
        # El detalle por categoría es lo que más tarda en escribirse y nadie lo espera; la estadística no usa la base: cada
        # uno va en otro hilo.
        with ThreadPoolExecutor(3) as aparte:
            detalle = aparte.submit(_escribir_detalle, con.cursor(), conteos)
            puente = Puente(plan.categorias)
            poblacion = poblacion_heredada(con, hay_base) if plan.poblacion is None else plan.poblacion
            referencias = aparte.submit(_escribir_referencias, con.cursor(), plan, puente, poblacion)
            delitos = {ambito.nombre: delitos_de(tabla, puente, ambito) for ambito, tabla in conteos.items()}
            referencias.result()
            derivadas = aparte.submit(calcular_derivadas, delitos, habitantes_por_lugar(con))
            for ambito in AMBITOS:
                escribir_delitos(con, delitos[ambito.nombre], ambito)
            escribir_cobertura(con)
            escribir_revisiones(con, puente, plan.vigentes, plan.anteriores, hay_base)
            escribir_derivadas(con, derivadas.result())
            detalle.result()
        con.begin()  # una sola confirmación: cada una espera al disco
        escribir_diferencias(con)
        fijar_ventana(con)
        hallazgos = escribir_calidad(con, plan.vigentes, plan.hallazgos, hay_base)
        for sentencia in sentencias_de_vistas():
            con.execute(sentencia)
        con.commit()
        if hay_base:
            con.execute(f"DETACH {BASE}")
        con.execute("CHECKPOINT")
        return hallazgos
    finally:
        con.close()


def _escribir_detalle(con: duckdb.DuckDBPyConnection, conteos: dict[Ambito, pa.Table]) -> None:
    for ambito, tabla in conteos.items():
        escribir_conteos(con, ambito, tabla)


def adjuntar(con: duckdb.DuckDBPyConnection, base: Path) -> None:
    """Deja la versión publicada a la mano, de solo lectura, con el nombre ``base``."""
    ruta = str(base).replace("'", "''")
    con.execute(f"ATTACH '{ruta}' AS {BASE} (READ_ONLY)")


def _escribir_referencias(con: duckdb.DuckDBPyConnection, plan: Plan, puente: Puente, poblacion: pd.DataFrame) -> None:
    """Las tablas chicas, en una sola confirmación: catálogos, población, cortes, datos de la publicación y extras."""
    con.begin()
    puente.escribir(con)
    escribir_poblacion(con, poblacion)
    escribir_cortes(con, plan.vigentes, plan.anteriores, plan.cargado_en, plan.base is not None)
    datos = {
        "version": plan.version,
        "esquema": huella_del_esquema(),
        "demostracion": "si" if plan.demostracion else "no",
        "fuente_poblacion": str(poblacion["fuente"].iloc[0]),
    }
    tablas = {
        "_municipios": municipios()[["cve_mun", "nombre", "cve_ent", "entidad", "lat", "lon"]],
        "_publicacion": pd.DataFrame(list(datos.items()), columns=["clave", "valor"]),
        **plan.extras,
    }
    for nombre, tabla in tablas.items():
        con.register("tabla", tabla)
        con.execute(f'CREATE TABLE "{nombre}" AS SELECT * FROM tabla')
        con.unregister("tabla")
    con.commit()
