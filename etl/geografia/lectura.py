"""Lectura de límites de estados o municipios en GeoJSON y TopoJSON; lo que no se entiende completo se rechaza."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import geopandas as gpd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from datos.catalogos import entidades, municipios, normalizar
from etl.problemas import EntradaRechazada, Problema

CRS_GEOGRAFICO = "EPSG:4326"
NOMBRES_DE_CLAVE = ("cvegeo", "clave", "cve mun", "cve ent", "cve agee", "id")
CAJA_DE_MEXICO = (-119.0, 14.0, -86.0, 33.5)  # oeste, sur, este, norte, en grados
MAXIMO_DE_CLAVES_EN_MENSAJE = 5


def leer_limites(ruta: Path) -> tuple[str, gpd.GeoDataFrame]:
    """Límites de un archivo: ``('estados' | 'municipios', tabla [clave, geometry])`` en grados (EPSG:4326).

    Reconoce GeoJSON del servicio web de INEGI (``cvegeo``), GeoJSON con ``CVEGEO`` y TopoJSON (``id``); el nivel sale
    del largo de la clave. La tabla viene ordenada por clave y con geometrías válidas. Lanza ``EntradaRechazada`` si el
    archivo no es ninguno de ellos, si trae claves desconocidas o repetidas, o figuras vacías o fuera de México.
    """
    ruta = Path(ruta)
    _exigir_limites(ruta)
    try:
        tabla = pyogrio.read_dataframe(ruta)
    except (DataSourceError, DataLayerError) as causa:
        raise _rechazo(ruta, "límites que se puedan leer", str(causa)) from causa
    if not isinstance(tabla, gpd.GeoDataFrame) or tabla.empty:
        raise _rechazo(ruta, "figuras de estados o municipios", "ninguna figura")
    tabla = _en_grados(tabla)
    columna = _columna_de_clave(ruta, list(tabla.columns))
    nivel, claves = _nivel_y_claves(ruta, columna, [str(valor).strip() for valor in tabla[columna]])
    limpia = gpd.GeoDataFrame({"clave": claves}, geometry=_solo_poligonos(tabla.geometry.values), crs=CRS_GEOGRAFICO)
    _exigir_figuras(ruta, limpia)
    return nivel, limpia.sort_values("clave", ignore_index=True)


def _rechazo(ruta: Path, esperado: str, encontrado: str, columna: str | None = None) -> EntradaRechazada:
    return EntradaRechazada([Problema(ruta.name, esperado, encontrado, columna=columna)])


def _exigir_limites(ruta: Path) -> None:
    esperado = "un GeoJSON o TopoJSON de límites"
    try:
        contenido = json.loads(ruta.read_bytes())
    except OSError as causa:
        raise _rechazo(ruta, esperado, f"un archivo que no se puede abrir ({causa.strerror})") from causa
    except ValueError as causa:
        raise _rechazo(ruta, esperado, "algo que no es JSON (¿una página web o una descarga incompleta?)") from causa
    tipo = contenido.get("type") if isinstance(contenido, dict) else None
    if tipo in ("FeatureCollection", "Topology"):
        return
    if isinstance(contenido, dict) and "datos" in contenido:
        raise _rechazo(ruta, esperado, "el catálogo de INEGI sin geometría; descargue el de «v2/geo»")
    raise _rechazo(ruta, esperado, f"un JSON de otro tipo ({tipo or 'sin tipo'})")


def _en_grados(tabla: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    # El servicio de INEGI no siempre declara el sistema; entonces es geográfico, y la caja de México lo comprueba.
    return tabla.set_crs(CRS_GEOGRAFICO) if tabla.crs is None else tabla.to_crs(CRS_GEOGRAFICO)


def _columna_de_clave(ruta: Path, columnas: list[str]) -> str:
    por_nombre = {normalizar(columna): columna for columna in reversed(columnas)}
    for nombre in NOMBRES_DE_CLAVE:
        if nombre in por_nombre:
            return por_nombre[nombre]
    raise _rechazo(ruta, "una propiedad con la clave de INEGI (cvegeo)", ", ".join(columnas))


def _nivel_y_claves(ruta: Path, columna: str, valores: list[str]) -> tuple[str, list[str]]:
    largo = max(len(valor) for valor in valores)
    nivel, cifras = ("estados", 2) if largo <= 2 else ("municipios", 5)
    conocidas = set(entidades()["cve_ent"] if nivel == "estados" else municipios()["cve_mun"])
    claves = [valor.zfill(cifras) for valor in valores]
    problemas = []
    ajenas = sorted(set(claves) - conocidas)
    if ajenas:
        problemas.append(Problema(ruta.name, f"claves de {nivel} del catálogo", _algunas(ajenas), columna=columna))
    repetidas = sorted(clave for clave, veces in Counter(claves).items() if veces > 1)
    if repetidas:
        problemas.append(Problema(ruta.name, "cada clave una sola vez", _algunas(repetidas), columna=columna))
    if problemas:
        raise EntradaRechazada(problemas)
    return nivel, claves


def _algunas(claves: list[str]) -> str:
    restantes = len(claves) - MAXIMO_DE_CLAVES_EN_MENSAJE
    return ", ".join(claves[:MAXIMO_DE_CLAVES_EN_MENSAJE]) + (f" y {restantes:,} más" if restantes > 0 else "")


def _solo_poligonos(figuras):
    """Las mismas figuras, válidas y sin los puntos o líneas que deja la reparación; sin área: polígono vacío."""
    return [_reparada(figura) for figura in figuras]


def _reparada(figura: shapely.Geometry | None) -> shapely.Geometry:
    if figura is None:
        return shapely.Polygon()
    valida = figura if figura.is_valid else shapely.make_valid(figura)
    partes = shapely.get_parts(shapely.get_parts(valida))
    return shapely.union_all([parte for parte in partes if parte.geom_type == "Polygon"])


def _exigir_figuras(ruta: Path, tabla: gpd.GeoDataFrame) -> None:
    vacias = tabla["clave"][tabla.geometry.is_empty].tolist()
    if vacias:
        raise _rechazo(ruta, "un polígono con área por clave", f"figuras vacías en {_algunas(vacias)}")
    oeste, sur, este, norte = CAJA_DE_MEXICO
    cajas = tabla.geometry.bounds
    dentro = (cajas["minx"] > oeste) & (cajas["miny"] > sur) & (cajas["maxx"] < este) & (cajas["maxy"] < norte)
    fuera = tabla["clave"][~dentro].tolist()
    if fuera:
        raise _rechazo(ruta, "coordenadas en grados dentro de México", f"fuera o en otro sistema: {_algunas(fuera)}")
