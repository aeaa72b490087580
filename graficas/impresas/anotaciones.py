"""Lo que la pantalla escribe encima de una figura: qué dice, sin etiquetas, y de qué lado va en el papel."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Any

from graficas.base import DEMOSTRACION, TINTA

ARRIBA, DERECHA, DENTRO = "arriba", "derecha", "dentro"
_RENGLON = re.compile(r"<br\s*/?>")
_ETIQUETA = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Anotacion:
    """Una palabra de la figura. ``sitio``: arriba del dibujo, al final de una línea o dentro de él."""

    renglones: tuple[str, ...]
    negrita: bool
    sitio: str
    definicion: dict[str, Any]

    @property
    def color(self) -> str:
        """El de su letra."""
        return self.definicion.get("font", {}).get("color", TINTA)

    @property
    def nivel(self) -> float:
        """Qué tan arriba va entre las de arriba: la de más ``yshift``, en el renglón más alto."""
        return float(self.definicion.get("yshift", 0))


def leer(definicion: dict[str, Any]) -> Anotacion | None:
    """La anotación; ``None`` si es el rótulo de demostración, que el lienzo pone por su cuenta."""
    texto = str(definicion["text"])
    if texto == DEMOSTRACION:
        return None
    negrita = "<b>" in texto or definicion.get("font", {}).get("weight", 400) >= 600
    return Anotacion(sin_etiquetas(texto), negrita, _sitio(definicion), definicion)


def sin_etiquetas(texto: str) -> tuple[str, ...]:
    """Los renglones de un texto de la pantalla, sin HTML."""
    return tuple(html.unescape(_ETIQUETA.sub("", renglon)) for renglon in _RENGLON.split(texto))


def _sitio(definicion: dict[str, Any]) -> str:
    vertical, horizontal = str(definicion.get("yref", "y")), str(definicion.get("xref", "x"))
    if (
        (vertical == "paper" or vertical.endswith("domain"))
        and definicion.get("yanchor") == "bottom"
        and definicion["y"] == 1
    ):
        return ARRIBA
    al_final = definicion.get("xanchor") == "left" and definicion.get("xshift", 0) > 0
    return DERECHA if al_final and (horizontal != "paper" or definicion["x"] == 1) else DENTRO
