"""Lugares × meses de un delito, como arreglo: lo que piden los cálculos que ven todos los lugares a la vez."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from datos.consultas.series import origen
from datos.tablero import consultar, recordar

_LUGARES = {
    "estatal": "SELECT DISTINCT cve_ent AS lugar FROM municipios ORDER BY lugar",
    "municipal": "SELECT cve_mun AS lugar FROM municipios ORDER BY lugar",
}
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


@recordar(maximo=24)
def panel(nivel: str, delito: str, cierre: date, meses: int = 24) -> Panel:
    """Todos los lugares de un nivel ('estatal' o 'municipal') en los ``meses`` que terminan en ``cierre``."""
    periodo = pd.date_range(end=pd.Timestamp(cierre), periods=meses, freq="MS")
    tabla, columna, condicion, valor = origen(nivel, delito)
    largo = consultar(
        f"SELECT {columna} AS lugar, fecha, conteo, metodologia FROM {tabla} "
        f"WHERE {condicion} AND fecha BETWEEN ? AND ?",
        [valor, periodo[0].date(), periodo[-1].date()],
    )
    lugares = consultar(_LUGARES[nivel])["lugar"].to_numpy()
    posicion = pd.Series(np.arange(len(lugares)), index=lugares)
    filas = posicion.reindex(largo["lugar"]).to_numpy()
    columnas = (largo["fecha"].dt.year * 12 + largo["fecha"].dt.month).to_numpy() - (
        periodo[0].year * 12 + periodo[0].month
    )
    conteos = np.full((len(lugares), meses), np.nan)
    del_catalogo = ~np.isnan(filas)  # los seudomunicipios no son lugares
    conteos[filas[del_catalogo].astype(int), columnas[del_catalogo]] = largo["conteo"].to_numpy()[del_catalogo]
    habitantes = consultar(_POBLACION[nivel]).pivot(index="lugar", columns="anio", values="poblacion")
    personas = habitantes.reindex(index=lugares, columns=periodo.year).to_numpy(copy=True)
    for arreglo in (conteos, personas):
        arreglo.flags.writeable = False
    return Panel(tuple(lugares), periodo, conteos, personas, tuple(sorted(largo["metodologia"].unique())))
