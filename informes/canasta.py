"""Los delitos que llevan renglón propio cuando se muestra una canasta."""

from __future__ import annotations

import pandas as pd

from datos import catalogos
from datos.consultas.claves import claves
from datos.tablero import recordar


@recordar(maximo=16)
def con_serie(canasta: str) -> tuple[str, ...]:
    """Claves de los miembros con serie propia, en el orden de la canasta.

    Un miembro que entra en parte, o que es un grupo del puente, solo cuenta en la suma de la canasta.
    """
    miembros = _miembros(canasta)
    return tuple(miembros.loc[_propia(miembros), "delito"])


@recordar(maximo=16)
def sin_serie(canasta: str) -> tuple[str, ...]:
    """Nombres de los miembros que no llevan renglón."""
    miembros = _miembros(canasta)
    return tuple(miembros.loc[~_propia(miembros), "miembro"])


def _miembros(canasta: str) -> pd.DataFrame:
    return catalogos.canastas().query("canasta == @canasta")


def _propia(miembros: pd.DataFrame) -> pd.Series:
    return miembros["violencia"].eq("") & miembros["delito"].isin(list(claves()))
