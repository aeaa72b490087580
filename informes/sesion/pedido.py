"""Qué sesión se pide: de qué Mesa, qué mes se revisa, qué día es y para quién."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from datos.consultas import alertas
from datos.registro.actor import PUBLICO, SISTEMA, Actor

CANASTA = "mesas"
VERSION = "1"  # sube cuando cambia lo que se compone o cómo se escribe: lo ya hecho se rehace


@dataclass(frozen=True)
class Pedido:
    """``mes``: primer día del mes de las cifras; ``fecha``: el día con que se cuentan los plazos; ``publico``: solo lo que puede
    ver cualquiera; ``sesion``: su número, o ``None`` para la que corresponde."""

    mesa: str
    mes: date
    fecha: date
    publico: bool = False
    sesion: int | None = None
    canasta: str = CANASTA

    @property
    def actor(self) -> Actor:
        """Con qué permiso se lee el registro. Quien lo pide ya demostró el suyo antes de llegar aquí."""
        return PUBLICO if self.publico else SISTEMA


def ultimo_mes() -> date | None:
    """El último mes municipal publicado, que es el que se revisa si no se dice otro; ``None`` sin datos municipales."""
    return alertas.recuento("municipal").mes


def leer_mes(texto: str) -> date:
    """«2026-08» como su primer día. Lanza ``ValueError`` si no es un mes."""
    anio, _, mes = texto.partition("-")
    if len(anio) != 4 or len(mes) != 2 or not (anio + mes).isdigit():
        raise ValueError(f"se esperaba un mes como 2026-08 y llegó «{texto[:20]}»")
    return date(int(anio), int(mes), 1)
