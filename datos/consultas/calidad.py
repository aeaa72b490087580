"""Cortes, comprobaciones, revisiones, cobertura y tendencias de la publicación vigente."""

from __future__ import annotations

import pandas as pd

from datos.tablero import consultar


def cortes() -> pd.DataFrame:
    """Todos los cortes que conoce la instalación, con su huella; el vigente primero."""
    return consultar("SELECT * FROM cortes ORDER BY vigente DESC, corte DESC, ambito")


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


def cobertura() -> pd.DataFrame:
    """Municipios que reportan cada delito cada mes, y la suma municipal junto al archivo estatal."""
    return consultar("SELECT * FROM cobertura ORDER BY delito, fecha")


def tendencias(nivel: str, delito: str) -> pd.DataFrame:
    """Etiquetas de todos los lugares de un nivel para un delito, al último mes posible."""
    return consultar("SELECT * FROM tendencias WHERE nivel = ? AND delito = ? ORDER BY clave", [nivel, delito])


def tendencias_de(nivel: str, clave: str | None = None, delito: str | None = None) -> pd.DataFrame:
    """Las tendencias de un nivel, de un lugar o de un delito si se piden; columnas de la vista ``tendencias``."""
    return consultar(
        "SELECT * FROM tendencias WHERE nivel = ? AND (?::VARCHAR IS NULL OR clave = ?) "
        "AND (?::VARCHAR IS NULL OR delito = ?) ORDER BY clave, delito",
        [nivel, clave, clave, delito, delito],
    )
