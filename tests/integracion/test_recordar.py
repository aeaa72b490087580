"""Lo recordado vale mientras no cambie la publicación y nadie lo puede alterar."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest

from datos import tablero
from datos.almacen import Almacen
from etl.__main__ import main
from tests import fabrica


@pytest.fixture
def almacen(tmp_path, monkeypatch):
    monkeypatch.setenv("TABLERO_ALMACEN", str(tmp_path / "almacen"))
    assert main(["cargar", str(fabrica.estatal(tmp_path))]) == 0
    return Almacen(tmp_path / "almacen")


def test_se_pregunta_una_vez_por_publicacion_y_argumentos(almacen, tmp_path):
    veces = []

    @tablero.recordar(maximo=2)
    def total(delitos):
        veces.append(delitos)
        return tablero.consultar("SELECT sum(conteo) AS n FROM delitos_estatal WHERE delito = ?", [delitos[0]])

    assert total(["total"])["n"].tolist() == total(["total"])["n"].tolist() == [32 * 98 * 12]
    assert len(veces) == 1
    assert main(["cargar", str(fabrica.estatal(tmp_path, "b.csv", valor=lambda e, c, m: 2))]) == 0
    assert total(["total"])["n"].tolist() == [2 * 32 * 98 * 12]
    assert len(veces) == 2
    total(["fraude"])
    total(["amenazas"])
    total(["total"])  # salió por antigua: se vuelve a preguntar
    assert len(veces) == 5


def test_cambiar_una_tabla_no_altera_lo_recordado(almacen):
    @tablero.recordar()
    def tabla():
        return pd.DataFrame({"a": [1, 2]})

    primera = tabla()
    primera.loc[0, "a"] = 99
    primera["b"] = 0
    assert tabla().to_dict("list") == {"a": [1, 2]}


def test_sin_publicacion_no_se_recuerda(tmp_path, monkeypatch):
    monkeypatch.setenv("TABLERO_ALMACEN", str(tmp_path / "vacio"))
    veces = []

    @tablero.recordar()
    def algo():
        veces.append(1)
        return len(veces)

    assert (algo(), algo()) == (1, 2)


def test_los_enteros_con_nulos_llegan_como_flotantes(almacen):
    tabla = tablero.consultar("SELECT 1 AS a, NULL::INTEGER AS b UNION ALL SELECT 2, 3")
    assert tabla["b"].dtype == "float64"
    assert tabla["b"].isna().sum() == 1


def test_lo_que_muchos_piden_a_la_vez_se_calcula_una(almacen):
    veces, abrir = [], threading.Event()

    @tablero.recordar()
    def lento(clave):
        veces.append(clave)
        abrir.wait(10)
        return clave.upper()

    with ThreadPoolExecutor(20) as personas:
        pedidos = [personas.submit(lento, "a") for _ in range(15)] + [personas.submit(lento, "b")]
        while len(veces) < 2:
            time.sleep(0.01)
        abrir.set()
        assert [p.result(10) for p in pedidos] == ["A"] * 15 + ["B"]
    assert sorted(veces) == ["a", "b"]


def test_si_al_primero_le_falla_los_demas_lo_intentan(almacen):
    veces, abrir = [], threading.Event()

    @tablero.recordar()
    def falla_una_vez():
        veces.append(1)
        primero = len(veces) == 1
        abrir.wait(10)
        if primero:
            raise OSError("se fue el disco")
        return "ya"

    with ThreadPoolExecutor(6) as personas:
        pedidos = [personas.submit(falla_una_vez) for _ in range(6)]
        while not veces:
            time.sleep(0.01)
        abrir.set()
        salidas = [p.exception(10) or p.result(10) for p in pedidos]
    assert sum(isinstance(s, OSError) for s in salidas) == 1
    assert salidas.count("ya") == 5
    assert len(veces) == 2
