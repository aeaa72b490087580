"""Del clic en otro delito al mapa municipal pintado, y cuánto viaja: el nuestro contra ``go.Choroplethmap``."""

import os
import statistics
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.navegador.conftest import ESCRITORIO, esperar_lista, servir
from tests.rendimiento.intermediario import contando
from tests.rendimiento.procesos import RAIZ

VECES = 20
DELITOS = ["Amenazas", "Narcomenudeo", "Robo a negocio", "Lesiones dolosas", "Extorsión", "Fraude"]
MEDIR_EL_NUESTRO = """() => {
  const caja = document.querySelector('[data-pintado]'), antes = caja.dataset.pintado;
  window.tardo = null;
  document.addEventListener('pointerdown', () => { window.inicio = performance.now(); }, { once: true, capture: true });
  new MutationObserver((_, mira) => {
    if (caja.dataset.pintado !== antes) { window.tardo = performance.now() - window.inicio; mira.disconnect(); }
  }).observe(caja, { attributes: true });
}"""
MEDIR_EL_PLANO = """() => {
  const valores = () => document.querySelector('.js-plotly-plot')?.data?.[0]?.z, antes = valores();
  window.tardo = null;
  document.addEventListener('pointerdown', () => { window.inicio = performance.now(); }, { once: true, capture: true });
  const mirar = () => {
    const grafica = document.querySelector('.js-plotly-plot'), mapa = grafica?._fullLayout?.map?._subplot?.map;
    if (valores() === antes || !mapa) { requestAnimationFrame(mirar); return; }
    const leida = (e) => {
      if (e.sourceDataType !== 'content') { return; }
      mapa.off('sourcedata', leida);
      mapa.once('idle', () => { window.tardo = performance.now() - window.inicio; });
    };
    mapa.on('sourcedata', leida);
  };
  requestAnimationFrame(mirar);
}"""


@contextmanager
def _plano(almacen, carpeta: Path, por_direccion: bool):
    """Sirve el mapa obvio con ``streamlit run``, en una carpeta que comparte los archivos estáticos."""
    carpeta.mkdir()
    (carpeta / "mapa_plano.py").write_bytes((RAIZ / "tests/rendimiento/comparados/mapa_plano.py").read_bytes())
    (carpeta / "static").symlink_to(RAIZ / "static")
    puerto = "8799"
    entorno = {**os.environ, "TABLERO_ALMACEN": str(almacen), "PYTHONPATH": str(RAIZ)}
    if por_direccion:
        entorno["MAPA_POR_DIRECCION"] = "1"
    opciones = {"server.port": puerto, "server.headless": "true", "server.enableStaticServing": "true"}
    opciones["browser.gatherUsageStats"] = "false"
    orden = [sys.executable, "-m", "streamlit", "run", "mapa_plano.py", *(f"--{k}={v}" for k, v in opciones.items())]
    proceso = subprocess.Popen(orden, cwd=carpeta, env=entorno, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    direccion = f"http://127.0.0.1:{puerto}"
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"{direccion}/_stcore/health", timeout=2).close()
                break
            except OSError:
                time.sleep(0.1)
        yield direccion
    finally:
        proceso.terminate()
        proceso.wait(timeout=15)


def _medir(chromium, direccion, ruta, listo, guion):
    """Milisegundos del clic al pintado y KB bajados por cambio (medianas), y KB de la primera visita."""
    with contando(urlsplit(direccion).port) as cuenta:
        contexto = chromium.new_context(viewport=ESCRITORIO, locale="es-MX")
        pagina = contexto.new_page()
        pagina.goto(cuenta.direccion + ruta)
        esperar_lista(pagina)
        pagina.wait_for_selector(listo, timeout=60_000)
        pagina.wait_for_timeout(3_000)
        primera = cuenta.bajaron
        tiempos, bytes_bajados = [], []
        for i in range(VECES):
            caja = pagina.get_by_role("combobox").first
            caja.fill(DELITOS[i % len(DELITOS)])
            pagina.wait_for_timeout(300)
            antes = cuenta.bajaron
            pagina.evaluate(guion)
            pagina.get_by_role("option", name=DELITOS[i % len(DELITOS)], exact=True).click()
            pagina.wait_for_function("window.tardo !== null", timeout=60_000)
            tiempos.append(pagina.evaluate("window.tardo"))
            pagina.wait_for_timeout(700)
            bytes_bajados.append((cuenta.bajaron - antes) / 1000)
        contexto.close()
    return tiempos, bytes_bajados, primera / 1000


@pytest.mark.parametrize("cual", ["nuestro", "con tabla", "plano por dirección", "plano"])
def test_recolorear(chromium, con_limites, registro, tmp_path, cual):
    seccion = registro.seccion(
        "Recolorear el mapa municipal",
        f"Los 2,469 municipios con figura del espejo, en Chromium sin tarjeta gráfica: del clic en otro delito al mapa pintado, "
        f"{VECES} cambios, y lo que baja por el cable en cada uno, ya comprimido. Al lado, `go.Choroplethmap` con la geometría "
        "por dirección y con la geometría en la figura. Meta: 200 ms y 25 KB.",
        ("mapa", "mediana (ms)", "p95 (ms)", "por cambio (KB)", "primera visita (KB)"),
    )
    if cual in ("nuestro", "con tabla"):
        abajo = "tabla" if cual == "con tabla" else "concentracion"
        with servir(con_limites) as direccion:
            medido = _medir(
                chromium,
                direccion,
                f"/mapa?nivel=municipal&entidad=00&medida=estimado&delito=fraude&abajo={abajo}",
                "[data-pintado]",
                MEDIR_EL_NUESTRO,
            )
    else:
        with _plano(con_limites, tmp_path / "plano", cual == "plano por dirección") as direccion:
            medido = _medir(chromium, direccion, "/", ".js-plotly-plot .maplibregl-canvas", MEDIR_EL_PLANO)
    tiempos, bytes_bajados, primera = medido
    seccion.fila(
        {
            "nuestro": "el del tablero",
            "con tabla": "el del tablero, con la tabla de 2,478 renglones",
            "plano": "Choroplethmap, geometría en la figura",
        }.get(cual, "Choroplethmap, geometría por dirección"),
        f"{statistics.median(tiempos):.0f}",
        f"{statistics.quantiles(tiempos, n=20)[-1]:.0f}",
        f"{statistics.median(bytes_bajados):,.1f}",
        f"{primera:,.0f}",
    )


def test_cuadricula_pintada(chromium, con_limites, registro):
    seccion = registro.seccion(
        "Cuadrículas de series pequeñas",
        "De pedir la dirección a la última miniatura pintada, en Chromium (10 visitas con la biblioteca ya en caché).",
        ("vista", "mediana (ms)", "p95 (ms)"),
    )
    with servir(con_limites) as direccion:
        contexto = chromium.new_context(viewport=ESCRITORIO, locale="es-MX")
        pagina = contexto.new_page()
        for nombre, ruta in (
            ("todos los delitos de un municipio", "tendencias?lugar=11020&vista_de_tendencias=delitos"),
            ("todos los estados", "tendencias?vista_de_tendencias=estados"),
            ("alertas por municipio", "alertas?nivel=municipal"),
        ):
            tiempos = []
            for _ in range(11):
                inicio = time.perf_counter()
                pagina.goto(f"{direccion}/{ruta}")
                esperar_lista(pagina)
                pagina.wait_for_function(
                    "() => { const todas = [...document.querySelectorAll('.cuadricula img')];"
                    " return todas.length > 9 && todas.every((img) => img.complete); }"
                )
                tiempos.append(1000 * (time.perf_counter() - inicio))
            seccion.fila(
                nombre, f"{statistics.median(tiempos[1:]):.0f}", f"{statistics.quantiles(tiempos[1:], n=20)[-1]:.0f}"
            )
        contexto.close()
