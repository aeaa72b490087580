"""Las páginas en un Chromium de verdad, en escritorio y en teléfono: lo que se ve es lo que da una consulta."""

import re

import pytest

from tests.navegador.conftest import ESCRITORIO, TELEFONO, esperar_lista, esperar_mapa, sin_desborde, texto_de
from tests.navegador.escritorio_del_registro import leer
from tests.paginas.conftest import filas, uno

PANTALLAS = pytest.mark.parametrize("pantalla", [ESCRITORIO, TELEFONO], ids=["escritorio", "telefono"])
INGLES = re.compile(r"\b(required|Choose|Search|Loading|Browse|Upload|Download|Running|None|nan|undefined)\b")
DOCE_MESES = "SELECT sum(conteo) FROM {} WHERE delito = ? AND fecha BETWEEN ? AND ? AND {}"


def abrir(pagina, direccion, pantalla=ESCRITORIO):
    abierta = pagina(direccion, pantalla)
    esperar_lista(abierta)
    return abierta


RUTAS = (
    *(
        "",
        "mapa",
        "tendencias",
        "ficha?lugar=11020",
        "alertas",
        "prensa",
        "contrastar",
        "datos",
        "revisiones",
        "actualizar",
    ),
    *("mesas", "mesas?mesa=la-laguna", "acuerdos", "capturar", "sesion", "red", "administracion"),
    *("eficacia", "portafolio", "disenador"),
)


@PANTALLAS
@pytest.mark.parametrize("ruta", RUTAS)
def test_abre_sin_desborde_sin_ingles_y_con_su_titulo(pagina, sitio_espejo, pantalla, ruta):
    abierta = abrir(pagina, f"{sitio_espejo}/{ruta}", pantalla)
    sin_desborde(abierta)
    texto = texto_de(abierta)
    assert not INGLES.findall(texto)
    assert abierta.locator("h1").count() == 1
    assert abierta.title().endswith("· Delitos a la baja")
    assert "Corte marzo de 2026" in texto


@PANTALLAS
def test_inicio_dice_las_cifras_de_la_consulta(pagina, sitio_espejo, almacen_espejo, pantalla):
    abierta = abrir(pagina, sitio_espejo, pantalla)
    conteo = uno(
        almacen_espejo,
        DOCE_MESES.format("delitos_estatal", "true"),
        ["homicidio_doloso", "2023-12-01", "2024-11-01"],
    )
    assert f"se abrieron {conteo:,} carpetas por homicidio doloso en México" in abierta.inner_text("h1")
    robos = uno(
        almacen_espejo,
        DOCE_MESES.format("delitos_estatal", "true"),
        ["robo_casa_habitacion", "2023-12-01", "2024-11-01"],
    )
    renglon = abierta.locator("table.tabla tr", has_text="Robo a casa habitación")
    assert f"{robos:,}" in renglon.inner_text()
    assert renglon.locator("img").evaluate("img => img.complete && img.naturalWidth > 0")
    esperar_mapa(abierta)


def test_buscar_sin_acentos_lleva_al_lugar_y_viaja_entre_paginas(pagina, sitio_espejo):
    abierta = abrir(pagina, sitio_espejo)
    abierta.get_by_placeholder("León, Iztapalapa, 20208…").fill("leon")
    abierta.get_by_role("radio", name="León, Guanajuato", exact=True).click()
    abierta.wait_for_url("**lugar=11020**")
    abierta.wait_for_function("document.querySelector('h1')?.innerText.includes('León, Guanajuato')")
    esperar_lista(abierta)
    abierta.get_by_role("button", name="Explorar").click()
    abierta.get_by_role("menuitem", name="Tendencias").click()
    abierta.wait_for_url("**/tendencias?**lugar=11020**")
    esperar_lista(abierta)
    assert "León, Guanajuato" in abierta.inner_text("h1")


def test_el_mapa_responde_al_clic_con_la_cifra_del_lugar(pagina, sitio_espejo, almacen_espejo):
    abierta = abrir(pagina, f"{sitio_espejo}/mapa?delito=homicidio_doloso&nivel=estatal&medida=conteo&lugar=00")
    caja = esperar_mapa(abierta)
    # Chihuahua, grande y al norte: hacia el 38 % del ancho y el 30 % del alto del país.
    abierta.mouse.move(caja["x"] + caja["width"] * 0.38, caja["y"] + caja["height"] * 0.28)
    abierta.wait_for_selector(".globo:visible")
    globo = abierta.locator(".globo").inner_text()
    abierta.mouse.click(caja["x"] + caja["width"] * 0.38, caja["y"] + caja["height"] * 0.28)
    abierta.wait_for_function("!location.search.includes('lugar=00')")
    esperar_lista(abierta)
    clave = re.search(r"lugar=(\d\d)", abierta.url)[1]
    conteo = uno(
        almacen_espejo,
        DOCE_MESES.format("delitos_estatal", f"cve_ent = '{clave}'"),
        ["homicidio_doloso", "2023-12-01", "2024-11-01"],
    )
    assert f"{conteo:,} carpetas" in globo
    assert f"{conteo:,} carpetas" in abierta.locator(".tarjeta").inner_text()


@PANTALLAS
def test_los_municipios_de_un_estado(pagina, sitio_espejo, almacen_espejo, pantalla):
    ruta = "mapa?delito=homicidio_doloso&nivel=municipal&entidad=11&lugar=11020&medida=etiqueta&cierre=2025-06"
    abierta = abrir(pagina, f"{sitio_espejo}/{ruta}", pantalla)
    esperar_mapa(abierta)
    conteo = uno(
        almacen_espejo,
        DOCE_MESES.format("delitos_municipal", "cve_mun = '11020'"),
        ["homicidio_doloso", "2024-07-01", "2025-06-01"],
    )
    assert f"{conteo} carpetas" in abierta.locator(".tarjeta").inner_text()
    etiquetas = dict(
        filas(
            almacen_espejo,
            "SELECT etiqueta, count(*) FROM tendencias WHERE nivel = 'municipal' AND delito = 'homicidio_doloso' "
            "AND clave LIKE '11%' GROUP BY 1",
        )
    )
    texto = texto_de(abierta)
    for etiqueta, cuantos in etiquetas.items():
        assert f"{etiqueta}: {cuantos}" in texto


def test_cambiar_de_delito_recolorea_sin_volver_a_pedir_la_geometria(pagina, sitio_demostracion):
    abierta = pagina(f"{sitio_demostracion}/mapa?nivel=municipal&entidad=00&medida=tasa&delito=fraude")
    esperar_lista(abierta)
    esperar_mapa(abierta)
    antes = abierta.get_attribute("[data-pintado]", "data-pintado")
    pedidas = []
    abierta.on("request", lambda p: pedidas.append(p.url) if "geometria" in p.url else None)
    abierta.get_by_role("combobox").first.fill("Amenazas")
    abierta.get_by_role("option", name="Amenazas").click()
    abierta.wait_for_function("antes => document.querySelector('[data-pintado]').dataset.pintado !== antes", arg=antes)
    assert pedidas == []


@PANTALLAS
def test_tendencias_dibuja_y_dice_el_ultimo_mes(pagina, sitio_espejo, almacen_espejo, pantalla):
    abierta = abrir(pagina, f"{sitio_espejo}/tendencias?delito=extorsion&lugar=11&medida_serie=conteo", pantalla)
    conteo = uno(
        almacen_espejo,
        "SELECT conteo FROM delitos_estatal WHERE delito = 'extorsion' AND cve_ent = '11' AND fecha = '2026-03-01'",
    )
    assert f"se abrieron {conteo} carpetas por extorsión en Guanajuato" in abierta.inner_text("h1")
    assert abierta.locator(".js-plotly-plot .scatterlayer path.js-line").count() >= 2
    puntos = abierta.evaluate(
        "() => { const t = document.querySelector('.js-plotly-plot')._fullData.find((d) => d.name === 'Guanajuato');"
        " return [t.x.length, t.y[t.y.length - 1]]; }"
    )
    meses = uno(almacen_espejo, "SELECT count(*) FROM delitos_estatal WHERE delito = 'extorsion' AND cve_ent = '11'")
    assert puntos == [meses, conteo]


def test_los_meses_de_la_grafica_se_leen_en_espanol(pagina, sitio_espejo):
    abierta = abrir(pagina, f"{sitio_espejo}/tendencias?delito=homicidio_doloso&lugar=00&medida_serie=conteo")
    caja = abierta.locator(".js-plotly-plot .nsewdrag").bounding_box()
    abierta.mouse.move(caja["x"] + caja["width"] / 2, caja["y"] + caja["height"] / 2)
    abierta.wait_for_selector(".hoverlayer text")
    leido = abierta.locator(".hoverlayer").text_content()
    assert re.search(
        r"(enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre) de 20", leido
    )


def test_regresar_vuelve_a_la_vista_anterior(pagina, sitio_espejo):
    abierta = abrir(pagina, f"{sitio_espejo}/tendencias?delito=extorsion&lugar=11&medida_serie=conteo")
    abierta.get_by_role("radio", name="Promedio diario").click()
    abierta.wait_for_url("**medida_serie=diario**")
    esperar_lista(abierta)
    abierta.go_back()
    abierta.wait_for_url("**medida_serie=conteo**")
    leer(abierta, "· Carpetas por mes")


@PANTALLAS
def test_la_ficha_de_un_municipio(pagina, sitio_espejo, almacen_espejo, pantalla):
    abierta = abrir(pagina, f"{sitio_espejo}/ficha?lugar=11020", pantalla)
    habitantes = uno(almacen_espejo, "SELECT poblacion FROM poblacion WHERE cve_mun = '11020' AND anio = 2026")
    assert f"{habitantes:,} habitantes" in texto_de(abierta)
    violencia = uno(
        almacen_espejo,
        DOCE_MESES.format("delitos_municipal", "cve_mun = '11020'"),
        ["violencia_familiar", "2022-01-01", "2022-12-01"],
    )
    assert f"{violencia:,}" in abierta.locator("table.tabla tr", has_text="Violencia familiar").inner_text()
    esperar_mapa(abierta)


@PANTALLAS
def test_un_acuerdo_de_la_demostracion(pagina, sitio_demostracion, almacen_demostracion, pantalla):
    abierta = abrir(pagina, f"{sitio_demostracion}/acuerdos?mesa=demo-1&folio=01/IV/2019", pantalla)
    suma = DOCE_MESES.format("delitos_municipal", "cve_mun = '01001'")
    antes = uno(almacen_demostracion, suma, ["robo_vehiculo", "2018-04-01", "2019-03-01"])
    despues = uno(almacen_demostracion, suma, ["robo_vehiculo", "2019-04-01", "2020-03-01"])
    texto = texto_de(abierta)
    assert f"{antes:,} carpetas de abril de 2018 a marzo de 2019; {despues:,} de abril de 2019 a marzo de 2020" in texto
    assert "DEMOSTRACIÓN · Cifras inventadas" in texto
    sin_desborde(abierta)


@pytest.mark.parametrize(("boton", "comienzo"), [("CSV", b"\xef\xbb\xbf"), ("XLSX", b"PK"), ("Parquet", b"PAR1")])
def test_se_descarga_lo_que_se_ve(pagina, sitio_espejo, boton, comienzo):
    abierta = abrir(pagina, f"{sitio_espejo}/tendencias?delito=extorsion&lugar=11&medida_serie=conteo")
    with abierta.expect_download() as espera:
        abierta.get_by_role("button", name=boton, exact=False).first.click()
    archivo = espera.value
    assert archivo.suggested_filename.startswith("Extorsion_Guanajuato_Carpetas-por-mes_")
    assert "corte-2026-03" in archivo.suggested_filename
    with open(archivo.path(), "rb") as contenido:
        assert contenido.read().startswith(comienzo)


def test_datos_y_metodo_trae_las_huellas_y_como_citar(pagina, sitio_espejo, almacen_espejo):
    abierta = abrir(pagina, f"{sitio_espejo}/datos")
    texto = texto_de(abierta)
    vigentes = uno(almacen_espejo, "SELECT count(*) FROM cortes WHERE vigente")
    assert abierta.inner_text("h1").startswith(f"{vigentes} archivos vigentes")
    assert "SHA-256" in abierta.locator("[data-testid='stCode']").inner_text()
    assert "puede reescribir cualquier mes" in texto


def test_la_linea_del_tiempo_pasa_sin_volver_al_servidor(pagina, sitio_demostracion):
    abierta = abrir(pagina, f"{sitio_demostracion}/mapa?nivel=estatal&medida=estimado&delito=robo_vehiculo")
    esperar_mapa(abierta)
    abierta.get_by_role("button", name="Ver pasar el tiempo").click()
    abierta.wait_for_selector(".cuadro:visible")
    abierta.wait_for_function(
        "Number(document.querySelector('[data-pintado]').shadowRoot.querySelector('.cuadro').value) > 1"
    )
    tramas = []
    cdp = abierta.context.new_cdp_session(abierta)
    cdp.send("Network.enable")
    cdp.on("Network.webSocketFrameReceived", lambda trama: tramas.append(trama))
    visto = abierta.locator(".rotulo").inner_text()
    abierta.wait_for_function(
        "antes => document.querySelector('[data-pintado]').shadowRoot.querySelector('.rotulo').textContent !== antes",
        arg=visto,
    )
    assert tramas == []
    abierta.get_by_role("button", name="Detener").click()
    detenido = abierta.locator(".rotulo").inner_text()
    assert re.fullmatch(r"12 meses a \w+ de 20\d\d", detenido)
    abierta.get_by_role("button", name="Ver las cifras de este mes").click()
    abierta.wait_for_function("rotulo => document.querySelector('.contexto')?.innerText.includes(rotulo)", arg=detenido)


def test_los_botones_acercan_a_las_zonas_densas(pagina, sitio_demostracion):
    abierta = abrir(pagina, f"{sitio_demostracion}/mapa?nivel=municipal&entidad=00&medida=etiqueta&delito=fraude")
    caja = esperar_mapa(abierta)
    abierta.get_by_role("button", name="Valle de México").click()
    abierta.wait_for_timeout(600)
    abierta.mouse.move(caja["x"] + caja["width"] / 2, caja["y"] + caja["height"] / 2)
    abierta.wait_for_selector(".globo:visible")
    assert len(abierta.locator(".globo strong").inner_text()) > 0
