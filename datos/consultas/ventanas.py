"""Doce meses contra los doce anteriores, para todos los lugares de un nivel a la vez."""

from __future__ import annotations

from datetime import date

import pandas as pd

from datos.consultas.series import origen
from datos.tablero import consultar, recordar

_LUGARES = {
    "estatal": (
        "SELECT cve_ent AS lugar, any_value(entidad) AS nombre, any_value(entidad) AS entidad, avg(lat) AS lat, "
        "avg(lon) AS lon, cve_ent FROM municipios GROUP BY cve_ent"
    ),
    "municipal": "SELECT cve_mun AS lugar, nombre, entidad, lat, lon, cve_ent FROM municipios",
}
_POBLACION = {
    "estatal": "SELECT left(cve_mun, 2) AS lugar, anio, sum(poblacion) AS poblacion FROM poblacion GROUP BY ALL",
    "municipal": "SELECT cve_mun AS lugar, anio, poblacion FROM poblacion",
}


@recordar()
def ventanas(nivel: str, delito: str, cierre: date, cve_ent: str | None = None) -> pd.DataFrame:
    """Un renglón por lugar del nivel ('estatal' o 'municipal'); la entidad ``cve_ent`` limita los municipios.

    Columnas: lugar, nombre, entidad, lat, lon; ``conteo`` y ``conteo_previo`` (carpetas de los 12 meses que terminan en
    ``cierre`` y de los 12 anteriores, nulas si ningún mes se reportó); ``meses`` y ``meses_previos`` (cuántos se
    reportaron: 12 es completo); ``personas_mes`` y ``personas_mes_previas`` (suma de la población en los meses
    reportados, nula si falta población); ``provisionales`` (meses provisionales en la ventana reciente).
    """
    vista, columna, condicion, valor = origen(nivel, delito)
    sql = f"""
    WITH lugares AS ({_LUGARES[nivel]}), conteos AS (
        SELECT {columna} AS lugar, fecha, conteo, provisional FROM {vista} WHERE {condicion}
    ), habitantes AS ({_POBLACION[nivel]}),
    meses AS (
        SELECT c.lugar, c.conteo, c.provisional, h.poblacion, c.fecha > ?::DATE - INTERVAL 12 MONTH AS reciente
        FROM conteos AS c LEFT JOIN habitantes AS h ON h.lugar = c.lugar AND h.anio = year(c.fecha)
        WHERE c.fecha <= ?::DATE AND c.fecha > ?::DATE - INTERVAL 24 MONTH
    ), sumas AS (
        SELECT lugar,
            sum(conteo) FILTER (reciente) AS conteo, sum(conteo) FILTER (NOT reciente) AS conteo_previo,
            count(*) FILTER (reciente) AS meses, count(*) FILTER (NOT reciente) AS meses_previos,
            CASE WHEN count(poblacion) FILTER (reciente) = count(*) FILTER (reciente)
                THEN sum(poblacion) FILTER (reciente) END AS personas_mes,
            CASE WHEN count(poblacion) FILTER (NOT reciente) = count(*) FILTER (NOT reciente)
                THEN sum(poblacion) FILTER (NOT reciente) END AS personas_mes_previas,
            count(*) FILTER (reciente AND provisional) AS provisionales
        FROM meses GROUP BY lugar
    )
    SELECT l.lugar, l.nombre, l.entidad, l.lat, l.lon, s.conteo::DOUBLE AS conteo,
        s.conteo_previo::DOUBLE AS conteo_previo, coalesce(s.meses, 0)::INTEGER AS meses,
        coalesce(s.meses_previos, 0)::INTEGER AS meses_previos, s.personas_mes::DOUBLE AS personas_mes,
        s.personas_mes_previas::DOUBLE AS personas_mes_previas, coalesce(s.provisionales, 0)::INTEGER AS provisionales
    FROM lugares AS l LEFT JOIN sumas AS s USING (lugar)
    WHERE ?::VARCHAR IS NULL OR l.cve_ent = ? ORDER BY l.lugar
    """
    return consultar(sql, [valor, cierre, cierre, cierre, cve_ent, cve_ent])


@recordar()
def ventanas_con_seudomunicipios(nivel: str, delito: str, cierre: date, cve_ent: str | None = None) -> pd.DataFrame:
    """Como ``ventanas``, con «No especificado» y «Otros municipios» al final, para que las partes sumen el total.

    Columnas: lugar, nombre, conteo, conteo_previo, meses, meses_previos.
    """
    columnas = ["lugar", "nombre", "conteo", "conteo_previo", "meses", "meses_previos"]
    reales = ventanas(nivel, delito, cierre, cve_ent)[columnas]
    if nivel == "estatal":
        return reales
    vista, columna, condicion, valor = origen(nivel, delito)
    # Entre metodologías cambia el sufijo de «No especificado»: los dos se juntan en un solo renglón por entidad.
    seudo = consultar(
        f"SELECT left({columna}, 2) || '998' AS lugar, 'No especificado' AS nombre, "
        "sum(conteo) FILTER (fecha > ?::DATE - INTERVAL 12 MONTH)::DOUBLE AS conteo, "
        "sum(conteo) FILTER (fecha <= ?::DATE - INTERVAL 12 MONTH)::DOUBLE AS conteo_previo, "
        "count(DISTINCT fecha) FILTER (fecha > ?::DATE - INTERVAL 12 MONTH)::INTEGER AS meses, "
        "count(DISTINCT fecha) FILTER (fecha <= ?::DATE - INTERVAL 12 MONTH)::INTEGER AS meses_previos "
        f"FROM {vista} WHERE {condicion} AND right({columna}, 3) >= '998' AND fecha <= ?::DATE "
        f"AND fecha > ?::DATE - INTERVAL 24 MONTH AND (?::VARCHAR IS NULL OR left({columna}, 2) = ?) GROUP BY ALL ORDER BY 1",
        [cierre, cierre, cierre, cierre, valor, cierre, cierre, cve_ent, cve_ent],
    )
    return pd.concat([reales, seudo], ignore_index=True)


@recordar()
def cierres(nivel: str, delito: str) -> list[date]:
    """Meses, del más reciente al más antiguo, en que algún lugar tiene completos los 24 meses que terminan ahí."""
    vista, lugar, condicion, valor = origen(nivel, delito)
    marco = consultar(
        f"SELECT DISTINCT fecha FROM (SELECT fecha, count(*) OVER (PARTITION BY {lugar} ORDER BY fecha "
        f"RANGE BETWEEN INTERVAL 23 MONTH PRECEDING AND CURRENT ROW) AS seguidos FROM {vista} WHERE {condicion}) "
        "WHERE seguidos = 24 ORDER BY fecha DESC",
        [valor],
    )
    return [f.date() for f in marco["fecha"]]
