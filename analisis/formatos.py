"""Cifras y fechas como se escriben en México: coma de miles, punto decimal, meses con su nombre, «n. d.» sin dato."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import TypeGuard

MESES = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip
SIN_DATO = "n. d."
MENOS = "−"
_FIJO = "\N{NO-BREAK SPACE}"


def hay(valor: float | None) -> TypeGuard[float]:
    """Si hay cifra que escribir: ni nula ni NaN."""
    return valor is not None and not math.isnan(valor)


def entero(valor: float | None) -> str:
    """«25,574»; «n. d.» si falta."""
    if not hay(valor):
        return SIN_DATO
    redondo = round(valor)
    return f"{MENOS if redondo < 0 else ''}{abs(redondo):,}"


def con_signo(valor: float | None) -> str:
    """«+94», «−1,912», «0»; «n. d.» si falta."""
    return f"+{entero(valor)}" if hay(valor) and round(valor) > 0 else entero(valor)


def decimal(valor: float | None, decimales: int = 1) -> str:
    """«51.9»; «n. d.» si falta. Un redondeo a cero no lleva signo."""
    if not hay(valor):
        return SIN_DATO
    texto = f"{abs(valor):,.{decimales}f}"
    return f"{MENOS}{texto}" if valor < 0 and float(texto.replace(",", "")) else texto


def porcentaje(valor: float | None, decimales: int = 1) -> str:
    """«4.3 %», con espacio fijo y sin signo de más; «n. d.» si falta."""
    return f"{decimal(valor, decimales)}{_FIJO}%" if hay(valor) else SIN_DATO


def porcentaje_con_signo(valor: float | None, decimales: int = 1) -> str:
    """«+4.3 %», «−17.8 %», «0.0 %»; «n. d.» si falta."""
    texto = porcentaje(valor, decimales)
    return f"+{texto}" if hay(valor) and float(f"{valor:.{decimales}f}") > 0 else texto


def mes(fecha: date) -> str:
    """«agosto de 2026»."""
    return f"{MESES[fecha.month - 1]} de {fecha.year}"


def mes_corto(fecha: date) -> str:
    """«ago 2026», para ejes y tablas."""
    return f"{MESES[fecha.month - 1][:3]} {fecha.year}"


def tramo(desde: date, hasta: date) -> str:
    """«de enero a marzo de 2026», «de diciembre de 2024 a marzo de 2025» o «de enero de 2026» si es un solo mes."""
    if (desde.year, desde.month) == (hasta.year, hasta.month):
        return f"de {mes(desde)}"
    if desde.year == hasta.year:
        return f"de {MESES[desde.month - 1]} a {mes(hasta)}"
    return f"de {mes(desde)} a {mes(hasta)}"


def contar(cuantos: float, singular: str, plural: str | None = None) -> str:
    """«1 carpeta», «25,574 carpetas», «0 carpetas». Sin ``plural``, agrega una s."""
    return f"{entero(cuantos)} {singular if round(cuantos) == 1 else plural or singular + 's'}"


def lista(partes: Sequence[str]) -> str:
    """«a, b y c», con «e» ante el sonido i."""
    if len(partes) < 2:
        return "".join(partes)
    ultima = partes[-1]
    inicio = ultima.lower()
    enlace = "e" if inicio.startswith(("i", "í", "hi", "hí")) and not inicio.startswith(("hia", "hie", "hio")) else "y"
    return f"{', '.join(partes[:-1])} {enlace} {ultima}"


def mayuscula(texto: str) -> str:
    """El texto con su primera letra en mayúscula y lo demás igual."""
    return texto[:1].upper() + texto[1:]
