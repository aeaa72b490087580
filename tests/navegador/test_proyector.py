"""El proyector en un Chromium de verdad: desde un archivo sin red, con teclas y con el servidor apagado; y su paquete."""

import re
import zipfile
from datetime import date
from pathlib import Path

import pytest

from informes.sesion.componer import componer
from informes.sesion.en_html import en_html
from informes.sesion.pedido import Pedido
from tests.navegador.conftest import ESCRITORIO, TELEFONO, esperar_lista, servir

PROYECTOR = ESCRITORIO | {"width": 1920, "height": 1080}
PANTALLAS = pytest.mark.parametrize("pantalla", [ESCRITORIO, PROYECTOR, TELEFONO], ids=["1440", "1920", "390"])


@pytest.fixture(scope="module")
def archivo(almacen_demostracion, tmp_path_factory):
    """El proyector de una Mesa, como se lleva en una memoria."""
    raiz = tmp_path_factory.mktemp("proyector")
    (raiz / "almacen").mkdir()
    (raiz / "almacen" / "publicado").symlink_to(almacen_demostracion / "publicado")
    with pytest.MonkeyPatch.context() as m:
        m.setenv("TABLERO_ALMACEN", str(raiz / "almacen"))
        c = componer(Pedido("demo-2", date(2026, 8, 1), date(2026, 11, 24)))
    suelto = raiz / "sesión de la Mesa.html"
    suelto.write_bytes(en_html(c))
    return c, suelto


@pytest.fixture
def suelta(chromium, archivo):
    """Abre el archivo sin red; al final exige que nada se quejara ni pidiera nada."""
    contextos, quejas, pedidos = [], [], []

    def abrir(pantalla=ESCRITORIO):
        contexto = chromium.new_context(
            viewport={k: pantalla[k] for k in ("width", "height")}, offline=True, has_touch=True
        )
        contextos.append(contexto)
        p = contexto.new_page()
        p.on("console", lambda m: quejas.append(m.text) if m.type in ("error", "warning") else None)
        p.on("pageerror", lambda e: quejas.append(str(e)))
        p.on("request", lambda r: pedidos.append(r.url) if not r.url.startswith(("file:", "data:")) else None)
        p.goto(archivo[1].as_uri())
        return p

    yield abrir
    for contexto in contextos:
        contexto.close()
    assert quejas == []
    assert pedidos == []


def cuenta(donde):
    """«3 de 25»."""
    return donde.locator("#cuenta").inner_text()


@PANTALLAS
def test_cada_lamina_cabe_a_lo_ancho_y_en_el_escritorio_tambien_a_lo_alto(suelta, archivo, pantalla):
    p, total = suelta(pantalla), len(archivo[0].laminas)
    for n in range(total):
        assert cuenta(p) == f"{n + 1} de {total}"
        # también la tabla de la figura, que tiene su propia barra
        lados = p.locator(".lamina.activa").evaluate(
            "e => [e, ...e.querySelectorAll('figure > .tabla')].map(x => [x.scrollWidth - x.clientWidth, "
            "x.scrollHeight - x.clientHeight]).reduce((a, b) => [Math.max(a[0], b[0]), Math.max(a[1], b[1])])"
        )
        assert lados[0] <= 1, n + 1
        if pantalla is not TELEFONO:
            assert lados[1] <= 1, f"la lámina {n + 1} se sale {lados[1]} pixeles hacia abajo"
        p.keyboard.press("ArrowRight")
    assert cuenta(p) == f"{total} de {total}"  # al final no da la vuelta


def test_las_teclas_mueven_una_idea_a_la_vez(suelta, archivo):
    p, total = suelta(), len(archivo[0].laminas)
    for tecla, esperada in (
        ("ArrowRight", 2), ("PageDown", 3), ("ArrowLeft", 2), ("End", total), ("ArrowRight", total), ("Home", 1),
        ("ArrowLeft", 1), ("Space", 2),
    ):  # fmt: skip
        p.keyboard.press(tecla)
        assert cuenta(p) == f"{esperada} de {total}", tecla
        assert p.locator(".lamina:visible").count() == 1
    assert p.locator(".lamina.activa h2").inner_text() == archivo[0].laminas[1].titulo
    p.reload()
    assert cuenta(p) == f"2 de {total}"  # recargar no pierde el lugar


def ir_a(p, c, clave):
    """La lámina con esa clave, por el índice."""
    p.locator("#indice").select_option(str([x.clave for x in c.laminas].index(clave)))
    p.evaluate("document.activeElement.blur()")


def test_en_el_mapa_tocar_un_municipio_ensena_sus_cifras(suelta, archivo):
    p, c = suelta(), archivo[0]
    ir_a(p, c, "mapa")
    ficha = p.locator(".lamina.activa .ficha")
    assert ficha.locator("h3:visible").inner_text() == "San Luis Potosí"
    p.locator('svg.mapa.pantalla [data-lugar="24035"]').click(position={"x": 5, "y": 30}, force=True)
    p.locator('svg.mapa.pantalla [data-lugar="24035"]').focus()
    p.keyboard.press("Enter")
    assert ficha.locator("h3:visible").inner_text() == "Soledad de Graciano Sánchez"
    figura = next(x for x in c.laminas if x.clave == "mapa").figura
    leido = [t.inner_text() for t in ficha.locator("[data-de='24035'] tbody tr").first.locator("th, td").all()]
    assert leido == figura.fichas["24035"][0]
    otro = figura.datos[figura.datos["de_la_mesa"] == ""]["lugar"].iloc[0]
    p.locator(f'svg.mapa.pantalla [data-lugar="{otro}"]').dispatch_event("click")
    assert ficha.locator(".corta").inner_text().startswith(figura.datos.set_index("lugar").loc[otro, "nombre"])


def test_al_acercarse_a_la_serie_se_lee_el_mes_con_sus_cifras(suelta, archivo):
    p, c = suelta(), archivo[0]
    ir_a(p, c, "delito-robo_vehiculo")
    dibujo = p.locator(".lamina.activa svg.serie.pantalla")
    caja = dibujo.bounding_box()
    p.mouse.move(caja["x"] + caja["width"] * 0.95, caja["y"] + caja["height"] / 2)
    dicho = p.locator("#globo").inner_text()
    tabla = {f[0]: f[1] for f in next(x for x in c.laminas if x.clave == "delito-robo_vehiculo").figura.celdas()}
    mes, cifra = re.match(r"(\w+ de \d{4})\. Robo de vehículo: ([\d,]+);", dicho).groups()
    assert tabla[f"{mes[:3]} {mes[-4:]}"] == cifra


def test_en_el_telefono_se_pasa_con_el_dedo(suelta, archivo):
    p, total = suelta(TELEFONO), len(archivo[0].laminas)
    gesto = """([de, a]) => {
        const toque = (x) => new Touch({ identifier: 1, target: document.body, clientX: x, clientY: 300 });
        const decir = (tipo, tocando, x) => document.body.dispatchEvent(
            new TouchEvent(tipo, { bubbles: true, touches: tocando, changedTouches: [toque(x)] }));
        decir("touchstart", [toque(de)], de);
        decir("touchend", [], a);
    }"""
    p.evaluate(gesto, [300, 100])
    assert cuenta(p) == f"2 de {total}"
    p.evaluate(gesto, [100, 120])  # un roce no cuenta
    assert cuenta(p) == f"2 de {total}"
    p.evaluate(gesto, [100, 300])
    assert cuenta(p) == f"1 de {total}"


def test_sin_javascript_se_lee_completo(chromium, archivo):
    contexto = chromium.new_context(java_script_enabled=False, offline=True)
    p = contexto.new_page()
    p.goto(archivo[1].as_uri())
    assert p.locator(".lamina:visible").count() == len(archivo[0].laminas)
    assert p.locator("nav:visible").count() == 0
    contexto.close()


def test_impreso_sale_una_lamina_por_hoja(suelta, archivo):
    import pypdfium2

    cuerpo = suelta().pdf(prefer_css_page_size=True)
    assert len(pypdfium2.PdfDocument(cuerpo)) in (len(archivo[0].laminas), len(archivo[0].laminas) + 1)


def test_se_arma_en_la_pagina_se_baja_y_el_proyector_sigue_con_el_servidor_apagado(chromium, almacen_de_practica):
    entorno = {"TABLERO_MODO_LOCAL": "si", "TABLERO_HOY": "2026-11-24", "TABLERO_FIRMA": "Ana Prueba"}
    contexto = chromium.new_context(viewport=ESCRITORIO, locale="es-MX")
    p = contexto.new_page()
    with servir(almacen_de_practica, **entorno) as sitio:
        antes = f"{sitio}/sesion?mesa=demo-2&parte=antes"
        p.goto(antes)
        p.get_by_role("button", name="Armar el paquete").click(timeout=90_000)
        p.get_by_text(re.compile("Armando el paquete")).first.wait_for(timeout=60_000)
        p.goto(f"{sitio}/mesas")  # se va a otra página y vuelve: se sigue armando
        esperar_lista(p)
        p.goto(antes)
        p.get_by_role("button", name="Proyectar", exact=True).wait_for(timeout=120_000)
        with p.expect_download() as bajada:
            p.get_by_role("button", name=re.compile("Bajar el paquete")).click()
        with zipfile.ZipFile(Path(bajada.value.path())) as z:
            assert z.testzip() is None
            assert {Path(n).suffix for n in z.namelist()} == {".txt", ".html", ".pptx", ".pdf", ".xlsx"}
        with p.expect_download() as bajada:
            p.get_by_role("button", name=re.compile("Proyector para llevar")).click()
        assert bajada.value.suggested_filename == "sesion_demo-2_2026-08_corte-2026-08_DEMOSTRACION.html"
        p.get_by_role("button", name="Proyectar", exact=True).click()
        marco = p.frame_locator(".st-key-proyector iframe")
        marco.locator(".lamina.activa h2").wait_for(timeout=60_000)
    # Aquí el servidor ya no existe; y además se desconecta el cable.
    contexto.set_offline(True)
    p.wait_for_timeout(4_000)
    marco.locator("#siguiente").click()
    assert cuenta(marco).startswith("2 de ")
    p.keyboard.press("End")
    ultimo = cuenta(marco)
    assert ultimo.split(" de ")[0] == ultimo.split(" de ")[1]
    p.keyboard.press("Home")
    assert cuenta(marco).startswith("1 de ")
    caja = p.locator(".st-key-proyector iframe").bounding_box()
    assert caja["width"] == ESCRITORIO["width"]
    assert caja["height"] > ESCRITORIO["height"] - 60
    contexto.close()
