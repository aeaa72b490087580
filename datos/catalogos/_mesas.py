"""Las Mesas nombradas en público: con qué nace el registro de una instalación. Aquí no hay acuerdos."""

from __future__ import annotations

import pandas as pd

from datos.catalogos._archivos import leer


def mesas() -> pd.DataFrame:
    """Clave, nombre, entidades y municipios (listas de claves; la segunda puede estar vacía), por_confirmar (bool), nota y
    fuente. ``por_confirmar``: no es seguro qué municipios cubre.
    """
    tabla = leer("mesas.csv").copy()
    for columna in ("entidades", "municipios"):
        tabla[columna] = pd.Series([t.split(";") if t else [] for t in tabla[columna]], dtype=object)
    tabla["por_confirmar"] = tabla["por_confirmar"] == "sí"
    return tabla
