"""Lo que hace una persona en las páginas del registro, y la base mirada por fuera."""

import sqlite3
import time

from tests.navegador.conftest import SEGUNDOS, esperar_lista, texto_de

LOCAL = {"TABLERO_MODO_LOCAL": "si", "TABLERO_HOY": "2026-11-24", "TABLERO_FIRMA": "Ana Prueba"}


def registro(almacen, sql, *parametros):
    """Lo que dice la base del registro, por fuera de la aplicación."""
    (archivo,) = (almacen / "registro").glob("practica-*.sqlite")
    con = sqlite3.connect(f"file:{archivo}?mode=ro", uri=True)
    try:
        return con.execute(sql, parametros).fetchall()
    finally:
        con.close()


def caja(abierta, rotulo):
    """La caja de texto con ese rótulo; las del registro viven en su propio árbol."""
    return abierta.get_by_role("textbox", name=rotulo, exact=True)


def escribir(abierta, rotulo, texto):
    """Escribe y espera a que la propia caja diga que ya se guardó."""
    campo = caja(abierta, rotulo)
    campo.fill(texto)
    campo.press("Tab")
    abierta.wait_for_timeout(100)
    esperar_lista(abierta)


def picar(abierta, nombre, clase="button", **mas):
    """Un clic en un control, ya con la página quieta."""
    abierta.get_by_role(clase, name=nombre, exact=True, **mas).first.click()
    abierta.wait_for_timeout(150)
    esperar_lista(abierta)


def leer(abierta, esperado):
    """Espera a que la página diga algo, y a que quede quieta."""
    plazo = time.monotonic() + SEGUNDOS
    while esperado not in (dicho := texto_de(abierta)):
        assert time.monotonic() < plazo, f"no se leyó «{esperado}» en: {dicho}"
        abierta.wait_for_timeout(100)
    esperar_lista(abierta)


def elegir_de_lista(abierta, rotulo, buscado, opcion):
    """Busca en una lista de opción múltiple y elige."""
    campo = abierta.get_by_role("combobox", name=rotulo).first
    campo.click()
    campo.fill(buscado)
    abierta.get_by_role("option", name=opcion).first.click()
    abierta.keyboard.press("Escape")
    abierta.wait_for_timeout(150)
    esperar_lista(abierta)


def fecha(abierta, rotulo, dia, soltar=True):
    """Teclea una fecha DD/MM/AAAA en su control; vale al salir de él."""
    abierta.get_by_role("group", name=rotulo, exact=True).get_by_role("spinbutton").first.click()
    abierta.keyboard.type(dia.replace("/", ""))
    if soltar:
        abierta.locator("h1").click()
        abierta.wait_for_timeout(150)
        esperar_lista(abierta)
