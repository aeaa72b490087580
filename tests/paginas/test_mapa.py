"""El mapa y su tabla con los archivos oficiales: la cifra de cada lugar es la de una consulta."""

import json

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from datos.almacen import RAIZ_DEL_PROYECTO, Almacen, publicacion_vigente


def abrir(almacen, monkeypatch, **parametros):
    monkeypatch.setenv("TABLERO_ALMACEN", str(almacen))
    prueba = AppTest.from_file(str(RAIZ_DEL_PROYECTO / "paginas" / "mapa.py"), default_timeout=60)
    for clave, valor in parametros.items():
        prueba.query_params[clave] = valor
    prueba.run()
    assert not prueba.exception, [e.value for e in prueba.exception]
    return prueba


def consulta(almacen, sql):
    con = duckdb.connect(str(publicacion_vigente(Almacen(almacen)).ruta), read_only=True)
    try:
        return con.execute(sql).fetchall()
    finally:
        con.close()


def test_los_estados_traen_la_suma_de_sus_doce_meses(almacen_espejo, monkeypatch):
    prueba = abrir(almacen_espejo, monkeypatch, delito="homicidio_doloso", cierre="2024-11")
    tabla = prueba.dataframe[0].value.set_index("lugar")["conteo"]
    esperado = dict(
        consulta(
            almacen_espejo,
            "SELECT cve_ent, sum(conteo) FROM delitos_estatal WHERE delito = 'homicidio_doloso' "
            "AND fecha BETWEEN '2023-12-01' AND '2024-11-01' GROUP BY cve_ent",
        )
    )
    assert tabla.to_dict() == esperado


def test_un_enlace_abre_los_municipios_de_una_entidad(almacen_espejo, monkeypatch):
    pedido = {
        "delito": "homicidio_doloso",
        "nivel": "municipal",
        "entidad": "11",
        "medida": "tasa",
        "cierre": "2025-03",
    }
    prueba = abrir(almacen_espejo, monkeypatch, **pedido)
    assert dict(prueba.query_params) == pedido
    tabla = prueba.dataframe[0].value.set_index("lugar")
    assert len(tabla) == 46
    ((esperado,),) = consulta(
        almacen_espejo,
        "SELECT sum(conteo) FROM delitos_municipal WHERE delito = 'homicidio_doloso' AND cve_mun = '11020' "
        "AND fecha BETWEEN '2024-04-01' AND '2025-03-01'",
    )
    assert tabla.loc["11020", "conteo"] == esperado


def test_lo_que_no_se_reporta_por_municipio_se_dice(almacen_espejo, monkeypatch):
    prueba = abrir(almacen_espejo, monkeypatch, delito="extorsion", nivel="municipal")
    assert "No reportado no es cero" in prueba.info[0].value


@pytest.mark.parametrize(
    "pedido", [{}, {"nivel": "municipal", "entidad": "00"}, {"nivel": "municipal", "entidad": "11"}]
)
def test_el_mapa_mira_a_mexico(almacen_espejo, monkeypatch, pedido):
    prueba = abrir(almacen_espejo, monkeypatch, delito="homicidio_doloso", **pedido)
    mira = json.loads(prueba.get("plotly_chart")[0].proto.spec)["layout"]["map"]
    assert 18 < mira["center"]["lat"] < 26
    assert -104 < mira["center"]["lon"] < -99
    assert mira["zoom"] == (6 if pedido.get("entidad") == "11" else 4)
