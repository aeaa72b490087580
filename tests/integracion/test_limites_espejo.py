"""Los límites de INEGI simplificados que circulan en GeoJSON y TopoJSON se leen, se simplifican y se publican."""

import gzip
import json

import pytest
import shapely

from datos.almacen import Almacen
from etl.geografia import geometria_vigente, leer_limites, publicar_archivos

SIN_POLIGONO_EN_2020 = ["02007", "04013", "12082", "12083", "12084", "12085", "24059", "25019", "25020"]


def test_lee_los_tres_archivos(espejo):
    leidos = {ruta.name: leer_limites(ruta) for ruta in sorted((espejo / "geo").glob("*json"))}
    tamanos = {nombre: (nivel, len(tabla)) for nombre, (nivel, tabla) in leidos.items()}
    assert tamanos == {
        "municipios_mxmaps_2469_CVEGEO.geojson": ("municipios", 2469),
        "mxmunicipio_mxmaps.topojson": ("municipios", 2469),
        "mxstate_mxmaps.topojson": ("estados", 32),
    }
    assert all(tabla.geometry.is_valid.all() for _, tabla in leidos.values())


def test_publica_sin_perder_figuras_y_dice_cuales_faltan(espejo, tmp_path):
    almacen = Almacen(tmp_path / "almacen")
    geo = espejo / "geo"
    rutas = [geo / "mxstate_mxmaps.topojson", geo / "municipios_mxmaps_2469_CVEGEO.geojson"]
    ficha = publicar_archivos(rutas, tmp_path / "static", almacen, "INEGI, Marco Geoestadístico 2020")
    assert geometria_vigente(almacen) == ficha
    assert ficha["esquematica"] is False
    assert ficha["sin_figura"] == SIN_POLIGONO_EN_2020
    nacional = tmp_path / "static" / "geometria" / ficha["archivos"]["municipios"]
    figuras = json.loads(nacional.read_text(encoding="utf-8"))["features"]
    assert len(figuras) == 2469
    poligonos = [shapely.geometry.shape(figura["geometry"]) for figura in figuras]
    assert all(poligono.area > 0 for poligono in poligonos)
    # Sin encimarse: lo que suman por separado es lo que cubren juntos, salvo el redondeo de los vértices.
    reparados = shapely.buffer(poligonos, 0)
    assert shapely.area(reparados).sum() == pytest.approx(shapely.union_all(reparados).area, rel=1e-4)
    assert len(gzip.compress(nacional.read_bytes())) < 1_000_000


def test_sin_archivo_de_estados_se_forman_de_sus_municipios(espejo, tmp_path):
    rutas = [espejo / "geo" / "mxmunicipio_mxmaps.topojson"]
    ficha = publicar_archivos(rutas, tmp_path / "static", Almacen(tmp_path / "almacen"), "prueba")
    estados = json.loads((tmp_path / "static" / "geometria" / ficha["archivos"]["estados"]).read_text(encoding="utf-8"))
    assert len(estados["features"]) == 32
