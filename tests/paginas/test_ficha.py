"""Ficha: población, canasta, pares, víctimas y revisiones son los de la base."""

import pytest

from datos import catalogos
from tests.paginas.conftest import filas, uno


def test_un_municipio(abrir, almacen_espejo):
    abierta = abrir("ficha", almacen_espejo, lugar="11020")
    habitantes = uno(almacen_espejo, "SELECT poblacion FROM poblacion WHERE cve_mun = '11020' AND anio = 2026")
    assert f"{habitantes:,} habitantes en 2026 (CONAPO)" in abierta.texto
    reciente = uno(
        almacen_espejo,
        "SELECT sum(conteo) FROM delitos_municipal WHERE delito = 'homicidio_doloso' AND cve_mun = '11020' "
        "AND fecha BETWEEN '2024-07-01' AND '2025-06-01'",
    )
    assert f"se abrieron {reciente} carpetas por homicidio doloso en León, Guanajuato" in abierta.titular
    assert "De su tamaño" in abierta.texto
    assert "no es una clasificación" in abierta.texto


def test_un_estado_con_victimas_y_revisiones(abrir, almacen_espejo):
    abierta = abrir("ficha", almacen_espejo, lugar="11")
    victimas = uno(
        almacen_espejo,
        "SELECT sum(conteo) FROM victimas_estatal WHERE delito = 'homicidio_doloso' AND cve_ent = '11' "
        "AND fecha BETWEEN '2024-02-01' AND '2025-01-01'",
    )
    assert f"{victimas:,} víctimas por homicidio doloso en los 12 meses a enero de 2025" in abierta.texto
    antes, despues = filas(
        almacen_espejo,
        "SELECT antes, despues FROM revisiones WHERE cve_ent = '11' AND cve_mun IS NULL AND delito <> 'total' "
        "ORDER BY abs(despues - antes) DESC LIMIT 1",
    )[0]
    assert f"{antes:,} {despues:,}" in abierta.texto


def test_un_municipio_sin_poblacion_lo_dice(abrir, almacen_espejo):
    texto = abrir("ficha", almacen_espejo, lugar="24059").texto
    assert "CONAPO no publica la de este municipio" in texto


def test_el_pais(abrir, almacen_espejo):
    abierta = abrir("ficha", almacen_espejo)
    assert "134,407,258 habitantes en 2026" in abierta.texto
    assert "en México" in abierta.titular


def test_los_acuerdos_que_lo_cubren_ligan_a_su_pagina(abrir, almacen_demostracion):
    abierta = abrir("ficha", almacen_demostracion, lugar="01001")
    ligas = " ".join(e.proto.body for e in abierta.prueba.get("html"))
    assert 'href="./acuerdos?mesa=demo-1&amp;folio=01%2FIV%2F2019"' in ligas
    assert abierta.texto.count("Mesa de demostración 1") == 5


@pytest.mark.parametrize("canasta", sorted(catalogos.canastas()["canasta"].unique()))
def test_cada_canasta_cierra_con_su_total(abrir, almacen_demostracion, canasta):
    abierta = abrir("ficha", almacen_demostracion, lugar="11", canasta=canasta)
    total, cierre = filas(
        almacen_demostracion,
        f"SELECT conteo, cierre FROM tendencias WHERE nivel = 'estatal' AND clave = '11' AND delito = 'canasta:{canasta}'",
    )[0]
    suma = uno(
        almacen_demostracion,
        f"SELECT sum(conteo) FROM canastas_estatal WHERE cve_ent = '11' AND canasta = '{canasta}' "
        f"AND fecha > DATE '{cierre:%Y-%m-%d}' - INTERVAL 12 MONTH AND fecha <= DATE '{cierre:%Y-%m-%d}'",
    )
    assert suma == total
    assert f"Toda la canasta {total:,}" in abierta.texto


def test_lo_que_solo_cuenta_en_el_total_de_la_canasta_se_nombra(abrir, almacen_demostracion):
    federal = catalogos.canastas().query("canasta == 'alto_impacto_federal' and violencia != ''")["miembro"]
    assert len(federal)
    abierta = abrir("ficha", almacen_demostracion, lugar="11020", canasta="alto_impacto_federal")
    assert all(miembro in abierta.texto for miembro in federal)
    assert "cuentan en «Toda la canasta»" in abierta.texto
    assert "en «Toda la canasta»" not in abrir("ficha", almacen_demostracion, lugar="11020").texto
