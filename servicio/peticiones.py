"""El renglón y la medida de cada petición, con el identificador que la sigue por el proxy, la aplicación y la página."""

from __future__ import annotations

import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from observacion import bitacora, metricas

# Pocas clases y fijas: una ruta inventada por quien pide no crea series nuevas.
CLASES = (
    ("/api/", "api"),
    ("/_stcore/stream", "ventana"),
    ("/_stcore/upload_file", "entrega"),
    ("/_stcore/", "streamlit"),
    ("/app/static/", "estatico"),
    ("/static/", "estatico"),
    ("/media/", "descarga"),
    ("/auth/", "entrada"),
    ("/oauth2callback", "entrada"),
)
PAGINA = "pagina"


def clase_de(ruta: str) -> str:
    """A qué clase pertenece una ruta; lo que no es de ninguna es la dirección de una página."""
    return next((clase for inicio, clase in CLASES if ruta.startswith(inicio)), PAGINA)


class Peticiones:
    """Mide, anota e identifica cada petición. Va por fuera de todo lo demás. De la consulta no se anota nada."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Atiende una petición o una ventana (websocket)."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        identificador = bitacora.id_de_peticion(Headers(scope=scope).get(bitacora.CABECERA))
        cabecera = bitacora.CABECERA.lower().encode()
        propias = [(n, v) for n, v in scope["headers"] if n.lower() != cabecera]
        scope = {**scope, "headers": [*propias, (cabecera, identificador.encode())]}
        codigo, bytes_ = 0, 0

        async def mirar(mensaje: Message) -> None:
            nonlocal codigo, bytes_
            if mensaje["type"] == "http.response.start":
                codigo = mensaje["status"]
                MutableHeaders(scope=mensaje)[bitacora.CABECERA] = identificador
            elif mensaje["type"] == "websocket.accept":
                codigo = 101
            elif mensaje["type"] == "websocket.close" and not codigo:
                codigo = 403
            bytes_ += len(mensaje.get("body", b"") or mensaje.get("bytes", b"") or b"")
            await send(mensaje)

        empezo = time.perf_counter()
        try:
            await self.app(scope, receive, mirar)
        finally:
            segundos, clase = time.perf_counter() - empezo, clase_de(scope["path"])
            metricas.PETICIONES.sumar(clase=clase, codigo=str(codigo or 500))
            if scope["type"] == "http":  # una ventana dura lo que la visita: su duración no es una espera
                metricas.PETICION_SEGUNDOS.observar(segundos, clase=clase)
            bitacora.anotar(
                "peticion",
                nivel="error" if codigo >= 500 or not codigo else "info",
                id=identificador,
                metodo=scope.get("method", "WS"),
                clase=clase,
                ruta=scope["path"][:200],
                codigo=codigo or 500,
                ms=round(segundos * 1000),
                bytes=bytes_,
            )
