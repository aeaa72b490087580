"""Contesta 429 a quien pide entrar o subir archivos demasiadas veces. Lo demás pasa sin mirarse."""

from __future__ import annotations

from html import escape

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from datos.limites import ENTRAR, SUBIR, Negado, de_galletas

DE_ENTRAR = ("/auth/login", "/oauth2callback")
DE_SUBIR = "/_stcore/upload_file/"


class Limites:
    """La dirección es la de quien se conecta; la de ``X-Forwarded-For`` solo si uvicorn confía en el proxy que la manda."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Atiende una petición."""
        negado = _negado(scope) if scope["type"] == "http" else None
        respuesta = self.app if negado is None else _respuesta(negado, Headers(scope=scope).get("accept", ""))
        await respuesta(scope, receive, send)


def _negado(scope: Scope) -> Negado | None:
    ruta: str = scope["path"]
    direccion = scope["client"][0] if scope.get("client") else None
    if ruta.startswith(DE_ENTRAR):
        return ENTRAR.pedir(direccion)
    if ruta.startswith(DE_SUBIR) and scope["method"] == "PUT":
        de_ventana = ruta.removeprefix(DE_SUBIR).split("/", 1)[0][:64]
        return SUBIR.pedir(direccion, de_galletas(cookie_parser(Headers(scope=scope).get("cookie", ""))) or de_ventana)
    return None


def _respuesta(negado: Negado, acepta: str) -> Response:
    cabeceras = {"Retry-After": str(negado.segundos), "Cache-Control": "no-store"}
    if "text/html" not in acepta:
        return PlainTextResponse(negado.en_palabras(), status_code=429, headers=cabeceras)
    return HTMLResponse(
        '<!doctype html><html lang="es-MX"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        '<title>Delitos a la baja</title><body style="font-family:sans-serif;max-width:40em;margin:3em auto;padding:0 1em">'
        f'<h1>Espere un momento</h1><p>{escape(negado.en_palabras())}</p><p><a href="/">Ir al inicio</a></p></body></html>',
        status_code=429,
        headers=cabeceras,
    )
