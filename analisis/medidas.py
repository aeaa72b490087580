"""Las maneras de mirar una serie mensual: carpetas, promedio diario, tasa y ventanas de doce meses.

Ninguna inventa lo que falta: un mes sin dato es NaN y una ventana de doce meses con alguno sin dato, también.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

MESES = 12
POR_HABITANTES = 100_000


@dataclass(frozen=True)
class Medida:
    """Cómo se llama una medida, en qué unidad está y con cuántos decimales se escribe."""

    nombre: str
    unidad: str
    decimales: int


MEDIDAS = {
    "conteo": Medida("Carpetas por mes", "carpetas por mes", 0),
    "diario": Medida("Promedio diario", "carpetas por día", 1),
    "tasa": Medida("Tasa mensual anualizada", "carpetas por 100 mil habitantes, anualizada", 1),
    "suma12": Medida("Suma de 12 meses", "carpetas en 12 meses", 0),
    "tasa12": Medida("Tasa de 12 meses", "carpetas por 100 mil habitantes en 12 meses", 1),
}
DE_DOCE_MESES = ("suma12", "tasa12")
CON_POBLACION = ("tasa", "tasa12")


def medir(series: pd.DataFrame, medida: str, no_comparables: Collection[str] = ()) -> pd.DataFrame:
    """La serie con todos sus meses y la columna ``valor`` en la medida pedida.

    ``series``: lugar, delito, fecha (primer día del mes), conteo (carpetas del mes), poblacion (habitantes), metodologia y
    provisional; los meses sin dato no traen renglón. Devuelve lugar, delito, fecha, conteo, poblacion, metodologia,
    provisional y valor, con un renglón por mes entre el primero y el último de cada serie: ``conteo`` y ``valor`` son NaN
    donde falta dato, población o algún mes de la ventana. Una ventana de 12 meses que junta dos metodologías es NaN para
    los delitos de ``no_comparables``; es provisional si lo es alguno de sus meses. Lanza ``KeyError`` si la medida no
    existe.
    """
    MEDIDAS[medida]
    partes = [_una(propia, medida, clave[1] in no_comparables) for clave, propia in series.groupby(["lugar", "delito"])]
    return pd.concat(partes, ignore_index=True) if partes else series.assign(valor=pd.Series(dtype="float64"))


def _una(propia: pd.DataFrame, medida: str, no_comparable: bool) -> pd.DataFrame:
    propia = propia.set_index("fecha").sort_index()
    meses = pd.date_range(propia.index[0], propia.index[-1], freq="MS", name="fecha")
    completa = propia.reindex(meses)
    for columna in ("lugar", "delito"):
        completa[columna] = propia[columna].iloc[0]
    completa["provisional"] = completa["provisional"].eq(True)
    completa["valor"] = _valores(completa, medida, no_comparable)
    if medida in DE_DOCE_MESES:
        completa["provisional"] = completa["provisional"].rolling(MESES, min_periods=1).max().astype(bool)
    return completa.reset_index()


def _valores(completa: pd.DataFrame, medida: str, no_comparable: bool) -> pd.Series:
    conteo = completa["conteo"].astype("float64")
    if medida == "conteo":
        return conteo
    if medida == "diario":
        return conteo / completa.index.days_in_month
    poblacion = completa["poblacion"].astype("float64")
    if medida == "tasa":
        return POR_HABITANTES * MESES * conteo / poblacion
    suma = conteo.rolling(MESES, min_periods=MESES).sum()
    if no_comparable:
        suma = suma.where(_una_metodologia(completa["metodologia"]))
    if medida == "suma12":
        return suma
    return POR_HABITANTES * MESES * suma / poblacion.rolling(MESES, min_periods=MESES).sum()


def _una_metodologia(metodologia: pd.Series) -> np.ndarray:
    """Si los doce meses que terminan en cada uno son de la misma metodología."""
    codigos = pd.Series(pd.factorize(metodologia)[0], index=metodologia.index).astype("float64")
    ventana = codigos.rolling(MESES, min_periods=MESES)
    return (ventana.max() == ventana.min()).to_numpy()
