"""Lo que nunca se escribe: las claves de la instalación se tachan en todo renglón de bitácora, venga de quien venga."""

from __future__ import annotations

import logging
import os
import traceback
from collections.abc import Iterable, Mapping
from urllib.parse import quote, quote_plus, unquote, urlsplit

TACHADO = "[tachado]"
LARGO_MINIMO = 4  # más corto tacharía medias palabras
_DIRECCIONES = ("TABLERO_REGISTRO", "TABLERO_PUBLICACION_URL")
_CLAVES = ("TABLERO_METRICAS_CLAVE", "TABLERO_BITACORA_CLAVE")
_DE_LA_ENTRADA = ("client_secret", "cookie_secret")
_conocidos: tuple[str, ...] = ()


def aprender(entorno: Mapping[str, str] | None = None, entrada: Mapping[str, object] | None = None) -> None:
    """Toma nota de las claves que hay en el entorno y en la sección ``[auth]`` de ``secrets.toml`` (con sus proveedores)."""
    global _conocidos
    entorno = os.environ if entorno is None else entorno
    hallados = {entorno.get(v, "").strip() for v in _CLAVES}
    for variable in _DIRECCIONES:
        hallados |= _de_direccion(entorno.get(variable, "").strip())
    hallados |= _de_entrada(entrada or {})
    formas = {
        f for h in hallados if len(h) >= LARGO_MINIMO for f in (h, quote(h, safe=""), quote_plus(h), repr(h)[1:-1])
    }
    _conocidos = tuple(sorted(formas, key=len, reverse=True))


def tachar(texto: str) -> str:
    """El texto sin ninguna de las claves conocidas."""
    for secreto in _conocidos:
        if secreto in texto:
            texto = texto.replace(secreto, TACHADO)
    return texto


def vigilar_las_bitacoras() -> None:
    """Desde aquí, todo renglón de cualquier bitácora de Python sale tachado, con su traza."""
    anterior = logging.getLogRecordFactory()
    if getattr(anterior, "tacha", False):
        return

    def fabrica(*args: object, **kwargs: object) -> logging.LogRecord:
        return _tachado(anterior(*args, **kwargs))

    fabrica.tacha = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(fabrica)


def _tachado(renglon: logging.LogRecord) -> logging.LogRecord:
    if not _conocidos:
        return renglon
    completo = renglon.getMessage()
    if tachar(completo) != completo:
        if isinstance(renglon.args, tuple) and renglon.args and all(isinstance(a, (str, int)) for a in renglon.args):
            # Se conservan por separado: el formato de uvicorn los lee uno por uno.
            renglon.args = tuple(tachar(a) if isinstance(a, str) else a for a in renglon.args)
            renglon.msg = tachar(str(renglon.msg))
        else:
            renglon.msg, renglon.args = tachar(completo), ()
    if renglon.exc_info and renglon.exc_info[0] is not None:
        renglon.exc_text = tachar("".join(traceback.format_exception(*renglon.exc_info)).rstrip("\n"))
    return renglon


def _de_direccion(texto: str) -> set[str]:
    """La clave de ``esquema://usuario:clave@servidor``, como está escrita y descifrada, y los valores de su consulta."""
    cuerpo = texto.split("://", 1)[-1]
    hallados = set()
    # Hasta la última arroba: una clave mal escrita puede traer arrobas, diagonales o dos puntos.
    if "@" in cuerpo and ":" in cuerpo.rsplit("@", 1)[0]:
        clave = cuerpo.rsplit("@", 1)[0].split(":", 1)[1]
        hallados |= {clave, unquote(clave)}
    if texto.startswith("http"):
        consulta = urlsplit(texto).query
        hallados |= {consulta} | {p.split("=", 1)[1] for p in consulta.split("&") if "=" in p}
    elif "password=" in texto:
        hallados |= {unquote(p.split("&")[0]) for p in texto.split("password=")[1:]}
    return hallados


def _de_entrada(entrada: Mapping[str, object]) -> set[str]:
    hallados = {str(entrada[c]) for c in _DE_LA_ENTRADA if entrada.get(c)}
    for proveedor in _mapas(entrada.values()):
        hallados |= _de_entrada(proveedor)
    return hallados


def _mapas(valores: Iterable[object]) -> Iterable[Mapping[str, object]]:
    return (v for v in valores if isinstance(v, Mapping))
