"""Límites: qué se acepta, qué se rechaza con su razón, y qué se publica."""

import json

import pandas as pd
import pytest
import shapely

from datos.almacen import Almacen
from datos.catalogos import municipios
from etl.geografia import (
    celdas_esquematicas,
    geometria_vigente,
    leer_limites,
    publicar_archivos,
    publicar_esquematica,
)
from etl.problemas import EntradaRechazada


def _cuadro(oeste, sur, lado=1.0):
    este, norte = oeste + lado, sur + lado
    return {
        "type": "Polygon",
        "coordinates": [[[oeste, sur], [este, sur], [este, norte], [oeste, norte], [oeste, sur]]],
    }


def _archivo(carpeta, figuras, propiedad="cvegeo"):
    contenido = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {propiedad: clave, "nomgeo": "x"}, "geometry": figura}
            for clave, figura in figuras
        ],
    }
    ruta = carpeta / "limites.json"
    ruta.write_text(json.dumps(contenido), encoding="utf-8")
    return ruta


@pytest.fixture(scope="module")
def esquema():
    return celdas_esquematicas()


@pytest.mark.parametrize("propiedad", ["cvegeo", "CVEGEO", "id", "clave"])
def test_lee_municipios_con_cualquier_nombre_de_clave(tmp_path, propiedad):
    nivel, tabla = leer_limites(
        _archivo(tmp_path, [("01002", _cuadro(-101, 22)), ("1001", _cuadro(-102, 22))], propiedad)
    )
    assert nivel == "municipios"
    assert list(tabla["clave"]) == ["01001", "01002"]
    assert tabla.crs.to_epsg() == 4326


def test_lee_estados_y_repara_una_figura_cruzada(tmp_path):
    mono = {"type": "Polygon", "coordinates": [[[-102, 22], [-101, 23], [-101, 22], [-102, 23], [-102, 22]]]}
    nivel, tabla = leer_limites(_archivo(tmp_path, [("1", mono)]))
    assert (nivel, list(tabla["clave"])) == ("estados", ["01"])
    assert tabla.geometry.is_valid.all()
    assert shapely.area(tabla.geometry.values.to_numpy())[0] == pytest.approx(0.5)


def test_lee_topojson(tmp_path):
    topologia = {
        "type": "Topology",
        "arcs": [[[-102, 22], [-101, 22], [-101, 23], [-102, 22]]],
        "objects": {
            "state": {
                "type": "GeometryCollection",
                "geometries": [{"type": "Polygon", "arcs": [[0]], "properties": {"id": "01"}}],
            }
        },
    }
    ruta = tmp_path / "limites.topojson"
    ruta.write_text(json.dumps(topologia), encoding="utf-8")
    nivel, tabla = leer_limites(ruta)
    assert (nivel, list(tabla["clave"])) == ("estados", ["01"])


@pytest.mark.parametrize(
    ("figuras", "razon"),
    [
        ([("33", _cuadro(-102, 22))], "claves de estados del catálogo"),
        ([("01001", _cuadro(-102, 22)), ("01001", _cuadro(-101, 22))], "cada clave una sola vez"),
        ([("01", _cuadro(-10, 22))], "dentro de México"),
        ([("01", _cuadro(2_400_000, 1_000_000, 1000))], "dentro de México"),
        ([("01", {"type": "Point", "coordinates": [-102, 22]})], "figuras vacías en 01"),
        ([("01", None), ("02", _cuadro(-115, 30))], "figuras vacías en 01"),
    ],
)
def test_rechaza_figuras_malas_con_su_razon(tmp_path, figuras, razon):
    with pytest.raises(EntradaRechazada, match=razon):
        leer_limites(_archivo(tmp_path, figuras))


@pytest.mark.parametrize(
    ("contenido", "razon"),
    [
        ("<html>inicie sesión</html>", "no es JSON"),
        ('{"type": "FeatureCollection", "features": [', "no es JSON"),
        ('{"datos": [], "metadatos": {}, "numReg": 0}', "sin geometría"),
        ('{"type": "FeatureCollection", "features": []}', "ninguna figura|cvegeo"),
        ("[1, 2]", "otro tipo"),
    ],
)
def test_rechaza_lo_que_no_son_limites(tmp_path, contenido, razon):
    ruta = tmp_path / "descarga.json"
    ruta.write_text(contenido, encoding="utf-8")
    with pytest.raises(EntradaRechazada, match=razon):
        leer_limites(ruta)


def test_rechaza_un_archivo_sin_clave(tmp_path):
    with pytest.raises(EntradaRechazada, match="propiedad con la clave de INEGI"):
        leer_limites(_archivo(tmp_path, [("01", _cuadro(-102, 22))], propiedad="zona"))


def test_las_celdas_cubren_los_municipios_y_llenan_su_estado(esquema):
    estados, celdas = esquema
    assert len(estados) == 32
    assert set(celdas["clave"]) == set(municipios()["cve_mun"])
    figuras = celdas.geometry.values.to_numpy()
    assert shapely.is_valid(figuras).all()
    assert (shapely.area(figuras) > 0).all()
    area_por_estado = pd.Series(shapely.area(figuras)).groupby(celdas["clave"].str[:2].to_numpy()).sum()
    area_de_contornos = shapely.area(estados.geometry.values.to_numpy())
    assert list(area_por_estado) == pytest.approx(list(area_de_contornos), rel=1e-6)


def test_publica_el_esquema_con_huella_y_ficha(tmp_path):
    almacen = Almacen(tmp_path / "almacen")
    assert geometria_vigente(almacen) is None
    ficha = publicar_esquematica(tmp_path / "static", almacen)
    assert geometria_vigente(almacen) == ficha
    assert ficha["esquematica"] is True
    assert ficha["sin_figura"] == []
    assert len(ficha["archivos"]) == 35
    carpeta = tmp_path / "static" / "geometria"
    assert sorted(p.name for p in carpeta.iterdir()) == sorted(ficha["archivos"].values())
    nacional = json.loads((carpeta / ficha["archivos"]["municipios"]).read_text(encoding="utf-8"))
    assert {f["id"] for f in nacional["features"]} == set(municipios()["cve_mun"])
    propiedades = {f["id"]: f["properties"] for f in nacional["features"]}
    assert all(suyas["clave"] == clave for clave, suyas in propiedades.items())
    assert propiedades["11020"]["nombre"] == "León, Guanajuato"  # lo que el mapa dice al señalar
    for figura in nacional["features"]:
        poligono = shapely.geometry.shape(figura["geometry"])
        assert poligono.area > 0
        assert not any(parte.exterior.is_ccw for parte in shapely.get_parts(poligono))
    assert publicar_esquematica(tmp_path / "static", almacen) == ficha  # determinista: mismas huellas


def test_un_rechazo_conserva_la_geometria_vigente(tmp_path):
    almacen = Almacen(tmp_path / "almacen")
    vigente = publicar_esquematica(tmp_path / "static", almacen)
    incompleto = _archivo(tmp_path, [("01001", _cuadro(-102, 22))])
    with pytest.raises(EntradaRechazada, match="faltan los estados 02, 03"):
        publicar_archivos([incompleto], tmp_path / "static", almacen, "prueba")
    with pytest.raises(EntradaRechazada, match="cada clave en un solo archivo"):
        publicar_archivos([incompleto, incompleto], tmp_path / "static", almacen, "prueba")
    assert geometria_vigente(almacen) == vigente
