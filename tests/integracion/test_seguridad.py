"""La aplicación servida de verdad, atacada desde fuera: quien no ha entrado no ve lo interno, y nada se sirve que no deba."""

import asyncio
import io
import json
import re
import shutil
import zipfile
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from datos.registro import acuerdos, borradores, evidencias, lectura, mesas, personas, seguimientos, sesiones
from datos.registro.actor import SISTEMA, Actor, Rol
from datos.registro.apertura import registro_vigente
from datos.registro.evidencias import Entrega
from paginas.componentes.de_su_ventana import NO_ES_SUYO
from tests.corrutinas import correr
from tests.integracion.atacante import PAGINAS, Atacante, pedir
from tests.integracion.registro.conftest import VALORES
from tests.navegador.conftest import servir

RAIZ = Path(__file__).resolve().parent.parent.parent
DIA = date(2026, 11, 20)
SENAL = "HUESPEDOCULTO"  # va en todo lo interno que se siembra: si llega a quien no ha entrado, se ve
BUENA = "SENALPUBLICA"
MESA = "demo-1"
ANA = Actor("ana@ejemplo.mx", f"Ana {SENAL}", Rol.MESA, frozenset({MESA}))
BETO = Actor("beto@ejemplo.mx", f"Beto {SENAL}", Rol.MESA, frozenset({MESA}))


def _sembrar():
    """Lo interno de una Mesa, de todas las clases que hay, con ``SENAL``; devuelve los identificadores que se adivinarían."""
    registro = registro_vigente()
    valores = {**VALORES, "autoridad_responsable": "Secretaría", "corresponsable_ciudadano": "Cámara"}
    mesas.sentar(registro, SISTEMA, MESA, institucion="Policía de prueba", lado="autoridad", representante=SENAL)
    reunion = sesiones.abrir(registro, ANA, MESA, fecha=DIA)
    sesiones.pasar_lista(
        registro, ANA, reunion.id, institucion="Policía", lado="autoridad", estado="presente", representante=SENAL
    )
    reunion = sesiones.editar(registro, ANA, reunion.id, reunion.version, notas=f"Notas {SENAL}")
    reunion = sesiones.cerrar(registro, ANA, reunion.id, reunion.version, f"# Minuta {SENAL}\n- {SENAL}")
    publico = acuerdos.crear(registro, ANA, MESA, {**valores, "folio": "01/XC/2026", "texto": f"Alumbrar {BUENA}."})
    interno = acuerdos.crear(
        registro, ANA, MESA, {**valores, "folio": "02/XC/2026", "texto": f"Operativo {SENAL}.", "publico": "no"}
    )
    retirado = acuerdos.crear(registro, ANA, MESA, {**valores, "folio": "03/XC/2026", "texto": f"Error {SENAL}."})
    acuerdos.retirar_acuerdo(registro, ANA, retirado.id, retirado.version, f"Razón {SENAL}")
    archivo = Entrega(f"Lista {SENAL}", DIA, archivo=f"{SENAL}.txt", contenido=f"Quién fue: {SENAL}".encode())
    liga = Entrega(f"Carpeta {SENAL}", DIA, url=f"https://ejemplo.mx/{SENAL}")
    seguimientos.registrar(
        registro, ANA, publico.id, publico.version, cumplimiento=3, nota="", dia=DIA, entregas=[archivo, liga]
    )
    suya = lectura.expediente(registro, ANA, publico.id).evidencias[0]
    evidencias.verificar(registro, BETO, suya.id, suya.version, f"La vi {SENAL}")
    borradores.guardar(registro, ANA, MESA, "acuerdo", {"texto": f"Borrador {SENAL}"})
    personas.poner(registro, SISTEMA, correo=f"{SENAL.lower()}@ejemplo.mx", rol="mesa", mesas=[MESA], nombre=SENAL)
    oculta = mesas.crear(registro, SISTEMA, clave="oculta", nombre=f"Mesa {SENAL}", municipios=["01001"], fuente="x")
    mesas.editar(registro, SISTEMA, "oculta", oculta.version, publica=False)
    return {"reunion": reunion.id, "publico": publico, "interno": interno, "evidencia": suya}


@pytest.fixture(scope="module")
def sembrado(almacen_demostracion, tmp_path_factory):
    """La demostración con un registro de práctica lleno de secretos: (almacén, lo sembrado)."""
    raiz = tmp_path_factory.mktemp("atacado") / "almacen"
    shutil.copytree(almacen_demostracion, raiz, ignore=shutil.ignore_patterns("registro", "crudo"))
    with pytest.MonkeyPatch.context() as parche:
        parche.setenv("TABLERO_ALMACEN", str(raiz))
        parche.setenv("TABLERO_HOY", "2026-11-24")
        parche.delenv("TABLERO_REGISTRO", raising=False)
        return raiz, _sembrar()


@pytest.fixture(scope="module")
def sitio(sembrado):
    """Servido como viene: de solo lectura para quien no ha entrado."""
    with servir(sembrado[0], TABLERO_HOY="2026-11-24", TABLERO_MODO_LOCAL="no") as direccion:
        yield direccion


@pytest.fixture(scope="module")
def sitio_local(sembrado):
    """El mismo almacén en modo local: quien visita desde la propia máquina ve y escribe todo."""
    with servir(sembrado[0], TABLERO_HOY="2026-11-24", TABLERO_MODO_LOCAL="si") as direccion:
        yield direccion


@asynccontextmanager
async def _como(direccion, **mas):
    """Un websocket abierto con las cabeceras que se pidan."""
    netloc = direccion.removeprefix("http://")
    async with connect(
        f"ws://{netloc}/_stcore/stream", subprotocols=["streamlit"], max_size=None, open_timeout=30, **mas
    ) as hilo:
        yield hilo


# ── Quien no ha entrado ───────────────────────────────────────────────────────────────────────────────────────────────


def _vistas(sembradas):
    """Cada página sola, y las del registro pedidas por lo interno que se adivinaría."""
    por_folio = [("acuerdos", {"mesa": MESA, "folio": sembradas[k].folio}) for k in ("publico", "interno")]
    return [
        *((pagina, "") for pagina in PAGINAS),
        ("mesas", {"mesa": MESA}),
        ("mesas", {"mesa": "oculta"}),
        ("acuerdos", {"mesa": "oculta"}),
        *por_folio,
        ("acuerdos", {"mesa": MESA, "folio": "03/XC/2026"}),
        *(("acuerdos", {"mesa": MESA, "vista_de_acuerdos": v}) for v in ("lista", "tablero", "calendario")),
        ("eficacia", {"mesa": MESA, "folio": sembradas["interno"].folio}),
        ("eficacia", {"acuerdo": sembradas["interno"].id}),
        ("capturar", {"mesa": MESA}),
        *(
            ("sesion", {"mesa": MESA, "sesion": sembradas["reunion"], "momento": m})
            for m in ("antes", "asistencia", "anteriores", "nuevos", "minuta")
        ),
        *(("administracion", {"asunto": a}) for a in ("personas", "mesas", "respaldo", "bitacora")),
    ]


def _abierto(contenido):
    """Lo que trae un archivo; de lo comprimido, todas sus partes."""
    if not contenido.startswith(b"PK"):
        return contenido
    with zipfile.ZipFile(io.BytesIO(contenido)) as paquete:
        return b"".join(_abierto(paquete.read(n)) for n in paquete.namelist())


async def _todo_lo_que_ve(direccion, vistas, *, bajar=()):
    """Vista → bytes de todos los mensajes y de los archivos que ofrece."""
    visto = {}
    for pagina, consulta in vistas:
        async with Atacante(direccion) as quien:
            await quien.visitar(pagina, consulta)
            assert quien.excepciones == [], (pagina, consulta)
            cuerpo = quien.crudo
            if pagina in bajar:
                cuerpo += b"".join(map(_abierto, (await quien.bajar_lo_que_se_ofrece()).values()))
            visto[f"{pagina} {consulta}"] = cuerpo
    return visto


def test_nada_interno_llega_a_quien_no_ha_entrado(sitio, sembrado):
    visto = correr(_todo_lo_que_ve(sitio, _vistas(sembrado[1]), bajar=("acuerdos", "mesas", "red", "sesion")))
    senales = (SENAL.encode(), SENAL.lower().encode())
    assert [vista for vista, cuerpo in visto.items() if any(s in cuerpo for s in senales)] == []
    assert any(BUENA.encode() in cuerpo for cuerpo in visto.values())


def test_lo_sembrado_si_se_ve_desde_dentro(sitio_local, sembrado):
    """Sin esto, la prueba de arriba no diría nada: las mismas señales aparecen en cuanto se puede verlas."""
    vistas = [v for v in _vistas(sembrado[1]) if v[0] in ("mesas", "acuerdos", "sesion", "administracion")]
    visto = correr(_todo_lo_que_ve(sitio_local, vistas, bajar=("acuerdos",)))
    con_senal = {vista.split()[0] for vista, cuerpo in visto.items() if SENAL.encode() in cuerpo}
    assert con_senal == {"mesas", "acuerdos", "sesion", "administracion"}


# ── El websocket ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "origen", ["https://ajeno.example", "http://127.0.0.1.ajeno.example", "null", "file://", "https://x.streamlit.app"]
)
def test_otro_sitio_no_abre_una_sesion(sitio, origen):
    async def intentar():
        async with _como(sitio, origin=origen) as hilo:
            await asyncio.wait_for(hilo.recv(), 5)  # si la aceptara, se quedaría esperando

    with pytest.raises((InvalidStatus, ConnectionClosed)):
        correr(intentar())


def test_con_el_origen_propio_si_abre(sitio):
    async def intentar():
        async with Atacante(sitio) as quien:
            await quien.visitar("")
            return quien.marcas

    assert correr(intentar())


@pytest.mark.parametrize("basura", [b"", b"\xff" * 64, b"\x00" * 2_000, "texto"])
def test_un_mensaje_que_no_se_entiende_no_tira_el_servidor_ni_dice_nada_de_el(sitio, basura):
    async def intentar():
        recibido = b""
        async with _como(sitio, origin=sitio) as hilo:
            await hilo.send(basura)
            try:
                while True:
                    recibido += await asyncio.wait_for(hilo.recv(), 1)
            except (ConnectionClosed, TimeoutError):
                return recibido

    dicho = correr(intentar())
    assert b"Traceback" not in dicho
    assert str(RAIZ).encode() not in dicho
    assert pedir(sitio, "/_stcore/health")[0] == 200


@pytest.mark.parametrize(
    "cabeceras",
    [
        {"Host": "rebote.example:8501", "Origin": "http://rebote.example:8501"},
        {"Host": "127.0.0.1.rebote.example", "Origin": "http://127.0.0.1.rebote.example"},
        {"X-Forwarded-For": "203.0.113.9"},
        {"X-Real-IP": "203.0.113.9"},
        {"Forwarded": "for=203.0.113.9"},
        {"Via": "1.1 intermediario"},
    ],
)
def test_el_modo_local_no_vale_por_otro_nombre_ni_a_traves_de_otro(sitio_local, cabeceras):
    """Con otro nombre que apunta a 127.0.0.1, una página ajena sería «la propia máquina» (DNS rebinding)."""
    crudo = correr(_identidad(sitio_local, cabeceras))
    assert b"Usted ve lo p\xc3\xbablico" in crudo
    assert SENAL.encode() not in crudo


@pytest.mark.parametrize("nombre", ["127.0.0.1", "localhost", "[::1]"])
def test_el_modo_local_vale_por_los_nombres_de_la_propia_maquina(sitio_local, nombre):
    crudo = correr(_identidad(sitio_local, {"Host": f"{nombre}:8501", "Origin": f"http://{nombre}:8501"}))
    assert "Administración".encode() in crudo
    assert SENAL.encode() in crudo


async def _identidad(direccion, cabeceras):
    """Todo lo que recibe, en la página de la Mesa sembrada, quien se presenta con esas cabeceras."""
    quien = Atacante(direccion)
    mas = {} if "Host" in cabeceras else {"origin": direccion}
    async with _como_crudo(direccion, cabeceras, **mas) as hilo:
        quien._conexion = hilo
        await quien.visitar("mesas", {"mesa": MESA})
        return quien.crudo


@asynccontextmanager
async def _como_crudo(direccion, cabeceras, **mas):
    """Como ``_como``, pero con el nombre de anfitrión que se quiera: se conecta a la dirección y pide por ese nombre."""
    netloc = direccion.removeprefix("http://")
    maquina, puerto = netloc.split(":")
    anfitrion = cabeceras.get("Host", netloc)
    resto = {k: v for k, v in cabeceras.items() if k != "Host"}
    if "Origin" in resto:
        mas["origin"] = resto.pop("Origin")
    async with connect(
        f"ws://{anfitrion}/_stcore/stream", host=maquina, port=int(puerto), subprotocols=["streamlit"], max_size=None,
        additional_headers=resto, proxy=None, **mas,
    ) as hilo:  # fmt: skip
        yield hilo


# ── Descargas ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_los_identificadores_de_descarga_no_se_adivinan(sitio):
    """Son al azar, de 122 bits, y otros en cada corrida; solo viajan por el websocket de su sesión. Uno inventado no da nada."""

    async def intentar():
        vistos = []
        async with Atacante(sitio) as una, Atacante(sitio) as otra:
            for quien in (una, otra, una):
                await quien.visitar("acuerdos")
                vistos += quien.botones.values()
                assert not any(x.encode() in otra.crudo for x in una.botones.values())
            negados = []
            for inventado in ("0" * 32, "../../etc/passwd", "", "' OR 1=1"):
                otra.botones = {"x": inventado}
                negados.append((await otra.bajar_lo_que_se_ofrece())["x"])
        return vistos, negados

    vistos, negados = correr(intentar())
    assert len(vistos) == len(set(vistos)) >= 12
    assert all(re.fullmatch(r"[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}", x) for x in vistos)
    assert all(n.endswith(NO_ES_SUYO.encode()) for n in negados)


# ── Rutas ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

PREFIJOS = ("/media/", "/app/static/", "/component/", "/_stcore/bidi-components/", "/static/", "/")
SALTOS = (
    "..%2f..%2fservidor.py", "../../servidor.py", "%2e%2e/%2e%2e/servidor.py", "..%5c..%5cservidor.py",
    "..%252f..%252fservidor.py", "%2fetc%2fpasswd", "/etc/passwd", "//etc/passwd", "C:%5cwindows%5cwin.ini",
    "estilos.css%00.html", "....//....//servidor.py", "%c0%ae%c0%ae/servidor.py", "..;/servidor.py",
    ".streamlit/secrets.toml", "../.streamlit/config.toml", "..%2f.git%2fconfig",
)  # fmt: skip
# Lo que solo está en un archivo que no se sirve.
DE_DENTRO = (b"PaginaEnEspanol", b"root:x:", b"gatherUsageStats", b"[core]", b"maxUploadSize", b"cookie_secret")


@pytest.mark.parametrize("prefijo", PREFIJOS)
def test_ninguna_ruta_sale_de_su_carpeta(sitio, prefijo):
    for salto in SALTOS:
        estado, cabeceras, cuerpo = pedir(sitio, prefijo + salto)
        assert estado in (200, 400, 403, 404), (prefijo, salto, estado)
        assert not any(d in cuerpo for d in DE_DENTRO), (prefijo, salto)
        if estado == 200:  # la página vacía de la aplicación, que es la misma para cualquier dirección
            assert b"<title>Delitos a la baja</title>" in cuerpo or cabeceras["content-type"].startswith("text/html")


def _del_almacen(raiz):
    """Nombre y primeros bytes de cada archivo del almacén."""
    return {
        a.relative_to(raiz).as_posix(): a.read_bytes()[:64] for a in raiz.rglob("*") if a.is_file() and a.stat().st_size
    }


def test_nada_del_almacen_se_alcanza_por_su_direccion(sitio, sembrado):
    raiz = sembrado[0]
    suyos = _del_almacen(raiz)
    assert any(n.endswith(".sqlite") for n in suyos)
    assert any(n.endswith(".duckdb") for n in suyos)
    for nombre, principio in suyos.items():
        for antes in (
            "/",
            "/datos/",
            "/datos/almacen/",
            "/app/static/",
            "/media/",
            f"/app/static/..{raiz}/",
            f"/{raiz}/",
        ):
            assert principio not in pedir(sitio, antes + nombre)[2], (antes, nombre)


def test_el_archivo_de_una_evidencia_no_se_pide_por_su_huella_ni_por_su_identificador(sitio, sembrado):
    suya = sembrado[1]["evidencia"]
    for clave in (suya.id, suya.sha256, f"{suya.sha256}.txt", f"{suya.sha256[:2]}/{suya.sha256}"):
        for antes in ("/media/", "/evidencia/", "/registro/evidencia/", "/app/static/"):
            assert SENAL.encode() not in pedir(sitio, antes + clave)[2]


# ── Subir archivos ────────────────────────────────────────────────────────────────────────────────────────────────────

LIMITE = "frontera"


def _formulario(contenido, nombre="a.txt"):
    cabeza = f'--{LIMITE}\r\nContent-Disposition: form-data; name="f"; filename="{nombre}"\r\n\r\n'
    return cabeza.encode() + contenido + f"\r\n--{LIMITE}--\r\n".encode()


def _ficha(direccion):
    """Un token contra peticiones de otros sitios, de los buenos: cualquiera lo obtiene con una visita."""
    galleta = pedir(direccion, "/_stcore/health")[1]["set-cookie"].split(";")[0]
    return {
        "Cookie": galleta,
        "X-Xsrftoken": galleta.split("=", 1)[1],
        "Content-Type": f"multipart/form-data; boundary={LIMITE}",
    }


@pytest.mark.parametrize("metodo", ["PUT", "DELETE"])
@pytest.mark.parametrize("falta", ["todo", "cabecera", "galleta", "falsos"])
def test_sin_el_token_no_se_sube_ni_se_quita_un_archivo(sitio, metodo, falta):
    buenas = _ficha(sitio)
    quitar = {"todo": ("Cookie", "X-Xsrftoken"), "cabecera": ("X-Xsrftoken",), "galleta": ("Cookie",), "falsos": ()}[
        falta
    ]
    cabeceras = {k: v for k, v in buenas.items() if k not in quitar}
    if falta == "falsos":
        cabeceras["X-Xsrftoken"] = "2|00000000|" + "0" * 32 + "|0"
    assert pedir(sitio, "/_stcore/upload_file/x/y", metodo, cabeceras, _formulario(b"x"))[0] == 403


@pytest.mark.parametrize("sesion", ["inventada", "..%2f..", "0" * 36, "%00"])
def test_sin_una_sesion_viva_no_se_sube_nada(sitio, sesion):
    estado, _, _ = pedir(sitio, f"/_stcore/upload_file/{sesion}/y", "PUT", _ficha(sitio), _formulario(b"x"))
    assert estado in (400, 404, 405)


def test_lo_que_pesa_de_mas_se_rechaza_lo_diga_o_no(sitio):
    """Con una sesión viva: diciendo 2 GB sin mandarlos, mandando de más, y mandando de más sin decir cuánto."""

    async def intentar():
        async with Atacante(sitio) as quien:
            await quien.visitar("")
            ruta = f"/_stcore/upload_file/{quien._sesion}/archivo"
            cabeceras = _ficha(sitio)
            mucho = _formulario(b"x" * (27 * 1024 * 1024))
            trozos = (mucho[i : i + 65_536] for i in range(0, len(mucho), 65_536))
            return [
                pedir(sitio, ruta, "PUT", {**cabeceras, "Content-Length": str(2 * 1024**3)}, b"x")[0],
                _estado_o_corte(sitio, ruta, cabeceras, mucho),
                _estado_o_corte(sitio, ruta, {**cabeceras, "Transfer-Encoding": "chunked"}, trozos),
                pedir(sitio, ruta, "PUT", cabeceras, _formulario(b"x" * 1_000))[0],
            ]

    assert correr(intentar()) == [413, 413, 413, 204]


def _estado_o_corte(direccion, ruta, cabeceras, cuerpo):
    """El estado; si el servidor corta sin leer lo demás, también es un no."""
    try:
        return pedir(direccion, ruta, "PUT", cabeceras, cuerpo)[0]
    except (BrokenPipeError, ConnectionResetError):
        return 413


# ── Cabeceras y métodos ───────────────────────────────────────────────────────────────────────────────────────────────

RUTAS = (
    "/",
    "/mesas",
    "/prensa",
    "/api/salud",
    "/app/static/estilos.css",
    "/media/nada",
    "/_stcore/host-config",
    "/no%00",
)


@pytest.mark.parametrize("ruta", RUTAS)
@pytest.mark.parametrize("acepta", ["text/html", "*/*"])
def test_toda_respuesta_lleva_las_cabeceras_de_seguridad(sitio, ruta, acepta):
    _, c, _ = pedir(sitio, ruta, cabeceras={"Accept": acepta})
    politica = dict(p.strip().split(" ", 1) for p in c["content-security-policy"].split(";"))
    fijas = {"object-src": "'none'", "base-uri": "'self'", "form-action": "'self'", "frame-ancestors": "'self'"}
    assert {k: politica[k] for k in fijas} == fijas
    assert not re.search(r"https?:|(?<![\w-])\*", c["content-security-policy"])
    assert c["x-content-type-options"] == "nosniff"
    assert c["referrer-policy"] == "same-origin"
    assert c["permissions-policy"] == "camera=(), microphone=(), geolocation=()"
    if not ruta.startswith("/app/static/"):  # lo estático es público y Streamlit lo presta a quien lo pida
        assert "access-control-allow-origin" not in c


@pytest.mark.parametrize(
    ("ruta", "ajenos"),
    [
        ("/prensa?embed=true", True),
        ("/prensa/?embed=true&delito=fraude", True),
        ("/prensa", False),
        ("/prensa?embed=false", False),
        ("/prensa?noembed=true", False),
        ("/prensa/x?embed=true", False),
        ("/prensa%2f..%2fmesas?embed=true", False),
        ("//prensa?embed=true", False),
        ("/capturar?embed=true", False),
        ("/mesas?embed=true", False),
        ("/?embed=true", False),
        ("/administracion?embed=true&embed=prensa", False),
    ],
)
def test_solo_la_figura_de_prensa_cabe_en_el_marco_de_otro_sitio(sitio, ruta, ajenos):
    _, c, _ = pedir(sitio, ruta, cabeceras={"Accept": "text/html"})
    assert ("frame-ancestors *" in c["content-security-policy"]) is ajenos
    assert ("frame-ancestors 'self'" in c["content-security-policy"]) is not ajenos


def test_ningun_sitio_ajeno_manda_a_la_pagina_que_inserta_ni_lee_sus_respuestas(sitio):
    for ruta in ("/_stcore/host-config", "/_stcore/health", "/media/nada", "/api/salud"):
        _, c, cuerpo = pedir(sitio, ruta, cabeceras={"Origin": "https://ajeno.example"})
        assert c.get("access-control-allow-origin") is None
        if ruta.endswith("host-config"):
            assert json.loads(cuerpo)["allowedOrigins"] == []


@pytest.mark.parametrize("esquema", ["http", "https"])
def test_por_https_las_galletas_no_salen_de_el(sitio, esquema):
    """Como llega detrás de nginx; sin HTTPS no se pone, que el navegador no la guardaría."""
    cabeceras = {"X-Forwarded-Proto": esquema, "X-Forwarded-For": "203.0.113.9"}
    puestas = [pedir(sitio, ruta, cabeceras=cabeceras)[1].get("set-cookie", "") for ruta in ("/_stcore/health", "/")]
    puestas = [p for p in puestas if p]
    assert puestas
    assert all(p.lower().count("; secure") == (esquema == "https") for p in puestas)


def test_la_galleta_del_token_no_viaja_a_otros_sitios(sitio):
    galleta = pedir(sitio, "/_stcore/health")[1]["set-cookie"]
    assert "SameSite=Lax" in galleta


@pytest.mark.parametrize("metodo", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "INVENTADO"])
def test_las_paginas_solo_se_leen(sitio, metodo):
    for ruta in ("/", "/mesas", "/administracion", "/api/salud", "/app/static/estilos.css", "/media/x"):
        assert pedir(sitio, ruta, metodo)[0] in (400, 404, 405), ruta


def test_una_direccion_con_bytes_que_no_son_texto_no_es_un_error_del_servidor(sitio):
    for ruta in (
        "/prensa?embed=%ff",
        "/prensa?embed=true&x=%ff%fe",
        "/mesas?mesa=%ed%a0%80",
        "/%ff",
        "/prensa?" + "a=1&" * 5_000,
    ):
        assert pedir(sitio, ruta, cabeceras={"Accept": "text/html"})[0] < 500, ruta
