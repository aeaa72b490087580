"""Cuánto cambian los meses según su edad, y cuántos meses conviene tomar por provisionales.

La edad de un mes es cuántos le faltaban para el último del corte anterior: 0 es el último. El cambio es el de las carpetas del
país, en proporción de lo que decía el corte anterior.

Regla de la ventana: de los pares de cortes separados por tres meses o menos, se toma el percentil 90 del cambio de los delitos
principales en cada edad (solo donde había 100 carpetas o más: con menos, una sola ya pasa de 1 %). Es provisional todo mes más
joven que la menor edad desde la cual ese percentil queda debajo de 1 % y ya no vuelve a pasarlo, entre 1 y 6 meses. Hacen falta
dos pares; con menos, o si la historia no llega a una edad asentada, se usa una ventana fija y se dice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

MINIMO_DE_CARPETAS = 100
UMBRAL = 0.01
PARES_MINIMOS = 2
MESES_ENTRE_CORTES = 3
MENOR_VENTANA, MAYOR_VENTANA = 1, 6
_COLUMNAS = ["edad", "cifras", "cambiaron", "mediana_pct", "p90_pct"]


@dataclass(frozen=True)
class Ventana:
    """Cuántos de los últimos meses son provisionales, si sale de la historia o es fija, y por qué."""

    meses: int
    derivada: bool
    motivo: str


def asentamiento(cambios: pd.DataFrame) -> pd.DataFrame:
    """Un renglón por edad: cuántas cifras hay, cuántas cambiaron, y mediana y percentil 90 del cambio absoluto en por ciento.

    ``cambios`` trae edad, antes y despues (carpetas del país). No cuenta lo que tenía menos de 100 carpetas.
    """
    usables = cambios[cambios["antes"] >= MINIMO_DE_CARPETAS]
    if usables.empty:
        return pd.DataFrame(columns=_COLUMNAS)
    relativo = (usables["despues"] - usables["antes"]).abs() / usables["antes"]
    por_edad = relativo.groupby(usables["edad"])
    return pd.DataFrame(
        {
            "cifras": por_edad.size(),
            "cambiaron": (relativo > 0).groupby(usables["edad"]).sum(),
            "mediana_pct": 100 * por_edad.median(),
            "p90_pct": 100 * por_edad.quantile(0.9),
        }
    ).reset_index()[_COLUMNAS]


def cercanos(cambios: pd.DataFrame) -> pd.DataFrame:
    """Solo los pares de cortes separados por tres meses o menos: en los demás, la edad ya no dice cuándo cambió."""
    return cambios[_separacion(cambios) <= MESES_ENTRE_CORTES]


def ventana_provisional(cambios: pd.DataFrame, fija: int) -> Ventana:
    """La ventana que da la historia, o la ``fija`` si la historia no alcanza.

    ``cambios`` trae corte_anterior, corte_nuevo, edad, antes y despues de los delitos principales de una metodología.
    """
    usables = cercanos(cambios)
    pares = len(usables[["corte_anterior", "corte_nuevo"]].drop_duplicates())
    if pares < PARES_MINIMOS:
        return Ventana(
            fija,
            False,
            f"ventana fija de {fija} meses: para calcularla hacen falta {PARES_MINIMOS} pares de cortes separados por "
            f"{MESES_ENTRE_CORTES} meses o menos, y hay {pares}",
        )
    tabla = asentamiento(usables)
    asentado = tabla.set_index("edad")["p90_pct"] < 100 * UMBRAL
    for meses in range(MENOR_VENTANA, MAYOR_VENTANA + 1):
        if meses in asentado.index and asentado[asentado.index >= meses].all():
            p90 = float(tabla.loc[tabla["edad"] >= meses, "p90_pct"].max())
            return Ventana(
                meses,
                True,
                f"{meses} {'mes' if meses == 1 else 'meses'}, según {pares} pares de cortes: desde esa edad, nueve de cada "
                f"diez cifras nacionales de los delitos principales cambian menos de {100 * UMBRAL:.0f} % (a lo más "
                f"{p90:.2f} %)",
            )
    if np.isin(np.arange(MAYOR_VENTANA + 1), asentado.index).all():
        return Ventana(
            MAYOR_VENTANA,
            True,
            f"{MAYOR_VENTANA} meses, el máximo: en {pares} pares de cortes ninguna edad hasta {MAYOR_VENTANA} meses queda "
            f"debajo de {100 * UMBRAL:.0f} % de cambio",
        )
    return Ventana(
        fija,
        False,
        f"ventana fija de {fija} meses: la historia de {pares} pares de cortes no llega a una edad ya asentada",
    )


def _separacion(cambios: pd.DataFrame) -> pd.Series:
    anterior, nuevo = pd.to_datetime(cambios["corte_anterior"]), pd.to_datetime(cambios["corte_nuevo"])
    return (nuevo.dt.year - anterior.dt.year) * 12 + nuevo.dt.month - anterior.dt.month
