"""Dónde se juntan tasas altas y bajas, si ya se calculó para la versión vigente."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import pandas as pd

from datos.almacen import AGRUPAMIENTOS, almacen_por_omision, publicacion_vigente
from datos.consultas.geometria import FICHA
from datos.tablero import consultar


@dataclass(frozen=True)
class Agrupamientos:
    """``tabla``: cve_mun, clase y valor_p; ``cierre``: a qué mes terminan los doce; ``al_dia``: con los límites vigentes."""

    tabla: pd.DataFrame
    cierre: date
    al_dia: bool


class SinAgrupamientos(Exception):
    """No están calculados, o con este delito no alcanza; el mensaje dice cuál y qué hacer."""


def agrupamientos(delito: str) -> Agrupamientos:
    """Los municipios de un delito o canasta. Lanza ``SinAgrupamientos``."""
    almacen, vigente = almacen_por_omision(), publicacion_vigente()
    ruta = almacen.complementos(vigente.version) / AGRUPAMIENTOS if vigente else None
    if ruta is None or not ruta.is_file():
        raise SinAgrupamientos(
            "Los agrupamientos de este corte todavía no se calculan: tardan unos segundos con «python -m etl complementar»."
        )
    tabla = _leer(ruta, ruta.stat().st_mtime_ns)
    propia = tabla[tabla["delito"] == delito]
    if propia.empty:
        raise SinAgrupamientos(
            "Con este delito no se pueden buscar agrupamientos: hacen falta 100 municipios con población y 200 carpetas."
        )
    ficha = json.loads((almacen.publicado / FICHA).read_text(encoding="utf-8"))
    return Agrupamientos(
        propia[["cve_mun", "clase", "valor_p"]].reset_index(drop=True),
        propia["cierre"].iloc[0].date(),
        propia["vecinos"].iloc[0] == ficha.get("vecinos"),
    )


@lru_cache(maxsize=2)
def _leer(ruta: Path, _cuando: int) -> pd.DataFrame:
    """``_cuando`` es parte de la llave: si el archivo se vuelve a escribir, se vuelve a leer."""
    return consultar("SELECT * FROM read_parquet(?)", [str(ruta)])
