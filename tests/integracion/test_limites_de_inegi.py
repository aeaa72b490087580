"""Los límites como los da el servicio web de INEGI: un GeoJSON por estado, 32 archivos que son un solo conjunto."""

import json

import pytest

from datos.almacen import Almacen
from datos.catalogos import municipios
from etl.geografia import geometria_vigente, publicar_archivos
from etl.problemas import EntradaRechazada
from etl.publicacion.limites import Limites

MAS_NUEVOS = {"02007", "04013", "24059"}
LADO = 0.25


def _celda(posicion):
    """Un cuadro propio para cada municipio, en una retícula que cabe en México."""
    oeste, sur = -117 + LADO * (posicion % 100), 15 + LADO * (posicion // 100)
    este, norte = oeste + LADO, sur + LADO
    return [[oeste, sur], [este, sur], [este, norte], [oeste, norte], [oeste, sur]]


@pytest.fixture(scope="module")
def por_estado(tmp_path_factory):
    """Los 32 archivos: ``cvegeo``, ``nomgeo`` y ``pob_total``, sin sistema declarado y sin los municipios más nuevos."""
    carpeta = tmp_path_factory.mktemp("inegi")
    catalogo = municipios().reset_index(names="posicion")
    for cve_ent, suyos in catalogo.groupby("cve_ent"):
        figuras = [
            {
                "type": "Feature",
                "properties": {"cvegeo": m.cve_mun, "nomgeo": m.nombre, "pob_total": "1000"},
                "geometry": {"type": "MultiPolygon", "coordinates": [[_celda(m.posicion)]]},
            }
            for m in suyos.itertuples()
            if m.cve_mun not in MAS_NUEVOS
        ]
        texto = json.dumps({"type": "FeatureCollection", "features": figuras}, ensure_ascii=False)
        (carpeta / f"mgem-{cve_ent}.json").write_text(texto, encoding="utf-8")
    return sorted(carpeta.glob("*.json"))


def test_los_32_archivos_se_publican_juntos(por_estado, tmp_path):
    limites = Limites()
    for ruta in por_estado:
        limites.agregar(ruta)
    elegidos, sobrantes = limites.escoger()
    assert (len(elegidos), sobrantes) == (32, [])
    almacen = Almacen(tmp_path / "almacen")
    ficha = publicar_archivos(elegidos, tmp_path / "static", almacen, "INEGI")
    assert geometria_vigente(almacen) == ficha
    assert ficha["esquematica"] is False
    assert set(ficha["sin_figura"]) == MAS_NUEVOS
    carpeta = tmp_path / "static" / "geometria"
    nacional = json.loads((carpeta / ficha["archivos"]["municipios"]).read_text(encoding="utf-8"))
    assert {f["id"] for f in nacional["features"]} == set(municipios()["cve_mun"]) - MAS_NUEVOS
    estados = json.loads((carpeta / ficha["archivos"]["estados"]).read_text(encoding="utf-8"))
    assert {f["id"] for f in estados["features"]} == {f"{e:02d}" for e in range(1, 33)}


def test_si_falta_un_estado_se_dice_cual_y_no_se_publica(por_estado, tmp_path):
    almacen = Almacen(tmp_path / "almacen")
    sin_jalisco = [ruta for ruta in por_estado if ruta.stem != "mgem-14"]
    with pytest.raises(EntradaRechazada, match="faltan los estados 14"):
        publicar_archivos(sin_jalisco, tmp_path / "static", almacen, "INEGI")
    assert geometria_vigente(almacen) is None


def test_un_archivo_que_repite_un_estado_se_deja_a_un_lado(por_estado, tmp_path):
    repetido = tmp_path / "jalisco-otra-vez.json"
    repetido.write_bytes(por_estado[13].read_bytes())
    limites = Limites()
    for ruta in [*por_estado, repetido]:
        limites.agregar(ruta)
    elegidos, sobrantes = limites.escoger()
    assert len(elegidos) == 32
    assert len(sobrantes) == 1
    assert "límites de municipios que ya trae otro archivo" in sobrantes[0]
