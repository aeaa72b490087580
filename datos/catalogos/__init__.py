"""Tablas de referencia escritas a mano y versionadas: entidades, municipios, categorías, puente, canastas, población.

La fuente de cada archivo está en ``FUENTES.md``, en esta carpeta. Todas las funciones devuelven copias: modificarlas no
altera el catálogo.
"""

from __future__ import annotations

from datos.catalogos._archivos import CARPETA, normalizar
from datos.catalogos._canastas import ARCHIVO as ARCHIVO_DE_CANASTAS
from datos.catalogos._canastas import PREFIJO as PREFIJO_DE_CANASTA
from datos.catalogos._canastas import PRINCIPAL as CANASTA_PRINCIPAL
from datos.catalogos._canastas import canastas, hojas_de_canastas, problemas_de_canastas, series
from datos.catalogos._delitos import categorias, comparables, delitos, puente
from datos.catalogos._lugares import (
    FUENTE_POBLACION,
    SUFIJO_PSEUDOMUNICIPIO,
    clave_de_entidad,
    entidades,
    es_pseudomunicipio,
    municipios,
    nombre_pseudomunicipio,
    poblacion,
)
from datos.catalogos._mandatos import mandatos
from datos.catalogos._mesas import mesas
from datos.catalogos._vecinas import vecinas

__all__ = [
    "ARCHIVO_DE_CANASTAS",
    "CANASTA_PRINCIPAL",
    "CARPETA",
    "FUENTE_POBLACION",
    "PREFIJO_DE_CANASTA",
    "SUFIJO_PSEUDOMUNICIPIO",
    "canastas",
    "categorias",
    "clave_de_entidad",
    "comparables",
    "delitos",
    "entidades",
    "es_pseudomunicipio",
    "hojas_de_canastas",
    "mandatos",
    "mesas",
    "municipios",
    "nombre_pseudomunicipio",
    "normalizar",
    "poblacion",
    "problemas_de_canastas",
    "puente",
    "series",
    "vecinas",
]
