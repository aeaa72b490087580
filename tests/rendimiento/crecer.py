"""Un almacén con varias veces los datos: las mismas series repetidas bajo delitos ficticios, y acuerdos en proporción."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb

from datos.almacen import Almacen, publicacion_vigente
from datos.plantilla.columnas import EJEMPLO
from datos.registro import importacion, lectura
from datos.registro.actor import SISTEMA, actor_de_la_orden
from datos.registro.apertura import registro_de
from datos.registro.folios import romano
from datos.registro.modelo import Mesa

HOY = date(2026, 11, 24)
# Cada tabla y la columna por la que se multiplica; de las demás hay lo mismo aunque crezca la historia.
DE_SERIES = ("_delitos_municipal", "_delitos_estatal", "_tendencias", "_alertas", "_cobertura")
DE_CATEGORIAS = ("_conteos_municipal", "_conteos_estatal")
ACUERDOS = 100
DELITOS = ("homicidio_doloso", "robo_vehiculo", "extorsion", "robo_negocio", "violencia_familiar", "fraude")
TEXTO = "Reforzar los recorridos a pie en los corredores con más reportes y revisar el resultado cada mes."


def multiplicado(origen: Path, destino: Path, veces: int) -> Path:
    """Copia el almacén y deja en él ``veces`` los renglones publicados y ``100 × veces`` acuerdos. Devuelve la carpeta."""
    shutil.copytree(origen, destino, ignore=shutil.ignore_patterns("crudo", "registro", "trabajos"))
    almacen = Almacen(destino)
    publicacion = publicacion_vigente(almacen)
    assert publicacion is not None
    with duckdb.connect(str(publicacion.ruta)) as con:
        for tabla in DE_SERIES:
            _repetir(con, tabla, veces, "delito", "'ficticio_' || n || '_' || delito")
        for tabla in DE_CATEGORIAS:
            _repetir(con, tabla, veces, "categoria", "categoria + 1000 * n")
        # Los delitos ficticios no avisan nada: ninguna página los nombra, solo estorban.
        con.execute("UPDATE _alertas SET alerta = '' WHERE delito LIKE 'ficticio_%'")
    cuerpo = publicacion.ruta.read_bytes()
    for ficha in (almacen.puntero, publicacion.ruta.with_suffix(".json")):
        dicho = json.loads(ficha.read_text(encoding="utf-8"))
        dicho |= {"sha256": hashlib.sha256(cuerpo).hexdigest(), "bytes": len(cuerpo)}
        ficha.write_text(json.dumps(dicho), encoding="utf-8")
    _acordar(almacen, ACUERDOS * veces)
    return destino


def _repetir(con: duckdb.DuckDBPyConnection, tabla: str, veces: int, columna: str, otra: str) -> None:
    columnas = [c for (c,) in con.execute(f"SELECT column_name FROM (DESCRIBE {tabla})").fetchall()]
    con.execute(f"CREATE TEMP TABLE original AS SELECT * FROM {tabla}")
    for n in range(1, veces):
        nuevas = ", ".join(f"({otra})::{_tipo(con, tabla, c)}" if c == columna else c for c in columnas)
        con.execute(f"INSERT INTO {tabla} SELECT {nuevas} FROM (SELECT *, {n} AS n FROM original)")
    con.execute("DROP TABLE original")


def _tipo(con: duckdb.DuckDBPyConnection, tabla: str, columna: str) -> str:
    return con.execute(
        "SELECT data_type FROM duckdb_columns() WHERE table_name = ? AND column_name = ?", [tabla, columna]
    ).fetchall()[0][0]


def _acordar(almacen: Almacen, cuantos: int) -> None:
    registro, quien = registro_de(almacen), actor_de_la_orden("quien mide")
    mesas = [m for m in lectura.mesas(registro, SISTEMA) if m.municipios]
    plan = importacion.planear(registro, quien, renglones_de_prueba(mesas, cuantos))
    importacion.importar(registro, quien, plan, HOY)


def renglones_de_prueba(mesas: Sequence[Mesa], cuantos: int) -> list[dict[str, str]]:
    """Acuerdos buenos repartidos entre las Mesas, de siete años y seis delitos, en la forma de la plantilla."""
    renglones = []
    for n in range(cuantos):
        mesa, vuelta = mesas[n % len(mesas)], n // len(mesas)
        anio = 2019 + vuelta % 7
        renglones.append(
            {
                **EJEMPLO,
                "folio": f"{1 + vuelta // 7 % 90:02d}/{romano(1 + vuelta % 7)}/{anio}",
                "mesa_clave": mesa.clave,
                "mesa": mesa.nombre,
                "municipios": mesa.municipios[0],
                "texto": f"{TEXTO} (número {n})",
                "fecha": f"{anio}-02-10",
                "delitos": DELITOS[n % len(DELITOS)],
                "inicio_efecto": f"{anio}-03-01",
                "linea_base_periodo": f"{anio - 1}-01 a {anio - 1}-12",
                "plazo": f"{anio + 1}-06-30",
                "cumplimiento": str(1 + n % 5),
            }
        )
    return renglones
