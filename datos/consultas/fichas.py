"""Lo propio de la ficha de un lugar: su población, los que se le parecen en tamaño, sus víctimas y sus revisiones."""

from __future__ import annotations

import pandas as pd

from datos.consultas.series import nivel_de
from datos.tablero import consultar, recordar

PARES = 6


@recordar()
def poblacion(lugar: str, anio: int) -> float | None:
    """Habitantes a mitad de año; ``None`` donde CONAPO no la publica."""
    condicion, valores = {
        "nacional": ("true", []),
        "estatal": ("left(cve_mun, 2) = ?", [lugar]),
        "municipal": ("cve_mun = ?", [lugar]),
    }[nivel_de(lugar)]
    total = consultar(
        f"SELECT sum(poblacion)::DOUBLE AS n FROM poblacion WHERE anio = ? AND {condicion}", [anio, *valores]
    )
    return None if pd.isna(total["n"].iloc[0]) else float(total["n"].iloc[0])


@recordar()
def fuente_de_poblacion() -> str:
    """De qué edición es la población publicada."""
    return str(consultar("SELECT valor FROM publicacion WHERE clave = 'fuente_poblacion'")["valor"].iloc[0])


@recordar()
def pares(lugar: str, anio: int, cuantos: int = PARES) -> pd.DataFrame:
    """Los lugares del mismo nivel más parecidos en habitantes: lugar, poblacion; el propio primero. Vacía para el país."""
    nivel = nivel_de(lugar)
    if nivel == "nacional":
        return pd.DataFrame(columns=["lugar", "poblacion"])
    columna = "cve_mun" if nivel == "municipal" else "left(cve_mun, 2)"
    return consultar(
        f"WITH todos AS (SELECT {columna} AS lugar, sum(poblacion)::DOUBLE AS poblacion FROM poblacion WHERE anio = ? "
        "GROUP BY lugar), propio AS (SELECT poblacion FROM todos WHERE lugar = ?) "
        "SELECT t.lugar, t.poblacion FROM todos AS t, propio AS p ORDER BY t.lugar <> ?, "
        "abs(ln(t.poblacion) - ln(p.poblacion)), t.lugar LIMIT ?",
        [anio, lugar, lugar, cuantos + 1],
    )


@recordar()
def victimas(lugar: str, delito: str, desglose: str = "sexo") -> pd.DataFrame:
    """Víctimas por mes y grupo de un estado o del país: fecha, grupo, conteo, metodologia. Vacía para municipios.

    ``desglose``: 'sexo' o 'edad'. Lanza ``KeyError`` si es otro.
    """
    columna = {"sexo": "sexo", "edad": "edad"}[desglose]
    if nivel_de(lugar) == "municipal":
        return pd.DataFrame(columns=["fecha", "grupo", "conteo", "metodologia"])
    return consultar(
        f"SELECT fecha, {columna} AS grupo, sum(conteo)::BIGINT AS conteo, any_value(metodologia) AS metodologia "
        "FROM victimas_estatal WHERE delito = ? AND (? = '00' OR cve_ent = ?) GROUP BY fecha, grupo ORDER BY fecha, grupo",
        [delito, lugar, lugar],
    )


@recordar()
def mayores_revisiones(lugar: str, cuantas: int = 8) -> pd.DataFrame:
    """Las revisiones más grandes de las cifras de un lugar: corte_anterior, corte_nuevo, fecha, delito, antes, despues.

    Las del país y de un estado salen del archivo estatal; en las del país se suman los 32. No incluye ``total``.
    """
    nivel = nivel_de(lugar)
    if nivel == "municipal":
        donde, valores = "cve_mun = ?", [lugar]
    elif nivel == "estatal":
        donde, valores = "cve_mun IS NULL AND cve_ent = ?", [lugar]
    else:
        donde, valores = "cve_mun IS NULL", []
    return consultar(
        "SELECT corte_anterior, corte_nuevo, fecha, delito, sum(antes)::BIGINT AS antes, sum(despues)::BIGINT AS despues "
        f"FROM revisiones WHERE {donde} AND delito <> 'total' GROUP BY ALL HAVING sum(antes) IS DISTINCT FROM sum(despues) "
        "ORDER BY abs(coalesce(sum(despues), 0) - coalesce(sum(antes), 0)) DESC, fecha DESC, delito LIMIT ?",
        [*valores, cuantas],
    )
