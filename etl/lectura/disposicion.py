"""Reconocer el producto por su encabezado: qué columnas trae y qué es, sin mirar el nombre del archivo."""

from __future__ import annotations

from dataclasses import dataclass

from datos.catalogos import normalizar
from datos.esquema import MESES

CLAVES = {
    "anio": ("ano", "año"),
    "cve_ent": ("clave ent", "cve ent", "clave entidad", "inegi"),
    "entidad": ("entidad", "entidad federativa"),
    "cve_mun": ("cve municipio", "clave municipio", "cve mun"),
    "municipio": ("municipio",),
    "bien_juridico": ("bien juridico afectado", "bien juridico"),
    "tipo": ("tipo de delito", "tipo"),
    "subtipo": ("subtipo de delito", "subtipo"),
    "modalidad": ("modalidad",),
    "sexo": ("sexo",),
    "edad": ("rango de edad", "edad"),
}
_POR_TEXTO = {variante: clave for clave, variantes in CLAVES.items() for variante in variantes}
_POR_TEXTO |= {mes: f"m{numero}" for numero, mes in enumerate(MESES, 1)}
_BASE = ("anio", "cve_ent", "entidad", "bien_juridico", "tipo", "subtipo", "modalidad")
_MESES = tuple(f"m{numero}" for numero in range(1, 13))
PRODUCTOS = {
    "estatal": _BASE,
    "municipal": (*_BASE, "cve_mun", "municipio"),
    "victimas_estatal": (*_BASE, "sexo", "edad"),
    "victimas_municipal": (*_BASE, "cve_mun", "municipio", "sexo", "edad"),
}


@dataclass(frozen=True)
class Disposicion:
    """Qué producto es y en qué posición (desde 0) viene cada columna que se usa."""

    ambito: str
    posiciones: dict[str, int]
    encabezado: tuple[str, ...]


def reconocer(encabezado: list[str]) -> Disposicion | None:
    """Disposición de un encabezado oficial de conteos; ``None`` si no es ninguno de ellos.

    Compara sin acentos, mayúsculas ni puntuación: «Bien.jurídico.afectado» y «AÑO» se entienden.
    """
    posiciones: dict[str, int] = {}
    for posicion, titulo in enumerate(encabezado):
        clave = _POR_TEXTO.get(normalizar(titulo))
        if clave is None or clave in posiciones:
            return None
        posiciones[clave] = posicion
    for ambito, claves in PRODUCTOS.items():
        if set(posiciones) == {*claves, *_MESES}:
            return Disposicion(ambito, posiciones, tuple(encabezado))
    return None


def se_parece(encabezado: list[str]) -> bool:
    """Si el encabezado comparte tanto con los oficiales que no reconocerlo es un error y no otro archivo."""
    titulos = {normalizar(t) for t in encabezado}
    return len({"enero", "diciembre"} & titulos) > 0 and len(titulos & set(_POR_TEXTO)) >= 10


def es_metodologia_anterior(encabezado: list[str]) -> bool:
    """Si es el archivo 1997–2017, que usa otro catálogo y nunca se encadena."""
    titulos = [normalizar(t) for t in encabezado]
    return titulos[:6] == ["ano", "inegi", "entidad", "modalidad", "tipo", "subtipo"]
