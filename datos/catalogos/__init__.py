"""Tablas de referencia escritas a mano y versionadas: entidades, municipios, categorías, puente, canastas, población.

La fuente de cada archivo está en ``FUENTES.md``, en esta carpeta. Todas las funciones devuelven copias: modificarlas no
altera el catálogo.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

import pandas as pd

CARPETA = Path(__file__).parent
SUFIJO_PSEUDOMUNICIPIO = 998
FUENTE_POBLACION = "CONAPO, Reconstrucción y proyecciones de la población de los municipios 1990–2040 (2024); catálogo"
_NO_ALFANUMERICO = re.compile(r"[^a-z0-9]+")


def normalizar(texto: str) -> str:
    """Texto sin acentos, mayúsculas ni puntuación, con espacios sencillos: la forma en que se comparan los nombres."""
    sin_acentos = unicodedata.normalize("NFKD", texto).encode("ascii", "ignore").decode("ascii")
    return _NO_ALFANUMERICO.sub(" ", sin_acentos.lower()).strip()


@cache
def _leer(nombre: str) -> pd.DataFrame:
    return pd.read_csv(CARPETA / nombre, dtype=str, keep_default_na=False, encoding="utf-8")


def entidades() -> pd.DataFrame:
    """32 renglones: cve_ent, nombre oficial, nombre_corto, abreviatura, iso."""
    return _leer("entidades.csv").copy()


@cache
def _entidad_por_texto() -> dict[str, str]:
    por_texto: dict[str, str] = {}
    for columna in ("nombre", "nombre_corto", "abreviatura", "iso"):
        por_texto |= {
            normalizar(t): clave for clave, t in zip(entidades()["cve_ent"], entidades()[columna], strict=True)
        }
    alias = _leer("entidades_alias.csv")
    return por_texto | {normalizar(t): clave for clave, t in zip(alias["cve_ent"], alias["alias"], strict=True)}


def clave_de_entidad(texto: str) -> str | None:
    """Clave de dos dígitos de cualquier variante del nombre de una entidad; ``None`` si no se reconoce."""
    return _entidad_por_texto().get(normalizar(texto))


def municipios() -> pd.DataFrame:
    """2,478 renglones: cve_mun, nombre, cve_ent, entidad (nombre corto), lat, lon, existe_desde, fuente_punto, nota.

    ``existe_desde`` es nulo cuando el municipio es anterior a la serie; ``lat`` y ``lon`` están en grados.
    """
    tabla = _leer("municipios.csv").copy()
    tabla["entidad"] = tabla["cve_ent"].map(dict(zip(entidades()["cve_ent"], entidades()["nombre_corto"], strict=True)))
    for columna in ("lat", "lon"):
        tabla[columna] = tabla[columna].astype("float64")
    tabla["existe_desde"] = pd.to_numeric(tabla["existe_desde"], errors="coerce").astype("Int64")
    return tabla


def es_pseudomunicipio(cve_mun: str) -> bool:
    """Si la clave es de «No especificado» u «Otros municipios»: sufijo 998 o mayor."""
    return int(cve_mun) % 1000 >= SUFIJO_PSEUDOMUNICIPIO


def nombre_pseudomunicipio(cve_mun: str, metodologia: str) -> str:
    """«No especificado» (998 en CNSP/38/15, 999 en RNID) u «Otros municipios» (999 en CNSP/38/15)."""
    otros = int(cve_mun) % 1000 == 999 and metodologia == "CNSP/38/15"
    return "Otros municipios" if otros else "No especificado"


def categorias() -> pd.DataFrame:
    """Las 98 y 114 categorías: metodologia, bien_juridico, tipo, subtipo, modalidad, con la ortografía de la fuente."""
    return _leer("puente.csv")[["metodologia", "bien_juridico", "tipo", "subtipo", "modalidad"]].copy()


def puente() -> pd.DataFrame:
    """Un renglón por categoría y delito: metodologia, tipo, subtipo, modalidad, delito. Toda categoría suma a 'total'."""
    tabla = _leer("puente.csv")
    largo = tabla.assign(delito=tabla["delitos"].str.split()).explode("delito", ignore_index=True)
    return largo[["metodologia", "tipo", "subtipo", "modalidad", "delito"]]


def comparables() -> pd.DataFrame:
    """El puente más fino: por categoría, el grupo ``comparable`` (vacío: sin equivalencia) y la nota que lo explica."""
    return _leer("puente.csv")[["metodologia", "tipo", "subtipo", "modalidad", "comparable", "nota"]].copy()


def delitos() -> pd.DataFrame:
    """Los 23 delitos: delito, nombre, nombre_corto, definicion, comparable_2026 (bool), nota, orden."""
    tabla = _leer("delitos.csv").copy()
    tabla["comparable_2026"] = tabla["comparable_2026"] == "si"
    tabla["orden"] = tabla["orden"].astype(int)
    return tabla.sort_values("orden", ignore_index=True)


def canastas() -> pd.DataFrame:
    """Canastas de delitos, una fila por delito: canasta, nombre, autor, fuente, delito, orden."""
    tabla = _leer("canastas.csv").copy()
    tabla["orden"] = tabla["orden"].astype(int)
    return tabla


def mandatos() -> pd.DataFrame:
    """Periodos de gobierno: ambito, lugar ('00' o clave), nombre, desde y hasta (fechas; NaT si sigue), cargo y fuente.

    Se edita sin tocar código; una presidencia municipal se agrega con su clave de cinco dígitos.
    """
    tabla = _leer("mandatos.csv").copy()
    for columna in ("desde", "hasta"):
        tabla[columna] = pd.to_datetime(tabla[columna], errors="coerce")
    return tabla.sort_values(["lugar", "desde"], ignore_index=True)


def poblacion() -> pd.DataFrame:
    """Población a mitad de año 2015–2030: anio, cve_mun, poblacion (habitantes), fuente. Faltan los 3 más nuevos."""
    ancho = _leer("poblacion.csv")
    largo = ancho.melt(id_vars="cve_mun", var_name="anio", value_name="poblacion")
    largo["anio"] = largo["anio"].astype("int32")
    largo["poblacion"] = largo["poblacion"].astype("int32")
    return largo.assign(fuente=FUENTE_POBLACION)[["anio", "cve_mun", "poblacion", "fuente"]]
