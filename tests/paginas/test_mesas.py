"""Mesas y Red Nacional: qué cubren, quién se sienta y los tres ejes por separado, con lo que puede ver cada quien."""

import re

from datos.registro import lectura, sesiones
from datos.registro.actor import PUBLICO, actor_local
from datos.registro.apertura import registro_vigente
from paginas.componentes.registro.ejes import INDICADORES
from tests.paginas.conftest import uno


def test_todas_con_su_mapa_y_su_lista(abrir, practica):
    abierta = abrir("mesas", practica)
    assert abierta.titular.startswith("6 Mesas registradas: 6 con acuerdos, 24 acuerdos en total")
    for esperado in ("Mesa de demostración 3", "Puerto Vallarta, Jalisco y Bahía de Banderas, Nayarit", "11 ago 2026"):
        assert esperado in abierta.texto


def test_una_mesa_dice_lo_suyo_y_al_publico_no_le_dice_nombres(abrir, practica, local):
    abierta = abrir("mesas", practica, mesa="demo-1")
    assert abierta.titular.startswith("Mesa de demostración 1: 5 acuerdos")
    for esperado in ("Corresponsabilidad", "Eficacia", "Confianza", "sin evaluar todavía", "Persona ficticia 49"):
        assert esperado in abierta.texto
    local.setenv("TABLERO_MODO_LOCAL", "no")
    publica = abrir("mesas", practica, mesa="demo-1")
    assert "Fiscalía regional (ficticia)" in publica.texto
    assert "Persona ficticia" not in publica.texto
    assert "Capturar un acuerdo" not in publica.texto
    assert [e.label for e in publica.prueba.expander] == []


def test_las_metas_van_contra_la_suma_de_la_base(abrir, practica):
    texto = abrir("mesas", practica, mesa="demo-1").texto
    base = uno(
        practica,
        "SELECT sum(conteo) FROM delitos_municipal WHERE cve_mun = '01001' AND delito = 'robo_negocio' "
        "AND fecha BETWEEN '2020-09-01' AND '2021-08-01'",
    )
    assert f"Robo a negocio {base:,} {round(base * 0.85):,}" in texto


def test_la_direccion_vieja_de_un_acuerdo_lleva_a_su_pagina(abrir, practica):
    abierta = abrir("mesas", practica, mesa="demo-1", folio="02/XX/2021")
    cuerpos = [e.proto.body for e in abierta.prueba.get("html")]
    assert any('href="./acuerdos?mesa=demo-1&amp;folio=02%2FXX%2F2021"' in c for c in cuerpos)
    assert "folio" not in abierta.prueba.query_params


def test_con_datos_oficiales_estan_las_mesas_nombradas_en_publico_y_ningun_acuerdo(abrir, oficial):
    abierta = abrir("mesas", oficial)
    assert abierta.titular == "21 Mesas nombradas en público; todavía no hay acuerdos registrados"
    assert "por confirmar" in abierta.texto
    assert "DEMOSTRACIÓN" not in abierta.texto


def test_la_red_pone_todo_lado_a_lado_con_definiciones_y_huecos(abrir, practica, oficial):
    abierta = abrir("red", practica)
    for indicador in INDICADORES:
        assert indicador.definicion in abierta.texto
    assert "ningún número los junta" in abierta.texto
    vacia = abrir("red", oficial).texto
    assert "no se ha pasado lista en 12 meses" in vacia
    assert "sin evaluar todavía" in vacia


def test_la_red_se_ordena_de_mejor_a_peor_y_lo_que_no_tiene_dato_va_al_final(abrir, practica):
    registro = registro_vigente()
    propias = lectura.sesiones(registro, PUBLICO, "demo-4")
    for s in propias:
        sesiones.retirar_sesion(registro, actor_local("Ana"), s.id, s.version, "Prueba de huecos")
    abierta = abrir("red", practica, orden="continuidad")
    tabla = next(e.proto.body for e in abierta.prueba.get("html") if "desliza" in e.proto.body)
    nombres = re.findall(r"mesa=demo-(\d)", tabla)
    meses = [tuple(map(int, m)) for m in re.findall(r"(\d+) de (\d+) meses", tabla)]
    assert nombres[-1] == "4"
    proporciones = [a / b for a, b in meses]
    assert proporciones == sorted(proporciones, reverse=True)
    assert len(meses) == 5
