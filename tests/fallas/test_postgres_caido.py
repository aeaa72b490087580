"""PostgreSQL muere, o la red hacia él se corta: las cifras siguen, guardar se rechaza y, al volver, todo sigue solo."""

import os
import random
import shutil
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import pytest
from sqlalchemy.engine import make_url

from datos.almacen import Almacen
from datos.registro import acuerdos, evidencias, lectura, mesas, motor, respaldo
from datos.registro.apertura import registro_de
from datos.registro.conexion import DUDOSO
from datos.registro.errores import Conflicto, RegistroDanado
from datos.registro.evidencias import Entrega
from datos.registro.modelo import Acuerdo
from tests.fallas.medios import Falta, hasta
from tests.integracion.registro.conftest import ANA, HOY, IRMA, MESA, ROSA, VALORES
from tests.navegador.conftest import ESCRITORIO, esperar_lista, texto_de
from tests.navegador.escritorio_del_registro import LOCAL, caja, leer

TITULO = "PostgreSQL caído"
ESCRITORES = 6


def explicar(cuaderno):
    falla = cuaderno.falla(TITULO)
    falla.explicar(
        "Las páginas de cifras no usan el registro y siguen. Las del registro dicen que no respondió, se sondean "
        "solas cada cinco segundos y vuelven en cuanto contesta, sin reiniciar nada. Guardar se rechaza entero: lo "
        "escrito queda en pantalla, en su borrador o en el navegador. Si la conexión muere justo al confirmar, no se "
        "sabe si entró, y se dice así. `/api/salud` "
        "dice «degradado» (200).",
        "Encender PostgreSQL (`systemctl start postgresql`). Nada más: la aplicación se reconecta sola.",
        "SIGKILL a todos los procesos de un PostgreSQL propio, con fsync de verdad, y su arranque con recuperación; "
        "y una red aparte (espacio de nombres y cable virtual) que se baja con las conexiones abiertas.",
    )
    return falla


@pytest.fixture
def registro(tmp_path, monkeypatch, postgres_propio):
    monkeypatch.setenv("TABLERO_ALMACEN", str(tmp_path))
    monkeypatch.setenv("TABLERO_REGISTRO", postgres_propio.url)
    suyo = registro_de(Almacen(tmp_path))
    if not any(m.clave == MESA for m in lectura.mesas(suyo, IRMA)):
        mesas.crear(suyo, ROSA, clave=MESA, nombre="Mesa", municipios=["01001"], fuente="x")
    return suyo


@pytest.mark.fallas_cortas
def test_seis_escriben_y_postgres_muere(registro, postgres_propio, cuaderno, veces):
    """Cada guardado que se confirmó está, una sola vez; los que se rechazaron dicen por qué."""
    folios = [f"{n:02d}/L/2026" for n in range(1, ESCRITORES + 1)]
    suyos = [acuerdos.crear(registro, ANA, MESA, {**VALORES, "folio": folio}).id for folio in folios]
    fin, confirmadas, rechazadas, otros = threading.Event(), [], [], []

    def escribir(clave, quien):
        numero = 0
        while not fin.is_set():
            marca = f"{quien}-{numero}"
            try:
                with registro.leer() as sesion:
                    version = sesion.get(Acuerdo, clave).version
                acuerdos.editar(registro, ANA, clave, version, {"nota": marca})
            except RegistroDanado as causa:
                rechazadas.append((marca, str(causa)))
                time.sleep(0.05)
            except Conflicto:
                pass  # lo del intento anterior sí había entrado: se vuelve a leer, como lo haría una persona
            except Exception as causa:
                otros.append(repr(causa))
                return
            else:
                confirmadas.append(marca)
            numero += 1

    hilos = [threading.Thread(target=escribir, args=(clave, f"e{n}")) for n, clave in enumerate(suyos)]
    for hilo in hilos:
        hilo.start()
    azar, vuelve, total = random.Random(20261126), [], veces(1, 10)
    try:
        for _ in range(total):
            time.sleep(azar.uniform(0.3, 1.2))
            postgres_propio.matar()
            murio = time.monotonic()
            time.sleep(azar.uniform(0, 0.5))
            postgres_propio.encender()
            antes = len(confirmadas)
            hasta(lambda antes=antes: len(confirmadas) > antes + ESCRITORES, "que se vuelva a guardar", 30, 0.01)
            vuelve.append(time.monotonic() - murio)
    finally:
        fin.set()
        for hilo in hilos:
            hilo.join(timeout=40)
    assert otros == []
    assert rechazadas
    en_bitacora = [
        e.despues["nota"]
        for clave in suyos
        for e in lectura.bitacora(registro, IRMA, acuerdo=clave, limite=1_000_000)
        if e.accion == "cambio"
    ]
    assert len(en_bitacora) == len(set(en_bitacora)), "algo entró dos veces"
    perdidas = set(confirmadas) - set(en_bitacora)
    assert perdidas == set()
    # De lo no confirmado, lo único que pudo entrar es aquello de lo que se dijo que no se sabía.
    dudosas = set(en_bitacora) - set(confirmadas)
    assert dudosas <= {marca for marca, dicho in rechazadas if dicho == DUDOSO}
    respaldo.comprobar(registro)
    dichos = {dicho for _, dicho in rechazadas}
    assert all(d == DUDOSO or ("registro no respondió" in d and "vuelva a intentar" in d) for d in dichos), dichos
    explicar(cuaderno).apuntar(
        f"{ESCRITORES} guardan sin parar mientras se mata ({len(rechazadas)} rechazos; {len(dudosas)} murieron al confirmar y sí "
        "entraron)", total, len(confirmadas), len(confirmadas) - len(perdidas), f"{max(vuelve):.1f} s desde la muerte",
        next(d for d in sorted(dichos) if d != DUDOSO),
    )  # fmt: skip


def test_las_paginas(registro, postgres_propio, publicado, chromium, encender, cuaderno, veces, monkeypatch):
    """Con una captura abierta: las cifras siguen, la página lo dice, y al volver sigue sola con lo escrito."""
    servidor = encender(publicado, **LOCAL, TABLERO_REGISTRO=postgres_propio.url)
    contexto = chromium.new_context(viewport=ESCRITORIO, locale="es-MX")
    abierta, cifras, rotulo = contexto.new_page(), contexto.new_page(), "El acuerdo, como quedó dicho"
    total, dicho, escrito, halladas, vistas, vuelve = veces(1, 3), "", "", 0, 0, []
    abierta.goto(f"{servidor.direccion}/capturar?mesa={MESA}&paso=que")
    esperar_lista(abierta)
    for vuelta in range(total):
        pedazo = f"Antes de la caída {vuelta}. "
        caja(abierta, rotulo).press("Control+End")
        caja(abierta, rotulo).press_sequentially(pedazo, delay=1)
        escrito += pedazo
        abierta.wait_for_timeout(1_500)
        postgres_propio.matar()
        for pagina in ("", "tendencias", "datos"):
            cifras.goto(f"{servidor.direccion}/{pagina}")
            esperar_lista(cifras)
            assert "registro no respondió" not in texto_de(cifras)
            assert cifras.locator("h1").first.inner_text()
            vistas += 1
        caja(abierta, rotulo).press("Control+End")
        caja(abierta, rotulo).press_sequentially("Durante la caída. ", delay=1)
        escrito += "Durante la caída. "
        leer(abierta, "El registro no respondió")
        dicho = abierta.locator("[data-testid='stAlert']").first.inner_text()
        leer(abierta, "la página sigue sola en cuanto el registro conteste")
        postgres_propio.encender()
        volvio = time.monotonic()
        caja(abierta, rotulo).wait_for(timeout=60_000)
        vuelve.append(time.monotonic() - volvio)
        esperar_lista(abierta)
        hasta(lambda todo=escrito: caja(abierta, rotulo).input_value() == todo, "que esté lo escrito", 30, 0.3)
        halladas += 1
    # En otro navegador, sin copia local: todo llegó al registro.
    otro = chromium.new_context(viewport=ESCRITORIO, locale="es-MX")
    ventana = otro.new_page()

    def esta():
        ventana.goto(f"{servidor.direccion}/capturar?mesa={MESA}&paso=que")
        esperar_lista(ventana)
        return caja(ventana, rotulo).input_value() == escrito

    hasta(esta, "que lo escrito llegue al registro", 60, 1)
    otro.close()
    contexto.close()
    explicar(cuaderno).apuntar(
        f"páginas de cifras que se ven mientras tanto ({vistas}); y una captura abierta, que vuelve sola con lo escrito", total,
        total, halladas, f"{max(vuelve):.0f} s tras encenderlo", " ".join(dicho.split()),
    )  # fmt: skip


@contextmanager
def _cable_de_red():
    """Una red aparte para PostgreSQL: un cable virtual cuyo otro extremo está en su propio espacio de nombres."""
    if shutil.which("ip") is None or os.geteuid() != 0:
        raise Falta("crear una red aparte pide ser root y tener «ip»")
    numero = os.getpid() % 10_000
    espacio, de_aqui, de_alla = f"fallas{numero}", f"fa{numero}", f"fb{numero}"

    def ip(*orden):
        hecho = subprocess.run(["ip", *orden], capture_output=True, text=True, check=False)
        if hecho.returncode:
            raise Falta(f"no se puede crear una red aparte ({hecho.stderr.strip()})")

    ip("netns", "add", espacio)
    try:
        ip("link", "add", de_aqui, "type", "veth", "peer", "name", de_alla)
        ip("link", "set", de_alla, "netns", espacio)
        ip("addr", "add", "10.213.77.1/30", "dev", de_aqui)
        ip("link", "set", de_aqui, "up")
        ip("-n", espacio, "addr", "add", "10.213.77.2/30", "dev", de_alla)
        ip("-n", espacio, "link", "set", de_alla, "up")
        ip("-n", espacio, "link", "set", "lo", "up")
        yield espacio, lambda arriba: ip("link", "set", de_aqui, "up" if arriba else "down")
    finally:
        subprocess.run(["ip", "link", "del", de_aqui], capture_output=True, check=False)
        subprocess.run(["ip", "netns", "del", espacio], capture_output=True, check=False)


def test_la_red_hacia_postgres_se_corta(tmp_path, postgres_propio, cuaderno, veces, monkeypatch, registro):
    """Nadie contesta ni que no: se dice en segundos, no en minutos, y al volver la red se guarda."""
    with _cable_de_red() as (espacio, cable):
        # PostgreSQL solo escucha en esta máquina: en la otra red hay un intermediario que le habla por un socket de archivo.
        puente = subprocess.Popen(
            ["ip", "netns", "exec", espacio, *_intermediario(postgres_propio)], stdout=subprocess.DEVNULL
        )
        try:
            url = make_url(postgres_propio.url).set(host="10.213.77.2", port=5999)
            monkeypatch.setenv("TABLERO_REGISTRO", url.render_as_string(hide_password=False))
            hasta(lambda: _abre(tmp_path), "que conteste por la otra red", 20, 0.2)
            suyo = registro_de(Almacen(tmp_path))
            clave = acuerdos.crear(suyo, ANA, MESA, {**VALORES, "folio": "01/X/2026"}).id
            total, confirmadas, tardo, vuelve, dicho = veces(1, 3), [], [], [], ""
            for numero in range(total):
                _editar(suyo, clave, f"r{numero}")
                confirmadas.append(f"r{numero}")
                cable(False)
                empezo = time.monotonic()
                with pytest.raises(RegistroDanado) as rechazo:
                    _editar(suyo, clave, "no debe entrar")
                tardo.append(time.monotonic() - empezo)
                dicho = str(rechazo.value)
                assert tardo[-1] < 30
                cable(True)
                volvio = time.monotonic()
                hasta(lambda: _contesta(suyo), "que el registro vuelva", 30, 0.1)
                vuelve.append(time.monotonic() - volvio)
            entradas = lectura.bitacora(suyo, IRMA, acuerdo=clave, limite=1_000)
            en_bitacora = [e.despues["nota"] for e in entradas if e.accion == "cambio"]
            assert sorted(en_bitacora) == sorted(confirmadas)
            motor.motor(suyo.url).dispose()
        finally:
            puente.kill()
            puente.wait(timeout=10)
    explicar(cuaderno).apuntar(
        f"la red hacia la base se corta con la conexión abierta (se dice en {max(tardo):.0f} s o menos)", total, len(confirmadas),
        len(en_bitacora), f"{max(vuelve):.1f} s tras volver la red", dicho,
    )  # fmt: skip


PUENTE = """
import socket, sys, threading
oyente = socket.create_server(("10.213.77.2", 5999))
def pasar(de, a):
    try:
        while parte := de.recv(65536):
            a.sendall(parte)
    except OSError:
        return
    finally:
        a.close()
while True:
    cliente, _ = oyente.accept()
    servidor = socket.socket(socket.AF_UNIX); servidor.connect(sys.argv[1])
    threading.Thread(target=pasar, args=(cliente, servidor), daemon=True).start()
    threading.Thread(target=pasar, args=(servidor, cliente), daemon=True).start()
"""


def _intermediario(base):
    return [sys.executable, "-c", PUENTE, str(base.carpeta / f".s.PGSQL.{base.puerto}")]


def _abre(carpeta):
    try:
        return registro_de(Almacen(carpeta)) is not None
    except RegistroDanado:
        return False


def _contesta(registro):
    try:
        return registro.sello() is not None
    except RegistroDanado:
        return False


def _editar(registro, clave, nota):
    with registro.leer() as sesion:
        version = sesion.get(Acuerdo, clave).version
    acuerdos.editar(registro, ANA, clave, version, {"nota": nota})


def test_evidencia_con_la_base_muerta(registro, postgres_propio, cuaderno):
    """El archivo alcanza a guardarse y la base no: no hay renglón, se dice, y al repetir entra una sola vez."""
    clave = acuerdos.crear(registro, ANA, MESA, {**VALORES, "folio": "01/C/2026"}).id
    entrega = Entrega("Liga", HOY, url="https://ejemplo.mx/lista")
    postgres_propio.matar()
    with pytest.raises(RegistroDanado, match="no respondió"):
        evidencias.entregar(registro, ANA, clave, entrega)
    postgres_propio.encender()
    hasta(lambda: _contesta(registro), "que el registro vuelva", 30, 0.1)
    evidencias.entregar(registro, ANA, clave, entrega)
    halladas = len(lectura.expediente(registro, ANA, clave).evidencias)
    explicar(cuaderno).apuntar(
        "entregar evidencia con la base muerta, y repetir", 1, 1, halladas, "al repetir", "n. d."
    )
