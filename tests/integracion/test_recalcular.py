"""Lo publicado con otra versión del tablero: se dice, y se rehace igual con los archivos ya recibidos."""

import hashlib
import json
from dataclasses import replace

import duckdb
import pytest

from datos.almacen import Almacen, publicacion_vigente
from datos.tablero import OtraVersion, consultar
from etl.__main__ import main
from etl.publicacion.puntero import apuntar, escribir_ficha
from tests import fabrica
from tests.integracion.base import consulta

CONTENIDO = {
    "delitos_estatal": "SELECT fecha, cve_ent, delito, conteo FROM delitos_estatal ORDER BY ALL",
    "revisiones": "SELECT * FROM revisiones ORDER BY ALL",
    "cortes": "SELECT metodologia, ambito, archivo, sha256, corte, vigente FROM cortes ORDER BY ALL",
    "poblacion": "SELECT * FROM poblacion ORDER BY ALL",
}


def reescrito(entidad, categoria, mes):
    """Lo mismo que el primer corte, salvo enero de la primera entidad."""
    return 5 if (entidad, mes) == (1, 1) else 2


def envejecer(almacen):
    """Deja lo publicado como si lo hubiera construido una versión anterior del tablero."""
    vigente = publicacion_vigente(almacen)
    con = duckdb.connect(str(vigente.ruta))
    con.execute("UPDATE _publicacion SET valor = '1' WHERE clave = 'esquema'")
    con.execute("DROP VIEW alertas")
    con.close()
    cambiada = replace(vigente, sha256=hashlib.sha256(vigente.ruta.read_bytes()).hexdigest())
    escribir_ficha(cambiada)
    apuntar(almacen, cambiada)


def contenido(almacen):
    return {nombre: consulta(almacen, sql) for nombre, sql in CONTENIDO.items()}


@pytest.fixture
def almacen(tmp_path):
    return Almacen(tmp_path / "almacen")


@pytest.fixture
def publicado(tmp_path, almacen, monkeypatch):
    """Dos cortes del mismo producto, cargados uno tras otro."""
    monkeypatch.setenv("TABLERO_ALMACEN", str(almacen.raiz))
    cargar(almacen, fabrica.estatal(tmp_path, "primero.csv", anio=2026, meses=3))
    cargar(almacen, fabrica.estatal(tmp_path, "segundo.csv", anio=2026, meses=4, valor=reescrito))
    return almacen


def cargar(almacen, ruta):
    assert main(["cargar", str(ruta), "--almacen", str(almacen.raiz), "--json"]) == 0


def recalcular(almacen):
    return main(["recalcular", "--almacen", str(almacen.raiz), "--json"])


def test_recalcular_deja_las_mismas_cifras_y_cortes(publicado, capsys):
    antes = contenido(publicado)
    assert antes["revisiones"]
    primera = publicacion_vigente(publicado).version
    envejecer(publicado)
    with pytest.raises(OtraVersion, match="recalcular"):
        consultar("SELECT 1")
    assert recalcular(publicado) == 0
    assert publicacion_vigente(publicado).version != primera
    assert contenido(publicado) == antes
    assert int(consultar("SELECT count(*) AS n FROM alertas")["n"].iloc[0]) >= 0


def test_cargar_sobre_otra_version_recalcula_primero_y_no_pierde_nada(tmp_path, publicado):
    envejecer(publicado)
    cargar(publicado, fabrica.estatal(tmp_path, "viejo.csv", anio=2025))
    hallados = consulta(publicado, "SELECT archivo FROM cortes WHERE vigente ORDER BY 1")
    assert hallados == [("segundo.csv",), ("viejo.csv",)]
    assert consulta(publicado, "SELECT count(*) FROM cortes WHERE NOT vigente") == [(1,)]


def test_estado_dice_que_es_de_otra_version(publicado, capsys):
    envejecer(publicado)
    capsys.readouterr()
    assert main(["estado", "--almacen", str(publicado.raiz), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["de_esta_version"] is False
    assert main(["estado", "--almacen", str(publicado.raiz)]) == 0
    assert "python -m etl recalcular" in capsys.readouterr().out


def test_si_falta_un_archivo_vigente_no_se_toca_nada_y_se_dice_cual(publicado, capsys):
    antes = publicacion_vigente(publicado)
    ((sha256,),) = consulta(publicado, "SELECT sha256 FROM cortes WHERE vigente")
    (publicado.crudo / sha256).unlink()
    capsys.readouterr()
    assert recalcular(publicado) == 3
    (problema,) = json.loads(capsys.readouterr().out)["rechazado"]
    assert problema["archivo"] == "segundo.csv"
    assert "descárguelo otra vez" in problema["encontrado"]
    assert publicacion_vigente(publicado) == antes


def test_si_falta_un_corte_anterior_se_sigue_y_se_avisa(publicado, capsys):
    ((sha256,),) = consulta(publicado, "SELECT sha256 FROM cortes WHERE NOT vigente")
    (publicado.crudo / sha256).unlink()
    capsys.readouterr()
    assert recalcular(publicado) == 0
    assert any("primero.csv: ya no se conserva" in aviso for aviso in json.loads(capsys.readouterr().out)["avisos"])


def test_sin_nada_publicado_es_un_uso_equivocado(almacen, capsys):
    assert recalcular(almacen) == 2


def test_editar_las_canastas_y_recalcular_basta_para_verlas(publicado, tmp_path, monkeypatch):
    ruta = fabrica.editar_canastas(monkeypatch, tmp_path)
    encabezado, *filas = ruta.read_text(encoding="utf-8").splitlines()
    ruta.write_text("\n".join([encabezado, *(f for f in filas if f.startswith("once_delitos"))]), encoding="utf-8")
    assert consulta(publicado, "SELECT count(DISTINCT canasta) FROM canastas")[0][0] > 1
    assert recalcular(publicado) == 0
    assert consulta(publicado, "SELECT DISTINCT canasta FROM canastas") == [("once_delitos",)]
