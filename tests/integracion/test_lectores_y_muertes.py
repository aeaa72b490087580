"""Cincuenta lectores durante veinte publicaciones, y veinte muertes al azar: nunca se lee una mezcla ni se pierde la vieja."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import duckdb

from datos import tablero
from datos.almacen import publicacion_vigente, versiones
from etl.__main__ import main
from tests import fabrica
from tests import servidor_de_fuente as sf
from tests.integracion.fuente_de_prueba import NUEVO, VIEJO, cifra

RAIZ = Path(__file__).resolve().parents[2]
LECTORES, PUBLICACIONES, MUERTES = 50, 20, 20


def test_cincuenta_lectores_durante_veinte_publicaciones(tmp_path, monkeypatch, record_property):
    """Cada versión trae un solo valor en todas sus celdas: leer dos juntos sería una lectura rota."""
    monkeypatch.setenv("TABLERO_ALMACEN", str(tmp_path / "almacen"))
    rutas = [
        fabrica.estatal(tmp_path, f"v{n}.csv", anio=2015, valor=lambda e, c, m, n=n: n)
        for n in range(1, PUBLICACIONES + 2)
    ]
    assert main(["cargar", str(rutas[0])]) == 0
    fin, fallas, vistos, lecturas = threading.Event(), [], set(), [0] * LECTORES
    celdas = 32 * 12

    def leer(numero):
        while not fin.is_set():
            try:
                fila = tablero.consultar(
                    "SELECT min(conteo) AS menor, max(conteo) AS mayor, count(*) AS cuantas FROM delitos_estatal "
                    "WHERE delito = 'feminicidio'"
                ).iloc[0]
            except Exception as causa:  # cualquier error de un lector es una falla de la prueba
                fallas.append(repr(causa))
                return
            if fila["menor"] != fila["mayor"] or fila["cuantas"] != celdas:
                fallas.append(fila.to_dict())
            vistos.add(int(fila["menor"]))
            lecturas[numero] += 1
            time.sleep(0.3)

    hilos = [threading.Thread(target=leer, args=(n,)) for n in range(LECTORES)]
    for hilo in hilos:
        hilo.start()
    try:
        for ruta in rutas[1:]:
            assert main(["cargar", str(ruta)]) == 0
    finally:
        fin.set()
        for hilo in hilos:
            hilo.join(timeout=30)
    assert fallas == []
    assert all(lecturas)
    assert len(vistos) > PUBLICACIONES // 2
    record_property(
        "medida",
        f"{sum(lecturas):,} lecturas de {LECTORES} lectores en {PUBLICACIONES} publicaciones, sin errores ni mezclas",
    )


def test_veinte_muertes_al_azar_nunca_dejan_menos_que_la_version_anterior(almacen, fuente, archivos, record_property):
    azar = random.Random(20260420)
    orden = [sys.executable, "-m", "etl", "actualizar", "--solo", "sesnsp", "--completo", "--forzar"]
    orden += ["--hoy", "2026-04-20", "--almacen", str(almacen.raiz), "--json"]
    inicio = time.monotonic()
    assert subprocess.run(orden, cwd=RAIZ, capture_output=True, check=False, timeout=60).returncode == 0
    completa = time.monotonic() - inicio
    cifras, publicadas = [], {publicacion_vigente(almacen).version}
    for numero in range(MUERTES):
        anteriores = set(almacen.trabajos.iterdir())
        proceso = subprocess.Popen(orden, cwd=RAIZ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if numero % 2:
            _esperar_paso(almacen, anteriores, "Construyendo")  # la mitad, entre construir y apuntar
            time.sleep(azar.uniform(0, 1.2))
        else:
            time.sleep(azar.uniform(0.05, completa))
        proceso.send_signal(signal.SIGKILL)
        proceso.wait(timeout=30)
        vigente = publicacion_vigente(almacen)
        publicadas.add(vigente.version)
        cifras.append(cifra(almacen))
        con = duckdb.connect(str(vigente.ruta), read_only=True)
        assert con.execute("SELECT count(*) FROM cortes WHERE vigente").fetchone() == (4,)
        con.close()
        assert main(["verificar", "--almacen", str(almacen.raiz), "--json"]) == 0
    assert all(c in (VIEJO, NUEVO) for c in cifras)
    assert subprocess.run(orden, cwd=RAIZ, capture_output=True, check=False, timeout=60).returncode == 0
    assert cifra(almacen) == NUEVO
    assert not list(almacen.publicado.glob(".en-obra-*"))
    assert versiones(almacen)
    record_property(
        "medida",
        f"{MUERTES} muertes en {completa:.1f} s de trabajo; {len(publicadas)} versiones vistas, ninguna a medias",
    )


def _esperar_paso(almacen, anteriores, paso):
    """Espera a que el trabajo que acaba de empezar llegue a un paso."""
    limite = time.monotonic() + 30
    while time.monotonic() < limite:
        for carpeta in set(almacen.trabajos.iterdir()) - anteriores:
            bitacora = carpeta / "avance.jsonl"
            if bitacora.is_file() and paso in bitacora.read_text(encoding="utf-8"):
                return
        time.sleep(0.02)
    raise AssertionError(f"el trabajo no llegó a «{paso}»")


def test_una_descarga_que_muere_se_reanuda_en_la_siguiente(almacen, fuente, archivos):
    """Al proceso lo matan a media descarga; el siguiente pide solo lo que falta."""
    nombre, contenido = archivos["cnsp_estatal"]
    ruta = sf.descarga("cnsp_estatal")

    def atorada(m):
        m.empezar(200, {"Content-Length": str(len(contenido)), "ETag": '"e"'})
        m.wfile.write(contenido[: len(contenido) // 2])
        m.wfile.flush()
        time.sleep(5)

    fuente.guion(ruta, atorada, sf.archivo(contenido, '"e"', nombre))
    orden = [
        sys.executable,
        "-m",
        "etl",
        "actualizar",
        "--solo",
        "sesnsp",
        "--completo",
        "--almacen",
        str(almacen.raiz),
        "--json",
    ]
    entorno = {**os.environ, "TABLERO_FUENTE_SEGUNDOS_DE_LECTURA": "30"}
    proceso = subprocess.Popen(orden, cwd=RAIZ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=entorno)
    parcial = almacen.descargas / "2015-2025_estatal" / "bajado.parcial"
    limite = time.monotonic() + 20
    while not (parcial.exists() and parcial.stat().st_size >= len(contenido) // 2):
        assert time.monotonic() < limite, "no empezó a bajar"
        time.sleep(0.05)
    proceso.send_signal(signal.SIGKILL)
    proceso.wait(timeout=30)
    assert subprocess.run(orden, cwd=RAIZ, capture_output=True, check=False, timeout=60).returncode == 0
    assert fuente.pedidas("share=cnsp_estatal")[-1]["Range"] == f"bytes={len(contenido) // 2}-"
    assert cifra(almacen) == NUEVO
