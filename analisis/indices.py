"""Series puestas en una misma escala para comparar su forma: índice base 100, y la línea sin estación."""

from __future__ import annotations

import numpy as np
import pandas as pd

BASE = 100.0
PERIODO = 12
MINIMO_PARA_STL = 36


def indice(sumas: pd.DataFrame, base: pd.Timestamp) -> pd.DataFrame:
    """Las sumas de 12 meses de cada serie como índice: 100 en el mes ``base``.

    ``sumas``: lo que da ``medidas.medir`` con 'suma12'. Reemplaza ``valor``; NaN en toda la serie si en la base falta o es 0.
    """
    partes = []
    for _, propia in sumas.groupby(["lugar", "delito"]):
        en_base = propia.loc[propia["fecha"] == base, "valor"]
        divisor = en_base.iloc[0] if len(en_base) and en_base.iloc[0] > 0 else np.nan
        partes.append(propia.assign(valor=BASE * propia["valor"] / divisor))
    return pd.concat(partes, ignore_index=True) if partes else sumas


def sin_estacion(valores: pd.Series) -> pd.Series:
    """Tendencia y resto de una serie mensual, sin la estación (STL robusta, Cleveland y otros, 1990). Solo para dibujar.

    ``valores``: con índice mensual; se usa el tramo más largo sin huecos. NaN fuera de él, y en todo si no llega a 36 meses.
    """
    from statsmodels.tsa.seasonal import STL  # aquí: importarla tarda, y casi nunca se pide

    salida = pd.Series(np.nan, index=valores.index)
    tramo = _tramo_mas_largo(valores)
    if len(tramo) < MINIMO_PARA_STL:
        return salida
    ajuste = STL(tramo.astype("float64").to_numpy(), period=PERIODO, robust=True).fit()
    salida.loc[tramo.index] = tramo - ajuste.seasonal
    return salida


def _tramo_mas_largo(valores: pd.Series) -> pd.Series:
    hay = valores.notna()
    tramos = (hay != hay.shift()).cumsum()[hay]
    if tramos.empty:
        return valores.iloc[:0]
    return valores[tramos.index[tramos == tramos.value_counts().idxmax()]]
