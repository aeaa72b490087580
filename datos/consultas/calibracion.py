"""Cuánto se equivoca el método de eficacia con lo publicado, si ya se midió para la versión vigente."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import pandas as pd

from datos.almacen import CALIBRACION, almacen_por_omision, publicacion_vigente
from datos.tablero import consultar

COMO_SE_MIDE = "«python -m etl calibrar»"
DE_CONTEO = (
    "evaluadas", "falsas", "falsas_ensanchadas", "cubren", "sembradas", "vistas", "ingenua_diez", "ingenua_poisson",
    "ingenua_dd", "ingenua_its",
)  # fmt: skip


class SinCalibracion(Exception):
    """No se ha medido, o con este delito no alcanza; el mensaje dice cuál y qué hacer."""


@dataclass(frozen=True)
class Calibracion:
    """``celdas``: un renglón por tamaño de conjunto (``municipios``) y clase (``promedio_desde``, ``promedio_hasta``, carpetas
    al mes de cada municipio), con los conteos de ``analisis.eficacia.calibracion.Celda``; ``cierre``: último mes usado."""

    delito: str
    celdas: pd.DataFrame
    cierre: date
    version_metodo: str

    @property
    def por_conjunto(self) -> pd.DataFrame:
        """Las celdas sumadas por tamaño de conjunto (índice ``municipios``), con su ``ensanche``."""
        grupos = self.celdas.groupby("municipios")
        return grupos[list(DE_CONTEO)].sum().astype("int64").assign(ensanche=grupos["ensanche"].first())


def calibracion(delito: str) -> Calibracion:
    """La de un delito o canasta. Lanza ``SinCalibracion``."""
    tabla = _vigente()
    if tabla is None:
        raise SinCalibracion(f"Todavía no se mide cuánto se equivoca el método con este corte: {COMO_SE_MIDE} lo hace.")
    propia = tabla[tabla["delito"] == delito]
    if propia.empty:
        raise SinCalibracion(
            f"Con este delito todavía no se mide cuánto se equivoca el método: {COMO_SE_MIDE} lo hace."
        )
    if not propia["calculable"].all():
        raise SinCalibracion(
            "Con este delito no se puede medir cuánto se equivoca el método: faltan meses o municipios con suficientes carpetas."
        )
    return Calibracion(
        delito,
        propia.reset_index(drop=True),
        propia["cierre"].iloc[0].date(),
        str(propia["version_metodo"].iloc[0]),
    )


def delitos_calibrados() -> list[str]:
    """Claves que tienen calibración vigente y calculable, en orden alfabético."""
    tabla = _vigente()
    return [] if tabla is None else sorted(tabla.loc[tabla["calculable"], "delito"].unique())


def _vigente() -> pd.DataFrame | None:
    vigente = publicacion_vigente()
    ruta = almacen_por_omision().complementos(vigente.version) / CALIBRACION if vigente else None
    return _leer(ruta, ruta.stat().st_mtime_ns) if ruta is not None and ruta.is_file() else None


@lru_cache(maxsize=2)
def _leer(ruta: Path, _cuando: int) -> pd.DataFrame:
    """``_cuando`` es parte de la llave: si el archivo se vuelve a escribir, se vuelve a leer."""
    return consultar("SELECT * FROM read_parquet(?)", [str(ruta)])
