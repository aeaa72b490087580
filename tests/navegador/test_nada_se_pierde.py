"""Se mata el servidor a media captura, se recarga o se abre otra ventana: lo escrito está, y se ve qué cambió entretanto."""

import io
import os
import random
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from PIL import Image

from tests.navegador.conftest import (
    ESCRITORIO,
    ESPIA_DEL_HILO,
    RAIZ,
    SEGUNDOS,
    TELEFONO,
    esperar_lista,
    puerto_libre,
    texto_de,
)
from tests.navegador.escritorio_del_registro import LOCAL, caja, escribir, leer, picar, registro

MUERTES = 6
FRASE = "Revisar cada lunes, con la cámara de comercio, los puntos de mayor robo y mover ahí los rondines."


class Mortal:
    """Un servidor que se puede matar sin aviso y volver a encender en la misma dirección."""

    def __init__(self, almacen):
        self.puerto, self.almacen, self.proceso = puerto_libre(), almacen, None
        self.direccion = f"http://127.0.0.1:{self.puerto}"

    def encender(self):
        self.proceso = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "uvicorn",
                "servidor:aplicacion",
                "--port",
                str(self.puerto),
                "--log-level",
                "error",
            ],
            cwd=RAIZ,
            env={**os.environ, "TABLERO_ALMACEN": str(self.almacen), **LOCAL},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        plazo = time.monotonic() + SEGUNDOS
        while time.monotonic() < plazo:
            try:
                with urllib.request.urlopen(f"{self.direccion}/api/salud", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        pytest.fail("el servidor no volvió a encender")

    def matar(self):
        self.proceso.send_signal(signal.SIGKILL)
        self.proceso.wait(timeout=10)


@pytest.fixture
def mortal(chromium, almacen_de_practica):
    servidor = Mortal(almacen_de_practica)
    servidor.encender()
    yield servidor
    servidor.matar()


def test_matar_el_servidor_a_media_captura_no_pierde_lo_escrito(chromium, mortal):
    azar = random.Random(20261124)
    contexto = chromium.new_context(viewport=ESCRITORIO, locale="es-MX")
    contexto.add_init_script(ESPIA_DEL_HILO)
    abierta = contexto.new_page()
    escrito = ""
    for muerte in range(MUERTES):
        abierta.goto(f"{mortal.direccion}/capturar?mesa=demo-1&paso=que")
        esperar_lista(abierta)
        campo = caja(abierta, "El acuerdo, como quedó dicho")
        assert campo.input_value() == escrito, f"tras la muerte {muerte}"
        campo.press("Control+End")
        pedazo = FRASE[: azar.randrange(5, len(FRASE))] + " "
        campo.press_sequentially(pedazo, delay=azar.choice([2, 8, 20]))
        escrito += pedazo
        abierta.wait_for_timeout(azar.randrange(0, 1_500))
        mortal.matar()
        mortal.encender()
    abierta.goto(f"{mortal.direccion}/capturar?mesa=demo-1&paso=que")
    esperar_lista(abierta)
    assert caja(abierta, "El acuerdo, como quedó dicho").input_value() == escrito
    escribir(abierta, "El acuerdo, como quedó dicho", escrito + "Fin.")
    contexto.close()
    # En otro navegador, sin copia local: está lo que el servidor guardó.
    otro = chromium.new_context(viewport=TELEFONO, locale="es-MX")
    otro.add_init_script(ESPIA_DEL_HILO)
    ventana = otro.new_page()
    ventana.goto(f"{mortal.direccion}/capturar?mesa=demo-1&paso=que")
    esperar_lista(ventana)
    assert caja(ventana, "El acuerdo, como quedó dicho").input_value() == escrito + "Fin."
    otro.close()


def test_sin_red_se_sigue_escribiendo_y_al_volver_se_guarda(chromium, mortal):
    contexto = chromium.new_context(viewport=TELEFONO, locale="es-MX")
    contexto.add_init_script(ESPIA_DEL_HILO)
    abierta = contexto.new_page()
    abierta.goto(f"{mortal.direccion}/capturar?mesa=demo-1&paso=que")
    esperar_lista(abierta)
    mortal.matar()
    campo = caja(abierta, "El acuerdo, como quedó dicho")
    campo.press_sequentially(FRASE, delay=1)
    abierta.get_by_text("hay copia en este navegador").wait_for()
    mortal.encender()
    abierta.reload()
    esperar_lista(abierta)
    abierta.get_by_text("se recuperó lo que había en este navegador").wait_for(timeout=SEGUNDOS * 1000)
    assert caja(abierta, "El acuerdo, como quedó dicho").input_value() == FRASE
    contexto.close()


def test_la_segunda_persona_ve_que_cambio_y_conserva_lo_suyo(sitio_de_practica, pagina, almacen_de_practica):
    ventanas = [pagina(f"{sitio_de_practica}/acuerdos?mesa=demo-1&folio=01/LXXI/2026") for _ in range(2)]
    for ventana in ventanas:
        esperar_lista(ventana)
        ventana.get_by_text("Corregir el texto, los responsables o la nota").click()
        caja(ventana, "Nota").wait_for()
    primera, segunda = ventanas
    escribir(primera, "Qué se acordó", "Compartir cada semana los tramos de mayor robo.")
    picar(primera, "Guardar la corrección")
    leer(primera, "«Compartir cada semana los tramos de mayor robo.»")
    escribir(segunda, "Nota", "Lo pidió la cámara de transporte.")
    leer(segunda, "Ana Prueba cambió este acuerdo mientras usted lo tenía abierto. Lo que escribía sigue aquí.")
    assert "Compartir con las empresas de transporte los tramos de mayor robo. → Compartir cada semana" in texto_de(
        segunda
    )
    assert caja(segunda, "Nota").input_value() == "Lo pidió la cámara de transporte."
    picar(segunda, "Guardar la corrección")
    guardado = registro(almacen_de_practica, "SELECT texto, nota FROM acuerdo WHERE folio = '01/LXXI/2026'")
    assert guardado == [("Compartir cada semana los tramos de mayor robo.", "Lo pidió la cámara de transporte.")]


def _seguimiento_escrito(chromium, mortal, nota, titulo):
    """En un teléfono, un seguimiento con su nota y el título de su evidencia, sin guardar."""
    contexto = chromium.new_context(viewport=TELEFONO, locale="es-MX")
    contexto.add_init_script(ESPIA_DEL_HILO)
    abierta = contexto.new_page()
    abierta.goto(f"{mortal.direccion}/acuerdos?mesa=demo-1&folio=01/LXXI/2026")
    esperar_lista(abierta)
    abierta.get_by_text("Dar seguimiento", exact=True).first.click()
    escribir(abierta, "Qué pasó desde la última vez", nota)
    escribir(abierta, "Qué es la evidencia", titulo)
    return contexto, abierta


def test_guardar_mientras_el_archivo_sube_no_lo_deja_fuera(chromium, mortal, almacen_de_practica):
    contexto, abierta = _seguimiento_escrito(chromium, mortal, "Se instaló la luminaria.", "Foto de la luminaria")
    red = contexto.new_cdp_session(abierta)
    red.send("Network.enable")
    lenta = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 40_000}
    red.send("Network.emulateNetworkConditions", lenta)
    foto = io.BytesIO()
    Image.effect_noise((640, 480), 80).convert("RGB").save(foto, "JPEG", quality=90)
    archivo = {"name": "luminaria.jpg", "mimeType": "image/jpeg", "buffer": foto.getvalue()}
    abierta.locator("input[type=file]").first.set_input_files([archivo])
    abierta.get_by_test_id("stFileChipIconSpinner").wait_for()
    abierta.get_by_role("button", name="Guardar el seguimiento", exact=True).click()
    abierta.get_by_text("El archivo todavía está subiendo").wait_for()
    suyas = "SELECT titulo FROM evidencia WHERE titulo = 'Foto de la luminaria'"
    suyos = "SELECT nota FROM seguimiento WHERE nota = 'Se instaló la luminaria.'"
    assert registro(almacen_de_practica, suyos) == []
    # Termina de subir: ahora sí, con su archivo.
    red.send("Network.emulateNetworkConditions", {**lenta, "uploadThroughput": -1})
    abierta.get_by_test_id("stFileChipIconSpinner").wait_for(state="detached")
    esperar_lista(abierta)
    picar(abierta, "Guardar el seguimiento")
    assert (len(registro(almacen_de_practica, suyos)), len(registro(almacen_de_practica, suyas))) == (1, 1)
    contexto.close()


def test_decir_que_es_la_evidencia_sin_traerla_no_se_guarda_y_lo_escrito_sigue(chromium, mortal, almacen_de_practica):
    contexto, abierta = _seguimiento_escrito(chromium, mortal, "Se pintó el cruce.", "Foto del cruce")
    picar(abierta, "Guardar el seguimiento")
    abierta.get_by_text("se esperaba su archivo o su liga").wait_for()
    assert registro(almacen_de_practica, "SELECT nota FROM seguimiento WHERE nota = 'Se pintó el cruce.'") == []
    assert caja(abierta, "Qué es la evidencia").input_value() == "Foto del cruce"
    contexto.close()
