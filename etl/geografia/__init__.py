"""Límites para los mapas: lectura de los oficiales, celdas esquemáticas mientras no los hay, y su publicación."""

from etl.geografia.celdas import celdas_esquematicas
from etl.geografia.lectura import leer_limites
from etl.geografia.publicacion import (
    geometria_vigente,
    publicar_archivos,
    publicar_esquematica,
    publicar_geometria,
)

__all__ = [
    "celdas_esquematicas",
    "geometria_vigente",
    "leer_limites",
    "publicar_archivos",
    "publicar_esquematica",
    "publicar_geometria",
]
