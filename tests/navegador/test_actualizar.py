"""Actualizar desde la página, en un Chromium de verdad: soltar archivos, ver qué pasa, publicar, seguir el avance y negarse."""

import json
import shutil
import threading
import time
import urllib.request

import pytest

from datos.almacen import Almacen, publicacion_vigente
from etl.__main__ import main
from tests import fabrica
from tests import servidor_de_fuente as sf
from tests.navegador.conftest import ESCRITORIO, TELEFONO, esperar_lista, servir, sin_desborde, texto_de
from tests.navegador.test_paginas import INGLES

PLAZO = 60


def esperar_que(condicion, que):
    """Espera a que algo pase fuera del navegador."""
    limite = time.monotonic() + PLAZO
    while not condicion():
        assert time.monotonic() < limite, que
        time.sleep(0.1)


@pytest.fixture(scope="module")
def archivos(tmp_path_factory):
    """Los cuatro archivos obligatorios, de dos cortes."""
    carpeta = tmp_path_factory.mktemp("entregas")
    viejos, nuevos = carpeta / "viejos", carpeta / "nuevos"
    viejos.mkdir()
    nuevos.mkdir()
    for destino, valor, mes in ((viejos, 1, 2), (nuevos, 2, 3)):
        fijo = {"valor": lambda *_, v=valor: v}
        fabrica.estatal(destino, "cnsp_estatal.csv", anio=2015, **fijo)
        fabrica.municipal(destino, "cnsp_municipal.csv", anio=2015, **fijo)
        fabrica.estatal(destino, "rnid_estatal.csv", anio=2026, meses=mes, **fijo)
        por_mes = {"valor": lambda clave, categoria, m, v=valor, hasta=mes: v if m <= hasta else 0}
        fabrica.municipal(destino, "rnid_municipal.csv", claves=(1001, 1002, 1999), anio=2026, **por_mes)
    return viejos, nuevos


@pytest.fixture
def almacen(archivos, tmp_path):
    assert main(["cargar", str(archivos[0]), "--almacen", str(tmp_path / "almacen"), "--json"]) == 0
    return Almacen(tmp_path / "almacen")


def abrir(pagina, direccion, pantalla=ESCRITORIO):
    abierta = pagina(direccion, pantalla)
    esperar_lista(abierta)
    return abierta


@pytest.mark.parametrize("pantalla", [ESCRITORIO, TELEFONO], ids=["escritorio", "telefono"])
def test_sin_modo_local_solo_se_lee_y_se_dice_como_encenderlo(pagina, sitio_espejo, pantalla):
    abierta = abrir(pagina, f"{sitio_espejo}/actualizar", pantalla)
    texto = texto_de(abierta)
    assert "Esta instalación es de solo lectura" in texto
    assert "--modo-local" in texto
    assert "Incidencia delictiva municipal»" in texto
    assert abierta.locator("input[type=file]").count() == 0
    assert abierta.get_by_role("button", name="Buscar en la fuente").count() == 0
    sin_desborde(abierta)


def test_soltar_revisar_publicar(pagina, almacen, archivos):
    antes = almacen.puntero.read_bytes()
    with servir(almacen.raiz, TABLERO_MODO_LOCAL="si", TABLERO_HOY="2026-04-20") as direccion:
        abierta = abrir(pagina, f"{direccion}/actualizar")
        assert "Modo local" in texto_de(abierta)
        # Primero una entrega mala: se ve qué es, todo lo que no pasa, y no hay con qué publicarla.
        malo = fabrica.municipal(almacen.raiz, "malo.csv", valor=lambda k, c, m: -9 if c == 0 and m < 3 else 1)
        abierta.locator("input[type=file]").set_input_files([str(malo)])
        abierta.get_by_role("button", name="Revisar sin publicar").click()
        abierta.get_by_text("6 problemas").wait_for()
        esperar_lista(abierta)
        assert abierta.get_by_test_id("stMain").get_by_role("button", name="Publicar", exact=True).count() == 0
        sin_desborde(abierta)
        # Luego la buena: qué es cada archivo y qué cambiaría, antes de publicar nada.
        abierta.locator("input[type=file]").set_input_files([str(r) for r in sorted(archivos[1].iterdir())])
        esperar_lista(abierta)
        assert not INGLES.findall(texto_de(abierta))
        abierta.get_by_role("button", name="Revisar sin publicar").click()
        publicar = abierta.get_by_test_id("stMain").get_by_role("button", name="Publicar", exact=True)
        publicar.wait_for(timeout=PLAZO * 1000)
        esperar_lista(abierta)
        assert almacen.puntero.read_bytes() == antes
        (revision,) = [r for r in _resultados(almacen, "revisar") if r["codigo"] == 0]
        assert {c["cifras_que_cambian"] > 0 for c in revision["cambios"]} == {True}
        assert "Carpetas, archivo municipal" in {a["que"] for a in revision["archivos"]}
        for pantalla in (TELEFONO, ESCRITORIO):
            abierta.set_viewport_size(pantalla)
            sin_desborde(abierta)
        publicar.click()
        abierta.get_by_text("Lo publicado está al día: corte de marzo de 2026").wait_for(timeout=PLAZO * 1000)
        esperar_lista(abierta)
        assert almacen.puntero.read_bytes() != antes
        assert abierta.get_by_test_id("stMain").get_by_role("button", name="Publicar", exact=True).count() == 0
        assert [r["codigo"] for r in _resultados(almacen, "cargar")] == [0, 0]
        abierta.close()


def _resultados(almacen, verbo):
    carpetas = sorted(almacen.trabajos.glob(f"*-{verbo}-*"))
    return [
        json.loads((c / "resultado.json").read_text(encoding="utf-8"))
        for c in carpetas
        if (c / "resultado.json").exists()
    ]


@pytest.fixture
def fuente_lenta(archivos):
    """Una fuente que no termina de entregar hasta que se abre su ``llave``, para alcanzar a mirar."""
    contenidos = {r.stem: (r.name, r.read_bytes()) for r in sorted(archivos[1].iterdir())}
    with sf.servir() as servida:
        sf.publicar(servida, contenidos)
        servida.llave = threading.Event()
        for token, (_, contenido) in contenidos.items():
            servida.guion(sf.descarga(token), sf.con_llave(contenido, servida.llave))
        yield servida


def test_de_la_demostracion_a_lo_oficial_con_el_avance_en_todas_las_paginas(
    pagina, almacen_demostracion, fuente_lenta, tmp_path
):
    raiz = tmp_path / "almacen"
    shutil.copytree(almacen_demostracion, raiz)
    almacen = Almacen(raiz)
    entorno = fuente_lenta.entorno(TABLERO_MODO_LOCAL="si", TABLERO_FUENTE_SEGUNDOS_POR_ARCHIVO="120")
    with servir(raiz, **entorno) as direccion:
        abierta = abrir(pagina, f"{direccion}/actualizar")
        assert "demostración: faltan los datos oficiales" in abierta.inner_text("h1")
        abierta.get_by_role("button", name="Buscar en la fuente").click()
        # El avance se ve en cualquier página, y otra persona no puede empezar otro trabajo.
        otra = pagina(f"{direccion}/datos")
        otra.locator(".frescura", has_text="Buscar en la fuente · Bajando").filter(has_text=" MB").wait_for(
            timeout=PLAZO * 1000
        )
        tercera = pagina(f"{direccion}/actualizar")
        boton = tercera.get_by_role("button", name="Buscar en la fuente")
        boton.wait_for()
        assert boton.is_disabled()
        tercera.get_by_text("Puede cerrar la página").wait_for()  # se vuelve a dibujar cada segundo
        # Cerrar el navegador no detiene nada.
        abierta.close()
        tercera.close()
        fuente_lenta.llave.set()
        esperar_que(lambda: not publicacion_vigente(almacen).demostracion, "no se publicó lo oficial")
        otra.locator(".banda").wait_for(state="detached", timeout=PLAZO * 1000)
        esperar_lista(otra)
        assert "4 archivos vigentes" in otra.inner_text("h1")
        with urllib.request.urlopen(f"{direccion}/api/salud", timeout=10) as respuesta:
            assert json.load(respuesta)["demostracion"] is False
        otra.close()


def test_sin_red_sigue_la_demostracion_y_dice_como_conseguir_los_datos(pagina, almacen_demostracion, tmp_path):
    raiz = tmp_path / "almacen"
    shutil.copytree(almacen_demostracion, raiz)
    with sf.servir() as apagada:
        entorno = apagada.entorno(TABLERO_MODO_LOCAL="si")
    with servir(raiz, **entorno) as direccion:
        abierta = abrir(pagina, f"{direccion}/actualizar", TELEFONO)
        abierta.get_by_role("button", name="Buscar en la fuente").click()
        abierta.get_by_text("esto sigue siendo una demostración").wait_for(timeout=PLAZO * 1000)
        esperar_lista(abierta)
        texto = texto_de(abierta)
        assert "la fuente no contestó" in texto
        assert "rechazó la conexión" in texto
        assert "python tareas.py cargar CARPETA" in texto
        sin_desborde(abierta)
        otra = abrir(pagina, direccion, TELEFONO)
        otra.get_by_role("link", name="Cómo conseguirlos").click()
        otra.wait_for_url("**/actualizar**")
        esperar_lista(otra)
        for una in (abierta, otra):
            una.close()
