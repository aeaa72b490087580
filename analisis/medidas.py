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
    if series.empty:
        return series.assign(valor=pd.Series(dtype="float64"))
    completa, cuantos = _con_todos_los_meses(series)
    propios = completa["provisional"].eq(True)
    completa["provisional"] = propios
    sin_comparar = completa["delito"].isin(no_comparables).to_numpy()
    completa["valor"] = _valores(completa, medida, cuantos, sin_comparar)
    if medida in DE_DOCE_MESES:
        completa["provisional"] = _ventanas(propios.to_numpy(dtype="float64"), np.minimum(cuantos, MESES)) > 0
    return completa


def _con_todos_los_meses(series: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """Las series una tras otra, sin huecos de renglones; y de cada renglón, cuántos meses van de su serie con él (desde 1)."""
    juntas = series.sort_values(["lugar", "delito", "fecha"], ignore_index=True)
    mes = (juntas["fecha"].dt.year * MESES + juntas["fecha"].dt.month - 1).to_numpy()
    grupo = juntas.groupby(["lugar", "delito"], sort=False).ngroup().to_numpy()
    primero = np.flatnonzero(np.diff(grupo, prepend=-1))
    ultimo = np.append(primero[1:], len(juntas)) - 1
    largos = mes[ultimo] - mes[primero] + 1
    inicio = np.concatenate([[0], np.cumsum(largos)[:-1]])
    renglon = np.full(largos.sum(), -1)
    renglon[inicio[grupo] + mes - mes[primero][grupo]] = np.arange(len(juntas))
    cuantos = np.arange(len(renglon)) - np.repeat(inicio, largos) + 1
    completa = juntas.reindex(renglon).reset_index(drop=True)
    for columna in ("lugar", "delito"):
        completa[columna] = juntas[columna].take(np.repeat(primero, largos)).to_numpy()
    meses = np.repeat(mes[primero], largos) + cuantos - 1
    completa["fecha"] = (meses - 1970 * MESES).astype("datetime64[M]").astype("datetime64[us]")
    return completa, cuantos


def _valores(completa: pd.DataFrame, medida: str, cuantos: np.ndarray, sin_comparar: np.ndarray) -> np.ndarray:
    conteo = completa["conteo"].to_numpy(dtype="float64", na_value=np.nan)
    if medida == "conteo":
        return conteo
    if medida == "diario":
        return conteo / completa["fecha"].dt.days_in_month.to_numpy()
    poblacion = completa["poblacion"].to_numpy(dtype="float64", na_value=np.nan)
    if medida == "tasa":
        return POR_HABITANTES * MESES * conteo / poblacion
    suma = _doce(conteo, cuantos)
    suma[sin_comparar & _junta_metodologias(completa["metodologia"], cuantos)] = np.nan
    if medida == "suma12":
        return suma
    return POR_HABITANTES * MESES * suma / _doce(poblacion, cuantos)


def _doce(valores: np.ndarray, cuantos: np.ndarray) -> np.ndarray:
    """La suma de los doce meses que terminan en cada uno; NaN si la serie no los tiene todos."""
    sumas = _ventanas(valores, np.full(len(valores), MESES))
    sumas[cuantos < MESES] = np.nan
    return sumas


def _ventanas(valores: np.ndarray, largos: np.ndarray) -> np.ndarray:
    """La suma de los ``largos`` valores que terminan en cada posición; NaN si falta alguno."""
    falta = np.isnan(valores)
    hasta = np.arange(1, len(valores) + 1)
    desde = np.maximum(hasta - largos, 0)
    acumulado = np.concatenate([[0.0], np.cumsum(np.where(falta, 0.0, valores))])
    faltan = np.concatenate([[0], np.cumsum(falta)])
    return np.where(faltan[hasta] > faltan[desde], np.nan, acumulado[hasta] - acumulado[desde])


def _junta_metodologias(metodologia: pd.Series, cuantos: np.ndarray) -> np.ndarray:
    """Si entre los doce meses que terminan en cada uno cambia la metodología; con un mes sin dato la suma ya es NaN."""
    codigos = pd.Series(pd.factorize(metodologia)[0])
    cambia = (codigos != codigos.shift()).to_numpy() & (cuantos > 1)
    return _ventanas(cambia.astype("float64"), np.minimum(cuantos, MESES) - 1) > 0
