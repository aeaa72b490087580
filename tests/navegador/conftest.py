"""El servidor de verdad en un puerto libre y un Chromium de verdad; ``abrir_pagina`` exige que nada se queje."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

RAIZ = Path(__file__).resolve().parent.parent.parent
# Entre un clic y el aviso de que la página corre hay un viaje en que todo parece quieto: se anota si falta contestar algo.
ESPIA_DEL_HILO = """
window.hiloDePrueba = {enviado: 0, recibido: 0};
window.WebSocket = class extends WebSocket {
    constructor(...argumentos) {
        super(...argumentos);
        this.addEventListener("message", () => { window.hiloDePrueba.recibido = performance.now(); });
    }
    send(mensaje) {
        window.hiloDePrueba.enviado = performance.now();
        super.send(mensaje);
    }
};
"""
ESCRITORIO = {"width": 1440, "height": 900}
TELEFONO = {"width": 390, "height": 844}
SEGUNDOS = 60


def puerto_libre():
    """Un puerto que nadie ocupa."""
    with socket.socket() as enchufe:
        enchufe.bind(("127.0.0.1", 0))
        return enchufe.getsockname()[1]


@contextmanager
def servir(almacen, puerto=None, **entorno):
    """Sirve la aplicación sobre un almacén y da su dirección; si muere antes de abrir, muestra lo que dijo."""
    puerto = puerto or puerto_libre()
    direccion = f"http://127.0.0.1:{puerto}"
    proceso = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "servidor:aplicacion", "--port", str(puerto), "--log-level", "warning"],
        cwd=RAIZ,
        env={**os.environ, "TABLERO_ALMACEN": str(almacen), **entorno},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    plazo = time.monotonic() + SEGUNDOS
    try:
        while True:
            if proceso.poll() is not None:
                pytest.fail(f"el servidor murió al arrancar:\n{proceso.stdout.read()}")
            if time.monotonic() > plazo:
                pytest.fail(f"el servidor no respondió en {SEGUNDOS} s")
            try:
                with urllib.request.urlopen(f"{direccion}/_stcore/health", timeout=2):
                    break
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        yield direccion
    finally:
        proceso.terminate()
        proceso.communicate(timeout=15)


@pytest.fixture(scope="session")
def sitio_vacio(chromium, tmp_path_factory):
    """Dirección de la aplicación sin nada publicado."""
    with servir(tmp_path_factory.mktemp("almacen_vacio")) as direccion:
        yield direccion


@pytest.fixture(scope="session")
def sitio_demostracion(chromium, almacen_demostracion):
    """Dirección de la aplicación con la demostración."""
    with servir(almacen_demostracion) as direccion:
        yield direccion


@pytest.fixture(scope="session")
def sitio_espejo(chromium, almacen_espejo):
    """Dirección de la aplicación con los archivos oficiales."""
    with servir(almacen_espejo) as direccion:
        yield direccion


@pytest.fixture
def sitio_de_practica(chromium, almacen_de_practica):
    """La aplicación sobre ese almacén, en modo local y con quien firma."""
    entorno = {"TABLERO_MODO_LOCAL": "si", "TABLERO_HOY": "2026-11-24", "TABLERO_FIRMA": "Ana Prueba"}
    with servir(almacen_de_practica, **entorno) as direccion:
        yield direccion


def esperar_lista(pagina):
    """Espera a que Streamlit conteste lo último que se le pidió y termine de correr; exige que no haya un cuadro de excepción."""
    pagina.wait_for_selector("[data-testid='stAppViewContainer']", timeout=SEGUNDOS * 1000)
    pagina.wait_for_function(
        """() => {
            const app = document.querySelector("[data-testid='stApp']");
            const hilo = window.hiloDePrueba;
            if (hilo && (hilo.recibido < hilo.enviado || performance.now() - hilo.enviado < 100)) return false;
            return app?.dataset.testScriptState === "notRunning"
                && !document.querySelector("[data-testid='stStatusWidget'], [data-testid='stSkeleton'], [data-stale='true']");
        }""",
        timeout=SEGUNDOS * 1000,
    )
    excepcion = pagina.query_selector("[data-testid='stException']")
    assert excepcion is None, excepcion.inner_text()


def esperar_mapa(pagina):
    """Espera a que el mapa termine de pintarse y exige que no se haya dado por vencido. Devuelve su caja en pantalla."""
    pagina.wait_for_selector("[data-pintado]", timeout=SEGUNDOS * 1000)
    assert pagina.locator(".aviso:visible").count() == 0
    return pagina.locator(".lienzo canvas").bounding_box()


def texto_de(pagina):
    """Lo que se lee en la página, con espacios sencillos."""
    return " ".join(pagina.inner_text("[data-testid='stMain']").replace("\N{NO-BREAK SPACE}", " ").split())


def sin_desborde(pagina):
    """Exige que nada se salga de la pantalla hacia un lado."""
    ancho = pagina.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert ancho <= 0, f"la página se sale {ancho} pixeles a lo ancho"


def _es_sondeo_de_streamlit(mensaje):
    """En una dirección con página, Streamlit busca primero su raíz bajo ella: ese 404 es suyo y esperado."""
    return "404" in mensaje.text and "/_stcore/" in mensaje.location.get("url", "")


@pytest.fixture
def pagina(chromium):
    """Fábrica de páginas: ``pagina(direccion, pantalla=ESCRITORIO)``. Al final nadie pidió nada fuera ni falló."""
    contextos, errores, ajenas = [], [], []

    def abrir(direccion, pantalla=ESCRITORIO):
        contexto = chromium.new_context(viewport=pantalla, locale="es-MX")
        contexto.set_default_timeout(SEGUNDOS * 1000)  # con la máquina ocupada, lo que tarda un clic no dice nada
        contextos.append(contexto)
        contexto.add_init_script(ESPIA_DEL_HILO)
        nueva = contexto.new_page()
        nueva.on(
            "console",
            lambda m: errores.append(m.text) if m.type == "error" and not _es_sondeo_de_streamlit(m) else None,
        )
        nueva.on("pageerror", lambda e: errores.append(str(e)))
        nueva.on(
            "request",
            lambda p: (
                ajenas.append(p.url)
                if urlsplit(p.url).scheme in ("http", "https") and urlsplit(p.url).hostname != "127.0.0.1"
                else None
            ),
        )
        nueva.goto(direccion)
        return nueva

    yield abrir
    for contexto in contextos:
        contexto.close()
    assert errores == []
    assert ajenas == []
