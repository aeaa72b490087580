"""Series mensuales de uno o varios lugares y delitos."""

from __future__ import annotations

from datetime import date

import pandas as pd

from datos.tablero import consultar

NACIONAL = "00"
_COLUMNAS = "lugar, delito, fecha, conteo, metodologia, provisional, entidades"


def nivel_de(lugar: str) -> str:
    """'nacional', 'estatal' o 'municipal', según la clave. Lanza ``ValueError`` si no es una clave."""
    if not lugar.isdigit() or len(lugar) not in (2, 5):
        raise ValueError(f"«{lugar}» no es la clave de un lugar: se espera 00, dos dígitos o cinco")
    if lugar == NACIONAL:
        return "nacional"
    return "estatal" if len(lugar) == 2 else "municipal"


def series(
    lugares: list[str], delitos: list[str], desde: date | None = None, hasta: date | None = None
) -> pd.DataFrame:
    """Columnas: lugar, delito, fecha, conteo (carpetas del mes), metodologia, provisional, poblacion, entidades.

    Los meses sin dato no tienen renglón. La población es la de ese año calendario, nula donde CONAPO no la publica. Lo
    nacional es la suma de las 32 entidades y solo existe en los meses en que reportan todas.
    """
    if not delitos:
        lugares = []
    por_nivel: dict[str, list[str]] = {"nacional": [], "estatal": [], "municipal": []}
    for lugar in lugares:
        por_nivel[nivel_de(lugar)].append(lugar)
    periodo = [desde or date(1900, 1, 1), hasta or date(2999, 12, 1)]
    partes = []
    if por_nivel["nacional"]:
        partes.append(
            consultar(
                "SELECT '00' AS lugar, delito, fecha, sum(conteo)::BIGINT AS conteo, max(metodologia) AS metodologia, "
                "bool_or(provisional) AS provisional, count(*) AS entidades FROM delitos_estatal "
                "WHERE delito IN (SELECT unnest(?::VARCHAR[])) AND fecha BETWEEN ? AND ? "
                "GROUP BY delito, fecha HAVING count(*) = 32",
                [delitos, *periodo],
            )
        )
    for nivel, tabla, columna in (
        ("estatal", "delitos_estatal", "cve_ent"),
        ("municipal", "delitos_municipal", "cve_mun"),
    ):
        if por_nivel[nivel]:
            partes.append(
                consultar(
                    f"SELECT {columna} AS lugar, delito, fecha, conteo::BIGINT AS conteo, metodologia, provisional, "
                    f"1 AS entidades FROM {tabla} WHERE {columna} IN ({_marcas(por_nivel[nivel])}) "
                    f"AND delito IN ({_marcas(delitos)}) AND fecha BETWEEN ? AND ?",
                    [*por_nivel[nivel], *delitos, *periodo],
                )
            )
    if not partes:
        return pd.DataFrame(columns=[*_COLUMNAS.split(", "), "poblacion"])
    largo = pd.concat(partes, ignore_index=True)
    largo["anio"] = largo["fecha"].dt.year
    largo = largo.merge(poblacion_de(lugares), on=["lugar", "anio"], how="left").drop(columns="anio")
    return largo.sort_values(["lugar", "delito", "fecha"], ignore_index=True)


def _marcas(valores: list[str]) -> str:
    """Un marcador por valor: así DuckDB salta los grupos de renglones que no hacen falta (con unnest no puede)."""
    return ", ".join("?" * len(valores))


def poblacion_de(lugares: list[str]) -> pd.DataFrame:
    """Columnas lugar, anio, poblacion (habitantes a mitad de año). Estados y país suman sus municipios."""
    return consultar(
        "WITH pedidos AS (SELECT unnest(?::VARCHAR[]) AS lugar) "
        "SELECT lugar, anio, sum(poblacion)::DOUBLE AS poblacion FROM pedidos JOIN poblacion "
        "ON lugar = '00' OR lugar = cve_mun OR (length(lugar) = 2 AND lugar = left(cve_mun, 2)) GROUP BY lugar, anio",
        [lugares],
    )
