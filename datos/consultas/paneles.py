"""Lugares × meses de un delito, como arreglo: lo que piden los cálculos que ven todos los lugares a la vez."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from datos.tablero import consultar, recordar

_LUGARES = {
    "estatal": "SELECT DISTINCT cve_ent AS lugar FROM municipios ORDER BY lugar",
    "municipal": "SELECT cve_mun AS lugar FROM municipios ORDER BY lugar",
}
_MESES = ", ".join(f"m{m}" for m in range(1, 13))
_POBLACION = {
    "estatal": "SELECT left(cve_mun, 2) AS lugar, anio, sum(poblacion)::DOUBLE AS poblacion FROM poblacion GROUP BY ALL",
    "municipal": "SELECT cve_mun AS lugar, anio, poblacion::DOUBLE AS poblacion FROM poblacion",
}


@dataclass(frozen=True)
class Panel:
    """``conteos`` (carpetas; NaN = no reportado) y ``personas`` (habitantes; NaN donde CONAPO no publica), lugares × meses.

    ``lugares`` son las claves, en orden; ``meses``, el primer día de cada uno. No se modifican: son compartidos.
    """

    lugares: tuple[str, ...]
    meses: pd.DatetimeIndex
    conteos: np.ndarray
    personas: np.ndarray
    metodologias: tuple[str, ...]


@recordar(maximo=64)
def panel(nivel: str, delito: str, cierre: date, meses: int = 24) -> Panel:
    """Todos los lugares de un nivel ('estatal' o 'municipal') en los ``meses`` que terminan en ``cierre``."""
    periodo = pd.date_range(end=pd.Timestamp(cierre), periods=meses, freq="MS")
    anios = range(periodo[0].year, periodo[-1].year + 1)
    # De la tabla ancha y no de la vista, que la alarga: un renglón por lugar y año ya es un pedazo del panel.
    ancho = consultar(
        f"SELECT lugar, anio, metodologia, {_MESES} FROM _delitos_{nivel} WHERE delito = ? AND anio BETWEEN ? AND ?",
        [delito, anios[0], anios[-1]],
    )
    lugares, posiciones, personas = _lugares(nivel, periodo[0].date(), meses)
    doce = ancho[[f"m{m}" for m in range(1, 13)]].to_numpy(dtype="float64")
    fila = posiciones.reindex(ancho["lugar"]).to_numpy()
    del_catalogo = ~np.isnan(fila)  # los seudomunicipios no son lugares
    completos = np.full((len(lugares), len(anios), 12), np.nan)
    completos[fila[del_catalogo].astype(int), ancho["anio"].to_numpy()[del_catalogo] - anios[0]] = doce[del_catalogo]
    primero = periodo[0].month - 1
    conteos = completos.reshape(len(lugares), -1)[:, primero : primero + meses].copy()
    conteos.flags.writeable = False
    # Solo cuenta la metodología de los meses pedidos: a un año de más la tabla puede traer otra.
    dentro = (ancho["anio"].to_numpy()[:, None] * 12 + np.arange(12) - (periodo[0].year * 12 + primero)).astype(int)
    hay = (~np.isnan(doce) & (dentro >= 0) & (dentro < meses)).any(axis=1)
    return Panel(lugares, periodo, conteos, personas, tuple(sorted(ancho.loc[hay, "metodologia"].unique())))


@recordar(maximo=16)
def _lugares(nivel: str, desde: date, meses: int) -> tuple[tuple[str, ...], pd.Series, np.ndarray]:
    """Las claves de los lugares de un nivel, en orden; la posición de cada una, y sus habitantes por mes."""
    periodo = pd.date_range(start=pd.Timestamp(desde), periods=meses, freq="MS")
    lugares = consultar(_LUGARES[nivel])["lugar"].to_numpy()
    habitantes = consultar(_POBLACION[nivel]).pivot(index="lugar", columns="anio", values="poblacion")
    personas = habitantes.reindex(index=lugares, columns=periodo.year).to_numpy(copy=True)
    personas.flags.writeable = False
    return tuple(lugares), pd.Series(np.arange(len(lugares)), index=lugares), personas
