"""Por qué no se pudo bajar algo, con un nombre que una persona entiende."""

from __future__ import annotations

_POR_CODIGO = {
    401: "pide iniciar sesión",
    403: "acceso denegado a programas",
    404: "esa dirección ya no existe: el enlace cambió",
    408: "el servidor se cansó de esperar",
    410: "esa dirección se dio de baja",
    429: "demasiadas peticiones",
}
TRANSITORIOS = frozenset({408, 425, 429, 500, 502, 503, 504})


class FallaDeFuente(Exception):
    """Una dirección no dio lo que debía. ``transitoria`` dice si vale la pena repetir; ``espera``, lo que pidió esperar."""

    def __init__(self, causa: str, *, transitoria: bool = False, espera: float | None = None) -> None:
        super().__init__(causa)
        self.causa, self.transitoria, self.espera = causa, transitoria, espera


class SinCambios(Exception):
    """El servidor dice que lo publicado es lo mismo que ya se tenía."""


def por_codigo(codigo: int, que_contesto: str | None) -> str:
    """«respondió 403 (acceso denegado a programas) con una página de verificación»."""
    motivo = _POR_CODIGO.get(codigo, "falla del servidor" if codigo >= 500 else "respuesta inesperada")
    return f"respondió {codigo} ({motivo})" + (f" con {que_contesto}" if que_contesto else "")
