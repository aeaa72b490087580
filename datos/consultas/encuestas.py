"""La denuncia y la cifra negra por entidad, del año más reciente que publica la ENVIPE cargada."""

from __future__ import annotations

import duckdb
import pandas as pd

from datos.tablero import consultar, recordar

_COLUMNAS = ["anio", "cve_ent", "delitos", "denunciados", "denunciados_pct", "cifra_negra", "cifra_negra_pct"]


@recordar(maximo=4)
def denuncia() -> pd.DataFrame:
    """Un renglón por entidad ('00' es el país) del último año: ``_COLUMNAS`` y ``sha256``. Vacía si no está cargada."""
    try:
        return consultar(
            "SELECT * EXCLUDE (archivo) FROM denuncia_estatal WHERE anio = (SELECT max(anio) FROM denuncia_estatal) "
            "ORDER BY cve_ent"
        )
    except duckdb.CatalogException:  # una publicación de antes de que se leyera la encuesta
        return pd.DataFrame(columns=[*_COLUMNAS, "sha256"])
