"""Cargar, rechazar, interrumpir y revertir: lo publicado nunca queda a medias."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from datos.almacen import Almacen, publicacion_vigente
from etl.__main__ import main
from etl.publicacion.puntero import candado
from tests import fabrica
from tests.integracion.base import consulta

RAIZ = Path(__file__).resolve().parents[2]


@pytest.fixture
def almacen(tmp_path):
    return Almacen(tmp_path / "almacen")


def cargar(almacen, *rutas, opciones=()):
    return main(["cargar", *map(str, rutas), "--almacen", str(almacen.raiz), "--json", *opciones])


def total(almacen):
    return consulta(almacen, "SELECT sum(conteo) FROM delitos_estatal WHERE delito = 'total'")[0][0]


def test_un_archivo_malo_rechaza_todo_el_conjunto_y_nada_cambia(tmp_path, almacen, capsys):
    assert cargar(almacen, fabrica.estatal(tmp_path)) == 0
    antes = almacen.puntero.read_bytes()
    capsys.readouterr()
    bueno = fabrica.estatal(tmp_path, "rnid.csv", anio=2026, meses=3)
    malo = fabrica.municipal(tmp_path, valor=lambda k, c, m: -9 if c == 0 and m < 3 else 1)
    assert cargar(almacen, bueno, malo) == 3
    rechazado = json.loads(capsys.readouterr().out)["rechazado"]
    assert len(rechazado) == 6
    assert {"archivo", "linea", "columna", "esperado", "encontrado"} == set(rechazado[0])
    assert almacen.puntero.read_bytes() == antes


def test_nombrar_un_archivo_desconocido_es_error_y_en_carpeta_se_deja_a_un_lado(tmp_path, almacen, capsys):
    carpeta = tmp_path / "recibidos"
    carpeta.mkdir()
    fabrica.estatal(carpeta)
    otro = carpeta / "otro.csv"
    otro.write_text("a,b\n1,2\n")
    assert cargar(almacen, otro) == 3
    assert publicacion_vigente(almacen) is None
    capsys.readouterr()
    assert cargar(almacen, carpeta) == 0
    assert any("otro.csv" in d for d in json.loads(capsys.readouterr().out)["dejados"])


def test_cargar_otro_producto_conserva_lo_ya_publicado(tmp_path, almacen):
    assert cargar(almacen, fabrica.estatal(tmp_path)) == 0
    assert cargar(almacen, fabrica.estatal(tmp_path, "rnid_mar2026.csv", anio=2026, meses=3)) == 0
    filas = consulta(almacen, "SELECT metodologia, sum(conteo) FROM delitos_estatal WHERE delito='total' GROUP BY 1")
    assert dict(filas) == {"CNSP/38/15": 32 * 98 * 12, "RNID": 32 * 114 * 3}
    assert cargar(almacen, fabrica.municipal(tmp_path)) == 0
    assert total(almacen) == 32 * 98 * 12 + 32 * 114 * 3


def test_un_corte_nuevo_reemplaza_y_deja_lo_revisado(tmp_path, almacen):
    assert cargar(almacen, fabrica.estatal(tmp_path, "ene2026.csv", anio=2026, meses=1)) == 0
    nuevo = fabrica.estatal(tmp_path, "feb2026.csv", anio=2026, meses=2, valor=lambda e, c, m: 4 if e == 7 else 1)
    assert cargar(almacen, nuevo) == 0
    filas = consulta(almacen, "SELECT cve_ent, antes, despues FROM revisiones WHERE delito = 'homicidio_doloso'")
    assert filas == [("07", 4, 16)]
    viejo = fabrica.estatal(tmp_path, "otro_ene2026.csv", anio=2026, meses=1, valor=lambda e, c, m: 2)
    assert cargar(almacen, viejo) == 0
    assert consulta(almacen, "SELECT max(fecha)::VARCHAR FROM delitos_estatal") == [("2026-02-01",)]


def test_municipios_que_no_reportan_no_son_cero(tmp_path, almacen):
    """Un municipio sin renglón y una categoría ausente: ni ceros ni sumas a medias."""
    ruta = fabrica.municipal(tmp_path)
    lineas = ruta.read_text("cp1252").split("\n")
    ruta.write_text(
        "\n".join(x for x in lineas if not (",1002," in x and "Violación equiparada" in x)), "cp1252", newline=""
    )
    assert cargar(almacen, ruta) == 0
    violacion = "SELECT DISTINCT cve_mun FROM delitos_municipal WHERE delito = '{}' ORDER BY 1"
    assert consulta(almacen, violacion.format("violacion")) == [("01001",), ("01998",)]
    assert consulta(almacen, violacion.format("total")) == [("01001",), ("01998",)]
    assert len(consulta(almacen, violacion.format("amenazas"))) == 3


def test_revertir_vuelve_una_version_y_dice_si_no_hay(tmp_path, almacen):
    assert cargar(almacen, fabrica.estatal(tmp_path)) == 0
    primera = publicacion_vigente(almacen).version
    assert main(["revertir", "--almacen", str(almacen.raiz)]) == 3
    assert cargar(almacen, fabrica.estatal(tmp_path, "b.csv", valor=lambda e, c, m: 2)) == 0
    assert total(almacen) == 2 * 32 * 98 * 12
    assert main(["revertir", "--almacen", str(almacen.raiz)]) == 0
    assert publicacion_vigente(almacen).version == primera
    assert total(almacen) == 32 * 98 * 12


def test_verificar_detecta_una_base_alterada(tmp_path, almacen):
    assert cargar(almacen, fabrica.estatal(tmp_path)) == 0
    assert main(["verificar", "--almacen", str(almacen.raiz)]) == 0
    with publicacion_vigente(almacen).ruta.open("r+b") as base:
        base.seek(4096)
        base.write(b"alterado")
    assert main(["verificar", "--almacen", str(almacen.raiz)]) == 3


def test_dos_cargas_a_la_vez_se_rechazan_con_quien(tmp_path, almacen, capsys):
    with candado(almacen):
        assert cargar(almacen, fabrica.estatal(tmp_path)) == 3
    assert f"proceso {os.getpid()}" in json.loads(capsys.readouterr().out)["error"]


@pytest.mark.parametrize("espera", [0.3, 0.9, 1.4, 1.9, 2.4])
def test_matar_la_carga_en_cualquier_momento_deja_la_version_anterior(tmp_path, almacen, espera):
    assert cargar(almacen, fabrica.estatal(tmp_path)) == 0
    nuevo = fabrica.estatal(tmp_path, "b.csv", valor=lambda e, c, m: 2)
    orden = [sys.executable, "-m", "etl", "cargar", str(nuevo), "--almacen", str(almacen.raiz)]
    proceso = subprocess.Popen(orden, cwd=RAIZ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(espera)
    proceso.send_signal(signal.SIGKILL)
    proceso.wait(timeout=30)
    assert total(almacen) in (32 * 98 * 12, 2 * 32 * 98 * 12)
    assert main(["verificar", "--almacen", str(almacen.raiz)]) == 0
    assert cargar(almacen, nuevo) == 0
    assert total(almacen) == 2 * 32 * 98 * 12
    assert not [*almacen.publicado.glob(".en-obra-*"), *almacen.crudo.glob(".en-obra-*")]
