"""Con la población del censo, cada página que puede traer una tasa lo dice, y las descargas también."""

import csv

import pytest

from datos import catalogos
from etl.__main__ import main
from etl.lectura.poblacion import COLUMNAS_DEL_CENSO, FUENTE_DEL_CENSO
from tests import fabrica


@pytest.fixture(scope="module")
def almacen_con_censo(tmp_path_factory):
    carpeta = tmp_path_factory.mktemp("censo")
    with (carpeta / "censo.csv").open("w", encoding="utf-8", newline="") as archivo:
        escritor = csv.writer(archivo)
        escritor.writerow(COLUMNAS_DEL_CENSO)
        escritor.writerows([m.cve_mun, m.nombre, 1000] for m in catalogos.municipios().itertuples())
    dos_anios = fabrica.CLAVES + fabrica.MESES
    renglones = [r for anio in (2023, 2024) for r in fabrica.renglones_estatales(anio=anio)]
    estatal = fabrica.escribir(carpeta, "estatal.csv", dos_anios, renglones)
    almacen = carpeta / "almacen"
    assert main(["cargar", str(estatal), str(carpeta / "censo.csv"), "--almacen", str(almacen), "--json"]) == 0
    return almacen


@pytest.mark.parametrize("pagina", ["inicio", "mapa", "tendencias", "ficha"])
def test_la_linea_de_fuente_lo_dice_una_vez(abrir, almacen_con_censo, pagina):
    texto = abrir(pagina, almacen_con_censo, medida_serie="tasa", medida="tasa").texto
    assert texto.count(f"Tasas con población de {FUENTE_DEL_CENSO}") == 1


def test_la_ficha_no_dice_conapo(abrir, almacen_con_censo):
    assert "habitantes en 2024 (INEGI, Censo 2020)" in abrir("ficha", almacen_con_censo, lugar="11").texto


def test_datos_y_metodo_dice_de_quien_es(abrir, almacen_con_censo):
    assert f"De quién es la población.** {FUENTE_DEL_CENSO}" in abrir("datos_y_metodo", almacen_con_censo).texto
