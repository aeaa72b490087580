"""Tendencias: el titular, la figura y la descarga traen los números de la consulta; lo que falta queda hueco."""

import json

import pytest

from tests.paginas.conftest import filas, uno


def figura(abierta):
    (dibujo,) = abierta.prueba.get("plotly_chart")
    return json.loads(dibujo.proto.spec)


def test_el_ultimo_mes_de_un_estado(abrir, almacen_espejo):
    abierta = abrir("tendencias", almacen_espejo, delito="extorsion", lugar="11")
    conteo = uno(
        almacen_espejo,
        "SELECT conteo FROM delitos_estatal WHERE delito = 'extorsion' AND cve_ent = '11' AND fecha = '2026-03-01'",
    )
    assert (
        abierta.titular == f"En marzo de 2026 (provisional) se abrieron {conteo} carpetas por extorsión en Guanajuato"
    )
    assert "falta el mismo mes del año anterior" in abierta.texto


def test_la_descarga_trae_la_serie_completa_con_sus_huecos(abrir, almacen_espejo):
    tabla = abrir("tendencias", almacen_espejo, delito="homicidio_doloso", lugar="00").tabla()
    serie = dict(
        filas(
            almacen_espejo,
            "SELECT fecha, sum(conteo) FROM delitos_estatal WHERE delito = 'homicidio_doloso' GROUP BY 1 HAVING count(*) = 32",
        )
    )
    propia = tabla.set_index("Mes")["Carpetas"]
    assert {mes: n for mes, n in propia.dropna().items()} == serie
    assert propia.isna().sum() == 13
    assert len(propia) == 135


@pytest.mark.parametrize("medida", ["conteo", "diario", "tasa", "suma12", "tasa12"])
def test_la_linea_dibuja_la_medida_y_corta_donde_falta(abrir, almacen_espejo, medida):
    abierta = abrir(
        "tendencias", almacen_espejo, delito="homicidio_doloso", lugar="11", medida_serie=medida, comparar="no"
    )
    valores = abierta.tabla().iloc[:, 6]
    textos = {t["name"] for t in figura(abierta)["data"] if t.get("name")}
    assert textos == {"Guanajuato"}
    assert valores.notna().sum() > 100
    assert "sin datos" in json.dumps(figura(abierta), ensure_ascii=False)
    assert "nueva metodología" in json.dumps(figura(abierta), ensure_ascii=False)


def test_la_tasa_se_compara_con_el_estado_y_el_pais(abrir, almacen_espejo):
    abierta = abrir("tendencias", almacen_espejo, delito="homicidio_doloso", lugar="11020", medida_serie="tasa12")
    assert {t["name"] for t in figura(abierta)["data"] if t.get("name")} == {"León, Guanajuato", "Guanajuato", "México"}
    reciente = uno(
        almacen_espejo,
        "SELECT sum(conteo) FROM delitos_municipal WHERE delito = 'homicidio_doloso' AND cve_mun = '11020' "
        "AND fecha BETWEEN '2024-07-01' AND '2025-06-01'",
    )
    assert f"En los 12 meses a junio de 2025 se abrieron {reciente} carpetas" in abierta.titular


def test_dice_lo_que_no_se_reporta(abrir, almacen_espejo):
    abierta = abrir("tendencias", almacen_espejo, delito="extorsion", lugar="11020")
    assert "no traen carpetas por mes por extorsión en León, Guanajuato" in abierta.titular
    assert "No reportado no es cero" in abierta.texto


def test_total_no_suma_doce_meses_de_dos_metodologias(abrir, almacen_demostracion):
    abierta = abrir("tendencias", almacen_demostracion, delito="total", lugar="00", medida_serie="suma12")
    tabla = abierta.tabla().set_index("Mes")
    sumas = tabla["Suma de 12 meses"].dropna()
    assert str(sumas.index.max()) == "2025-12-01"
    assert "diciembre de 2025" in abierta.titular


def test_los_acuerdos_del_lugar_se_senalan(abrir, almacen_demostracion):
    abierta = abrir("tendencias", almacen_demostracion, delito="robo_vehiculo", lugar="01001")
    assert "01/IV/2019" in abierta.texto
    assert any(t.get("marker", {}).get("symbol") == "triangle-up" for t in figura(abierta)["data"])


def test_agregar_un_lugar_con_la_busqueda(abrir, almacen_espejo):
    abierta = abrir("tendencias", almacen_espejo, delito="homicidio_doloso", lugar="11")
    abierta.prueba.text_input(key="tendencias_texto").set_value("zacatecas").run()
    abierta.prueba.pills(key="tendencias_hallados").set_value("32").run()
    assert not abierta.prueba.exception
    assert abierta.prueba.query_params["lugar"] == "11,32"
    assert {t["name"] for t in figura(abierta)["data"] if t.get("name")} == {"Guanajuato", "Zacatecas"}
