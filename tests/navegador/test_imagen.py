"""Llevarse la figura de una página: se ve como va a salir, se baja en la forma escogida y dice lo mismo que la página."""

import html
import io

import pytest
from PIL import Image

from tests.navegador.conftest import sin_desborde
from tests.navegador.test_paginas import PANTALLAS, abrir


def _abrir_hoja(abierta):
    abierta.get_by_test_id("stMain").get_by_role("button", name="Imagen").first.click()
    hoja = abierta.get_by_role("dialog")
    hoja.locator("[data-testid='stImage'] img").wait_for()
    return hoja


@PANTALLAS
@pytest.mark.parametrize(
    "ruta",
    [
        "tendencias?delito=homicidio_doloso&lugar=11",
        "mapa?medida=estimado",
        "mapa?nivel=municipal&entidad=11&medida=tasa&abajo=embudo",
        "ficha?lugar=11",
    ],
)
def test_se_ve_y_se_baja_la_figura_de_cada_pagina(pagina, sitio_espejo, pantalla, ruta):
    abierta = abrir(pagina, f"{sitio_espejo}/{ruta}", pantalla)
    hoja = _abrir_hoja(abierta)
    sin_desborde(abierta)
    with abierta.expect_download() as bajada:
        hoja.get_by_role("button", name="PNG").click()
    with Image.open(io.BytesIO(bajada.value.path().read_bytes())) as imagen:
        assert imagen.size == (2400, 1350)
        assert imagen.text["Title"]


def test_en_otra_forma_y_con_el_titular_de_la_pagina(pagina, sitio_espejo):
    abierta = abrir(pagina, f"{sitio_espejo}/tendencias?delito=homicidio_doloso&lugar=11")
    titular = abierta.locator("h1").first.inner_text()
    hoja = _abrir_hoja(abierta)
    hoja.get_by_role("combobox").first.click()
    abierta.get_by_role("option", name="Cuadrada, 1080 × 1080").click()
    # El botón de antes sigue ahí hasta que llega la figura nueva.
    imagen = "document.querySelector('[role=dialog] [data-testid=stImage] img')"
    abierta.wait_for_function(f"{imagen} && {imagen}.complete && {imagen}.naturalWidth === {imagen}.naturalHeight")
    with abierta.expect_download() as bajada:
        hoja.get_by_role("button", name="SVG").click()
    svg = html.unescape(bajada.value.path().read_text(encoding="utf-8"))
    assert f'<title id="titulo">{titular}</title>' in svg
    assert 'width="648pt" height="648pt"' in svg
    assert f"Vista viva: {sitio_espejo}/tendencias" in svg.replace("\n", "")
