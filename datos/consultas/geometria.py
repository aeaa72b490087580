"""Qué geometría está vigente, en qué dirección la pide el navegador y qué lugares trae, en orden."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import shapely

from datos import catalogos
from datos.almacen import RAIZ_DEL_PROYECTO, almacen_por_omision

FICHA = "geometria.json"
CARPETA = "app/static/geometria/"


class SinGeometria(Exception):
    """No hay límites publicados en este almacén."""


@dataclass(frozen=True)
class Geometria:
    """Un GeoJSON por su ruta (relativa a la aplicación), las claves de sus piezas en orden y de quién son los límites."""

    ruta: str
    claves: tuple[str, ...]
    bordes: str | None
    esquematica: bool
    fuente: str
    municipal: bool


def geometria(nivel: str, cve_ent: str | None = None) -> Geometria:
    """Geometría de 'estatal' o 'municipal'; con ``cve_ent``, la de los municipios de una entidad.

    Lanza ``SinGeometria`` si no la hay.
    """
    nombre = "estados" if nivel == "estatal" else "municipios" + (f"-{cve_ent}" if cve_ent else "")
    ruta = almacen_por_omision().publicado / FICHA
    if not ruta.is_file():
        raise SinGeometria("No hay límites publicados: la tabla trae las mismas cifras.")
    ficha = json.loads(ruta.read_text(encoding="utf-8"))
    if nombre not in ficha["archivos"]:
        raise SinGeometria(f"Los límites publicados no traen «{nombre}»: la tabla trae las mismas cifras.")
    if nivel == "estatal":
        claves = catalogos.entidades()["cve_ent"].tolist()
    else:
        faltan = set(ficha["sin_figura"])
        claves = [c for c in catalogos.municipios()["cve_mun"] if c not in faltan and c.startswith(cve_ent or "")]
    bordes = ficha["archivos"].get("bordes") if nivel == "municipal" and cve_ent is None else None
    return Geometria(
        CARPETA + ficha["archivos"][nombre],
        tuple(sorted(claves)),
        CARPETA + bordes if bordes else None,
        bool(ficha["esquematica"]),
        str(ficha["fuente"]),
        nivel == "municipal",
    )


@lru_cache(maxsize=8)
def figuras(ruta: str) -> tuple[tuple[str, ...], tuple[shapely.Geometry, ...]]:
    """Las claves y los contornos (grados) de una geometría publicada, para dibujarla fuera del navegador.

    ``ruta``: la de ``Geometria.ruta`` o ``bordes``; lleva huella en el nombre, así que nunca cambia de contenido.
    """
    archivo = RAIZ_DEL_PROYECTO / ruta.removeprefix("app/")
    piezas = json.loads(archivo.read_text(encoding="utf-8"))["features"]
    claves = tuple(str(p["properties"]["clave"]) for p in piezas)
    return claves, tuple(shapely.geometry.shape(p["geometry"]) for p in piezas)


def vecinos() -> dict[str, list[str]]:
    """Por clave de municipio, las de los que comparten frontera o vértice en los límites publicados; vacío si no los hay.

    Es compartido: no se modifica.
    """
    publicado = almacen_por_omision().publicado
    ruta = publicado / FICHA
    if not ruta.is_file():
        return {}
    nombre = json.loads(ruta.read_text(encoding="utf-8")).get("vecinos")
    return _leer_vecinos(publicado / Path(nombre).name) if nombre else {}


@lru_cache(maxsize=2)
def _leer_vecinos(ruta: Path) -> dict[str, list[str]]:
    """El archivo lleva su huella en el nombre: si cambian los límites, cambia la ruta."""
    return json.loads(ruta.read_text(encoding="utf-8"))
