"""La bitácora del servicio: un renglón JSON por petición y por corrida de página, y las quejas de las bibliotecas igual.

Se enciende con ``TABLERO_BITACORA=si`` y va a la salida de errores. Nunca lleva nombre, correo, dirección de red ni consulta:
quien entra es una huella con clave (``huella``), y lo demás pasa por ``secretos.tachar``.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import os
import re
import secrets
import sys
import threading
from datetime import UTC, datetime
from typing import TextIO

from observacion.secretos import tachar

VARIABLE = "TABLERO_BITACORA"
VARIABLE_CLAVE = "TABLERO_BITACORA_CLAVE"
CABECERA = "X-Request-ID"
LARGO_DE_HUELLA = 12
_ID = re.compile(r"^[0-9A-Za-z._-]{8,64}$")
_CORREO = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_clave_de_este_proceso = secrets.token_bytes(32)
_candado = threading.Lock()
_salida: TextIO | None = None


def encendida() -> bool:
    """Si ``TABLERO_BITACORA`` dice que sí."""
    return os.environ.get(VARIABLE, "").strip().lower() in ("si", "sí")


def id_de_peticion(recibido: str | None) -> str:
    """El que puso el proxy, si tiene forma de uno; si no, uno nuevo."""
    return recibido if recibido and _ID.match(recibido) else secrets.token_hex(8)


def huella(quien: str) -> str:
    """Una persona o sesión como huella con clave: la misma siempre para la misma clave, y sin ella no se puede adivinar.

    La clave es ``TABLERO_BITACORA_CLAVE``; si no está puesta, una de este proceso, y al reiniciar cambian las huellas.
    """
    clave = os.environ.get(VARIABLE_CLAVE, "").strip().encode() or _clave_de_este_proceso
    return hmac.new(clave, quien.strip().lower().encode(), hashlib.sha256).hexdigest()[:LARGO_DE_HUELLA]


def anotar(que: str, *, nivel: str = "info", **datos: object) -> None:
    """Escribe un renglón, si la bitácora está encendida."""
    if encendida():
        _escribir({"hora": _ahora(), "nivel": nivel, "que": que, **{c: v for c, v in datos.items() if v is not None}})


def encaminar_quejas() -> None:
    """Lo que anotan las bibliotecas (uvicorn, Streamlit…) sale también como renglones JSON."""
    if not encendida():
        return
    nuestro = _EnJson()
    for nombre in ("", *logging.root.manager.loggerDict):
        suyo = logging.getLogger(nombre)
        if suyo.handlers:
            suyo.handlers = [nuestro]
        if nombre == "uvicorn.access":
            suyo.handlers, suyo.propagate = [], False  # cada petición ya lleva su renglón
    if not logging.getLogger().handlers:
        logging.getLogger().addHandler(nuestro)


class _EnJson(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        """Un renglón por queja; la traza va entera, en una cadena."""
        traza = record.exc_text
        if traza is None and record.exc_info:
            traza = logging.Formatter().formatException(record.exc_info)
        datos = {"hora": _ahora(), "nivel": record.levelname.lower(), "que": "queja", "de": record.name}
        _escribir({**datos, "mensaje": record.getMessage(), **({"traza": traza} if traza else {})})


def _escribir(datos: dict[str, object]) -> None:
    renglon = tachar(json.dumps(datos, ensure_ascii=False, default=str))
    renglon = _CORREO.sub("[correo]", renglon)
    with _candado:
        print(renglon, file=_salida or sys.stderr, flush=True)


def _ahora() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
