"""Población y límites desde la fuente: CONAPO, el censo cuando se niega, y los 33 pedidos a INEGI, de uno en uno."""

import json

import duckdb
import pytest

from datos import catalogos
from datos.almacen import Almacen, publicacion_vigente
from etl.__main__ import main
from etl.geografia.celdas import celdas_esquematicas
from etl.lectura.poblacion import FUENTE, FUENTE_DEL_CENSO
from tests import fabrica
from tests import servidor_de_fuente as sf

SIN_PROYECCION = {"24059", "25019", "25020"}


@pytest.fixture(scope="module")
def conapo():
    """El archivo largo de CONAPO, con dos años y la misma cifra en todos."""
    renglones = [
        [int(m.cve_mun), int(m.cve_ent), m.entidad, m.nombre, sexo, anio, 50]
        for m in catalogos.municipios().itertuples()
        if m.cve_mun not in SIN_PROYECCION
        for sexo in ("HOMBRES", "MUJERES")
        for anio in (2015, 2026)
    ]
    encabezado = ["CLAVE", "CLAVE_ENT", "NOM_ENT", "NOM_MUN", "SEXO", "AÑO", "POB_TOTAL"]
    return fabrica.texto_csv(encabezado, renglones).encode("utf-8")


@pytest.fixture
def fuente(monkeypatch):
    with sf.servir() as servida:
        for variable, valor in servida.entorno().items():
            monkeypatch.setenv(variable, valor)
        yield servida


@pytest.fixture
def almacen(tmp_path):
    raiz = tmp_path / "almacen"
    assert main(["cargar", str(fabrica.estatal(tmp_path)), "--almacen", str(raiz), "--json"]) == 0
    return Almacen(raiz)


def correr(almacen, capsys, *orden):
    capsys.readouterr()
    codigo = main([*orden, "--almacen", str(almacen.raiz), "--json"])
    return codigo, json.loads(capsys.readouterr().out)


def poblacion(almacen):
    con = duckdb.connect(str(publicacion_vigente(almacen).ruta), read_only=True)
    try:
        return con.execute(
            "SELECT fuente, min(poblacion), max(poblacion), count(DISTINCT anio), count(DISTINCT cve_mun) FROM poblacion "
            "GROUP BY fuente"
        ).fetchall()
    finally:
        con.close()


def test_conapo_reemplaza_al_catalogo_y_despues_no_se_vuelve_a_pedir(almacen, fuente, conapo, capsys):
    fuente.guion("/conapo/pobproy_quinq1.csv", sf.archivo(conapo, '"c1"'))
    codigo, respuesta = correr(almacen, capsys, "actualizar", "--solo", "poblacion")
    assert codigo == 0, respuesta
    assert poblacion(almacen) == [(FUENTE, 100, 100, 2, 2475)]
    codigo, respuesta = correr(almacen, capsys, "actualizar", "--solo", "poblacion")
    assert (codigo, respuesta["sin_novedad"]) == (0, True)
    assert fuente.pedidas("/conapo/")[-1]["If-None-Match"] == '"c1"'
    (ficha,) = [f for f in map(_json, almacen.crudo.glob("*.json")) if f["producto"] == "población"]
    assert ficha["edicion"] == "1990–2040 (2024)"
    assert ficha["enlace"].startswith(fuente.direccion)


def _json(ruta):
    return json.loads(ruta.read_text(encoding="utf-8"))


def _censo(fuente):
    municipios = list(catalogos.municipios()[["cve_mun", "nombre"]].itertuples(index=False, name=None))
    sf.publicar_catalogo_de_inegi(fuente, municipios, lambda clave: "" if clave in SIN_PROYECCION else int(clave))


@pytest.mark.parametrize("negativa", ["403", "acceso con 200", "otro archivo"])
def test_si_conapo_se_niega_queda_el_censo_dicho_en_la_fuente(almacen, fuente, capsys, negativa, record_property):
    record_property("falla", f"CONAPO: {negativa}")
    respuestas = {
        "403": sf.codigo(403),
        "acceso con 200": sf.html(sf.ACCESO),
        "otro archivo": sf.archivo(b"a,b\n1,2\n"),
    }
    fuente.guion("/conapo/pobproy_quinq1.csv", respuestas[negativa])
    _censo(fuente)
    codigo, respuesta = correr(almacen, capsys, "actualizar", "--solo", "poblacion")
    assert codigo == 0, respuesta
    ((origen, minimo, maximo, anios, municipios),) = poblacion(almacen)
    assert origen == FUENTE_DEL_CENSO
    assert "Censo 2020" in origen
    assert "la misma población para todos los años" in origen
    assert (minimo, maximo, anios, municipios) == (1001, 32058, 16, 2475)


def test_el_censo_no_reemplaza_a_un_conapo_recibido(almacen, fuente, conapo, capsys):
    fuente.guion("/conapo/pobproy_quinq1.csv", sf.archivo(conapo, None), sf.codigo(403))
    assert correr(almacen, capsys, "actualizar", "--solo", "poblacion")[0] == 0
    _censo(fuente)
    codigo, respuesta = correr(almacen, capsys, "actualizar", "--solo", "poblacion")
    assert codigo == 4
    assert "Se conserva la población publicada: CONAPO" in respuesta["error"]
    assert poblacion(almacen)[0][0] == FUENTE


def test_con_el_catalogo_de_respaldo_no_se_pide_el_censo(almacen, fuente, capsys, monkeypatch):
    monkeypatch.setenv("TABLERO_FUENTE_POBLACION_RESPALDO", "catalogo")
    fuente.guion("/conapo/pobproy_quinq1.csv", sf.codigo(403))
    _censo(fuente)
    codigo, respuesta = correr(almacen, capsys, "actualizar", "--solo", "poblacion")
    assert codigo == 4
    assert "respondió 403" in respuesta["error"]
    assert "python tareas.py cargar" in respuesta["error"]
    assert fuente.pedidas("/inegi/") == []


def test_si_tampoco_inegi_contesta_no_se_toca_nada(almacen, fuente, capsys):
    _censo(fuente)
    fuente.guion("/inegi/mgem/20", sf.cuerpo(b'{"datos": [{"cvegeo": "20001"'))
    antes = almacen.puntero.read_bytes()
    codigo, respuesta = correr(almacen, capsys, "actualizar", "--solo", "poblacion")
    assert codigo == 4
    assert "entidad 20" in respuesta["error"]
    assert almacen.puntero.read_bytes() == antes


@pytest.fixture(scope="module")
def geojson():
    """Límites de los 32 estados y sus municipios como los da el servicio: sin sistema de referencia declarado."""
    estados, municipios = celdas_esquematicas()
    por_entidad = {
        entidad: _como_inegi(propios) for entidad, propios in municipios.groupby(municipios["clave"].str[:2])
    }
    return _como_inegi(estados), por_entidad


def _como_inegi(tabla):
    figuras = json.loads(tabla.rename(columns={"clave": "cvegeo"}).to_json(drop_id=True))
    figuras.pop("crs", None)
    return json.dumps(figuras).encode("utf-8")


@pytest.fixture
def inegi(fuente, geojson, monkeypatch, tmp_path):
    estados, por_entidad = geojson
    monkeypatch.setattr("etl.actualizacion.ESTATICOS", tmp_path / "static")
    fuente.guion("/inegi/geo/mgee/", sf.cuerpo(estados))
    for entidad, contenido in por_entidad.items():
        fuente.guion(f"/inegi/geo/mgem/{entidad}", sf.cuerpo(contenido))
    return fuente


def test_los_limites_se_bajan_de_uno_en_uno_y_se_reanudan_donde_fallo(
    almacen, inegi, geojson, capsys, tmp_path, record_property
):
    record_property("falla", "INEGI: se cae a la mitad")
    inegi.guion(
        "/inegi/geo/mgem/07",
        sf.codigo(500),
        sf.codigo(500),
        sf.codigo(500),
        sf.codigo(500),
        sf.cuerpo(geojson[1]["07"]),
    )
    codigo, respuesta = correr(almacen, capsys, "geometria")
    assert codigo == 4
    assert "se quedaron en municipios de la entidad 07" in respuesta["error"]
    assert "Ya hay 7 de 33" in respuesta["error"]
    assert not (almacen.publicado / "geometria.json").exists()
    inegi.peticiones.clear()
    codigo, respuesta = correr(almacen, capsys, "geometria")
    assert codigo == 0, respuesta
    pedidas = [ruta for ruta, _ in inegi.peticiones]
    assert pedidas == [f"/inegi/geo/mgem/{n:02d}" for n in range(7, 33)]
    ficha = _json(almacen.publicado / "geometria.json")
    assert ficha["esquematica"] is False
    assert ficha["sin_figura"] == []
    assert (tmp_path / "static" / "geometria" / ficha["archivos"]["municipios"]).is_file()
    registro = _json(almacen.publicado / "limites.json")["archivos"]
    assert len(registro) == 33
    assert all(len(r["sha256"]) == 64 and r["licencia"] and r["enlace"] for r in registro.values())
    assert not list((almacen.descargas / "limites").glob("[0-9]*.json"))


@pytest.mark.parametrize(
    ("falla", "contenido", "causa"),
    [
        ("INEGI: página de verificación", sf.DESAFIO.encode(), "página de verificación"),
        ("INEGI: JSON cortado", b'{"type": "FeatureCollection", "features": [{"ty', "cortado"),
        ("INEGI: catálogo sin geometría", b'{"datos": [], "numReg": 0}', "no es de límites"),
    ],
)
def test_lo_que_no_son_limites_no_se_publica(almacen, inegi, capsys, falla, contenido, causa, record_property):
    record_property("falla", falla)
    inegi.guion("/inegi/geo/mgee/", sf.cuerpo(contenido))
    codigo, respuesta = correr(almacen, capsys, "actualizar", "--solo", "limites")
    assert codigo == 4
    assert causa in respuesta["error"]
    assert not (almacen.publicado / "geometria.json").exists()


def test_geometria_acepta_archivos(almacen, geojson, tmp_path, capsys, monkeypatch):
    import etl.publicacion.limites as publicacion

    monkeypatch.setattr(publicacion, "ESTATICOS", tmp_path / "static")
    carpeta = tmp_path / "inegi"
    carpeta.mkdir()
    for entidad, contenido in geojson[1].items():
        (carpeta / f"{entidad}.json").write_bytes(contenido)
    codigo, respuesta = correr(almacen, capsys, "geometria", str(carpeta))
    assert codigo == 0, respuesta
    (carpeta / "07.json").unlink()
    codigo, respuesta = correr(almacen, capsys, "geometria", str(carpeta))
    assert codigo == 3
    assert "faltan los estados 07" in respuesta["error"]
