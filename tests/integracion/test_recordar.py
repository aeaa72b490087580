"""Lo recordado vale mientras no cambie la publicación y nadie lo puede alterar."""

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
