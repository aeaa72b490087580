"""Eficacia en un Chromium, en escritorio y en teléfono: lo que se lee y lo dibujado, contra consultas y cálculos aparte."""

import re
from datetime import date

import numpy as np
import pytest

from analisis.eficacia import evaluar
from datos.consultas.cerrados import cerrados
from datos.consultas.evaluables import acuerdos_evaluables
from datos.consultas.geometria import vecinos
from tests.navegador.conftest import (
    ESCRITORIO,
    TELEFONO,
    esperar_lista,
    esperar_mapa,
    sin_desborde,
    texto_de,
)
from tests.paginas.conftest import filas, uno

PANTALLAS = pytest.mark.parametrize("pantalla", [ESCRITORIO, TELEFONO], ids=["1440", "390"])
LUGARES = ["24028", "24035"]


def _abrir(pagina, direccion, pantalla):
    abierta = pagina(direccion, pantalla)
    esperar_lista(abierta)
    sin_desborde(abierta)
    return abierta


def _suma(almacen, lugares, delito, desde, hasta):
    return uno(
        almacen,
        "SELECT sum(conteo) FROM delitos_municipal WHERE list_contains(?::VARCHAR[], cve_mun) AND delito = ? "
        "AND fecha BETWEEN ? AND ?",
        [lugares, delito, desde, hasta],
    )


@PANTALLAS
def test_lo_que_se_lee_y_lo_dibujado_de_un_acuerdo_es_lo_de_la_base(
    pagina, sitio_demostracion, almacen_demostracion, monkeypatch, pantalla
):
    monkeypatch.setenv("TABLERO_ALMACEN", str(almacen_demostracion))
    abierta = _abrir(pagina, f"{sitio_demostracion}/eficacia?folio=03/XXX/2024", pantalla)
    observadas = _suma(almacen_demostracion, LUGARES, "robo_vehiculo", "2024-07-01", "2025-06-01")
    grandes = [g.replace(",", "") for g in abierta.locator(".cifras-grandes dd").all_inner_texts()]
    assert int(grandes[0]) == observadas
    # Lo esperado, con otro programa: la misma cuenta desde el panel, sin pasar por la página.
    texto = texto_de(abierta)
    abierta.get_by_text("Nota técnica").click()
    semilla = int(re.search(r"Semilla: (\d+)", abierta.locator("[data-testid='stExpander']").inner_text()).group(1))
    panel = cerrados(("robo_vehiculo",))
    de_junto = {v for m in LUGARES for v in vecinos()[m]} - set(LUGARES)
    # Quien tenga otro acuerdo sobre lo mismo, que empiece a 12 meses o menos de julio de 2024, no se usa.
    otros = [
        a.municipios
        for a in acuerdos_evaluables()
        if "robo_vehiculo" in a.delitos
        and "24028" not in a.municipios
        and abs((a.inicio - date(2024, 7, 1)).days) < 370
    ]
    e = evaluar(
        panel.conteos,
        [panel.posiciones[m] for m in LUGARES],
        panel.meses[114],
        mes_inicial=panel.mes_inicial,
        contiguos=[panel.posiciones[m] for m in de_junto],
        excluidos=[panel.posiciones[m] for propios in otros for m in propios],
        semilla=semilla,
    )
    assert int(grandes[1]) == round(e.esperado_post)
    assert f"{abs(round(e.diferencia)):,} carpetas menos que las esperadas" in texto
    dibujado = abierta.evaluate(
        "() => document.querySelectorAll('.js-plotly-plot')[0]._fullData.filter((d) => d.name === 'observado')"
        ".map((d) => Array.from(d.y))[0]"
    )
    mensual = filas(
        almacen_demostracion,
        "SELECT sum(conteo) FROM delitos_municipal WHERE list_contains(?::VARCHAR[], cve_mun) AND delito = 'robo_vehiculo' "
        "AND fecha BETWEEN '2023-07-01' AND '2025-06-01' GROUP BY fecha ORDER BY fecha",
        [LUGARES],
    )
    assert dibujado == [n for (n,) in mensual]
    acumulada = abierta.evaluate(
        "() => document.querySelectorAll('.js-plotly-plot')[1]._fullData.filter((d) => d.name === 'diferencia')"
        ".map((d) => Array.from(d.y))[0]"
    )
    assert acumulada[-1] == pytest.approx(e.diferencia, abs=0.01)
    placebos = abierta.evaluate(
        "() => document.querySelectorAll('.js-plotly-plot')[2]._fullData.map((d) => Array.from(d.y))[0]"
    )
    assert sum(placebos) == e.n_placebos


@PANTALLAS
def test_el_mapa_y_la_tabla_dicen_con_quien_se_compara(pagina, sitio_demostracion, pantalla):
    abierta = _abrir(pagina, f"{sitio_demostracion}/eficacia?folio=01/IV/2019", pantalla)
    abierta.get_by_role("heading", name="¿Con quién se compara?").scroll_into_view_if_needed()
    abierta.locator(".lienzo").first.scroll_into_view_if_needed()
    esperar_mapa(abierta)
    texto = texto_de(abierta)
    assert "del conjunto: 1" in texto
    assert "comparable: 60" in texto
    primero = abierta.locator("table[aria-label='Municipios comparables'] tbody tr").nth(1)
    primero.locator("a").click()
    esperar_lista(abierta)
    assert "/ficha?" in abierta.url


def test_la_primera_pantalla_trae_el_veredicto_los_dos_numeros_y_la_duda(pagina, sitio_demostracion):
    abierta = _abrir(pagina, f"{sitio_demostracion}/eficacia?folio=01/I/2021", ESCRITORIO)
    alto = ESCRITORIO["height"]
    for selector in ("h1", ".bajada", ".cifras-grandes"):
        caja = abierta.locator(selector).first.bounding_box()
        assert caja["y"] + caja["height"] < alto, selector
    bajada = abierta.locator(".bajada").first.inner_text()
    assert "IC 95" in bajada
    assert "Solo se detectarían" in bajada
    assert "No se distingue" in abierta.inner_text("h1")


@PANTALLAS
def test_un_placebo_con_datos_oficiales_se_arma_con_los_controles(pagina, sitio_espejo, almacen_espejo, pantalla):
    abierta = _abrir(
        pagina,
        f"{sitio_espejo}/eficacia?conjunto=11020&delito_placebo=violencia_familiar&inicio_placebo=2021-01",
        pantalla,
    )
    assert "No es un acuerdo de ninguna Mesa" in abierta.locator(".placebo").inner_text()
    assert abierta.inner_text("h1").startswith("Placebo.")
    antes = _suma(almacen_espejo, ["11020"], "violencia_familiar", "2021-01-01", "2021-12-01")
    assert f"{antes:,}" in abierta.inner_text("h1")
    abierta.get_by_label("Agregar un municipio").fill("irapuato")
    abierta.get_by_role("radio", name="Irapuato, Guanajuato").click()
    abierta.wait_for_function("() => location.search.includes('11017')")
    juntos = _suma(almacen_espejo, ["11017", "11020"], "violencia_familiar", "2021-01-01", "2021-12-01")
    abierta.wait_for_function("n => document.querySelector('h1')?.innerText.includes(n)", arg=f"{juntos:,}")
    esperar_lista(abierta)
    sin_desborde(abierta)


@PANTALLAS
def test_el_portafolio_dibuja_un_intervalo_por_acuerdo_evaluable(pagina, sitio_demostracion, pantalla):
    abierta = _abrir(pagina, f"{sitio_demostracion}/portafolio", pantalla)
    evaluables = int(re.search(r"En (\d+) acuerdos con datos suficientes", texto_de(abierta)).group(1))
    puntos = abierta.evaluate("() => document.querySelector('.js-plotly-plot')._fullData[0].x.length")
    assert puntos == evaluables
    de_la_tabla = abierta.locator("table[aria-label='Acuerdos evaluados'] tbody tr").count()
    assert de_la_tabla == int(re.match(r"De (\d+) acuerdos", abierta.inner_text("h1")).group(1))
    cruces = abierta.locator("table[aria-label='Acuerdos por cumplimiento y veredicto'] tbody tr")
    assert cruces.count() == 5
    total = sum(int(n) for n in re.findall(r"(?<!\w)\d+(?!\w)", " ".join(
        celda for fila in cruces.all() for celda in fila.locator("td").all_inner_texts()[1:]
    )))  # fmt: skip
    assert total == de_la_tabla
    abierta.locator("table[aria-label='Acuerdos evaluados'] a").first.click()
    esperar_lista(abierta)
    assert "/eficacia?" in abierta.url


@PANTALLAS
def test_el_disenador_cambia_con_la_frase_y_su_borrador_se_descarga(
    pagina, sitio_demostracion, almacen_demostracion, pantalla
):
    abierta = _abrir(
        pagina,
        f"{sitio_demostracion}/disenador?conjunto=24028,24035&delito_meta=robo_vehiculo&meta=-30&plazo=12",
        pantalla,
    )
    base = _suma(almacen_demostracion, LUGARES, "robo_vehiculo", "2025-06-01", "2026-05-01")
    assert f"de {base:,} carpetas" in abierta.inner_text("h1").replace("\N{NO-BREAK SPACE}", " ")
    with abierta.expect_download() as bajada:
        abierta.get_by_role("button", name="Borrador del acuerdo en CSV").click()
    contenido = bajada.value.path().read_text(encoding="utf-8-sig")
    assert "24028;24035" in contenido
    assert f"Línea base congelada: {base} carpetas, corte 2026-08" in contenido
    abierta.get_by_text("Todo el país (una ley, un operativo)").click()
    abierta.wait_for_function("() => document.querySelector('h1').innerText.includes('no se puede evaluar')")
    sin_desborde(abierta)


def test_la_banda_de_la_figura_contiene_a_lo_esperado(pagina, sitio_demostracion):
    abierta = _abrir(pagina, f"{sitio_demostracion}/eficacia?folio=02/XV/2022", ESCRITORIO)
    alto, bajo, esperado = abierta.evaluate(
        "() => document.querySelectorAll('.js-plotly-plot')[0]._fullData.slice(0, 3).map((d) => Array.from(d.y))"
    )
    alto, bajo, esperado = (np.array(x[12:], dtype=float) for x in (alto, bajo, esperado))
    assert (bajo < esperado).all()
    assert (esperado < alto).all()
