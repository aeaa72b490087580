"""La misma aplicación como ASGI: página en español de México, caché, compresión, cabeceras y lo que pregunta quien vigila.

Se sirve con ``uvicorn servidor:aplicacion`` desde la raíz del proyecto (es lo que hace ``tareas.py iniciar``).
"""

from __future__ import annotations

import gc
import importlib
import re
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qs

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from informes import taller
from observacion import bitacora, secretos
from paginas.componentes.entrada import secretos as de_la_entrada
from servicio.limites import Limites
from servicio.peticiones import Peticiones
from servicio.rutas import RUTAS

RAIZ = Path(__file__).resolve().parent
GEOMETRIA = "/app/static/geometria/"
MAPLIBRE = "/app/static/maplibre-"
INMUTABLES = (GEOMETRIA, MAPLIBRE, "/app/static/fuentes/")  # nombres con huella o versión, o que no cambian
TITULO = "Delitos a la baja"
DESCRIPCION = "Cifras oficiales de incidencia delictiva en México por estado y municipio, y los acuerdos de las Mesas."
SIN_JAVASCRIPT = "Delitos a la baja necesita JavaScript. Actívelo en su navegador y vuelva a cargar la página."
# Ningún recurso viene de fuera; Streamlit y los mapas necesitan estilos y código en línea, «blob:» y el websocket.
POLITICA = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; connect-src 'self' ws: wss: data: blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
CABECERAS = {
    "Content-Security-Policy": POLITICA,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


CONEXION = (RAIZ / "static" / "conexion.js").read_text(encoding="utf-8")


def en_espanol(html: str) -> str:
    """La página de Streamlit con idioma, título, descripción, aviso sin JavaScript y nuestras cadenas."""
    html = re.sub(r'<html lang="[^"]*"', '<html lang="es-MX"', html, count=1)
    cabeza = (
        f'<title>{TITULO}</title>\n    <meta name="description" content="{DESCRIPCION}" />\n'
        '    <script src="./api/es-mx.js" defer></script>'
    )
    # Lo primero: si el resto no llega, ya está quien lo diga.
    html = html.replace("<head>", f"<head>\n    <script>\n{CONEXION}</script>", 1)
    html = re.sub(r"<title>.*?</title>", cabeza, html, count=1, flags=re.DOTALL)
    return re.sub(r"<noscript>.*?</noscript>", f"<noscript>{SIN_JAVASCRIPT}</noscript>", html, count=1, flags=re.DOTALL)


class PaginaEnEspanol:
    """Reescribe el HTML con ``en_espanol``; lo demás pasa sin tocarse."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Atiende una petición."""
        if scope["type"] != "http" or "text/html" not in Headers(scope=scope).get("accept", ""):
            await self.app(scope, receive, send)
            return
        # Se pide completa y sin comprimir: la huella del original no vale para lo reescrito.
        omitidas = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
        scope = {**scope, "headers": [(k, v) for k, v in scope["headers"] if k.lower() not in omitidas]}
        inicio: Message | None = None
        cuerpo = b""

        async def reescribir(mensaje: Message) -> None:
            nonlocal inicio, cuerpo
            if mensaje["type"] == "http.response.start":
                if Headers(raw=mensaje["headers"]).get("content-type", "").startswith("text/html"):
                    inicio = mensaje
                else:
                    await send(mensaje)
                return
            if inicio is None or mensaje["type"] != "http.response.body":
                await send(mensaje)
                return
            cuerpo += mensaje.get("body", b"")
            if mensaje.get("more_body", False):
                return
            # A una petición HEAD se le contesta sin cuerpo.
            texto = en_espanol(cuerpo.decode("utf-8")).encode("utf-8") if cuerpo else b""
            cabeceras = MutableHeaders(raw=list(inicio["headers"]))
            for nombre in ("etag", "last-modified"):
                if nombre in cabeceras:
                    del cabeceras[nombre]
            if texto:
                cabeceras["content-length"] = str(len(texto))
            cabeceras["content-language"] = "es-MX"
            await send({**inicio, "headers": cabeceras.raw})
            await send({"type": "http.response.body", "body": texto})

        await self.app(scope, receive, reescribir)


class CabecerasPropias:
    """Cabeceras de seguridad en todo, galletas que por HTTPS no salen de él, y caché de un año en lo que no cambia."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Atiende una petición."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def agregar(mensaje: Message) -> None:
            if mensaje["type"] == "http.response.start":
                if scope.get("scheme") == "https":
                    mensaje = {**mensaje, "headers": [(n, _solo_por_https(n, v)) for n, v in mensaje["headers"]]}
                cabeceras = MutableHeaders(scope=mensaje)
                for nombre, valor in CABECERAS.items():
                    cabeceras[nombre] = valor
                if _es_figura_insertada(scope):
                    cabeceras["Content-Security-Policy"] = POLITICA.replace(
                        "frame-ancestors 'self'", "frame-ancestors *"
                    )
                if scope["path"].startswith(INMUTABLES) and mensaje["status"] in (200, 206, 304):
                    cabeceras["Cache-Control"] = "public, max-age=31536000, immutable"
            await send(mensaje)

        await self.app(scope, receive, agregar)


def _solo_por_https(nombre: bytes, valor: bytes) -> bytes:
    """La galleta con ``Secure``: Streamlit no la pone, porque también sirve sin HTTPS."""
    if nombre.lower() != b"set-cookie" or b"; secure" in valor.lower():
        return valor
    return valor + b"; Secure"


def _es_figura_insertada(scope: Scope) -> bool:
    """Lo único que otro sitio puede poner en un marco: la figura de Prensa, que es pública y no escribe nada."""
    return scope["path"].rstrip("/") == "/prensa" and "true" in parse_qs(scope["query_string"].decode()).get(
        "embed", []
    )


class MapaComprimido:
    """Comprime la geometría y la biblioteca de mapas: el resto ya lo hace Streamlit, o no gana con ello."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.comprimida = GZipMiddleware(app, minimum_size=1024, compresslevel=6)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Atiende una petición."""
        es_del_mapa = scope["type"] == "http" and scope["path"].startswith((GEOMETRIA, MAPLIBRE))
        await (self.comprimida if es_del_mapa else self.app)(scope, receive, send)


def codigo(_peticion: Request) -> Response:
    """``/api/es-mx.js``: con su tipo, que la carpeta estática de Streamlit no declara para código."""
    return FileResponse(
        RAIZ / "static" / "es-mx.js", media_type="text/javascript", headers={"Cache-Control": "no-cache"}
    )


# Lo que abren casi todas las páginas, y lo más pesado de abrir.
POR_ABRIR = (
    "pandas",
    "plotly.graph_objects",
    "duckdb",
    "scipy.special",
    "scipy.stats",
    "datos.acuerdos",
    "informes.comparados",
    "informes.boletin.paquete",
    "informes.contraste",
    "informes.eficacia.servicio",
    "informes.prensa.armar",
    "informes.sesion.lista",
    "informes.sesion.pantalla",
    "graficas.impresas",
    "graficas.mapas",
    "graficas.lineas",
)


def abrir_bibliotecas() -> None:
    """Abre las bibliotecas antes de la primera visita y deja de revisarlas al recolectar memoria: nunca se sueltan.

    Revisarlas detenía una página de cada cinco unos 80 ms (docs/rendimiento.md).
    """
    for nombre in POR_ABRIR:
        importlib.import_module(nombre)
    gc.collect()
    gc.freeze()


def preparar() -> None:
    """Lo que el servidor deja listo mientras llega la primera visita."""
    abrir_bibliotecas()
    taller.calentar()


@asynccontextmanager
async def al_arrancar(_aplicacion: st.App) -> AsyncIterator[None]:
    """Desde aquí ninguna bitácora dice una clave. Se prepara en otro hilo, que la puerta abra en seguida; al apagarse, suelta los
    procesos que dibujan.
    """
    secretos.aprender(entrada=de_la_entrada().get("auth"))
    secretos.vigilar_las_bitacoras()
    bitacora.encaminar_quejas()
    threading.Thread(target=preparar, daemon=True).start()
    yield
    taller.cerrar()


aplicacion = st.App(
    RAIZ / "app.py",
    lifespan=al_arrancar,
    routes=[*RUTAS, Route("/api/es-mx.js", codigo)],
    middleware=[
        Middleware(Peticiones),
        Middleware(CabecerasPropias),
        Middleware(Limites),
        Middleware(PaginaEnEspanol),
        Middleware(MapaComprimido),
    ],
)
