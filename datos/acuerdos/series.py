"""``acuerdos_series``: la vista que une un acuerdo con las series de sus municipios y delitos. La usan todas las páginas.

De ``COLUMNAS`` sale ``SERIES.md``; una prueba compara lo declarado con lo que da la consulta.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from datos.catalogos import PREFIJO_DE_CANASTA
from datos.esquema import Columna
from datos.tablero import consultar, recordar

ANTES, DESPUES = "antes", "después"
COLUMNAS = (
    Columna("mes", "DATE", "Primer día del mes en que se abrió la carpeta."),
    Columna("cve_mun", "VARCHAR", "Clave INEGI del municipio, cinco dígitos. Los seudomunicipios no entran."),
    Columna("delito", "VARCHAR", "Clave del delito, o 'canasta:<clave>' si se acordó sobre una canasta."),
    Columna("conteo", "INTEGER", "Carpetas de investigación. Cero es cero; lo no reportado no tiene renglón."),
    Columna("poblacion", "INTEGER", "Habitantes de ese año (CONAPO); nula donde no se publica."),
    Columna("metodologia", "VARCHAR", "'CNSP/38/15' hasta 2025, 'RNID' desde enero de 2026."),
    Columna("provisional", "BOOLEAN", "Si la fuente suele corregir todavía ese mes."),
    Columna("fase", "VARCHAR", "'antes' o 'después' del primer mes completo del efecto, más el rezago."),
    Columna(
        "meta",
        "DOUBLE",
        "Carpetas al mes que la meta admite para el acuerdo completo (todos sus municipios y delitos), repartidas por igual; "
        "solo 'después', y nula si no tiene meta o línea base.",
    ),
)
NOMBRES = tuple(c.nombre for c in COLUMNAS)


@recordar()
def serie(
    inicio_mes: date, municipios: Sequence[str], delitos: Sequence[str], meta_mensual: float | None = None
) -> pd.DataFrame:
    """La vista de un acuerdo por lo que lo define; columnas de ``COLUMNAS``, en orden de mes, municipio y delito.

    ``delitos`` son claves de serie: de delitos, o una sola 'canasta:<clave>'.
    """
    vista, columna, clave = "delitos_municipal", "delito", "delito"
    if delitos and delitos[0].startswith(PREFIJO_DE_CANASTA):  # un acuerdo es sobre delitos o sobre una sola canasta
        vista, columna, clave = "canastas_municipal", "canasta", f"'{PREFIJO_DE_CANASTA}' || canasta AS delito"
    claves = [d.removeprefix(PREFIJO_DE_CANASTA) for d in delitos]
    # un marcador por clave, y no una subconsulta: así DuckDB salta los bloques que no hacen falta (60 ms, no 3 s)
    en_lugares, en_claves = (", ".join("?" * len(valores)) or "NULL" for valores in (municipios, claves))
    return consultar(
        "SELECT d.fecha AS mes, d.cve_mun, d.delito, d.conteo, p.poblacion, d.metodologia, d.provisional, "
        f"CASE WHEN d.fecha < ?::DATE THEN '{ANTES}' ELSE '{DESPUES}' END AS fase, "
        "CASE WHEN d.fecha >= ?::DATE THEN ?::DOUBLE END AS meta "
        f"FROM (SELECT fecha, cve_mun, {clave}, conteo, metodologia, provisional FROM {vista} "
        f"WHERE cve_mun IN ({en_lugares}) AND {columna} IN ({en_claves})) AS d "
        "LEFT JOIN poblacion AS p ON p.cve_mun = d.cve_mun AND p.anio = year(d.fecha) "
        "WHERE right(d.cve_mun, 3)::INTEGER < 998 ORDER BY d.fecha, d.cve_mun, d.delito",
        [inicio_mes, inicio_mes, meta_mensual, *municipios, *claves],
    )


def documento() -> str:
    """``SERIES.md``, escrito a partir de la declaración."""
    lineas = [
        "# `acuerdos_series`: un acuerdo junto a sus carpetas",
        "",
        "Un renglón por mes, municipio y delito del acuerdo. `datos.acuerdos.acuerdos_series(folio, mesa)` la da como",
        "tabla de pandas; sale de las vistas `delitos_municipal` (o `canastas_municipal`) y `poblacion` de la base publicada",
        "y del registro. La fase y la meta describen; no dicen que el acuerdo causó el cambio. Este documento sale de",
        "`datos/acuerdos/series.py`: `python -m datos.acuerdos documento` lo vuelve a escribir.",
        "",
        "| columna | tipo | qué dice |",
        "|---|---|---|",
    ]
    lineas += [f"| `{c.nombre}` | {c.tipo} | {c.descripcion} |" for c in COLUMNAS]
    return "\n".join([*lineas, ""])
