"""Qué diría la comparación de doce meses sin los meses que la fuente todavía suele corregir."""

from __future__ import annotations

from datetime import date

import pandas as pd

from analisis import frases
from analisis.revisiones import asentamiento, cercanos
from datos.consultas import revisiones
from datos.consultas.series import series

MESES = 12


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


def cuanto_se_mueve_el_ultimo_mes() -> str:
    """Lo que dicen los cortes que se conservan de cuánto cambia un mes recién publicado, o que todavía no se sabe."""
    edades = asentamiento(cercanos(revisiones.nacionales()))
    recien = edades[edades["edad"] == 0]
    if recien.empty:
        return "Ese mes todavía se corrige, y aún no hay dos cortes cercanos con que saber cuánto"
    fila = recien.iloc[0]
    return frases.cuanto_se_mueve(int(fila["cifras"]), float(fila["mediana_pct"]), float(fila["p90_pct"]))
