"""Las categorías de las dos metodologías, el puente entre ellas y los delitos del tablero."""

from __future__ import annotations

import pandas as pd

from datos.catalogos._archivos import leer

HOJA = ["metodologia", "bien_juridico", "tipo", "subtipo", "modalidad"]


def categorias() -> pd.DataFrame:
    """Las 98 y 114 categorías: metodologia, bien_juridico, tipo, subtipo, modalidad, con la ortografía de la fuente."""
    return leer("puente.csv")[HOJA].copy()


def puente() -> pd.DataFrame:
    """Un renglón por categoría y delito: metodologia, tipo, subtipo, modalidad, delito. Toda categoría suma a 'total'."""
    tabla = leer("puente.csv")
    largo = tabla.assign(delito=tabla["delitos"].str.split()).explode("delito", ignore_index=True)
    return largo[["metodologia", "tipo", "subtipo", "modalidad", "delito"]]


def comparables() -> pd.DataFrame:
    """El puente más fino: por categoría, el grupo ``comparable`` (vacío: sin equivalencia) y la nota que lo explica."""
    return leer("puente.csv")[["metodologia", "tipo", "subtipo", "modalidad", "comparable", "nota"]].copy()


def delitos() -> pd.DataFrame:
    """Los 23 delitos: delito, nombre, nombre_corto, definicion, comparable_2026 (bool), nota, orden."""
    tabla = leer("delitos.csv").copy()
    tabla["comparable_2026"] = tabla["comparable_2026"] == "si"
    tabla["orden"] = tabla["orden"].astype(int)
    return tabla.sort_values("orden", ignore_index=True)
