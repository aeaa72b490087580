"""Cuántas personas caben: procesos detrás de nginx con PostgreSQL, como se instalan, y personas que actúan cada diez segundos."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass

import psutil
import pytest

from datos.almacen import RAIZ_DEL_PROYECTO
from tests.corrutinas import correr
from tests.navegador.conftest import puerto_libre
from tests.rendimiento.jornada import CLASES, Jornada, vivir

PASO = 10.0
SEGUNDOS = 40
META = 1.0
ESCALONES = (60, 120, 200, 280, 360)
PLAZO = 90


@dataclass
class Instalacion:
    """La dirección por la que se entra y los procesos que atienden."""

    direccion: str
    procesos: list[psutil.Process]

    def memoria(self) -> float:
        """MB residentes de los procesos de la aplicación, sin los que dibujan ni nginx."""
        return sum(p.memory_info().rss for p in self.procesos) / 2**20

    def procesador(self) -> float:
        """Segundos de procesador que han usado."""
        return sum(sum(p.cpu_times()[:2]) for p in self.procesos)


def _esperar(direccion: str, proceso: subprocess.Popen) -> None:
    plazo = time.monotonic() + PLAZO
    while True:
        try:
            with urllib.request.urlopen(direccion, timeout=3):
                return
        except OSError:
            assert proceso.poll() is None, "murió al arrancar"
            assert time.monotonic() < plazo, "no respondió"
            time.sleep(0.2)


def _dos_puertos() -> int:
    while True:
        primero = puerto_libre()
        with socket.socket() as enchufe:
            if enchufe.connect_ex(("127.0.0.1", primero + 1)):
                return primero


@contextmanager
def _encender(orden: list[object], direccion: str, almacen, que: str, **entorno):
    proceso = subprocess.Popen(
        [sys.executable, *map(str, orden)],
        cwd=RAIZ_DEL_PROYECTO,
        env={**os.environ, "TABLERO_ALMACEN": str(almacen), "TABLERO_BITACORA": "no", **entorno},
        stdout=subprocess.DEVNULL,
    )
    try:
        _esperar(f"{direccion}/_stcore/health", proceso)
        vivos = [psutil.Process(proceso.pid), *psutil.Process(proceso.pid).children(recursive=True)]
        yield Instalacion(direccion, [p for p in vivos if que in " ".join(p.cmdline()) and p.name() != "nginx"])
    finally:
        proceso.send_signal(signal.SIGTERM)
        proceso.wait(timeout=60)


def replicas(cuantas: int, almacen, carpeta, **entorno):
    """Los procesos pedidos detrás de nginx, con el guion y la configuración que se entregan."""
    puerto = puerto_libre()
    orden = [
        "despliegue/iniciar_replicas.py", "--replicas", cuantas, "--puerto", puerto, "--desde", _dos_puertos(),
        "--carpeta", carpeta,
    ]  # fmt: skip
    return _encender(orden, f"http://127.0.0.1:{puerto}", almacen, "uvicorn", **entorno)


def streamlit_solo(almacen, **entorno):
    """Un proceso de Streamlit como viene: sin servidor.py, sin nginx y recolectando memoria al final de cada corrida."""
    puerto = puerto_libre()
    orden = [
        "-m", "streamlit", "run", "app.py", "--server.port", puerto, "--server.address", "127.0.0.1",
        "--runner.postScriptGC", "true",
    ]  # fmt: skip
    return _encender(orden, f"http://127.0.0.1:{puerto}", almacen, "streamlit", **entorno)


def _registro() -> dict[str, str]:
    """El registro en PostgreSQL, si hay uno para pruebas; si no, el SQLite del almacén."""
    url = os.environ.get("TABLERO_POSTGRES", "")
    return {"TABLERO_REGISTRO": url} if url else {}


def _subir(instalacion: Instalacion, escalones, seccion, nombre: str) -> tuple[Jornada | None, float]:
    """Sube de escalón en escalón hasta que el p95 pase de la meta; devuelve la última jornada que la cumplió."""
    correr(vivir(instalacion.direccion, 40, 30, 5.0, semilla=99))  # lo primero de todo se paga una vez
    en_calma, cumplio, memorias = instalacion.memoria(), None, []
    for semilla, personas in enumerate(escalones):
        antes, empezo = instalacion.procesador(), time.perf_counter()
        jornada = correr(vivir(instalacion.direccion, personas, SEGUNDOS, PASO, semilla))
        nucleos = (instalacion.procesador() - antes) / (time.perf_counter() - empezo)
        memorias.append((personas, instalacion.memoria()))
        p95 = jornada.p95()
        seccion.fila(
            nombre, f"{personas}", f"{jornada.por_segundo():.1f}", f"{1000 * jornada.mediana():.0f}", f"{1000 * p95:.0f}",
            f"{sum(jornada.errores().values())}", f"{nucleos:.2f}", f"{memorias[-1][1]:,.0f}",
        )  # fmt: skip
        for motivo, veces in jornada.errores().most_common(3):
            seccion.nota(f"{nombre}, {personas} personas: {veces} × {motivo}")
        if p95 > META or jornada.errores():
            break
        cumplio = jornada
    por_sesion = (memorias[-1][1] - en_calma) / memorias[-1][0]
    return cumplio, por_sesion


@pytest.fixture
def seccion(registro):
    return registro.seccion(
        "Cuántas personas caben",
        f"Sesiones de verdad por websocket (entran, cambian de página, filtran, tocan el mapa, bajan archivos), una acción cada "
        f"{PASO:.0f} s por persona, {SEGUNDOS} s por escalón; la espera va de cuando tocaba actuar a que termina la corrida. El "
        "generador corre en los mismos dos núcleos. Se sube hasta que el p95 pasa de 1 s. «Streamlit solo» es un proceso de "
        "`streamlit run` que recolecta memoria en cada corrida, como viene. Meta: 200 personas con p95 < 1 s en dos núcleos.",
        (
            "cómo", "personas", "corridas por segundo", "mediana (ms)", "p95 (ms)", "errores", "núcleos ocupados",
            "memoria (MB)",
        ),
    )  # fmt: skip


@pytest.mark.parametrize("cuantas", [1, 2])
def test_replicas(con_limites, seccion, tmp_path, cuantas):
    nombre = f"{cuantas} proceso{'s' if cuantas > 1 else ''} detrás de nginx"
    with replicas(cuantas, con_limites, tmp_path, **_registro()) as instalacion:
        cumplio, por_sesion = _subir(instalacion, ESCALONES, seccion, nombre)
    if cumplio is None:
        seccion.nota(f"{nombre}: ningún escalón cumplió")
        return
    por_clase = ", ".join(f"{c} {1000 * cumplio.p95(c):.0f} ms" for c in CLASES if len(cumplio.esperas(c)) > 20)
    seccion.nota(
        f"{nombre}: {cumplio.personas} personas, {cumplio.por_segundo():.1f} corridas por segundo; p95 por acción: {por_clase}; "
        f"{1000 * por_sesion:,.0f} kB de memoria por sesión."
    )


def test_streamlit_solo(con_limites, seccion):
    with streamlit_solo(con_limites, **_registro()) as instalacion:
        cumplio, _ = _subir(instalacion, (20, 40, *ESCALONES), seccion, "Streamlit solo")
    seccion.nota(f"Streamlit solo: sostuvo {cumplio.personas if cumplio else 0} personas.")
