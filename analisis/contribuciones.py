"""Quién mueve el cambio: la diferencia de un total repartida entre sus partes, de modo que sume exactamente lo mismo."""

from __future__ import annotations

import pandas as pd

OTROS = "los demás"


def contribuciones(partes: pd.DataFrame, cuantas: int = 15) -> pd.DataFrame:
    """Las partes que más mueven el total, de la que más lo baja a la que más lo sube, y un renglón con «los demás».

    ``partes``: nombre, conteo y conteo_previo (carpetas de 12 meses; NaN = no se puede comparar). Devuelve nombre, conteo,
    conteo_previo, cambio (carpetas) y aporte_pct (puntos porcentuales del cambio total, respecto del total previo; NaN si
    el previo es cero). La suma de ``cambio`` es el cambio de las partes comparables, que son las únicas que entran.
    """
    comparables = partes.dropna(subset=["conteo", "conteo_previo"])
    tabla = comparables.assign(cambio=comparables["conteo"] - comparables["conteo_previo"])
    total_previo = tabla["conteo_previo"].sum()
    orden = tabla["cambio"].abs().sort_values(ascending=False, kind="stable").index
    elegidas, resto = tabla.loc[orden[:cuantas]], tabla.loc[orden[cuantas:]]
    elegidas = elegidas.sort_values(["cambio", "nombre"])
    if len(resto):
        suma = resto[["conteo", "conteo_previo", "cambio"]].sum()
        elegidas = pd.concat([elegidas, pd.DataFrame([{"nombre": f"{OTROS} ({len(resto):,})", **suma}])])
    aporte = 100 * elegidas["cambio"] / total_previo if total_previo else float("nan")
    return elegidas[["nombre", "conteo", "conteo_previo", "cambio"]].assign(aporte_pct=aporte).reset_index(drop=True)


def cuantas_suman(conteos: pd.Series, parte: float = 0.5) -> int:
    """Cuántas de las mayores hacen falta para juntar esa parte del total; 0 si el total es cero. NaN no suma."""
    ordenadas = conteos.dropna().sort_values(ascending=False)
    total = ordenadas.sum()
    if total <= 0:
        return 0
    return int((ordenadas.cumsum() < parte * total).sum()) + 1


def curva_de_lorenz(conteos: pd.Series) -> pd.DataFrame:
    """Parte acumulada de los lugares (de mayor a menor conteo) y de las carpetas: columnas ``lugares`` y ``carpetas`` (0 a 1)."""
    ordenadas = conteos.dropna().sort_values(ascending=False)
    total = ordenadas.sum()
    if total <= 0:
        return pd.DataFrame({"lugares": [0.0, 1.0], "carpetas": [0.0, 1.0]})
    acumuladas = ordenadas.cumsum() / total
    lugares = pd.Series(range(1, len(ordenadas) + 1)) / len(ordenadas)
    return pd.DataFrame({"lugares": [0.0, *lugares], "carpetas": [0.0, *acumuladas]})
