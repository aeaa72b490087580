"""Agrupamientos de tasas municipales de cada delito, con los límites vigentes, guardados junto a la versión publicada."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd

from analisis.agrupamientos import agrupar
from datos.almacen import AGRUPAMIENTOS, Almacen, Publicacion
from etl.escritura import escribir_atomico
from etl.geografia import geometria_vigente

_SUMAS = (
    "WITH cierres AS (SELECT delito, max(cierre) AS cierre FROM tendencias WHERE nivel = 'municipal' GROUP BY delito) "
    "SELECT t.delito, t.clave AS lugar, c.cierre, t.conteo::DOUBLE AS conteo, p.poblacion::DOUBLE AS personas "
    "FROM tendencias AS t JOIN cierres AS c ON c.delito = t.delito AND c.cierre = t.cierre "
    "LEFT JOIN poblacion AS p ON p.cve_mun = t.clave AND p.anio = year(c.cierre) "
    "WHERE t.nivel = 'municipal' ORDER BY t.delito, t.clave"
)


class SinLimites(Exception):
    """No hay límites publicados: no se sabe qué municipios colindan."""


def agrupamientos_al_dia(almacen: Almacen, publicacion: Publicacion) -> bool:
    """Si ya están calculados para esta versión y con los límites vigentes."""
    ruta, ficha = almacen.complementos(publicacion.version) / AGRUPAMIENTOS, geometria_vigente(almacen)
    if ficha is None or not ruta.exists():
        return False
    usados = pd.read_parquet(ruta, columns=["vecinos"])["vecinos"]
    return bool((usados == ficha.get("vecinos")).all())


def calcular_agrupamientos(
    almacen: Almacen, publicacion: Publicacion, avance: Callable[[str], None] = lambda texto: None
) -> Path:
    """Calcula todos los delitos y canastas con serie municipal y escribe el archivo; devuelve su ruta.

    Columnas: delito, cve_mun, cierre, clase, valor_p y vecinos (el archivo de colindancias con que se calculó). Lanza
    ``SinLimites``.
    """
    ficha = geometria_vigente(almacen)
    if ficha is None or "vecinos" not in ficha:
        raise SinLimites("No hay límites publicados con sus vecinos. Cárguelos, o construya la demostración, y repita.")
    vecinos = json.loads((almacen.publicado / str(ficha["vecinos"])).read_text(encoding="utf-8"))
    con = duckdb.connect(str(publicacion.ruta), read_only=True)
    try:
        sumas = con.execute(_SUMAS).df()
    finally:
        con.close()
    partes = []
    for delito, propias in sumas.groupby("delito"):
        avance(f"Agrupamientos: {delito}")
        hecho = agrupar(
            propias["lugar"].tolist(), propias["conteo"].to_numpy(), propias["personas"].to_numpy(), vecinos
        )
        if hecho is not None:
            partes.append(hecho.assign(delito=delito, cierre=propias["cierre"].iloc[0]))
    columnas = ["delito", "lugar", "cierre", "clase", "valor_p"]
    tabla = pd.concat(partes, ignore_index=True)[columnas] if partes else pd.DataFrame(columns=columnas)
    tabla = tabla.rename(columns={"lugar": "cve_mun"}).assign(vecinos=str(ficha["vecinos"]))
    destino = almacen.complementos(publicacion.version) / AGRUPAMIENTOS
    destino.parent.mkdir(parents=True, exist_ok=True)
    escribir_atomico(destino, tabla.to_parquet(index=False))
    return destino
