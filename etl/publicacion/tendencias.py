"""La vista ``tendencias``: 12 meses contra los 12 anteriores para cada lugar y clave, al último mes posible."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from analisis.etiquetas import MESES, etiquetar
from datos.catalogos import es_pseudomunicipio, series
from datos.esquema import CNSP, COLUMNAS_DE_MES, PRIMER_ANIO, RNID

QUIEBRE = PRIMER_ANIO[RNID]
_CREAR = (
    "CREATE TABLE _tendencias(nivel VARCHAR, clave VARCHAR, delito VARCHAR, metodologia VARCHAR, cierre DATE, "
    "conteo INTEGER, conteo_previo INTEGER, razon DOUBLE, ic_bajo DOUBLE, ic_alto DOUBLE, valor_q DOUBLE, "
    "racha INTEGER, etiqueta VARCHAR, motivo VARCHAR)"
)


@dataclass(frozen=True)
class _Panel:
    """Conteos de un delito o canasta: lugares × meses desde enero de ``primer_anio``; NaN es no reportado."""

    lugares: np.ndarray
    conteos: np.ndarray
    primer_anio: int


def escribir_tendencias(con: duckdb.DuckDBPyConnection, delitos: dict[str, pa.Table]) -> None:
    """Crea ``_tendencias``: un renglón por nivel, lugar y clave (delito o canasta) con serie.

    ``delitos`` son las tablas de ``delitos_de`` por ámbito; se usan la estatal y la municipal.

    El cierre es, por nivel y clave, el último mes en que algún lugar tiene sus 24 meses completos. Lo que no es
    comparable (``total``, y la canasta que lo incluya) no cruza enero de 2026.
    """
    con.execute(_CREAR)
    habitantes = _habitantes(con)
    comparables = set(series().query("comparable_2026")["delito"])
    resultados = []
    for nivel, delito, panel in _paneles(delitos):
        cierre = _cierre(panel, cruza=delito in comparables)
        if cierre is not None:
            resultados.append(_etiquetas(panel, cierre, habitantes).assign(nivel=nivel, delito=delito))
    if resultados:
        con.register("tabla", pd.concat(resultados, ignore_index=True))
        con.execute(
            "INSERT INTO _tendencias BY NAME SELECT nivel, clave, delito, metodologia, cierre::DATE AS cierre, "
            "conteo, conteo_previo, razon, ic_bajo, ic_alto, valor_q, racha, etiqueta, motivo FROM tabla "
            "ORDER BY nivel, delito, clave"
        )
        con.unregister("tabla")


def _habitantes(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Población (lugares de los tres niveles × años)."""
    largo = con.execute(
        "SELECT anio, cve_mun AS clave, poblacion FROM _poblacion UNION ALL "
        "SELECT anio, left(cve_mun, 2), sum(poblacion) FROM _poblacion GROUP BY ALL UNION ALL "
        "SELECT anio, '00', sum(poblacion) FROM _poblacion GROUP BY ALL"
    ).df()
    return largo.pivot(index="clave", columns="anio", values="poblacion").astype("float64")


def _paneles(delitos: dict[str, pa.Table]) -> Iterator[tuple[str, str, _Panel]]:
    """Nivel, clave y panel; lo nacional es la suma de las 32 entidades, solo donde reportan todas."""
    for nivel in ("estatal", "municipal"):
        tabla = delitos[nivel]
        if not tabla.num_rows:
            continue
        claves, lugares = (tabla[columna].combine_chunks() for columna in ("delito", "lugar"))
        nombres = lugares.dictionary.to_numpy(zero_copy_only=False)
        de_clave, lugar, anio = claves.indices.to_numpy(), lugares.indices.to_numpy(), tabla["anio"].to_numpy()
        meses = [tabla[m].to_numpy() for m in COLUMNAS_DE_MES]
        reales = np.array([nivel == "estatal" or not es_pseudomunicipio(nombre) for nombre in nombres])
        primero, anios = int(anio.min()), int(anio.max() - anio.min()) + 1
        for codigo, clave in enumerate(claves.dictionary.to_pylist()):
            filas = np.flatnonzero(de_clave == codigo)
            conteos = np.full((len(nombres), anios, 12), np.nan)
            conteos[lugar[filas], anio[filas] - primero] = np.column_stack([mes[filas] for mes in meses])
            panel = _Panel(nombres[reales], conteos.reshape(len(nombres), -1)[reales], primero)
            yield nivel, clave, panel
            if nivel == "estatal" and len(nombres) == 32:
                yield "nacional", clave, _Panel(np.array(["00"]), panel.conteos.sum(axis=0, keepdims=True), primero)


def _cierre(panel: _Panel, *, cruza: bool) -> int | None:
    """Posición del último mes con 24 completos en algún lugar; ``None`` si no hay ninguno."""
    acumulado = np.cumsum(~np.isnan(panel.conteos), axis=1)
    acumulado = np.pad(acumulado, ((0, 0), (1, 0)))
    if acumulado.shape[1] <= MESES:
        return None
    completos = (acumulado[:, MESES:] - acumulado[:, :-MESES] == MESES).any(axis=0)
    cierres = np.flatnonzero(completos) + MESES - 1
    quiebre = (QUIEBRE - panel.primer_anio) * 12
    if not cruza:
        cierres = cierres[(cierres < quiebre) | (cierres - MESES + 1 >= quiebre)]
    return int(cierres[-1]) if len(cierres) else None


def _etiquetas(panel: _Panel, cierre: int, habitantes: pd.DataFrame) -> pd.DataFrame:
    ventana = panel.conteos[:, cierre - MESES + 1 : cierre + 1]
    con_dato = ~np.isnan(ventana).all(axis=1)
    claves = panel.lugares[con_dato]
    anios = panel.primer_anio + np.arange(cierre - MESES + 1, cierre + 1) // 12
    personas = habitantes.reindex(index=claves, columns=anios).to_numpy(copy=True)
    personas[np.isnan(personas).any(axis=1)] = 1.0  # sin denominador la razón es de conteos: los meses pesan igual
    tabla = etiquetar(ventana[con_dato], personas)
    anio, mes = divmod(cierre, 12)
    return tabla.assign(
        clave=claves,
        cierre=pd.Timestamp(panel.primer_anio + anio, mes + 1, 1),
        metodologia=RNID if panel.primer_anio + anio >= QUIEBRE else CNSP,
    )
