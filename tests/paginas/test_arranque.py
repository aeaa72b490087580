"""La aplicación entera abre con datos y sin ellos, en español y sin excepciones."""

import pytest
from streamlit.testing.v1 import AppTest

from datos.almacen import RAIZ_DEL_PROYECTO
from tests.paginas.conftest import Abierta


@pytest.fixture
def aplicacion(monkeypatch):
    def correr(almacen):
        monkeypatch.setenv("TABLERO_ALMACEN", str(almacen))
        prueba = AppTest.from_file(str(RAIZ_DEL_PROYECTO / "app.py"), default_timeout=60).run()
        assert not prueba.exception, [e.value for e in prueba.exception]
        return Abierta(prueba)

    return correr


def test_sin_nada_publicado_dice_como_cargar(aplicacion, tmp_path):
    assert "Todavía no hay datos publicados" in aplicacion(tmp_path).texto


def test_con_los_archivos_oficiales_abre_en_inicio(aplicacion, almacen_espejo):
    abierta = aplicacion(almacen_espejo)
    assert "homicidio doloso en México" in abierta.titular
    assert "SESNSP" in abierta.texto
