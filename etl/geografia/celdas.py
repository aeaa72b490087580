"""Celdas esquemáticas: un mapa legible antes de tener los límites oficiales. No son límites y así se rotulan.

Cada celda es la región de Voronoi del punto de su municipio, dentro del contorno simplificado de su estado.
"""

from __future__ import annotations

import geopandas as gpd
import shapely

from datos.catalogos import CARPETA, municipios

CONTORNOS = CARPETA / "contornos" / "estados.geojson"
MARGEN_GRADOS = 0.02  # los puntos que caen fuera del contorno simplificado se acercan hasta quedar dentro


def contornos() -> gpd.GeoDataFrame:
    """Los 32 contornos simplificados que acompañan al catálogo: [clave, geometry], EPSG:4326, por clave."""
    tabla = gpd.read_file(CONTORNOS)[["clave", "geometry"]]
    return tabla.sort_values("clave", ignore_index=True)


def celdas_esquematicas() -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """``(estados, municipios)`` esquemáticos: 32 contornos y 2,478 celdas, ambos [clave, geometry] en EPSG:4326.

    Las celdas de un estado no se enciman y juntas llenan su contorno.
    """
    estados = contornos()
    catalogo = municipios().sort_values("cve_mun")
    claves: list[str] = []
    celdas: list[shapely.Geometry] = []
    for cve_ent, contorno in zip(estados["clave"], estados.geometry, strict=True):
        propios = catalogo[catalogo["cve_ent"] == cve_ent]
        claves += list(propios["cve_mun"])
        celdas += _celdas(shapely.points(propios["lon"].to_numpy(), propios["lat"].to_numpy()), contorno)
    return estados, gpd.GeoDataFrame({"clave": claves}, geometry=celdas, crs=estados.crs)


def _celdas(puntos, contorno: shapely.Geometry) -> list[shapely.Geometry]:
    interior = shapely.buffer(contorno, -MARGEN_GRADOS)
    adentro = [_acercado(punto, interior) for punto in puntos]
    regiones = shapely.voronoi_polygons(shapely.MultiPoint(adentro), extend_to=contorno, ordered=True)
    return [_con_area(shapely.intersection(region, contorno)) for region in shapely.get_parts(regiones)]


def _acercado(punto: shapely.Point, interior: shapely.Geometry) -> shapely.Point:
    if interior.contains(punto):
        return punto
    # Un centésimo del camino de regreso conserva distintos a dos puntos que se acercan al mismo vértice.
    destino = shapely.get_point(shapely.shortest_line(punto, interior), 1)
    desvio_x, desvio_y = (punto.x - destino.x) * 0.01, (punto.y - destino.y) * 0.01
    return shapely.Point(destino.x + desvio_x, destino.y + desvio_y)


def _con_area(figura: shapely.Geometry) -> shapely.Geometry:
    return shapely.union_all([parte for parte in shapely.get_parts(figura) if parte.geom_type == "Polygon"])
