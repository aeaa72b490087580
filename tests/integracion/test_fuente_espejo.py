"""De punta a punta con los archivos oficiales: la fuente de esta máquina los sirve, y las órdenes los encuentran y publican."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
import shapely

from datos.almacen import Almacen
from etl.fuente.fichas import CAMPOS
from etl.lectura.poblacion import FUENTE
from tests import fabrica
from tests import servidor_de_fuente as sf
from tests.integracion.base import consulta
from tests.navegador.conftest import puerto_libre

RAIZ = Path(__file__).resolve().parents[2]
PLAZO = 120


@pytest.fixture(scope="module")
def fuente(espejo, tmp_path_factory):
    """Página, ligas, CONAPO e INEGI con los archivos del espejo; el municipal de 2026, que ahí no está, es de fábrica."""
    sesnsp = espejo / "sesnsp"
    carpeta = tmp_path_factory.mktemp("rnid_municipal")
    claves = (1001, 1002, 1999)
    municipal = fabrica.municipal(
        carpeta, "RNID_municipal.csv", claves=claves, anio=2026, valor=lambda k, c, m: 1 if m <= 3 else 0
    )
    nombres = {
        "cnsp_estatal": sesnsp / "Estatal-Delitos-2015-2025_nov2024.csv",
        "cnsp_municipal": sesnsp / "Municipal-Delitos-2015-2025_parcial_jun2025.zip",
        "cnsp_victimas": sesnsp / "IDVFC_NM_ene25.zip",
        "rnid_estatal": sesnsp / "RNID-Delitos_Estatal-2026-mar2026.csv",
        "rnid_municipal": municipal,
    }
    with sf.servir() as servida:
        sf.publicar(servida, {token: (ruta.name, ruta.read_bytes()) for token, ruta in nombres.items()})
        conapo = espejo / "poblacion" / "conapo_municipal_1990-2040_total.csv"
        servida.guion("/conapo/pobproy_quinq1.csv", sf.archivo(conapo.read_bytes(), '"conapo"'))
        por_entidad = _limites(espejo / "geo" / "municipios_mxmaps_2469_CVEGEO.geojson")
        for entidad, figuras in por_entidad.items():
            servida.guion(f"/inegi/geo/mgem/{entidad}", sf.cuerpo(_geojson(figuras)))
        servida.guion("/inegi/geo/mgee/", sf.cuerpo(_estados(por_entidad)))
        yield servida


def _limites(ruta):
    """Las figuras municipales por entidad, con la propiedad como la da el servicio de INEGI."""
    por_entidad = {}
    for figura in json.loads(ruta.read_text(encoding="utf-8"))["features"]:
        clave = figura["properties"]["CVEGEO"]
        figura["properties"] = {"cvegeo": clave, "nomgeo": "x", "pob_total": "1"}
        por_entidad.setdefault(clave[:2], []).append(figura)
    return por_entidad


def _geojson(figuras):
    return json.dumps({"type": "FeatureCollection", "features": figuras}).encode("utf-8")


def _estados(por_entidad):
    figuras = [
        {
            "type": "Feature",
            "properties": {"cvegeo": entidad},
            "geometry": shapely.geometry.mapping(
                shapely.union_all([shapely.make_valid(shapely.geometry.shape(f["geometry"])) for f in municipios])
            ),
        }
        for entidad, municipios in por_entidad.items()
    ]
    return _geojson(figuras)


def entorno(fuente, **mas):
    return {
        **os.environ,
        **fuente.entorno(TABLERO_FUENTE_SEGUNDOS_DE_LECTURA="10", TABLERO_FUENTE_SEGUNDOS_POR_ARCHIVO="60"),
        **mas,
    }


def correr(fuente, *orden):
    return subprocess.run(
        [sys.executable, "-m", "etl", *orden],
        cwd=RAIZ,
        env=entorno(fuente),
        capture_output=True,
        text=True,
        check=False,
        timeout=PLAZO,
    )


@pytest.fixture(scope="module")
def actualizado(fuente, tmp_path_factory):
    """El almacén que dejó «python -m etl actualizar», y lo que dijo."""
    raiz = tmp_path_factory.mktemp("actualizado")
    hecho = correr(fuente, "actualizar", "--completo", "--hoy", "2026-04-20", "--almacen", str(raiz))
    assert hecho.returncode == 0, hecho.stdout + hecho.stderr
    return Almacen(raiz), hecho


def test_una_orden_publica_carpetas_victimas_poblacion_y_limites(actualizado):
    almacen, hecho = actualizado
    cortes = consulta(almacen, "SELECT metodologia, ambito, corte::VARCHAR FROM cortes WHERE vigente ORDER BY ALL")
    assert cortes == [
        ("CNSP/38/15", "estatal", "2024-11-01"),
        ("CNSP/38/15", "municipal", "2025-06-01"),
        ("CNSP/38/15", "victimas_estatal", "2025-01-01"),
        ("RNID", "estatal", "2026-03-01"),
        ("RNID", "municipal", "2026-03-01"),
    ]
    homicidio = "SELECT sum(conteo) FROM delitos_estatal WHERE delito = 'homicidio_doloso' AND year(fecha) = 2019"
    assert consulta(almacen, homicidio) == [(29500,)]
    assert consulta(almacen, "SELECT DISTINCT fuente FROM poblacion") == [(FUENTE,)]
    ficha = json.loads((almacen.publicado / "geometria.json").read_text(encoding="utf-8"))
    assert ficha["esquematica"] is False
    assert len(ficha["sin_figura"]) == 2478 - 2469
    assert "Bajando carpetas, municipal, 2015–2025 (cabeceras llanas)" in hecho.stderr
    assert "Límites de INEGI, 33 de 33" in hecho.stderr


def test_la_segunda_vez_no_baja_ni_publica_nada(actualizado, fuente):
    almacen, _ = actualizado
    antes = almacen.puntero.read_bytes()
    fuente.peticiones.clear()
    hecho = correr(fuente, "actualizar", "--hoy", "2026-04-21", "--almacen", str(almacen.raiz), "--json")
    assert hecho.returncode == 0, hecho.stdout
    assert json.loads(hecho.stdout)["sin_novedad"] is True
    assert almacen.puntero.read_bytes() == antes
    assert not fuente.pedidas("/inegi/")
    assert not fuente.pedidas("/conapo/")
    assert all(c.get("If-None-Match") for c in fuente.pedidas("download.aspx"))


def test_cada_archivo_recibido_quedo_con_su_ficha(actualizado):
    almacen, _ = actualizado
    fichas = [json.loads(r.read_text(encoding="utf-8")) for r in almacen.crudo.glob("*.json")]
    assert len(fichas) == 6
    for ficha in fichas:
        assert [c for c in CAMPOS if c != "corte" and not ficha[c]] == [], ficha
        assert ficha["corte"] or ficha["producto"] == "población"


ARRANQUE = """
import sys, pathlib
import tareas
tareas.preparar = lambda *_: pathlib.Path(sys.executable)
sys.exit(tareas.main(["iniciar", "--sin-abrir", "--puerto", sys.argv[1]]))
"""


def salud(puerto):
    with urllib.request.urlopen(f"http://127.0.0.1:{puerto}/api/salud", timeout=5) as respuesta:
        return json.load(respuesta)


def test_el_primer_arranque_pasa_solo_de_la_demostracion_a_lo_oficial(fuente, almacen_demostracion, tmp_path):
    """Con la demostración a la vista, la escalera corre al lado; al publicarse lo completo, eso es lo que se sirve."""
    raiz = tmp_path / "almacen"
    shutil.copytree(almacen_demostracion, raiz)
    puerto = puerto_libre()
    variables = entorno(fuente, TABLERO_ALMACEN=str(raiz), TABLERO_SIN_ACTUALIZAR="")
    with (tmp_path / "salida.txt").open("wb") as salida:
        proceso = subprocess.Popen(
            [sys.executable, "-c", ARRANQUE, str(puerto)],
            cwd=RAIZ,
            env=variables,
            stdout=salida,
            stderr=subprocess.STDOUT,
        )
        try:
            vistas = []
            limite = time.monotonic() + PLAZO
            while not vistas or vistas[-1]:
                assert proceso.poll() is None, (tmp_path / "salida.txt").read_text(encoding="utf-8")
                assert time.monotonic() < limite, "no llegó a lo oficial"
                try:
                    vistas.append(salud(puerto)["demostracion"])
                except OSError:
                    time.sleep(0.2)
                time.sleep(0.2)
        finally:
            proceso.terminate()
            proceso.wait(timeout=20)
    with pytest.raises(OSError, match=r"refused"):
        salud(puerto)  # al detenerla no queda el servidor huérfano
    assert vistas[0] is True
    assert (
        "se buscan los datos oficiales en segundo plano"
        in (tmp_path / "salida.txt").read_text(encoding="utf-8").lower()
    )
    assert consulta(Almacen(raiz), "SELECT count(*) FROM cortes WHERE vigente") == [(5,)]
