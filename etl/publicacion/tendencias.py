"""La vista ``tendencias``: 12 meses contra los 12 anteriores para cada lugar y delito, al último mes posible."""

from __future__ import annotations

from datetime import date

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
        delitos = con.execute(
            f"SELECT delito, list(DISTINCT fecha) FROM ({consulta}) GROUP BY delito ORDER BY delito"
        ).fetchall()
        for delito, fechas in delitos:
            ventana = _ultima_ventana(con, consulta, delito, fechas)
            if ventana is not None:
                resultados.append(_de_un_delito(*ventana, habitantes).assign(nivel=nivel, delito=delito))
    return pd.concat(resultados, ignore_index=True) if resultados else pd.DataFrame()


def _ultima_ventana(
    con: duckdb.DuckDBPyConnection, consulta: str, delito: str, fechas: list[date]
) -> tuple[pd.DataFrame, date] | None:
    """Los 24 meses más recientes completos en algún lugar, y su cierre; ``None`` si no hay ninguno.

    Se prueba del último mes hacia atrás: casi siempre acierta a la primera y no recorre la serie entera.
    """
    con_dato = set(pd.DatetimeIndex(fechas))
    for cierre in sorted(con_dato, reverse=True):
        if not con_dato.issuperset(pd.date_range(end=cierre, periods=VENTANA, freq="MS")):
            continue
        largo = con.execute(
            f"SELECT clave, fecha, conteo, metodologia FROM ({consulta}) WHERE delito = ? AND conteo IS NOT NULL "
            "AND fecha <= ?::DATE AND fecha > ?::DATE - INTERVAL 24 MONTH",
            [delito, cierre, cierre],
        ).df()
        cruza = largo["metodologia"].nunique() > 1
        if not (cruza and delito == "total") and (largo["clave"].value_counts() == VENTANA).any():
            return largo, cierre.date()
    return None


def _de_un_delito(largo: pd.DataFrame, cierre: date, habitantes: pd.DataFrame) -> pd.DataFrame:
    meses = pd.date_range(end=pd.Timestamp(cierre), periods=VENTANA, freq="MS")
    panel = largo.pivot(index="clave", columns="fecha", values="conteo").reindex(columns=meses).astype("float64")
    personas = habitantes.reindex(index=panel.index, columns=meses.year).to_numpy(copy=True)
    personas[np.isnan(personas).any(axis=1)] = 1.0  # sin denominador la razón es de conteos: los meses pesan igual
    tabla = etiquetar(panel.to_numpy(), personas)
    tabla["clave"] = panel.index.to_numpy()
    tabla["cierre"] = pd.Timestamp(cierre)
    tabla["metodologia"] = largo.loc[largo["fecha"] == pd.Timestamp(cierre), "metodologia"].iloc[0]
    return tabla
