"""Las consultas de contexto, lugares y calidad sobre los archivos oficiales."""

from datetime import date

import pytest

from datos.consultas import calidad, lugares
from datos.consultas.contexto import contexto
from datos.tablero import SinPublicacion


@pytest.fixture
def publicado(almacen_espejo, monkeypatch):
    monkeypatch.setenv("TABLERO_ALMACEN", str(almacen_espejo))


def test_el_contexto_dice_cortes_provisionales_y_el_hueco(publicado):
    c = contexto()
    assert c.corte_mas_reciente == date(2026, 3, 1)
    assert c.provisional_desde == date(2026, 1, 1)
    assert c.metodologias == ("CNSP/38/15", "RNID")
    assert c.huecos_estatales == [(date(2024, 12, 1), date(2025, 12, 1))]
    assert not c.demostracion
    assert len(c.cortes) == 4


def test_sin_publicacion_se_dice(tmp_path, monkeypatch):
    monkeypatch.setenv("TABLERO_ALMACEN", str(tmp_path))
    with pytest.raises(SinPublicacion):
        contexto()


@pytest.mark.parametrize(
    ("texto", "primero"),
    [("León", "11020"), ("leon", "11020"), ("20208", "20208"), ("nezahualc", "15058"), ("jalisco", "14")],
)
def test_buscar_lugares(texto, primero):
    hallados = lugares.buscar(texto)
    assert primero in set(hallados["lugar"])
    assert lugares.buscar("  ").empty


def test_nombres():
    assert lugares.nombre("00") == "México"
    assert lugares.nombre("15") == "Estado de México"
    assert lugares.nombre("11020") == "León, Guanajuato"
    with pytest.raises(KeyError):
        lugares.nombre("11999")


def test_revisiones_por_lugar_y_delito(publicado):
    todas = calidad.revisiones()
    del_delito = calidad.revisiones("00", "homicidio_doloso")
    assert 0 < len(del_delito) < len(todas)
    assert set(calidad.revisiones("12")["cve_ent"]) <= {"12"}
    assert (todas["antes"] != todas["despues"]).all()


def test_cobertura_y_tendencias(publicado):
    assert set(calidad.cobertura()["delito"]) == {
        "abuso_sexual", "feminicidio", "homicidio_culposo", "homicidio_doloso", "secuestro", "secuestro_extorsivo",
        "violacion", "violencia_familiar",
    }  # fmt: skip
    tabla = calidad.tendencias("estatal", "homicidio_doloso")
    assert len(tabla) == 32
    assert set(tabla["etiqueta"]) <= {"a la baja", "al alza", "sin cambio distinguible", "datos insuficientes"}
