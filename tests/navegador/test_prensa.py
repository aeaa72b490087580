"""De la portada a una imagen descargada en cuatro clics, y la imagen es la que se ve; en escritorio y en teléfono."""

import io
import re
import zipfile

import pytest
from PIL import Image

from tests.navegador.conftest import esperar_lista, sin_desborde
from tests.navegador.test_paginas import PANTALLAS, abrir


def test_cuatro_clics_de_la_portada_a_la_imagen(pagina, sitio_espejo):
    abierta = abrir(pagina, sitio_espejo)
    abierta.get_by_text("Publicar", exact=True).click()
    abierta.get_by_role("menuitem", name="Prensa").click()
    esperar_lista(abierta)
    with abierta.expect_download() as bajada:
        abierta.get_by_role("button", name="PNG").click()
    imagen = Image.open(bajada.value.path())
    assert imagen.size == (2400, 1350)
    assert re.fullmatch(r"evolucion_Homicidio-doloso_Mexico_corte-2026-03\.png", bajada.value.suggested_filename)
    assert imagen.text["Title"].startswith("En ")


@PANTALLAS
@pytest.mark.parametrize("historia", ["comparacion", "mapa", "periodos", "cambios"])
def test_cada_historia_se_ve_y_se_baja_completa(pagina, sitio_espejo, pantalla, historia):
    abierta = abrir(pagina, f"{sitio_espejo}/prensa?historia={historia}&delito=homicidio_doloso&lugar=11", pantalla)
    sin_desborde(abierta)
    titular = abierta.get_by_role("textbox", name="Titular").input_value()
    if pantalla["width"] > 600:
        with abierta.expect_download(timeout=90_000) as bajada:
            abierta.get_by_role("button", name="Todo:").click()
        with zipfile.ZipFile(io.BytesIO(bajada.value.path().read_bytes())) as archivo:
            assert titular in archivo.read("CITA.txt").decode("utf-8")
            assert sum(n.endswith(".pdf") for n in archivo.namelist()) == 6


def test_insertada_en_otra_pagina_va_sola_la_figura(pagina, sitio_espejo):
    abierta = abrir(pagina, f"{sitio_espejo}/prensa?historia=mapa&delito=homicidio_doloso&embed=true")
    assert not abierta.get_by_text("Explorar", exact=True).is_visible()
    assert not abierta.get_by_role("textbox", name="Titular").is_visible()
    assert abierta.locator("[data-testid='stImage'] img").is_visible()
    assert abierta.get_by_text("Antes de publicar").is_visible()


@PANTALLAS
def test_el_boletin_del_mes_se_lee_y_se_baja_completo(pagina, sitio_espejo, pantalla):
    abierta = abrir(pagina, f"{sitio_espejo}/prensa?historia=boletin&lugar=00", pantalla)
    sin_desborde(abierta)
    assert abierta.get_by_role("heading", name="Delito por delito").is_visible()
    if pantalla["width"] > 600:
        with abierta.expect_download(timeout=90_000) as bajada:
            abierta.get_by_role("button", name="Boletín completo").click()
        with zipfile.ZipFile(io.BytesIO(bajada.value.path().read_bytes())) as archivo:
            nombres = archivo.namelist()
            assert {"boletin_00_2026-03.pdf", "boletin_00_2026-03.md", "boletin_00_2026-03.xlsx"} <= set(nombres)
            assert archivo.read("boletin_00_2026-03.pdf").startswith(b"%PDF-1.7")
