"""Qué diría la comparación de doce meses sin los meses que la fuente todavía suele corregir."""

from __future__ import annotations

from datetime import date

import pandas as pd

from analisis import frases
from datos.consultas.series import series
from datos.tablero import recordar

MESES = 12


@recordar(maximo=512)
def sin_provisionales(lugar: str, delito: str, cierre: date) -> str:
    """La comparación que termina en el último mes ya cerrado; vacía si ninguno de los doce meses es provisional."""
    serie = series([lugar], [delito]).set_index("fecha")
    hasta = pd.Timestamp(cierre)
    ventana = serie.loc[hasta - pd.DateOffset(months=MESES - 1) : hasta]
    cuantos = int(ventana["provisional"].sum())
    cerrados = ventana.index[~ventana["provisional"].astype(bool)]
    if not cuantos or cerrados.empty:
        return ""
    ultimo = cerrados.max()
    conteos = serie["conteo"].reindex(pd.date_range(end=ultimo, periods=2 * MESES, freq="MS"))
    if conteos.isna().any():
        return frases.sin_provisionales(cuantos, ultimo.date(), None, None)
    return frases.sin_provisionales(
        cuantos, ultimo.date(), float(conteos.iloc[MESES:].sum()), float(conteos.iloc[:MESES].sum())
    )
