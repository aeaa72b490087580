"""Prensa: cada historia se arma con lo publicado, el titular es el de la consulta y lo que no se puede contar se explica."""

import pytest

from tests.paginas.conftest import uno


def titular_de(abierta):
    return abierta.prueba.text_area[0].value


@pytest.mark.parametrize("historia", ["evolucion", "comparacion", "mapa", "periodos", "cambios"])
@pytest.mark.parametrize("almacen", ["almacen_espejo", "almacen_demostracion"])
def test_cada_historia_se_arma(abrir, request, almacen, historia):
    abierta = abrir(
        "prensa", request.getfixturevalue(almacen), historia=historia, delito="homicidio_doloso", lugar="11"
    )
    assert not abierta.prueba.error
    assert titular_de(abierta)
    assert {b.label.split(":")[0] for b in abierta.prueba.get("download_button")} >= {"PNG", "SVG", "PDF", "Todo"}


def test_el_titular_de_antes_y_despues_es_el_de_la_base(abrir, almacen_espejo):
    abierta = abrir("prensa", almacen_espejo, historia="periodos", lugar="11", delito="homicidio_doloso", meses="6")
    suma = (
        "SELECT sum(conteo) FROM delitos_estatal WHERE cve_ent = '11' AND delito = 'homicidio_doloso' "
        "AND fecha BETWEEN '{}-06-01' AND '{}-11-01'"
    )
    despues, antes = (uno(almacen_espejo, suma.format(anio, anio)) for anio in (2024, 2023))
    assert f"{despues:,} carpetas" in titular_de(abierta)
    assert f"{despues - antes} más" in titular_de(abierta)


def test_el_mapa_cuenta_las_etiquetas_de_tendencias(abrir, almacen_espejo):
    abierta = abrir(
        "prensa", almacen_espejo, historia="mapa", nivel="municipal", entidad="11", delito="homicidio_doloso"
    )
    bajan = uno(
        almacen_espejo,
        "SELECT count(*) FROM tendencias WHERE nivel = 'municipal' AND clave LIKE '11%' AND delito = 'homicidio_doloso' "
        "AND etiqueta = 'a la baja'",
    )
    assert f"a la baja en {bajan} municipios" in titular_de(abierta)


def test_un_titular_con_otra_cifra_no_se_usa_y_se_dice_por_que(abrir, almacen_espejo):
    abierta = abrir("prensa", almacen_espejo, historia="evolucion", lugar="11", delito="homicidio_doloso")
    abierta.prueba.text_area[0].set_value("Se desplomó a 3 carpetas").run()
    (error,) = abierta.prueba.error
    assert "No se usó ese titular" in error.value
    assert "no son las de los datos: 3" in error.value


def test_lo_que_no_se_puede_contar_se_explica(abrir, almacen_espejo):
    abierta = abrir("prensa", almacen_espejo, historia="evolucion", lugar="20001", delito="narcomenudeo")
    assert "no se puede contar" in abierta.titular
    assert "no hay carpetas publicadas" in abierta.texto.lower()


def test_el_boletin_se_lee_en_la_pagina_y_se_baja_en_un_solo_archivo(abrir, oficial):
    abierta = abrir("prensa", oficial, historia="boletin", lugar="11", mes_del_boletin="2024-11")
    conteo = uno(
        oficial,
        "SELECT conteo FROM delitos_estatal WHERE cve_ent = '11' AND delito = 'robo_negocio' AND fecha = '2024-11-01'",
    )
    assert abierta.titular.startswith("Guanajuato, noviembre de 2024:")
    assert f"Robo a negocio: {conteo} carpetas (provisional)" in abierta.texto
    assert "Lo que todavía no se puede decir" in abierta.texto
    (boton,) = abierta.prueba.get("download_button")
    assert boton.label.startswith("Boletín completo")


def test_el_boletin_de_una_mesa_y_el_de_un_lugar_sin_datos(abrir, practica, oficial, monkeypatch):
    de_mesa = abrir("prensa", practica, historia="boletin", mesa_del_boletin="mesa-demo-4")
    assert de_mesa.titular.startswith("Mesa de demostración 4, agosto de 2026:")
    assert "Suma de 4 municipios" in de_mesa.texto
    sin = abrir("prensa", oficial, historia="boletin", lugar="20001", mes_del_boletin="2025-06")
    assert "Abejones" in sin.texto
