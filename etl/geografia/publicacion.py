"""Publicación de la geometría: archivos JSON con su huella en el nombre y una ficha que dice cuáles están vigentes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from datos.almacen import Almacen
from datos.catalogos import entidades
from datos.catalogos import municipios as catalogo_de_municipios
from etl.escritura import escribir_atomico
from etl.geografia.celdas import celdas_esquematicas
from etl.geografia.lectura import CRS_GEOGRAFICO, leer_limites
from etl.geografia.vecindad import vecindad
from etl.problemas import EntradaRechazada, Problema

CARPETA_ESTATICA = "geometria"
FICHA = "geometria.json"
CLAVE_PROPIEDAD = "clave"
LARGO_DE_HUELLA = 12
TOLERANCIA_NACIONAL = 0.015  # grados: raíz del área mínima que un vértice aporta (Visvalingam–Whyatt)
TOLERANCIA_ESTATAL = 0.003
DECIMALES_NACIONAL = 3  # unos 100 m
DECIMALES_ESTATAL = 4  # unos 10 m
FUENTE_ESQUEMATICA = (
    "Esquema del tablero: celdas alrededor de un punto por municipio (claves de INEGI) dentro de contornos estatales "
    "simplificados (Apache Superset, Apache-2.0). No son límites oficiales"
)


def publicar_geometria(
    estados: gpd.GeoDataFrame,
    municipios: gpd.GeoDataFrame,
    destino_estaticos: Path,
    almacen: Almacen,
    fuente: str,
    esquematica: bool,
) -> dict[str, object]:
    """Simplifica y publica ``<destino_estaticos>/geometria/*.json``; devuelve la ficha que quedó vigente.

    ``estados`` y ``municipios`` son [clave, geometry] en EPSG:4326. Escribe ``estados``, ``municipios`` (nacional),
    ``municipios-<cve_ent>`` y ``bordes`` (líneas estatales), cada uno con su huella en el nombre; al final reemplaza de una
    sola vez ``<almacen>/publicado/geometria.json`` = {esquematica, fuente, clave_propiedad, archivos {nombre: archivo},
    vecinos (archivo junto a la ficha: qué municipios colindan), sin_figura [cve_mun]}. Si algo falla antes, sigue vigente
    la geometría anterior.
    """
    carpeta = Path(destino_estaticos) / CARPETA_ESTATICA
    carpeta.mkdir(parents=True, exist_ok=True)
    almacen.crear()
    estados_simples = _simplificados(estados, TOLERANCIA_NACIONAL, DECIMALES_NACIONAL)
    capas = {
        "estados": estados_simples,
        "bordes": estados_simples.set_geometry(estados_simples.geometry.boundary),
        "municipios": _simplificados(municipios, TOLERANCIA_NACIONAL, DECIMALES_NACIONAL),
    }
    for cve_ent, propios in municipios.groupby(municipios["clave"].str[:2]):
        capas[f"municipios-{cve_ent}"] = _simplificados(propios, TOLERANCIA_ESTATAL, DECIMALES_ESTATAL)
    rotulos = _rotulos()
    archivos = {nombre: _escribir(carpeta, nombre, capa, rotulos) for nombre, capa in capas.items()}
    ficha: dict[str, object] = {
        "esquematica": esquematica,
        "fuente": fuente,
        "clave_propiedad": CLAVE_PROPIEDAD,
        "archivos": archivos,
        "vecinos": _guardar(almacen.publicado, "vecinos", vecindad(capas["municipios"])),
        "sin_figura": sorted(set(catalogo_de_municipios()["cve_mun"]) - set(municipios["clave"])),
    }
    escribir_atomico(almacen.publicado / FICHA, json.dumps(ficha, ensure_ascii=False, indent=1).encode("utf-8"))
    return ficha


def publicar_esquematica(destino_estaticos: Path, almacen: Almacen) -> dict[str, object]:
    """Publica las celdas esquemáticas y devuelve su ficha; sirve mientras no se carguen los límites oficiales."""
    estados, municipios = celdas_esquematicas()
    return publicar_geometria(estados, municipios, destino_estaticos, almacen, FUENTE_ESQUEMATICA, esquematica=True)


def publicar_archivos(
    rutas: Iterable[Path], destino_estaticos: Path, almacen: Almacen, fuente: str
) -> dict[str, object]:
    """Lee límites oficiales (uno o varios archivos) y los publica juntos; devuelve la ficha.

    Sin archivo de estados, los estados se forman con la unión de sus municipios. Lanza ``EntradaRechazada``, con todos
    los problemas, si un archivo no sirve, si dos traen la misma clave o si no queda cubierto cada estado.
    """
    capas: dict[str, list[gpd.GeoDataFrame]] = {"estados": [], "municipios": []}
    problemas: list[Problema] = []
    for ruta in rutas:
        try:
            nivel, tabla = leer_limites(ruta)
        except EntradaRechazada as rechazo:
            problemas += rechazo.problemas
        else:
            capas[nivel].append(tabla)
    if problemas:
        raise EntradaRechazada(problemas)
    municipios = _juntos("municipios", capas["municipios"])
    estados = _juntos("estados", capas["estados"]) if capas["estados"] else _union_por_estado(municipios)
    return publicar_geometria(estados, municipios, destino_estaticos, almacen, fuente, esquematica=False)


def geometria_vigente(almacen: Almacen) -> dict[str, object] | None:
    """La ficha de la geometría publicada, o ``None`` si todavía no hay."""
    ruta = almacen.publicado / FICHA
    return json.loads(ruta.read_text(encoding="utf-8")) if ruta.exists() else None


def _juntos(nivel: str, tablas: list[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    claves = pd.concat([tabla["clave"] for tabla in tablas]) if tablas else pd.Series(dtype=str)
    estados_cubiertos = set(claves.str[:2])
    todos = set(catalogo_de_municipios()["cve_ent"])
    problemas = []
    if todos - estados_cubiertos:
        faltan = ", ".join(sorted(todos - estados_cubiertos))
        problemas.append(Problema(f"límites de {nivel}", "los 32 estados", f"faltan los estados {faltan}"))
    if claves.duplicated().any():
        repetidas = ", ".join(sorted(set(claves[claves.duplicated()]))[:5])
        problemas.append(Problema(f"límites de {nivel}", "cada clave en un solo archivo", f"repetidas: {repetidas}"))
    if problemas:
        raise EntradaRechazada(problemas)
    return pd.concat(tablas).sort_values("clave", ignore_index=True)


def _union_por_estado(municipios: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    por_estado = municipios.assign(clave=municipios["clave"].str[:2])
    return por_estado.dissolve(by="clave", as_index=False)[["clave", "geometry"]]


def _simplificados(tabla: gpd.GeoDataFrame, tolerancia: float, decimales: int) -> gpd.GeoDataFrame:
    """Copia con menos vértices y sin huecos entre vecinos; una figura que se perdería conserva su forma original."""
    originales = tabla.geometry.values.to_numpy()
    figuras = shapely.coverage_simplify(originales, tolerance=tolerancia)
    figuras = shapely.set_precision(figuras, grid_size=10.0**-decimales, mode="pointwise")
    perdidas = shapely.is_empty(figuras) | (shapely.area(figuras) == 0)
    figuras[perdidas] = originales[perdidas]
    # Plotly dibuja con d3-geo: un anillo exterior contra el reloj pintaría todo el globo menos la figura.
    horario = shapely.orient_polygons(figuras, exterior_cw=True)
    return gpd.GeoDataFrame({"clave": tabla["clave"].to_numpy()}, geometry=horario, crs=CRS_GEOGRAFICO)


def _rotulos() -> dict[str, str]:
    """Nombre de cada clave, para el mapa: «Jalisco», «Guadalajara, Jalisco»."""
    estados = entidades()[["cve_ent", "nombre_corto"]].itertuples(index=False, name=None)
    propios = catalogo_de_municipios()[["cve_mun", "nombre", "entidad"]].itertuples(index=False, name=None)
    return dict(estados) | {cve_mun: f"{nombre}, {entidad}" for cve_mun, nombre, entidad in propios}


def _escribir(carpeta: Path, nombre: str, capa: gpd.GeoDataFrame, rotulos: dict[str, str]) -> str:
    figuras = [
        {
            "type": "Feature",
            "id": clave,
            "properties": {CLAVE_PROPIEDAD: clave, "nombre": rotulos.get(clave, clave)},
            "geometry": _redondeada(shapely.geometry.mapping(figura)),
        }
        for clave, figura in zip(capa["clave"], capa.geometry, strict=True)
    ]
    return _guardar(carpeta, nombre, {"type": "FeatureCollection", "features": figuras})


def _guardar(carpeta: Path, nombre: str, cuerpo: object) -> str:
    """Escribe el JSON con su huella en el nombre y devuelve ese nombre."""
    contenido = json.dumps(cuerpo, separators=(",", ":"), ensure_ascii=False).encode("utf-8")
    archivo = f"{nombre}-{hashlib.sha256(contenido).hexdigest()[:LARGO_DE_HUELLA]}.json"
    escribir_atomico(carpeta / archivo, contenido)
    return archivo


def _redondeada(figura: dict[str, object]) -> dict[str, object]:
    return {"type": figura["type"], "coordinates": _redondear(figura["coordinates"])}


def _redondear(valor: object) -> object:
    if isinstance(valor, float):
        return round(valor, DECIMALES_ESTATAL)
    return [_redondear(parte) for parte in valor]  # type: ignore[attr-defined]
