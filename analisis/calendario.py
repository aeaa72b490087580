"""Años por meses: el promedio diario de cada mes y cuánto se aparta de ese mismo mes en los demás años."""

from __future__ import annotations

import pandas as pd


def calendario(serie: pd.DataFrame) -> pd.DataFrame:
    """Un renglón por mes: anio, mes (1 a 12), conteo, diario (carpetas por día, con los días reales) y desvio.

    ``serie``: fecha y conteo (NaN = no reportado). ``desvio`` es la razón del promedio diario entre la media de ese mismo
    mes en los demás años, menos uno; NaN si no hay otro año o su media es cero.
    """
    tabla = (
        serie[["fecha", "conteo"]].dropna().assign(anio=lambda t: t["fecha"].dt.year, mes=lambda t: t["fecha"].dt.month)
    )
    tabla["diario"] = tabla["conteo"] / tabla["fecha"].dt.days_in_month
    por_mes = tabla.groupby("mes")["diario"]
    otros = (por_mes.transform("sum") - tabla["diario"]) / (por_mes.transform("size") - 1).where(lambda n: n > 0)
    tabla["desvio"] = tabla["diario"] / otros.where(otros > 0) - 1
    return tabla[["anio", "mes", "conteo", "diario", "desvio"]].reset_index(drop=True)
