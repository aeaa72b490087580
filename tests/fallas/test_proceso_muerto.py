"""Muere un proceso de la aplicación: otro atiende, el muerto se levanta solo y nada de lo confirmado se pierde."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from datos.almacen import Almacen
from datos.registro import acuerdos, lectura, mesas, respaldo
from datos.registro.apertura import registro_de
from tests.fallas.medios import RAIZ, hasta, responde
from tests.integracion.registro.conftest import ANA, IRMA, MESA, ROSA, VALORES
from tests.navegador.conftest import ESCRITORIO, esperar_lista, texto_de
from tests.navegador.escritorio_del_registro import caja
from tests.navegador.test_replicas import encender as encender_replicas
from tests.navegador.test_replicas import nginx  # noqa: F401

TITULO = "Proceso de la aplicación muerto"
ESCRITOR = """
import itertools, sys
from datos.almacen import almacen_por_omision
from datos.registro import acuerdos
from datos.registro.apertura import registro_de
from datos.registro.errores import Conflicto
from datos.registro.modelo import Acuerdo
from tests.integracion.registro.conftest import ANA
registro = registro_de(almacen_por_omision())
clave, marca = sys.argv[1], sys.argv[2]
for n in itertools.count():
    with registro.leer() as sesion:
        version = sesion.get(Acuerdo, clave).version
    try:
        acuerdos.editar(registro, ANA, clave, version, {"nota": f"{marca}-{n}"})
    except Conflicto:
        continue
    print(f"{marca}-{n}", flush=True)
"""


def explicar(cuaderno):
    falla = cuaderno.falla(TITULO)
    falla.explicar(
        "nginx pregunta al otro proceso y quien abre una página no nota nada; quien la tenía abierta la ve "
        "reconectarse sola. Lo escrito a medias está en su borrador o en su navegador. Quien cuida los procesos "
        "(systemd, o `iniciar_replicas.py`) levanta al muerto. Una transacción a medias se deshace completa: o está "
        "confirmada o no pasó nada.",
        "Nada. Si muere seguido, la bitácora del proceso dice por qué (casi siempre, memoria).",
        "SIGKILL a un proceso a la vez de dos, detrás de nginx y con los archivos de despliegue tal como se "
        "entregan; y SIGKILL a procesos que escriben sin parar, en un instante al azar.",
    )
    return falla


@pytest.mark.fallas_cortas
@pytest.mark.parametrize("motor", ["sqlite", "postgresql"])
def test_quien_escribe_muere_a_media_transaccion(tmp_path, cuaderno, veces, monkeypatch, request, motor):
    """Cada renglón que el escritor alcanzó a anunciar está en el registro; a lo más uno de más, el que iba a anunciar."""
    monkeypatch.setenv("TABLERO_ALMACEN", str(tmp_path))
    monkeypatch.delenv("TABLERO_REGISTRO", raising=False)
    if motor == "postgresql":
        monkeypatch.setenv("TABLERO_REGISTRO", request.getfixturevalue("postgres_propio").url)
    registro = registro_de(Almacen(tmp_path))
    mesas.crear(registro, ROSA, clave=MESA, nombre="Mesa", municipios=["01001"], fuente="x")
    clave = acuerdos.crear(registro, ANA, MESA, VALORES).id
    azar, confirmadas, total = random.Random(20261126), [], veces(2, 12)
    entorno = {**os.environ, "PYTHONPATH": str(RAIZ)}
    for vuelta in range(total):
        proceso = subprocess.Popen(
            [sys.executable, "-c", ESCRITOR, clave, f"v{vuelta}"],
            cwd=RAIZ,
            stdout=subprocess.PIPE,
            text=True,
            env=entorno,
        )
        primera = proceso.stdout.readline()
        assert primera, "el escritor no alcanzó a guardar nada"
        time.sleep(azar.uniform(0, 0.4))
        proceso.send_signal(signal.SIGKILL)
        confirmadas += [primera.strip(), *(r.strip() for r in proceso.stdout if r.endswith("\n"))]
        proceso.wait(timeout=10)
    entradas = lectura.bitacora(registro, IRMA, acuerdo=clave, limite=1_000_000)
    en_bitacora = {e.despues["nota"] for e in entradas if e.accion == "cambio"}
    perdidas = [c for c in confirmadas if c not in en_bitacora]
    assert perdidas == []
    assert len(en_bitacora) - len(confirmadas) <= total
    respaldo.comprobar(registro)
    explicar(cuaderno).apuntar(
        f"quien guarda muere a media transacción ({motor})", total, len(confirmadas), len(confirmadas) - len(perdidas),
        "en el acto", "n. d.",
    )  # fmt: skip


def test_dos_replicas_y_una_muere(nginx, chromium, almacen_de_practica, tmp_path, cuaderno, veces):  # noqa: F811
    """Con una captura abierta: se mata el proceso que la atiende, y la misma ventana sigue en el otro."""
    entorno = {
        "TABLERO_ALMACEN": str(almacen_de_practica), "TABLERO_REGISTRO": "", "TABLERO_HOY": "2026-11-24",
        "TABLERO_MODO_LOCAL": "", "TABLERO_BITACORA": "si",
    }  # fmt: skip
    with encender_replicas(tmp_path / "corrida", entorno) as suya:
        contexto = chromium.new_context(viewport=ESCRITORIO, locale="es-MX")
        abierta = contexto.new_page()
        hueco, vuelve, sirvieron, reconecta = [], [], 0, []
        total = veces(1, 5)
        for _ in range(total):
            respuesta = abierta.goto(f"{suya.direccion}/tendencias?lugar=11")
            esperar_lista(abierta)
            suyo = suya.de_quien(respuesta.headers["x-request-id"])
            proceso = int((suya.carpeta / f"replica-{suyo}.pid").read_text())
            os.kill(proceso, signal.SIGKILL)
            murio = time.monotonic()
            # Otra persona que abre en ese momento.
            hasta(lambda: responde(f"{suya.direccion}/api/salud") == 200, "que alguien atienda", 30, 0.02)
            hueco.append(time.monotonic() - murio)
            # La ventana que estaba abierta se reconecta sola: un control contesta sin recargar.
            abierta.wait_for_function(
                "() => document.querySelector(\"[data-testid='stApp']\")?.dataset.testConnectionState === 'CONNECTED'",
                timeout=60_000,
            )
            esperar_lista(abierta)
            reconecta.append(time.monotonic() - murio)
            assert "Guanajuato" in texto_de(abierta)
            sirvieron += 1
            hasta(lambda p=suyo: suya.salud(p).get("listo"), "que se levante el que murió", 90)
            vuelve.append(time.monotonic() - murio)
        contexto.close()
    explicar(cuaderno).apuntar(
        f"una de dos réplicas, con una página abierta (otra visita esperó {max(hueco):.1f} s; la abierta se "
        f"reconectó en {max(reconecta):.0f} s)", total, total, sirvieron, f"{max(vuelve):.0f} s (se levanta sola)", "n. d.",
    )  # fmt: skip


def test_la_captura_sobrevive(chromium, almacen_de_practica, encender, cuaderno, veces):
    """Se mata el único proceso mientras alguien escribe: al volver está todo lo escrito, letra por letra."""
    azar, rotulo = random.Random(20261126), "El acuerdo, como quedó dicho"
    servidor = encender(
        almacen_de_practica, TABLERO_MODO_LOCAL="si", TABLERO_HOY="2026-11-24", TABLERO_FIRMA="Ana Prueba"
    )
    contexto = chromium.new_context(viewport=ESCRITORIO, locale="es-MX")
    abierta, escrito, halladas, dicho, tardo = contexto.new_page(), "", 0, "", []
    abierta.goto(f"{servidor.direccion}/capturar?mesa=demo-1&paso=que")
    esperar_lista(abierta)
    total = veces(1, 4)
    for vuelta in range(total):
        pedazo = f"Parte {vuelta}: revisar cada lunes los puntos de mayor robo. "
        caja(abierta, rotulo).press("Control+End")
        caja(abierta, rotulo).press_sequentially(pedazo, delay=azar.choice([1, 4, 10]))
        escrito += pedazo
        abierta.wait_for_timeout(azar.randrange(0, 900))
        servidor.matar()
        extra = "Esto se escribió sin servidor. "
        caja(abierta, rotulo).press_sequentially(extra, delay=1)
        escrito += extra
        abierta.get_by_text("hay copia en este navegador").wait_for()
        dicho = "guardando… (hay copia en este navegador)"
        servidor.encender()
        volvio = time.monotonic()
        # La misma ventana se reconecta y manda sola lo que faltaba.
        hasta(
            lambda esperado=escrito: _borrador(almacen_de_practica) == esperado,
            "que llegue al servidor lo que se escribió sin él",
            60,
            0.2,
        )
        tardo.append(time.monotonic() - volvio)
        halladas += caja(abierta, rotulo).input_value() == escrito
    contexto.close()
    explicar(cuaderno).apuntar(
        "el único proceso, mientras alguien escribe (y sigue escribiendo sin él)", total, total, halladas,
        f"{max(tardo):.0f} s tras encenderlo", dicho,
    )  # fmt: skip


def _borrador(almacen):

    (archivo,) = (almacen / "registro").glob("practica-*.sqlite")
    con = sqlite3.connect(f"file:{archivo}?mode=ro", uri=True)
    try:
        (contenido,) = con.execute("SELECT contenido FROM borrador WHERE asunto LIKE 'acuerdo:%'").fetchone() or (None,)
    finally:
        con.close()
    return None if contenido is None else json.loads(contenido).get("texto")
