"""Cada página con los archivos oficiales: las cifras que muestra son las que da una consulta."""

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from datos.almacen import RAIZ_DEL_PROYECTO, Almacen, publicacion_vigente


def abrir(pagina, almacen, monkeypatch, **parametros):
    monkeypatch.setenv("TABLERO_ALMACEN", str(almacen))
    prueba = AppTest.from_file(str(RAIZ_DEL_PROYECTO / "paginas" / pagina), default_timeout=30)
    for clave, valor in parametros.items():
        prueba.query_params[clave] = valor
    return prueba.run()


def uno(almacen, sql):
    con = duckdb.connect(str(publicacion_vigente(Almacen(almacen)).ruta), read_only=True)
    try:
        return con.execute(sql).fetchone()[0]
    finally:
        con.close()


def test_inicio_dice_la_cifra_de_la_consulta(almacen_espejo, monkeypatch):
    prueba = abrir("inicio.py", almacen_espejo, monkeypatch)
    assert not prueba.exception
    cifra = uno(
        almacen_espejo,
        "SELECT sum(conteo) FROM delitos_estatal WHERE delito = 'homicidio_doloso' "
        "AND fecha BETWEEN '2023-12-01' AND '2024-11-01'",
    )
    assert f"{cifra:,}" in prueba.header[0].value
    assert "noviembre de 2024" in prueba.header[0].value
    assert "sin datos estatales cargados de diciembre de 2024 a diciembre de 2025" in prueba.caption[0].value
    assert len(prueba.dataframe[0].value) == 11


def test_tendencias_de_un_lugar_desde_la_direccion(almacen_espejo, monkeypatch):
    prueba = abrir("tendencias.py", almacen_espejo, monkeypatch, delito="extorsion", lugar="11")
    assert not prueba.exception
    cifra = uno(
        almacen_espejo,
        "SELECT conteo FROM delitos_estatal WHERE delito = 'extorsion' AND cve_ent = '11' AND fecha = '2026-03-01'",
    )
    assert prueba.header[0].value == f"Guanajuato: {cifra:,} carpetas por extorsión en marzo de 2026 (provisional)"


def test_tendencias_dice_lo_que_no_se_reporta(almacen_espejo, monkeypatch):
    prueba = abrir("tendencias.py", almacen_espejo, monkeypatch, delito="extorsion", lugar="11020")
    assert not prueba.exception
    assert "No reportado no es cero" in prueba.info[0].value


@pytest.mark.parametrize("pagina", ["inicio.py", "tendencias.py"])
def test_sin_nada_publicado_se_explica(tmp_path, monkeypatch, pagina):
    prueba = abrir(pagina, tmp_path, monkeypatch)
    assert not prueba.exception
    assert "Todavía no hay datos publicados" in prueba.warning[0].value
