"""Cortes, comprobaciones, revisiones, cobertura y tendencias de la publicación vigente."""

from __future__ import annotations

import pandas as pd

from datos.tablero import consultar, recordar


@recordar(maximo=4)
def cortes() -> pd.DataFrame:
    """Todos los cortes que conoce la instalación, con su huella; el vigente primero."""
    return consultar("SELECT * FROM cortes ORDER BY vigente DESC, corte DESC, ambito")


@recordar(maximo=4)
def reglas() -> pd.DataFrame:
    """Qué encontró cada comprobación: regla, nivel, casos, detalle; los avisos primero."""
    return consultar("SELECT * FROM calidad ORDER BY nivel = 'correcto', regla, detalle")


def revisiones(lugar: str | None = None, delito: str | None = None) -> pd.DataFrame:
    """Cifras reescritas entre cortes, de un lugar y un delito si se piden ('00' es todo el archivo estatal)."""
    return consultar(
        "SELECT * FROM revisiones WHERE (?::VARCHAR IS NULL OR delito = ?) AND (?::VARCHAR IS NULL OR ? = '00' "
        "OR cve_mun = ? OR (cve_mun IS NULL AND cve_ent = ?)) ORDER BY fecha DESC, cve_ent, delito",
        [delito, delito, lugar, lugar, lugar, lugar],
    )


@recordar(maximo=4)
def resumen_de_revisiones() -> pd.DataFrame:
    """Un renglón por par de cortes y ámbito: corte_anterior, corte_nuevo, ambito, cifras (cuántas cambiaron), de_anios_cerrados
    (cuántas eran de años anteriores al del corte anterior), neto (carpetas que se agregaron o quitaron, sin ``total``)."""
    return consultar(
        "SELECT corte_anterior, corte_nuevo, CASE WHEN cve_mun IS NULL THEN 'estatal' ELSE 'municipal' END AS ambito, "
        "count(*) AS cifras, count(*) FILTER (year(fecha) < year(corte_anterior)) AS de_anios_cerrados, "
        "coalesce(sum(coalesce(despues, 0) - coalesce(antes, 0)) FILTER (delito <> 'total'), 0)::BIGINT AS neto "
        "FROM revisiones GROUP BY ALL ORDER BY corte_nuevo DESC, ambito"
    )


@recordar(maximo=4)
def resumen_de_cobertura() -> pd.DataFrame:
    """Un renglón por metodología y delito: primer_mes y ultimo_mes con dato municipal, meses, y municipios (el máximo y el
    mínimo que reportan en un mes)."""
    return consultar(
        "SELECT metodologia, delito, min(fecha) AS primer_mes, max(fecha) AS ultimo_mes, count(*) AS meses, "
        "max(municipios) AS municipios_maximo, min(municipios) AS municipios_minimo FROM cobertura "
        "GROUP BY ALL ORDER BY metodologia, delito"
    )


@recordar(maximo=4)
def diferencias_por_anio() -> pd.DataFrame:
    """Suma municipal contra archivo estatal: anio, cve_ent, tipo, subtipo, celdas que difieren, estatal y municipal."""
    return consultar(
        "SELECT year(fecha)::INTEGER AS anio, cve_ent, tipo, subtipo, count(*) AS celdas, sum(estatal)::BIGINT AS estatal, "
        "sum(municipal)::BIGINT AS municipal FROM diferencias_ambito GROUP BY ALL "
        "ORDER BY abs(sum(municipal) - sum(estatal)) DESC, anio, cve_ent, tipo, subtipo"
    )


@recordar(maximo=4)
def cobertura() -> pd.DataFrame:
    """Municipios que reportan cada delito cada mes, y la suma municipal junto al archivo estatal."""
    return consultar("SELECT * FROM cobertura ORDER BY delito, fecha")


@recordar()
def tendencias(nivel: str, delito: str) -> pd.DataFrame:
    """Etiquetas de todos los lugares de un nivel para un delito, al último mes posible."""
    return consultar("SELECT * FROM tendencias WHERE nivel = ? AND delito = ? ORDER BY clave", [nivel, delito])


@recordar()
def tendencias_de(nivel: str, clave: str | None = None, delito: str | None = None) -> pd.DataFrame:
    """Las tendencias de un nivel, de un lugar o de un delito si se piden; columnas de la vista ``tendencias``."""
    return consultar(
        "SELECT * FROM tendencias WHERE nivel = ? AND (?::VARCHAR IS NULL OR clave = ?) "
        "AND (?::VARCHAR IS NULL OR delito = ?) ORDER BY clave, delito",
        [nivel, clave, clave, delito, delito],
    )
