"""``python -m etl complementar``: se calcula sobre lo publicado, se guarda a su lado y las páginas lo leen."""

import json
import shutil

import pandas as pd
import pytest

from analisis.agrupamientos import CLASES, NINGUNO
from datos.almacen import AGRUPAMIENTOS, Almacen, publicacion_vigente
from datos.consultas.agrupamientos import SinAgrupamientos, agrupamientos
from etl.__main__ import main


@pytest.fixture
def copia(almacen_demostracion, tmp_path, monkeypatch):
    destino = tmp_path / "almacen"
    shutil.copytree(almacen_demostracion / "publicado", destino / "publicado")
    monkeypatch.setenv("TABLERO_ALMACEN", str(destino))
    return Almacen(destino)


def test_antes_de_calcularlos_dice_con_que_orden(copia):
    with pytest.raises(SinAgrupamientos, match="python -m etl complementar"):
        agrupamientos("homicidio_doloso")


def test_se_guardan_junto_a_la_version_y_son_los_mismos_cada_vez(copia, capsys):
    assert main(["complementar", "--json"]) == 0
    version = publicacion_vigente(copia).version
    assert json.loads(capsys.readouterr().out) == {"archivo": AGRUPAMIENTOS, "version": version}
    ruta = copia.complementos(version) / AGRUPAMIENTOS
    primera = ruta.read_bytes()
    assert main(["complementar", "--json"]) == 0
    assert ruta.read_bytes() == primera
    tabla = pd.read_parquet(ruta)
    assert set(tabla["clase"]) <= set(CLASES)
    assert not tabla.duplicated(["delito", "cve_mun"]).any()
    marcados = tabla[tabla["clase"] != NINGUNO]
    assert len(marcados) > 0
    assert (marcados["valor_p"] <= 0.05).all()
    hecho = agrupamientos("total")
    assert hecho.al_dia
    assert hecho.cierre.isoformat() == "2025-12-01"
    assert len(hecho.tabla) == (tabla["delito"] == "total").sum()


def test_si_falta_solo_calcula_lo_que_no_esta_al_dia(copia):
    assert main(["complementar", "--si-falta", "--json"]) == 0
    ruta = copia.complementos(publicacion_vigente(copia).version) / AGRUPAMIENTOS
    hecho = ruta.stat().st_mtime_ns
    assert main(["complementar", "--si-falta", "--json"]) == 0
    assert ruta.stat().st_mtime_ns == hecho
    pd.read_parquet(ruta).assign(vecinos="vecinos-otros.json").to_parquet(ruta, index=False)
    assert main(["complementar", "--si-falta", "--json"]) == 0
    assert agrupamientos("total").al_dia


def test_con_otros_limites_dice_que_ya_no_estan_al_dia(copia):
    assert main(["complementar", "--json"]) == 0
    ficha = copia.publicado / "geometria.json"
    cuerpo = json.loads(ficha.read_text(encoding="utf-8"))
    ficha.write_text(json.dumps(cuerpo | {"vecinos": "vecinos-otros.json"}), encoding="utf-8")
    assert not agrupamientos("total").al_dia


def test_sin_limites_o_sin_datos_explica_que_hacer(copia, tmp_path, monkeypatch, capsys):
    (copia.publicado / "geometria.json").unlink()
    assert main(["complementar"]) == 2
    assert "No hay límites publicados" in capsys.readouterr().err
    monkeypatch.setenv("TABLERO_ALMACEN", str(tmp_path / "vacio"))
    assert main(["complementar"]) == 2
    assert "Nada publicado" in capsys.readouterr().err


def test_al_podar_una_version_se_van_sus_complementos(copia):
    from etl.publicacion.puntero import podar

    vigente = publicacion_vigente(copia)
    for i in range(4):
        nombre = f"tablero-2020010{i}T000000000-aaaaaaaa"
        shutil.copy(vigente.ruta, copia.publicado / f"{nombre}.duckdb")
        ficha = json.loads(vigente.ruta.with_suffix(".json").read_text(encoding="utf-8"))
        ficha |= {"version": nombre.removeprefix("tablero-"), "archivo": f"{nombre}.duckdb"}
        (copia.publicado / f"{nombre}.json").write_text(json.dumps(ficha), encoding="utf-8")
        copia.complementos(ficha["version"]).mkdir()
    podar(copia)
    assert len(list(copia.publicado.glob("complementos-*"))) == len(list(copia.publicado.glob("tablero-*.duckdb"))) - 1
