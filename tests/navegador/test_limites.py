"""Lo que ve quien se topa con un límite: un aviso en español donde lo pidió, y lo escrito en su lugar."""

import shutil

import pytest

from tests.navegador.conftest import ESCRITORIO, SEGUNDOS, TELEFONO, esperar_lista, servir
from tests.navegador.escritorio_del_registro import LOCAL, caja, escribir, leer


@pytest.fixture
def abrir(chromium, almacen_demostracion, tmp_path):
    shutil.copytree(
        almacen_demostracion, tmp_path / "almacen", ignore=shutil.ignore_patterns("registro", "crudo", "paquetes")
    )
    limites = {"TABLERO_LIMITE_SUBIR": "1/10", "TABLERO_LIMITE_EXPORTAR": "1/10"}

    with servir(tmp_path / "almacen", **LOCAL, **limites) as direccion:

        def abrir(ruta, tamano=ESCRITORIO):
            abierta = chromium.new_context(viewport=tamano, locale="es-MX", accept_downloads=True).new_page()
            abierta.goto(f"{direccion}/{ruta}")
            esperar_lista(abierta)
            return abierta

        yield abrir
    for contexto in chromium.contexts:
        contexto.close()


@pytest.mark.parametrize("tamano", [ESCRITORIO, TELEFONO], ids=["escritorio", "telefono"])
def test_exportar_de_mas_avisa_junto_al_boton_y_no_borra_lo_escrito(abrir, tamano):
    abierta = abrir("acuerdos?mesa=demo-1&folio=01/LXXI/2026", tamano)
    abierta.get_by_text("Dar seguimiento").click()
    escribir(abierta, "Qué pasó desde la última vez", "Se instalaron tres lámparas y")
    boton = abierta.get_by_role("button", name="Plazos de este acuerdo (iCalendar)")
    with abierta.expect_download(timeout=SEGUNDOS * 1000):
        boton.click()
    esperar_lista(abierta)
    boton.click()
    aviso = abierta.locator("[data-testid='stDownloadButtonError']")
    aviso.wait_for()
    assert "Pidió demasiados archivos o trabajos en poco tiempo" in aviso.inner_text()
    assert "vuelva a intentarlo en 10 minutos" in aviso.inner_text()
    caja_de_aviso = aviso.bounding_box()
    assert caja_de_aviso["x"] >= 0
    assert caja_de_aviso["x"] + caja_de_aviso["width"] <= tamano["width"]
    assert caja(abierta, "Qué pasó desde la última vez").input_value() == "Se instalaron tres lámparas y"


def test_armar_de_mas_avisa_en_la_pagina(abrir):
    abierta = abrir("acuerdos?mesa=demo-1&folio=01/LXXI/2026")
    with abierta.expect_download(timeout=SEGUNDOS * 1000):
        abierta.get_by_role("button", name="Plazos de este acuerdo (iCalendar)").click()
    esperar_lista(abierta)
    direccion = abierta.url.split("/acuerdos")[0]
    abierta.goto(f"{direccion}/sesion?mesa=demo-2&parte=antes")
    abierta.get_by_role("button", name="Armar el paquete").click(timeout=90_000)
    leer(abierta, "Pidió demasiados archivos o trabajos en poco tiempo. Nada de lo que escribió se perdió")


def test_subir_de_mas_avisa_en_la_caja_y_no_borra_lo_escrito(abrir):
    abierta = abrir("acuerdos?mesa=demo-1&folio=01/LXXI/2026")
    abierta.get_by_text("Dar seguimiento").click()
    escribir(abierta, "Qué pasó desde la última vez", "Se instalaron tres lámparas y")
    for nombre in ("uno.txt", "dos.txt"):
        abierta.locator("input[type='file']").first.set_input_files(
            {"name": nombre, "mimeType": "text/plain", "buffer": b"hola"}
        )
        abierta.wait_for_timeout(800)
    leer(abierta, "Subió demasiados archivos en poco tiempo")
    # A la vista, y no solo para lectores de pantalla, que es como lo deja Streamlit.
    assert abierta.get_by_text("Subió demasiados archivos").bounding_box()["width"] > 100
    assert caja(abierta, "Qué pasó desde la última vez").input_value() == "Se instalaron tres lámparas y"
