"""Series mensuales de uno o varios lugares y delitos."""

from __future__ import annotations

from datetime import date

import pandas as pd

from datos.consultas.claves import PREFIJO_DE_CANASTA
from datos.tablero import consultar, recordar

NACIONAL = "00"
_COLUMNAS = "lugar, delito, fecha, conteo, metodologia, provisional, entidades"


def nivel_de(lugar: str) -> str:
    """'nacional', 'estatal' o 'municipal', según la clave. Lanza ``ValueError`` si no es una clave."""
    if not lugar.isdigit() or len(lugar) not in (2, 5):
        raise ValueError(f"«{lugar}» no es la clave de un lugar: se espera 00, dos dígitos o cinco")
    if lugar == NACIONAL:
        return "nacional"
    return "estatal" if len(lugar) == 2 else "municipal"


@recordar(maximo=512)
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
    for nivel, pedidos in por_nivel.items():
        for propios in _por_tabla(delitos) if pedidos else []:
            partes.append(consultar(*_consulta(nivel, pedidos, propios, periodo)))
    if not partes:
        return pd.DataFrame(columns=[*_COLUMNAS.split(", "), "poblacion"])
    largo = pd.concat(partes, ignore_index=True)
    largo["anio"] = largo["fecha"].dt.year
    largo = largo.merge(poblacion_de(lugares), on=["lugar", "anio"], how="left").drop(columns="anio")
    return largo.sort_values(["lugar", "delito", "fecha"], ignore_index=True)


def origen(nivel: str, clave: str) -> tuple[str, str, str, str]:
    """De dónde sale un delito o una canasta en un nivel: vista, columna del lugar, condición y el valor que la liga."""
    ambito, columna = ("municipal", "cve_mun") if nivel == "municipal" else ("estatal", "cve_ent")
    if clave.startswith(PREFIJO_DE_CANASTA):
        return f"canastas_{ambito}", columna, "canasta = ?", clave.removeprefix(PREFIJO_DE_CANASTA)
    return f"delitos_{ambito}", columna, "delito = ?", clave


def _por_tabla(claves: list[str]) -> list[list[str]]:
    """Los delitos por un lado y las canastas por otro: viven en vistas distintas."""
    canastas = [c for c in claves if c.startswith(PREFIJO_DE_CANASTA)]
    return [grupo for grupo in ([c for c in claves if c not in canastas], canastas) if grupo]


def _consulta(nivel: str, lugares: list[str], claves: list[str], periodo: list[date]) -> tuple[str, list[object]]:
    vista, columna, condicion, _ = origen(nivel, claves[0])
    campo = condicion.split()[0]
    valores = [origen(nivel, c)[3] for c in claves]
    prefijo = PREFIJO_DE_CANASTA if campo == "canasta" else ""
    clave = f"'{prefijo}' || {campo}" if prefijo else campo
    donde = f"FROM {vista} WHERE {campo} IN ({_marcas(valores)}) AND fecha BETWEEN ? AND ?"
    if nivel == "nacional":
        return (
            f"SELECT '00' AS lugar, {clave} AS delito, fecha, sum(conteo)::BIGINT AS conteo, "
            "max(metodologia) AS metodologia, bool_or(provisional) AS provisional, count(*) AS entidades "
            f"{donde} GROUP BY ALL HAVING count(*) = 32",
            [*valores, *periodo],
        )
    return (
        f"SELECT {columna} AS lugar, {clave} AS delito, fecha, conteo::BIGINT AS conteo, metodologia, provisional, "
        f"1 AS entidades {donde} AND {columna} IN ({_marcas(lugares)})",
        [*valores, *periodo, *lugares],
    )


def _marcas(valores: list[str]) -> str:
    """Un marcador por valor: así DuckDB salta los grupos de renglones que no hacen falta (con unnest no puede)."""
    return ", ".join("?" * len(valores))


@recordar()
def poblacion_de(lugares: list[str]) -> pd.DataFrame:
    """Columnas lugar, anio, poblacion (habitantes a mitad de año). Estados y país suman sus municipios."""
    return consultar(
        "WITH pedidos AS (SELECT unnest(?::VARCHAR[]) AS lugar) "
        "SELECT lugar, anio, sum(poblacion)::DOUBLE AS poblacion FROM pedidos JOIN poblacion "
        "ON lugar = '00' OR lugar = cve_mun OR (length(lugar) = 2 AND lugar = left(cve_mun, 2)) GROUP BY lugar, anio",
        [lugares],
    )
