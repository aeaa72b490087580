"""Los delitos que llevan renglón propio cuando se muestra una canasta."""

from __future__ import annotations

import pandas as pd

from datos import catalogos
from datos.consultas.claves import claves


def con_serie(canasta: str) -> list[str]:
    """Claves de los miembros con serie propia, en el orden de la canasta.

    Un miembro que entra en parte, o que es un grupo del puente, solo cuenta en la suma de la canasta.
    """
    miembros = _miembros(canasta)
    return miembros.loc[_propia(miembros), "delito"].tolist()


def sin_serie(canasta: str) -> list[str]:
    """Nombres de los miembros que no llevan renglón."""
    miembros = _miembros(canasta)
    return miembros.loc[~_propia(miembros), "miembro"].tolist()


def _miembros(canasta: str) -> pd.DataFrame:
    return catalogos.canastas().query("canasta == @canasta")


def _propia(miembros: pd.DataFrame) -> pd.Series:
    return miembros["violencia"].eq("") & miembros["delito"].isin(list(claves()))
