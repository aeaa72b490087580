"""Lo que toda figura impresa lleva alrededor del dibujo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Contenido:
    """El hallazgo (título), una bajada, la unidad del dibujo, y al pie la fuente y las advertencias, un renglón cada una.

    ``texto_alternativo`` describe la figura para quien no la ve; va dentro del SVG y del PDF. ``logo``: un PNG.
    """

    titulo: str
    bajada: str
    unidad: str
    pie: Sequence[str]
    texto_alternativo: str
    demostracion: bool
    logo: bytes | None = None
