"""Escribir una declaración, leer qué se dice de la cifra y llevarse la imagen y el paquete."""

import io
import zipfile

from PIL import Image

from tests.navegador.conftest import TELEFONO, esperar_lista, sin_desborde, texto_de
from tests.navegador.test_paginas import abrir


def test_de_la_declaracion_al_paquete(pagina, sitio_espejo):
    abierta = abrir(pagina, sitio_espejo)
    abierta.get_by_text("Publicar", exact=True).click()
    abierta.get_by_role("menuitem", name="Contrastar una declaración").click()
    esperar_lista(abierta)
    abierta.get_by_role("textbox", name="De cuánto").fill("40")
    abierta.get_by_role("textbox", name="De cuánto").press("Enter")
    abierta.get_by_role("heading", name="Ninguna forma de contar da una baja de 40").wait_for()
    esperar_lista(abierta)
    assert "cifra=40" in abierta.url
    with abierta.expect_download() as bajada:
        abierta.get_by_role("button", name="PNG").click()
    imagen = Image.open(bajada.value.path())
    assert imagen.size == (2400, 1350)
    assert "Ninguna forma de contar da una baja de 40" in imagen.text["Title"]
    with abierta.expect_download(timeout=90_000) as bajada:
        abierta.get_by_role("button", name="Todo:").click()
    with zipfile.ZipFile(io.BytesIO(bajada.value.path().read_bytes())) as archivo:
        cita = archivo.read("CITA.txt").decode("utf-8")
        assert abierta.url.split("&forma=")[0] in cita
        assert "Antes de publicar" in cita
    otra = abrir(pagina, abierta.url, TELEFONO)  # el enlace solo abre la misma vista, también en un teléfono
    assert "Ninguna forma de contar da una baja de 40" in texto_de(otra)
    sin_desborde(otra)


def test_se_llega_desde_prensa_por_el_menu(pagina, sitio_demostracion):
    """Las dos páginas tienen el mismo control de forma: el valor recordado no llegaba al nuevo y la página fallaba."""
    abierta = pagina(f"{sitio_demostracion}/prensa")
    esperar_lista(abierta)
    abierta.get_by_text("Publicar", exact=True).first.click()
    abierta.get_by_text("Contrastar una declaración", exact=True).first.click()
    abierta.wait_for_url("**/contrastar**")
    abierta.get_by_text("Cada manera de contarlo").wait_for(timeout=30_000)
    esperar_lista(abierta)
