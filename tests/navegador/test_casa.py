"""La casa en un Chromium de verdad: idioma, cadenas de Streamlit, tipografía, cabeceras y salud."""

import json
import urllib.request

import pytest

from tests.navegador.conftest import ESCRITORIO, SEGUNDOS, TELEFONO, esperar_lista, servir


def _pedir(direccion, **cabeceras):
    with urllib.request.urlopen(urllib.request.Request(direccion, headers=cabeceras), timeout=10) as respuesta:
        return respuesta.headers, respuesta.read()


@pytest.mark.parametrize("pantalla", [ESCRITORIO, TELEFONO], ids=["escritorio", "telefono"])
def test_la_pagina_se_declara_en_espanol_de_mexico(pagina, sitio_espejo, pantalla):
    abierta = pagina(sitio_espejo, pantalla)
    esperar_lista(abierta)
    assert abierta.evaluate("document.documentElement.lang") == "es-MX"
    assert "Streamlit" not in abierta.title()


def test_las_cadenas_de_streamlit_se_cambian_y_las_propias_no(pagina, sitio_espejo):
    abierta = pagina(sitio_espejo)
    esperar_lista(abierta)
    textos = abierta.evaluate(
        """async () => {
            const zona = document.createElement("div");
            zona.innerHTML = '<p>Choose an option</p><p>Search party</p><input placeholder="Choose options">'
                + '<small>25MB per file</small>';
            document.body.append(zona);
            await new Promise((listo) => setTimeout(listo, 100));
            const [a, b] = [...zona.querySelectorAll("p")].map((p) => p.textContent);
            return [a, b, zona.querySelector("input").placeholder, zona.querySelector("small").textContent];
        }"""
    )
    assert textos == ["Elija una opción", "Search party", "Elija opciones", "25MB por archivo"]


def test_la_tipografia_viene_de_este_servidor(pagina, sitio_espejo):
    abierta = pagina(sitio_espejo)
    esperar_lista(abierta)
    cargadas = abierta.evaluate("[...document.fonts].filter((f) => f.status === 'loaded').map((f) => f.family)")
    assert any("Atkinson" in familia for familia in cargadas)


def test_lo_que_no_cambia_se_guarda_un_ano(sitio_vacio):
    cabeceras, cuerpo = _pedir(f"{sitio_vacio}/app/static/fuentes/atkinson-hyperlegible-next-latin-400-normal.woff2")
    assert cuerpo[:4] == b"wOF2"
    assert "immutable" in cabeceras["Cache-Control"]


def test_la_pagina_trae_sus_cabeceras_y_el_aviso_sin_javascript(sitio_vacio):
    cabeceras, cuerpo = _pedir(f"{sitio_vacio}/", Accept="text/html", **{"Accept-Encoding": "gzip"})
    assert cabeceras["Content-Language"] == "es-MX"
    assert cabeceras["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'self'" in cabeceras["Content-Security-Policy"]
    assert "necesita JavaScript" in cuerpo.decode("utf-8")
    assert int(cabeceras["Content-Length"]) == len(cuerpo)


def test_salud_sin_datos(sitio_vacio):
    salud = json.loads(_pedir(f"{sitio_vacio}/api/salud")[1])
    assert (salud["estado"], salud["version"], salud["listo"]) == ("sin datos", None, True)
    assert json.loads(_pedir(f"{sitio_vacio}/api/vivo")[1]) == {"vivo": True}


def test_salud_con_los_archivos_oficiales(sitio_espejo, almacen_espejo):
    salud = json.loads(_pedir(f"{sitio_espejo}/api/salud")[1])
    puntero = json.loads((almacen_espejo / "publicado" / "actual.json").read_text(encoding="utf-8"))
    assert salud["estado"] == "bien"
    assert (salud["version"], salud["sha256"]) == (puntero["version"], puntero["sha256"])
    assert salud["demostracion"] is False


@pytest.mark.parametrize(
    ("ruta", "quien"),
    [
        ("/prensa?embed=true", "*"),
        ("/prensa", "'self'"),
        ("/administracion?embed=true", "'self'"),
        ("/?embed=true", "'self'"),
        ("/prensa/otra?embed=true", "'self'"),
    ],
)
def test_solo_la_figura_insertada_cabe_en_el_marco_de_otro_sitio(sitio_espejo, ruta, quien):
    with urllib.request.urlopen(f"{sitio_espejo}{ruta}", timeout=10) as respuesta:
        assert f"frame-ancestors {quien}" in respuesta.headers["Content-Security-Policy"]


@pytest.mark.parametrize("nombre", ["127.0.0.1", "localhost"])
def test_si_el_servidor_se_cae_se_dice_en_espanol(chromium, almacen_demostracion, nombre):
    contexto = chromium.new_context(viewport=TELEFONO, locale="es-MX")
    abierta = contexto.new_page()
    with servir(almacen_demostracion) as direccion:
        abierta.goto(direccion.replace("127.0.0.1", nombre))
        esperar_lista(abierta)
    dicho = abierta.get_by_role("dialog")
    dicho.get_by_text("El tablero").wait_for(timeout=SEGUNDOS * 1000)
    abierta.locator("#aviso-de-conexion").get_by_text("Se perdió la conexión").wait_for(timeout=SEGUNDOS * 1000)
    assert "Streamlit" not in dicho.inner_text()
    assert "streamlit" not in dicho.inner_text()
    contexto.close()


PARTE = "**/static/js/PlotlyChart*"


def test_si_una_parte_no_llega_la_pagina_se_vuelve_a_pedir_sola(chromium, sitio_espejo):
    contexto = chromium.new_context(viewport=TELEFONO, locale="es-MX")
    abierta, negadas = contexto.new_page(), []
    abierta.route(PARTE, lambda ruta: (negadas.append(ruta), ruta.abort()) if not negadas else ruta.continue_())
    abierta.goto(f"{sitio_espejo}/tendencias?delito=extorsion&lugar=11")
    abierta.locator(".js-plotly-plot").first.wait_for(timeout=SEGUNDOS * 1000)
    esperar_lista(abierta)
    assert len(negadas) == 1
    assert abierta.locator("#aviso-de-conexion").count() == 0
    assert "lugar=11" in abierta.url
    contexto.close()


def test_si_ya_se_escribio_no_se_vuelve_a_pedir_sola(chromium, sitio_espejo):
    contexto = chromium.new_context(viewport=TELEFONO, locale="es-MX")
    abierta = contexto.new_page()
    abierta.route(PARTE, lambda ruta: ruta.abort())
    # Lo escrito llega antes que la gráfica.
    abierta.add_init_script(
        "addEventListener('DOMContentLoaded', () => document.body.dispatchEvent(new Event('input')))"
    )
    abierta.goto(f"{sitio_espejo}/tendencias?delito=extorsion&lugar=11")
    aviso = abierta.locator("#aviso-de-conexion")
    aviso.get_by_text("si estaba escribiendo, guárdelo antes").wait_for(timeout=SEGUNDOS * 1000)
    abierta.evaluate("window.esLaMisma = true")
    abierta.get_by_text("Esta parte de la página no llegó").first.wait_for(timeout=SEGUNDOS * 1000)
    abierta.wait_for_timeout(2_500)  # más de lo que tarda en preguntar si hay red
    assert abierta.evaluate("window.esLaMisma")
    abierta.unroute(PARTE)
    aviso.get_by_role("button", name="Volver a pedir la página").click()
    abierta.locator(".js-plotly-plot").first.wait_for(timeout=SEGUNDOS * 1000)
    contexto.close()


def test_una_pagina_que_no_existe_lo_dice_en_espanol(chromium, sitio_espejo):
    contexto = chromium.new_context(viewport=TELEFONO, locale="es-MX")
    abierta = contexto.new_page()
    abierta.goto(f"{sitio_espejo}/no-existe")
    dicho = abierta.get_by_role("dialog")
    dicho.get_by_text("No existe esa página").wait_for(timeout=SEGUNDOS * 1000)
    dicho.get_by_text("se muestra el inicio").wait_for(timeout=SEGUNDOS * 1000)
    assert "page" not in dicho.inner_text()
    contexto.close()
