"""``python -m etl calibrar``: se guarda junto a la versión, sigue donde iba, y las páginas lo leen."""

import json
import shutil

import pandas as pd
import pytest

from datos.almacen import CALIBRACION, Almacen, publicacion_vigente
from datos.consultas.calibracion import SinCalibracion, calibracion, delitos_calibrados
from datos.consultas.cerrados import SinMesesCerrados, cerrados, meses_cerrados
from etl.__main__ import main
from etl.complementos import calibracion as modulo


@pytest.fixture
def copia(almacen_demostracion, tmp_path, monkeypatch):
    destino = tmp_path / "almacen"
    shutil.copytree(almacen_demostracion / "publicado", destino / "publicado")
    monkeypatch.setenv("TABLERO_ALMACEN", str(destino))
    # Pocos ensayos: aquí se prueba que se guarda y se lee; cuánto se equivoca se mide con los archivos oficiales.
    de_veras = modulo.calibrar
    monkeypatch.setattr(modulo, "calibrar", lambda *a, **k: de_veras(*a, **{**k, "intentos": 3}))
    return Almacen(destino)


def _ruta(almacen):
    return almacen.complementos(publicacion_vigente(almacen).version) / CALIBRACION


def test_antes_de_medirlo_dice_con_que_orden(copia):
    with pytest.raises(SinCalibracion, match="python -m etl calibrar"):
        calibracion("robo_vehiculo")
    assert delitos_calibrados() == []


def test_se_guarda_se_lee_y_es_igual_cada_vez(copia, capsys):
    assert main(["calibrar", "--solo", "robo_vehiculo", "total", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["archivo"] == CALIBRACION
    primera = _ruta(copia).read_bytes()
    hecha = calibracion("robo_vehiculo")
    assert hecha.cierre.isoformat() == "2026-05-01"
    assert set(hecha.por_conjunto.index) <= {1, 4, 10}
    assert hecha.por_conjunto["evaluadas"].sum() == hecha.celdas["evaluadas"].sum() > 0
    assert delitos_calibrados() == ["robo_vehiculo", "total"]
    with pytest.raises(SinCalibracion, match="todavía no se mide"):
        calibracion("extorsion")
    assert main(["calibrar", "--solo", "robo_vehiculo", "total", "--forzar", "--json"]) == 0
    assert _ruta(copia).read_bytes() == primera


def test_si_se_interrumpe_queda_lo_hecho_y_la_siguiente_vez_sigue(copia, monkeypatch):
    vistos = []
    de_veras = modulo.calibrar

    def se_cae(conteos, **mas):
        vistos.append(mas["semilla"])
        if len(vistos) == 2:
            raise KeyboardInterrupt
        return de_veras(conteos, **mas)

    monkeypatch.setattr(modulo, "calibrar", se_cae)
    with pytest.raises(KeyboardInterrupt):
        main(["calibrar", "--solo", "extorsion", "fraude"])
    assert pd.read_parquet(_ruta(copia))["delito"].unique().tolist() == ["extorsion"]
    assert main(["calibrar", "--solo", "extorsion", "fraude"]) == 0
    assert len(vistos) == 3  # el que ya estaba no se repitió
    assert sorted(pd.read_parquet(_ruta(copia))["delito"].unique()) == ["extorsion", "fraude"]


def test_con_las_mismas_cifras_otra_version_no_se_vuelve_a_calcular(copia, monkeypatch):
    assert main(["calibrar", "--solo", "extorsion"]) == 0
    vieja = _ruta(copia)
    otra = vieja.parent.with_name("complementos-20200101T000000000-aaaaaaaa")
    vieja.parent.rename(otra)
    monkeypatch.setattr(modulo, "calibrar", lambda *a, **k: pytest.fail("se volvió a calcular"))
    assert main(["calibrar", "--solo", "extorsion"]) == 0
    assert calibracion("extorsion").celdas["evaluadas"].sum() > 0


def test_un_delito_que_no_existe_se_dice_y_no_cambia_nada(copia, capsys):
    assert main(["calibrar", "--solo", "robo_de_lunas"]) == 2
    assert "Sin serie municipal publicada: robo_de_lunas" in capsys.readouterr().err
    assert not _ruta(copia).exists()


def test_sin_datos_explica_que_hacer(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("TABLERO_ALMACEN", str(tmp_path / "vacio"))
    assert main(["calibrar"]) == 2
    assert "Nada publicado" in capsys.readouterr().err


def test_los_meses_cerrados_no_traen_provisionales_y_lo_que_se_suma_es_de_todos(copia):
    from tests.paginas.conftest import uno

    hecho = cerrados(("robo_negocio", "robo_transeunte"))
    assert (hecho.mes_inicial.isoformat(), hecho.cierre.isoformat()) == ("2015-01-01", "2026-05-01")
    assert (hecho.provisional_desde.isoformat(), hecho.provisionales) == ("2026-06-01", 3)
    assert meses_cerrados("robo_negocio") == hecho.conteos.shape[1] == 137
    suyo = hecho.conteos[hecho.posiciones["22014"], -12:].sum()
    assert suyo == uno(
        copia.raiz,
        "SELECT sum(conteo) FROM delitos_municipal WHERE cve_mun = '22014' AND delito IN ('robo_negocio', 'robo_transeunte') "
        "AND fecha BETWEEN '2025-06-01' AND '2026-05-01'",
    )
    with pytest.raises(SinMesesCerrados):
        cerrados(())
