"""Muchas visitas a la vez contra la aplicación servida: nadie recibe un error, y lo que cada quien ve es lo que da una consulta.

Es la jornada de ``python tareas.py carga`` en chico; aquí no se juzga cuánto tarda.
"""

import asyncio
import html

import pytest

from tests.corrutinas import correr
from tests.navegador.conftest import servir
from tests.paginas.conftest import uno
from tests.rendimiento.jornada import CLASES, PERSONAS, vivir
from tests.rendimiento.visitante import ErrorDePagina, Visitante

GENTE, SEGUNDOS, PASO = 16, 20, 3.0


@pytest.fixture(scope="module")
def sitio(almacen_demostracion):
    with servir(almacen_demostracion, TABLERO_TALLER="0") as direccion:
        yield direccion


def test_una_jornada_sin_errores_en_que_todos_hacen_de_todo(sitio):
    jornada = correr(vivir(sitio, GENTE, SEGUNDOS, PASO))
    assert jornada.errores() == {}
    assert len(jornada.esperas("entrar")) == GENTE
    assert {a.clase for a in jornada.acciones} == set(CLASES)
    assert len(jornada.esperas()) > GENTE * SEGUNDOS / PASO / 2
    assert len(PERSONAS) > 1


def test_lo_que_ve_quien_filtra_y_toca_el_mapa_es_lo_de_la_consulta(sitio, almacen_demostracion):
    async def usar():
        async with Visitante(sitio) as yo:
            await yo.abrir("mapa", medida="conteo", delito="homicidio_doloso")
            await yo.elegir("direccion_delito", "Fraude")
            de_fraude = yo.titular
            await yo.tocar("mapa_de_lugares", "08")
            return de_fraude, yo.consulta, yo.titular

    de_fraude, consulta, otro = correr(usar())
    bajan = uno(
        almacen_demostracion,
        "SELECT count(*) FROM tendencias WHERE nivel = 'estatal' AND delito = 'fraude' AND etiqueta = 'a la baja'",
    )
    assert html.unescape(de_fraude).startswith("<h1>Fraude en México: ")
    assert f"a la baja en {bajan} estado" in de_fraude or bajan == 0
    assert "delito=fraude" in consulta
    assert "lugar=08" in consulta
    assert otro == de_fraude


def test_cada_visita_conserva_lo_suyo_aunque_otra_mueva_lo_mismo(sitio):
    async def usar():
        async with Visitante(sitio) as una, Visitante(sitio) as otra:
            await asyncio.gather(una.abrir("tendencias", lugar="11"), otra.abrir("tendencias", lugar="11"))
            await asyncio.gather(
                una.elegir("direccion_medida_serie", "Promedio diario"),
                otra.elegir("direccion_vista_de_tendencias", "Calendario"),
            )
            return una.consulta, otra.consulta

    una, otra = correr(usar())
    assert "medida_serie=diario" in una
    assert "vista_de_tendencias=serie" in una
    assert "vista_de_tendencias=calendario" in otra
    assert "diario" not in otra


def test_lo_que_se_ofrece_a_una_ventana_no_lo_obtiene_otra_que_sepa_su_identificador(sitio):
    async def robar():
        async with Visitante(sitio) as duena, Visitante(sitio) as otra:
            await duena.abrir("tendencias", lugar="11")
            await otra.abrir("tendencias", lugar="11")
            otra.botones = dict(duena.botones)
            with pytest.raises(ErrorDePagina, match="ya no está"):
                await otra.bajar("CSV")
            return await duena.bajar("CSV")

    _, cuerpo = correr(robar())
    assert cuerpo.startswith(b"\xef\xbb\xbf")
