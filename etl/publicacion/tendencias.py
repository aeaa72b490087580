"""La vista ``tendencias``: 12 meses contra los 12 anteriores para cada lugar y delito, al último mes posible."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd

from analisis.etiquetas import etiquetar

VENTANA = 24
_NIVELES = {
    "nacional": (
        "SELECT '00' AS clave, delito, fecha, CASE WHEN count(*) = 32 THEN sum(conteo) END AS conteo, "
        "max(metodologia) AS metodologia FROM delitos_estatal GROUP BY delito, fecha"
    ),
    "estatal": "SELECT cve_ent AS clave, delito, fecha, conteo, metodologia FROM delitos_estatal",
    "municipal": (
        "SELECT cve_mun AS clave, delito, fecha, conteo, metodologia FROM delitos_municipal "
        "SEMI JOIN municipios USING (cve_mun)"
    ),
}


def calcular(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Un renglón por nivel, lugar y delito con serie; las columnas de la vista ``tendencias``.

    El cierre es, por nivel y delito, el último mes en que algún lugar tiene sus 24 meses completos. ``total`` no cruza
    enero de 2026.
    """
    poblacion = con.execute(
        "SELECT anio, cve_mun AS clave, poblacion FROM poblacion UNION ALL "
        "SELECT anio, left(cve_mun, 2), sum(poblacion) FROM poblacion GROUP BY ALL UNION ALL "
        "SELECT anio, '00', sum(poblacion) FROM poblacion GROUP BY ALL"
    ).df()
    habitantes = poblacion.pivot(index="clave", columns="anio", values="poblacion").astype("float64")
    resultados = []
    for nivel, consulta in _NIVELES.items():
        delitos = [d for (d,) in con.execute(f"SELECT DISTINCT delito FROM ({consulta}) ORDER BY 1").fetchall()]
        for delito in delitos:
            largo = con.execute(f"SELECT * FROM ({consulta}) WHERE delito = ?", [delito]).df()
            tabla = _de_un_delito(largo, habitantes, cruza=delito != "total")
            if tabla is not None:
                resultados.append(tabla.assign(nivel=nivel, delito=delito))
    return pd.concat(resultados, ignore_index=True) if resultados else pd.DataFrame()


def _de_un_delito(largo: pd.DataFrame, habitantes: pd.DataFrame, *, cruza: bool) -> pd.DataFrame | None:
    meses = pd.date_range(largo["fecha"].min(), largo["fecha"].max(), freq="MS")
    panel = largo.pivot(index="clave", columns="fecha", values="conteo").reindex(columns=meses).astype("float64")
    completos = panel.notna().to_numpy()
    metodologia = largo.groupby("fecha")["metodologia"].max().reindex(meses)
    cierre = None
    for posicion in range(len(meses) - 1, VENTANA - 2, -1):
        desde = posicion - VENTANA + 1
        if not cruza and metodologia.iloc[desde : posicion + 1].nunique() != 1:
            continue
        if completos[:, desde : posicion + 1].all(axis=1).any():
            cierre = posicion
            break
    if cierre is None:
        return None
    tramo = slice(cierre - VENTANA + 1, cierre + 1)
    anios = meses[tramo].year
    personas = habitantes.reindex(index=panel.index, columns=anios).to_numpy(copy=True)
    sin_poblacion = np.isnan(personas).any(axis=1)
    personas[sin_poblacion] = 1.0  # sin denominador, la razón es de conteos: los 24 meses pesan igual
    tabla = etiquetar(panel.to_numpy()[:, tramo], personas).reset_index(drop=True)
    tabla["clave"] = panel.index.to_numpy()
    tabla["cierre"] = meses[cierre]
    tabla["metodologia"] = metodologia.iloc[cierre]
    return tabla
