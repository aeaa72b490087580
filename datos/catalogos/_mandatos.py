"""Periodos de gobierno: presidencia, gubernaturas y las presidencias municipales que alguien agregue."""

from __future__ import annotations

import pandas as pd

from datos.catalogos._archivos import leer


def mandatos() -> pd.DataFrame:
    """Periodos de gobierno: ambito, lugar ('00' o clave), nombre, desde y hasta (fechas; NaT si sigue), cargo y fuente.

    Se edita sin tocar código; una presidencia municipal se agrega con su clave de cinco dígitos.
    """
    tabla = leer("mandatos.csv").copy()
    for columna in ("desde", "hasta"):
        tabla[columna] = pd.to_datetime(tabla[columna], errors="coerce")
    return tabla.sort_values(["lugar", "desde"], ignore_index=True)
