"""La vista ``tendencias``: 12 meses contra los 12 anteriores para cada lugar y clave, al último mes posible."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd

from analisis.cambio_estimado import estimar
from analisis.etiquetas import MESES, etiquetar
from datos.esquema import CNSP, RNID
from etl.publicacion.paneles import QUIEBRE, Panel

TABLA = "_tendencias"
COLUMNAS = {
    "nivel": "VARCHAR",
    "clave": "VARCHAR",
    "delito": "VARCHAR",
    "metodologia": "VARCHAR",
    "cierre": "DATE",
    "conteo": "INTEGER",
    "conteo_previo": "INTEGER",
    "razon": "DOUBLE",
    "ic_bajo": "DOUBLE",
    "ic_alto": "DOUBLE",
    "valor_q": "DOUBLE",
    "racha": "INTEGER",
    "etiqueta": "VARCHAR",
    "motivo": "VARCHAR",
    "estimado": "DOUBLE",
    "estimado_bajo": "DOUBLE",
    "estimado_alto": "DOUBLE",
    "prob_baja": "DOUBLE",
}


def tendencia(panel: Panel, habitantes: pd.DataFrame, *, cruza: bool) -> pd.DataFrame | None:
    """Un renglón por lugar con dato: las columnas de la vista, sin nivel ni delito; ``None`` si faltan 24 meses en todos.

    ``habitantes`` trae lugares × años. El cierre es el último mes en que algún lugar tiene sus 24 completos. Lo que no es
    comparable (``total``, y la canasta que lo incluya) no ``cruza`` enero de 2026.
    """
    cierre = panel.ultimo_completo(MESES, cruza=cruza)
    if cierre is None:
        return None
    ventana = panel.conteos[:, cierre - MESES + 1 : cierre + 1]
    con_dato = ~np.isnan(ventana).all(axis=1)
    claves, ventana = panel.lugares[con_dato], ventana[con_dato]
    anios = panel.primer_anio + np.arange(cierre - MESES + 1, cierre + 1) // 12
    personas = habitantes.reindex(index=claves, columns=anios).to_numpy(copy=True)
    personas[np.isnan(personas).any(axis=1)] = 1.0  # sin denominador la razón es de conteos: los meses pesan igual
    mes = panel.mes(cierre)
    tabla = pd.concat([etiquetar(ventana, personas), estimar(ventana, personas)], axis=1)
    return tabla.assign(clave=claves, cierre=mes, metodologia=RNID if mes.year >= QUIEBRE else CNSP)


def habitantes_por_lugar(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Población (lugares de los tres niveles × años)."""
    largo = con.execute(
        "SELECT anio, cve_mun AS clave, poblacion FROM _poblacion UNION ALL "
        "SELECT anio, left(cve_mun, 2), sum(poblacion) FROM _poblacion GROUP BY ALL UNION ALL "
        "SELECT anio, '00', sum(poblacion) FROM _poblacion GROUP BY ALL"
    ).df()
    return largo.pivot(index="clave", columns="anio", values="poblacion").astype("float64")
