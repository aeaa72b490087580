"""Comparar periodos de gobierno: promedio diario de los meses completos de cada uno, con una sola metodología a la vez."""

from __future__ import annotations

import pandas as pd

MINIMO_INICIAL = 6  # con menos meses el arranque de un gobierno no dice nada


def por_mandato(serie: pd.DataFrame, mandatos: pd.DataFrame) -> pd.DataFrame:
    """Un renglón por periodo con algún mes completo con dato, en orden.

    ``serie``: fecha y conteo de una sola metodología (NaN = no reportado); ``mandatos``: nombre, desde, hasta (NaT si sigue).
    Devuelve nombre, desde y hasta (primer y último mes completo con dato), meses, conteo (carpetas), diario (por día, con
    los días reales) y diario_inicial: el promedio de los primeros meses de cada periodo, tantos (meses_iniciales) como lleva el
    más corto de los que empezaron dentro de la serie y tienen al menos seis; NaN en los que empezaron antes o no los tienen.
    """
    hay = serie.dropna(subset=["conteo"])
    dias = hay["fecha"].dt.days_in_month
    fin_de_mes = hay["fecha"] + pd.offsets.MonthEnd(0)
    primero = hay["fecha"].min()
    filas, propios = [], []
    for mandato in mandatos.itertuples():
        suyos = (hay["fecha"] >= mandato.desde) & (fin_de_mes <= mandato.hasta if pd.notna(mandato.hasta) else True)
        if not suyos.any():
            continue
        tramo = hay[suyos]
        propios.append((tramo, mandato.desde >= primero))
        filas.append(
            {
                "nombre": mandato.nombre,
                "desde": tramo["fecha"].min(),
                "hasta": tramo["fecha"].max(),
                "meses": len(tramo),
                "conteo": tramo["conteo"].sum(),
                "diario": tramo["conteo"].sum() / dias[suyos].sum(),
            }
        )
    tabla = pd.DataFrame(filas, columns=["nombre", "desde", "hasta", "meses", "conteo", "diario"])
    largos = [len(tramo) for tramo, desde_el_inicio in propios if desde_el_inicio and len(tramo) >= MINIMO_INICIAL]
    iguales = min(largos, default=0)
    iniciales = []
    for tramo, desde_el_inicio in propios:
        primeros = tramo.head(iguales)
        iniciales.append(
            primeros["conteo"].sum() / primeros["fecha"].dt.days_in_month.sum()
            if desde_el_inicio and iguales
            else float("nan")
        )
    return tabla.assign(diario_inicial=iniciales, meses_iniciales=iguales)
