"""Contrastar una declaración: el veredicto sale de la base, el enlace lleva todo y lo que no se puede se enumera."""

import pytest

from tests.paginas.conftest import uno

SUMA = "SELECT sum(conteo) FROM delitos_estatal WHERE delito = 'homicidio_doloso' AND fecha BETWEEN '{}' AND '{}'"


def test_sin_cifra_cuenta_las_maneras_y_pide_una(abrir, almacen_espejo):
    abierta = abrir("contrastar", almacen_espejo)
    assert "según cómo se cuente" in abierta.titular
    assert "Escriba la cifra que se declaró" in abierta.texto


def test_el_veredicto_trae_los_dos_numeros_de_la_base(abrir, almacen_espejo):
    abierta = abrir("contrastar", almacen_espejo, cifra="40", base="2018", hasta="2024-11")
    assert abierta.titular.startswith("Ninguna forma de contar da una baja de 40 %")
    antes = uno(almacen_espejo, SUMA.format("2018-01-01", "2018-12-01"))
    despues = uno(almacen_espejo, SUMA.format("2023-12-01", "2024-11-01"))
    for numero in (antes, despues, antes - despues):
        assert f"{numero:,}" in abierta.texto
    assert {b.label.split(":")[0] for b in abierta.prueba.get("download_button")} >= {"PNG", "Todo", "CSV", "XLSX"}
    assert "Antes de publicar" in abierta.texto


def test_escribir_la_cifra_que_es_dice_con_que_manera_sale(abrir, almacen_espejo):
    abierta = abrir("contrastar", almacen_espejo, base="2018", hasta="2024-11")
    abierta.prueba.text_input(key="direccion_cifra").set_value("12.1").run()
    assert "coincide con contar las carpetas de 2018 contra los 12 meses a noviembre de 2024" in abierta.titular
    assert abierta.prueba.query_params["cifra"] == "12.1"
    abierta.prueba.text_input(key="direccion_cifra").set_value("").run()
    assert "cifra" not in abierta.prueba.query_params


@pytest.mark.parametrize(
    ("modo", "mas", "periodos"),
    [
        ("anios", {"base": "2019", "anio": "2023"}, "2019 contra 2023"),
        (
            "mismos",
            {"base": "2019", "anio": "2024", "mes": "1", "mes_final": "6"},
            "enero a junio de 2019 contra enero a junio de 2024",
        ),
        ("doce", {"hasta": "2024-11"}, "los 12 meses a noviembre de 2023 contra los 12 meses a noviembre de 2024"),
        (
            "periodos",
            {"antes_de": "2018-02", "antes_a": "2018-04", "despues_de": "2024-02", "despues_a": "2024-05"},
            "febrero a abril de 2018 contra febrero a mayo de 2024",
        ),
    ],
)
def test_cada_manera_de_decir_cuando(abrir, almacen_espejo, modo, mas, periodos):
    abierta = abrir("contrastar", almacen_espejo, modo=modo, cifra="10", **mas)
    assert periodos in abierta.texto
    assert "Cada manera de contarlo" in abierta.texto


def test_lo_que_no_se_puede_se_enumera_completo(abrir, almacen_espejo):
    abierta = abrir("contrastar", almacen_espejo, modo="anios", base="2024", anio="2024", cifra="120")
    assert "no se puede contrastar" in abierta.titular
    for dicho in ("más de 100 %", "se enciman", "diciembre de 2024"):
        assert dicho in abierta.texto
    assert not abierta.prueba.get("download_button")


def test_un_municipio_sin_ese_delito_se_explica(abrir, almacen_espejo):
    abierta = abrir("contrastar", almacen_espejo, lugar="20001", delito="robo_vehiculo", cifra="10")
    assert "no está publicado por municipio" in abierta.texto


def test_en_la_demostracion_se_dice_que_lo_es(abrir, almacen_demostracion):
    abierta = abrir("contrastar", almacen_demostracion, cifra="10", lugar="01001")
    assert "DEMOSTRACIÓN" in abierta.texto
    assert "Víctimas" in abierta.texto  # no se publican por municipio, y se dice


def test_prensa_e_inicio_llevan_a_contrastar(abrir, almacen_espejo):
    for pagina in ("prensa", "inicio"):
        abierta = abrir(pagina, almacen_espejo, lugar="11")
        ligas = " ".join(e.proto.body for e in abierta.prueba.get("html"))
        assert "./contrastar?" in ligas
        assert "lugar=11" in ligas
