"""Cuánto se equivoca el método de eficacia con lo publicado, por delito: se guarda junto a la versión.

Se escribe al terminar cada delito, de modo que si se interrumpe no se pierde lo hecho y la siguiente vez sigue donde iba. Un
delito cuyas cifras son las mismas que en otra versión no se vuelve a calcular.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from analisis.eficacia.calibracion import calibrar
from analisis.eficacia.tipos import VERSION_DEL_METODO
from datos import catalogos
from datos.almacen import CALIBRACION, Almacen, Publicacion
from datos.catalogos import PREFIJO_DE_CANASTA
from etl.escritura import escribir_atomico

QUIEBRE = date(2026, 1, 1)
VARIABLE = "TABLERO_SIN_CALIBRAR"


class DelitoDesconocido(Exception):
    """Se pidió calibrar algo que no está publicado por municipio."""


def se_calibra() -> bool:
    """Si la actualización calibra por su cuenta: siempre, salvo que ``TABLERO_SIN_CALIBRAR`` diga que no."""
    return os.environ.get(VARIABLE, "").strip().lower() not in ("si", "sí")


def calcular_calibracion(
    almacen: Almacen,
    publicacion: Publicacion,
    avance: Callable[[str], None] = lambda texto: None,
    *,
    solo: Iterable[str] = (),
    forzar: bool = False,
) -> Path:
    """Calibra cada delito y canasta con serie municipal, o los de ``solo``; devuelve la ruta del archivo.

    Columnas: delito, cierre (último mes cerrado), huella (de las cifras), version_metodo, calculable y las de
    ``analisis.eficacia.calibracion.Celda``. Con ``forzar`` vuelve a calcular lo que ya está. Lanza ``DelitoDesconocido``.
    """
    destino = almacen.complementos(publicacion.version) / CALIBRACION
    previas = _previas(almacen, destino)
    comparables = catalogos.series().set_index("delito")["comparable_2026"]
    con = duckdb.connect(str(publicacion.ruta), read_only=True)
    try:
        claves = _claves(con)
        pedidos = list(dict.fromkeys(solo)) or claves
        ajenos = sorted(set(pedidos) - set(claves))
        if ajenos:
            raise DelitoDesconocido(f"Sin serie municipal publicada: {', '.join(ajenos)}. Hay: {', '.join(claves)}.")
        partes = [] if forzar else [t for clave in claves for t in _iguales(previas, clave, destino)]
        de_aqui = set() if forzar else {t["delito"].iloc[0] for t in partes}
        for numero, clave in enumerate(pedidos, 1):
            if clave in de_aqui:
                continue  # una versión publicada no cambia
            conteos, primero, cierre = _panel(con, clave)
            huella = hashlib.sha256(f"{primero}{conteos.shape}".encode() + conteos.tobytes()).hexdigest()[:16]
            igual = None if forzar else _de_antes(previas, clave, huella)
            if igual is not None:
                propias = igual
            else:
                avance(f"Calibración: {clave} ({numero} de {len(pedidos)})")
                limite = None if comparables[clave] else (QUIEBRE.year - primero.year) * 12 + 1 - primero.month
                celdas = calibrar(conteos, mes_inicial=primero, semilla=zlib.crc32(clave.encode()), hasta_mes=limite)
                propias = pd.DataFrame(celdas if celdas else [{}]).assign(
                    delito=clave, cierre=pd.Timestamp(cierre), huella=huella, version_metodo=VERSION_DEL_METODO,
                    calculable=bool(celdas),
                )  # fmt: skip
            partes = [t for t in partes if t["delito"].iloc[0] != clave] + [propias]
            destino.parent.mkdir(parents=True, exist_ok=True)
            tabla = pd.concat(partes, ignore_index=True).sort_values(["delito", "municipios", "promedio_desde"])
            escribir_atomico(destino, tabla.to_parquet(index=False))
    finally:
        con.close()
    return destino


def _claves(con: duckdb.DuckDBPyConnection) -> list[str]:
    delitos = con.execute("SELECT DISTINCT delito FROM delitos_municipal ORDER BY 1").fetchall()
    canastas = con.execute("SELECT DISTINCT canasta FROM canastas_municipal ORDER BY 1").fetchall()
    return [d for (d,) in delitos] + [f"{PREFIJO_DE_CANASTA}{c}" for (c,) in canastas]


def _panel(con: duckdb.DuckDBPyConnection, clave: str) -> tuple[np.ndarray, date, date]:
    """Municipios × meses cerrados (hasta el anterior al primero provisional), el primer mes y el último."""
    es_canasta = clave.startswith(PREFIJO_DE_CANASTA)
    vista, columna = ("canastas_municipal", "canasta") if es_canasta else ("delitos_municipal", "delito")
    largo = con.execute(
        f"SELECT cve_mun, fecha, conteo::DOUBLE AS conteo, provisional FROM {vista} WHERE {columna} = ? "
        "AND right(cve_mun, 3)::INTEGER < 998 ORDER BY cve_mun, fecha",
        [clave.removeprefix(PREFIJO_DE_CANASTA)],
    ).df()
    provisionales = largo.loc[largo["provisional"], "fecha"]
    if len(provisionales):
        largo = largo[largo["fecha"] < provisionales.min()]
    ancho = largo.pivot(index="cve_mun", columns="fecha", values="conteo")
    meses = pd.date_range(ancho.columns.min(), ancho.columns.max(), freq="MS")
    return ancho.reindex(columns=meses).to_numpy(dtype=float), meses[0].date(), meses[-1].date()


def _previas(almacen: Almacen, propia: Path) -> list[tuple[Path, pd.DataFrame]]:
    """Las calibraciones guardadas con este método, la de esta versión primero."""
    rutas = sorted(almacen.publicado.glob(f"complementos-*/{CALIBRACION}"), key=lambda r: r != propia)
    tablas = [(ruta, pd.read_parquet(ruta)) for ruta in rutas]
    return [(ruta, t[t["version_metodo"] == VERSION_DEL_METODO]) for ruta, t in tablas]


def _iguales(previas: list[tuple[Path, pd.DataFrame]], clave: str, propia: Path) -> list[pd.DataFrame]:
    """Lo que esta misma versión ya tenía de un delito."""
    return [p for ruta, t in previas if ruta == propia and len(p := t[t["delito"] == clave])]


def _de_antes(previas: list[tuple[Path, pd.DataFrame]], clave: str, huella: str) -> pd.DataFrame | None:
    for _, tabla in previas:
        suyas = tabla[(tabla["delito"] == clave) & (tabla["huella"] == huella)]
        if len(suyas):
            return suyas
    return None
