"""Entidades, municipios y su población."""

from __future__ import annotations

from functools import cache

import pandas as pd

from datos.catalogos._archivos import leer, normalizar

SUFIJO_PSEUDOMUNICIPIO = 998
FUENTE_POBLACION = "CONAPO, Reconstrucción y proyecciones de la población de los municipios 1990–2040 (2024); catálogo"


def entidades() -> pd.DataFrame:
    """32 renglones: cve_ent, nombre oficial, nombre_corto, abreviatura, iso."""
    return leer("entidades.csv").copy()


@cache
def _entidad_por_texto() -> dict[str, str]:
    por_texto: dict[str, str] = {}
    for columna in ("nombre", "nombre_corto", "abreviatura", "iso"):
        por_texto |= {
            normalizar(t): clave for clave, t in zip(entidades()["cve_ent"], entidades()[columna], strict=True)
        }
    alias = leer("entidades_alias.csv")
    return por_texto | {normalizar(t): clave for clave, t in zip(alias["cve_ent"], alias["alias"], strict=True)}


def clave_de_entidad(texto: str) -> str | None:
    """Clave de dos dígitos de cualquier variante del nombre de una entidad; ``None`` si no se reconoce."""
    return _entidad_por_texto().get(normalizar(texto))


def municipios() -> pd.DataFrame:
    """2,478 renglones: cve_mun, nombre, cve_ent, entidad (nombre corto), lat, lon, existe_desde, fuente_punto, nota.

    ``existe_desde`` es nulo cuando el municipio es anterior a la serie; ``lat`` y ``lon`` están en grados.
    """
    tabla = leer("municipios.csv").copy()
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


def poblacion() -> pd.DataFrame:
    """Población a mitad de año 2015–2030: anio, cve_mun, poblacion (habitantes), fuente. Faltan los 3 más nuevos."""
    ancho = leer("poblacion.csv").set_index("cve_mun").astype("int32")
    largo = ancho.melt(ignore_index=False, var_name="anio", value_name="poblacion").reset_index()
    return largo.astype({"anio": "int32"}).assign(fuente=FUENTE_POBLACION)[["anio", "cve_mun", "poblacion", "fuente"]]
