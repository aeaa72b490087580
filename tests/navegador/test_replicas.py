"""Dos réplicas detrás de nginx con un PostgreSQL, con los archivos de despliegue tal como se entregan."""

import functools
import http.server
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from etl.__main__ import main
from tests.certificados import certificado
from tests.integracion.conftest import sembrado, textos  # noqa: F401
from tests.integracion.registro.conftest import base_nueva, postgres  # noqa: F401
from tests.navegador.conftest import ESCRITORIO, ESPIA_DEL_HILO, RAIZ, esperar_lista, texto_de
from tests.navegador.escritorio_del_registro import caja, elegir_de_lista, leer, picar
from tests.navegador.proveedor_oidc import CLIENTE, SECRETO, proveedor_oidc
from tests.navegador.test_entrar import SECRETOS, entrar

GENTE = {"Irma": {"email": "irma@ejemplo.mx", "email_verified": True, "name": "Irma Paz"}}
SEGUNDOS = 90


@pytest.fixture(scope="module")
def nginx():
    """nginx del sistema; sin él la prueba se omite, o falla si se exige."""
    hallado = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if hallado is None:
        if os.environ.get("TABLERO_EXIGIR_NGINX") == "1":
            pytest.fail("se exige nginx y no está instalado")
        pytest.skip("no está nginx (apt-get install nginx-light)")
    return hallado


def dos_puertos(ajeno):
    """El primero de dos puertos seguidos que nadie ocupa y que no son ``ajeno``.

    Por debajo de los que el sistema reparte a quien se conecta: entre escogerlos y usarlos no los toma nadie más.
    """
    for primero in random.sample(range(20_000, 30_000, 2), 200):
        if ajeno not in (primero, primero + 1) and all(_libre(p) for p in (primero, primero + 1)):
            return primero
    pytest.fail("no se hallaron dos puertos libres")


def un_puerto():
    """Uno que nadie ocupa, también por debajo de esos."""
    return next(p for p in random.sample(range(30_000, 32_000), 200) if _libre(p))


def _libre(puerto):
    with socket.socket() as enchufe:
        return enchufe.connect_ex(("127.0.0.1", puerto)) != 0


def hasta(cosa, que):
    """Espera a que algo sea cierto y lo devuelve."""
    plazo = time.monotonic() + SEGUNDOS
    while True:
        hallado = cosa()
        if hallado:
            return hallado
        assert time.monotonic() < plazo, f"no pasó a tiempo: {que}"
        time.sleep(0.1)


def pedir(direccion, **cabeceras):
    """Código, cabeceras y cuerpo, sea el código que sea."""
    try:
        with urllib.request.urlopen(urllib.request.Request(direccion, headers=cabeceras), timeout=20) as respuesta:
            return respuesta.status, respuesta.headers, respuesta.read()
    except urllib.error.HTTPError as respuesta:
        return respuesta.code, respuesta.headers, respuesta.read()


class Instalacion:
    """Lo que ``iniciar_replicas.py`` dejó corriendo."""

    def __init__(self, direccion, carpeta, desde):
        self.direccion, self.carpeta, self.puertos = direccion, carpeta, (desde, desde + 1)

    def salud(self, puerto):
        try:
            return json.loads(pedir(f"http://127.0.0.1:{puerto}/api/salud")[2])
        except (OSError, ValueError):
            return {}

    def acceso(self):
        """Los renglones de la bitácora de nginx, por identificador."""
        renglones = (self.carpeta / "acceso.log").read_text("utf-8").splitlines()
        return {r["id"]: r for r in map(json.loads, renglones)}

    def de_quien(self, identificador):
        """A qué proceso mandó nginx una petición."""
        renglon = hasta(lambda: self.acceso().get(identificador), f"que nginx anote {identificador}")
        return int(renglon["proceso"].rsplit(":", 1)[1])

    def anotado(self, puerto, que):
        """Los renglones de un proceso de la aplicación."""
        texto = (self.carpeta / f"replica-{puerto}.log").read_text("utf-8")
        return [r for r in map(json.loads, texto.splitlines()) if r["que"] == que]


@contextmanager
def servir_carpeta(carpeta):
    """Un sitio estático cualquiera."""
    atencion = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(carpeta))
    atencion.func.log_message = lambda *_: None
    servidor = http.server.ThreadingHTTPServer(("127.0.0.1", 0), atencion)
    threading.Thread(target=servidor.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{servidor.server_address[1]}"
    finally:
        servidor.shutdown()
        servidor.server_close()


@contextmanager
def encender(carpeta, entorno, *mas, puerto=None):
    """Corre el guion como lo correría una persona y lo detiene como lo detendría systemd."""
    puerto = puerto or un_puerto()
    desde = dos_puertos(puerto)
    orden = [
        "--replicas",
        "2",
        "--puerto",
        str(puerto),
        "--desde",
        str(desde),
        "--carpeta",
        str(carpeta),
        *map(str, mas),
    ]
    proceso = subprocess.Popen(
        [sys.executable, str(RAIZ / "despliegue" / "iniciar_replicas.py"), *orden],
        env={**os.environ, **entorno},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    dicho = []
    for renglon in proceso.stdout:
        dicho.append(renglon)
        if renglon.startswith("Listo"):
            break
    else:
        pytest.fail(f"no arrancó: {''.join(dicho)}")
    esquema = "https" if "--certificado" in mas else "http"
    try:
        yield Instalacion(f"{esquema}://127.0.0.1:{puerto}", carpeta, desde)
    finally:
        proceso.send_signal(signal.SIGTERM)
        proceso.communicate(timeout=60)
    assert proceso.returncode == 0
    for abierto in (puerto, desde, desde + 1):
        with socket.socket() as enchufe:
            assert enchufe.connect_ex(("127.0.0.1", abierto)), f"quedó algo escuchando en {abierto}"


@pytest.fixture
def editor(sembrado, tmp_path):  # noqa: F811
    """La máquina que publica: su almacén y la carpeta que sirve."""
    shutil.copytree(sembrado, tmp_path / "editor")
    exportar(tmp_path / "editor", tmp_path / "sitio")
    return tmp_path / "editor", tmp_path / "sitio"


def exportar(almacen, sitio):
    assert main(["exportar", str(sitio), "--almacen", str(almacen), "--json"]) == 0


@pytest.fixture
def instalacion(nginx, chromium, editor, base_nueva, tmp_path):  # noqa: F811
    """Dos réplicas con un almacén vacío, que siguen al editor y comparten el registro en PostgreSQL; con cuentas."""
    puerto = un_puerto()
    secretos = tmp_path / "casa" / ".streamlit" / "secrets.toml"
    secretos.parent.mkdir(parents=True)
    with proveedor_oidc(GENTE) as proveedor, servir_carpeta(editor[1]) as sitio:
        secretos.write_text(
            SECRETOS.format(
                direccion=f"http://127.0.0.1:{puerto}", cliente=CLIENTE, secreto=SECRETO, emisor=proveedor.emisor
            ),
            encoding="utf-8",
        )
        entorno = {
            "TABLERO_ALMACEN": str(tmp_path / "almacen"),
            "TABLERO_REGISTRO": base_nueva(),
            "TABLERO_HOY": "2026-04-20",
            "TABLERO_BITACORA_CLAVE": "la-misma-en-todas",
            "TABLERO_MODO_LOCAL": "",
            "HOME": str(tmp_path / "casa"),
        }
        seguir = ("--seguir", f"{sitio}/actual.json", "--cada", "1")
        with encender(tmp_path / "corrida", entorno, *seguir, puerto=puerto) as suya:
            hasta(lambda: all(suya.salud(p).get("sincronizacion") for p in suya.puertos), "que sigan al editor")
            yield suya


def ventana(chromium, suya, en=None):
    """Un navegador nuevo ya con su galleta, y el proceso que le tocó; con ``en``, uno de ese proceso."""
    while True:
        contexto = chromium.new_context(viewport=ESCRITORIO, locale="es-MX")
        contexto.add_init_script(ESPIA_DEL_HILO)
        abierta = contexto.new_page()
        abierta.goto(f"{suya.direccion}/datos")
        esperar_lista(abierta)
        proceso = suya.de_quien(abierta.reload().headers["x-request-id"])
        esperar_lista(abierta)
        if en is None or proceso == en:
            return abierta, proceso
        contexto.close()


def test_dos_replicas_detras_de_nginx(instalacion, chromium, editor, textos, tmp_path):  # noqa: F811
    suya = instalacion
    # Las dos siguen la misma versión y alcanzan el mismo PostgreSQL.
    saludes = [suya.salud(p) for p in suya.puertos]
    assert len({s["sha256"] for s in saludes}) == 1
    assert [(s["registro"]["motor"], s["registro"]["alcanzable"]) for s in saludes] == [("postgresql", True)] * 2
    assert all(s["sincronizacion"]["fallas_seguidas"] == 0 for s in saludes)

    # Una ventana se queda en su proceso: todo lo que pide, y su websocket.
    abierta, suyo = ventana(chromium, suya)
    pedidos = []
    abierta.on("response", lambda r: pedidos.append(r.headers.get("x-request-id")))
    corridas = {p: len(suya.anotado(p, "pagina")) for p in suya.puertos}
    for pagina in ("tendencias", "mapa", "ficha", "inicio"):
        abierta.goto(f"{suya.direccion}/{'' if pagina == 'inicio' else pagina}")
        esperar_lista(abierta)
        assert "Traceback" not in texto_de(abierta)
    vistos = {r["proceso"] for i, r in suya.acceso().items() if i in pedidos and r["proceso"]}
    assert vistos == {f"127.0.0.1:{suyo}"}
    assert len([i for i in pedidos if i in suya.acceso()]) > 8
    otro = next(p for p in suya.puertos if p != suyo)
    assert len(suya.anotado(suyo, "pagina")) >= corridas[suyo] + 4
    assert len(suya.anotado(otro, "pagina")) == corridas[otro]

    # Y otra ventana puede tocarle al otro.
    vecina, su_vecino = ventana(chromium, suya, en=otro)
    assert su_vecino == otro

    # Quien publica saca un corte y luego vuelve atrás: las dos lo siguen sin reiniciarse, y se ve en la misma ventana.
    recibidos = tmp_path / "nuevos"
    recibidos.mkdir()
    for nombre, texto in textos["nuevo"].items():
        (recibidos / f"{nombre}.csv").write_bytes(texto.encode("cp1252"))
    procesos = [(suya.carpeta / f"replica-{p}.pid").read_text() for p in suya.puertos]
    for orden, corte, dicho in (("cargar", "2026-03", "Corte marzo"), ("revertir", "2026-02", "Corte febrero")):
        mas = [str(recibidos)] if orden == "cargar" else []
        assert main([orden, *mas, "--almacen", str(editor[0]), "--json"]) == 0
        exportar(*editor)
        hasta(lambda corte=corte: {suya.salud(p).get("corte") for p in suya.puertos} == {corte}, f"que llegue {corte}")
        for cual in (abierta, vecina):
            cual.reload()
            esperar_lista(cual)
            assert dicho in texto_de(cual)
    assert procesos == [(suya.carpeta / f"replica-{p}.pid").read_text() for p in suya.puertos]

    # Lo que se escribe por una réplica se lee por la otra; la entrada con cuenta vale en las dos.
    for cual in (abierta, vecina):
        cual.goto(f"{suya.direccion}/administracion")
        esperar_lista(cual)
        entrar(cual, "Irma")
        cual.goto(f"{suya.direccion}/administracion")
        esperar_lista(cual)
        leer(cual, "Nadie tiene papel todavía")
    for rotulo, valor in (("Correo con que entra", "leo@ejemplo.mx"), ("Nombre", "Leo Mora")):
        caja(abierta, rotulo).fill(valor)
        caja(abierta, rotulo).press("Tab")
        abierta.wait_for_timeout(300)
        esperar_lista(abierta)
    elegir_de_lista(abierta, "Papel", "Red", "Red Nacional: lee y escribe")
    picar(abierta, "Guardar el papel")
    leer(abierta, "leo@ejemplo.mx")
    vecina.reload()
    esperar_lista(vecina)
    leer(vecina, "leo@ejemplo.mx")
    assert suya.anotado(otro, "pagina")[-1]["persona"] == suya.anotado(suyo, "pagina")[-1]["persona"]

    # Muere el proceso de una ventana: la siguiente carga abre en el otro, con la cuenta todavía puesta.
    os.kill(int((suya.carpeta / f"replica-{suyo}.pid").read_text()), signal.SIGKILL)
    hallada = abierta.goto(f"{suya.direccion}/administracion")
    assert hallada.status == 200
    esperar_lista(abierta)
    leer(abierta, "Irma Paz · Administración")
    leer(abierta, "leo@ejemplo.mx")
    muestra = suya.acceso()[hallada.headers["x-request-id"]]
    assert muestra["proceso"].endswith(f":{otro}")
    # Y se levanta sola.
    hasta(lambda: suya.salud(suyo).get("estado") == "bien", "que se levante el que murió")
    assert suya.salud(suyo)["registro"]["alcanzable"]

    # No comparten otra cosa que la base y lo publicado: ni el registro ni la evidencia dejaron nada en el almacén.
    assert not [a for a in (tmp_path / "almacen" / "registro").rglob("*") if a.is_file()]

    # Ninguna bitácora dice quién entró ni una clave.
    escrito = "".join(r.read_text("utf-8", errors="replace") for r in suya.carpeta.rglob("*.log"))
    for nada in (
        "irma@",
        "Irma",
        "leo@",
        "Leo Mora",
        SECRETO,
        "una-cadena-larga-solo-para-esta-prueba",
        "la-misma-en-todas",
    ):
        assert nada not in escrito
    for contexto in chromium.contexts:
        contexto.close()


def test_lo_que_nginx_cierra_comprime_guarda_y_frena(nginx, sembrado, tmp_path):  # noqa: F811
    shutil.copytree(sembrado, tmp_path / "almacen")
    llave, cadena = certificado(tmp_path)
    entorno = {"TABLERO_ALMACEN": str(tmp_path / "almacen"), "TABLERO_REGISTRO": "", "TABLERO_MODO_LOCAL": "si"}
    with encender(tmp_path / "corrida", entorno | {"TABLERO_REGISTRO": "postgresql://nadie@127.0.0.1:9/x"}) as suya:
        sitio = suya.direccion
        # Un registro caído no apaga las páginas de cifras.
        codigo, _, cuerpo = pedir(f"{sitio}/api/salud")
        assert (codigo, json.loads(cuerpo)["estado"]) == (200, "degradado")
        # Las métricas, cerradas por fuera y abiertas por dentro; ni con trampas en la ruta.
        for ruta in (
            "/api/metricas",
            "/api/metricas/",
            "/api//metricas",
            "/x/../api/metricas",
            "/%61pi/metricas",
            "/_stcore/metrics",
        ):
            assert b"tablero_" not in pedir(f"{sitio}{ruta}")[2], ruta
        assert pedir(f"{sitio}/api/metricas", **{"X-Forwarded-For": "127.0.0.1"})[0] == 404
        assert b"tablero_listo 1" in pedir(f"http://127.0.0.1:{suya.puertos[0]}/api/metricas")[2]
        # Quien pide no escoge su identificador ni su dirección, y la galleta no dice nada de él.
        _, cabeceras, _ = pedir(f"{sitio}/", Accept="text/html", **{"X-Request-ID": "puesto-por-quien-pide"})
        assert cabeceras["X-Request-ID"] != "puesto-por-quien-pide"
        galleta = cabeceras["Set-Cookie"]
        assert galleta.startswith("tablero_replica=")
        assert "HttpOnly; SameSite=Lax" in galleta
        assert "Strict-Transport-Security" not in cabeceras  # sin TLS no se promete
        valor = galleta.split(";")[0]
        assert "Set-Cookie" not in pedir(f"{sitio}/", Accept="text/html", Cookie=valor)[1]
        assert "Set-Cookie" in pedir(f"{sitio}/", Accept="text/html", Cookie="tablero_replica=otra cosa")[1]
        # La misma galleta, el mismo proceso; y con muchas, los dos.
        procesos = {}
        for numero in range(24):
            suyas = {
                suya.de_quien(pedir(f"{sitio}/api/vivo", Cookie=f"tablero_replica={numero:032x}")[1]["X-Request-ID"])
                for _ in range(2)
            }
            assert len(suyas) == 1
            procesos[numero] = suyas.pop()
        assert set(procesos.values()) == set(suya.puertos)
        # La figura insertada en otro sitio conserva su permiso, y nadie más lo tiene.
        assert (
            "frame-ancestors *" in pedir(f"{sitio}/prensa?embed=true", Accept="text/html")[1]["Content-Security-Policy"]
        )
        assert "frame-ancestors 'self'" in pedir(f"{sitio}/prensa", Accept="text/html")[1]["Content-Security-Policy"]
        # Comprime, y guarda lo que lleva versión.
        fuente = "/app/static/fuentes/atkinson-hyperlegible-next-latin-400-normal.woff2"
        _, primera, _ = pedir(f"{sitio}{fuente}")
        pedir(f"{sitio}{fuente}")
        assert [r["cache"] for r in suya.acceso().values() if r["ruta"] == fuente] == ["MISS", "HIT"]
        assert "immutable" in primera["Cache-Control"]
        assert pedir(f"{sitio}/", Accept="text/html", **{"Accept-Encoding": "gzip"})[1]["Content-Encoding"] == "gzip"
        # Un cuerpo enorme se rechaza antes de llegar a la aplicación, salvo donde se suben archivos.
        assert enviar(f"{sitio}/datos", 2_000_000) == 413
        assert enviar(f"{sitio}/_stcore/upload_file/a/b", 32_000_000) == 413
        assert enviar(f"{sitio}/_stcore/upload_file/a/b", 2_000_000) != 413
        # Entrar muchas veces seguidas se frena; mirar, no.
        codigos = [pedir(f"{sitio}/auth/login")[0] for _ in range(90)]
        assert codigos[0] != 429
        assert codigos.count(429) >= 10
        assert [pedir(f"{sitio}/api/vivo")[0] for _ in range(60)] == [200] * 60
        # El websocket abre con el nombre del sitio que sea, y no desde la página de otro.
        assert abrir_ventana(sitio, "https://tablero.ejemplo.mx") == "streamlit"
        with pytest.raises(InvalidStatus, match="403"):
            abrir_ventana(sitio, "https://otro.ejemplo")
    con_tls = ("--certificado", cadena, "--llave", llave)
    with encender(tmp_path / "con-tls", entorno, *con_tls) as suya:
        hecho = subprocess.run(
            ["curl", "-sk", "-D", "-", "-o", "/dev/null", "-H", "Accept: text/html", f"{suya.direccion}/"],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        assert "Strict-Transport-Security: max-age=31536000" in hecho
        assert "SameSite=Lax; Secure" in hecho


def abrir_ventana(sitio, origen):
    """El protocolo que acepta el websocket del sitio, llamado «tablero.ejemplo.mx», a una página de ``origen``."""
    enchufe = socket.create_connection(("127.0.0.1", int(sitio.rsplit(":", 1)[1])))
    nombre = "ws://tablero.ejemplo.mx/_stcore/stream"
    with connect(nombre, sock=enchufe, subprotocols=["streamlit"], origin=origen) as abierta:
        return abierta.subprotocol


def enviar(direccion, bytes_):
    """El código con que se contesta a un cuerpo de ese tamaño."""
    hecho = subprocess.run(
        ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-X", "PUT", "-H", "Expect:", "--data-binary", "@-", direccion],
        input=b"x" * bytes_,
        capture_output=True,
        check=False,
    )  # fmt: skip
    return int(hecho.stdout)


def test_el_guion_dice_por_que_no_arranca(nginx, tmp_path):
    guion = [sys.executable, str(RAIZ / "despliegue" / "iniciar_replicas.py"), "--carpeta", str(tmp_path)]
    with socket.socket() as ocupado:
        ocupado.bind(("127.0.0.1", 0))
        ocupado.listen()
        puerto = str(ocupado.getsockname()[1])
        hecho = subprocess.run([*guion, "--puerto", puerto], capture_output=True, text=True, check=False)
    assert hecho.returncode == 1
    assert f"El puerto {puerto} no se puede usar" in hecho.stderr
