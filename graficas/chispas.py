"""Línea miniatura como SVG para tablas: desde cero, con huecos donde falta dato y más clara donde es provisional."""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence

from graficas.base import CATEGORIAS, SIN_DATO

ANCHO, ALTO, BORDE = 132, 30, 3
CLARO = "#8FB8D4"


def chispa(valores: Sequence[float], provisionales: Sequence[bool], color: str = CATEGORIAS[0]) -> str:
    """El SVG de una serie, con un valor por mes (NaN = sin dato), en el orden del tiempo."""
    tope = max((v for v in valores if not math.isnan(v)), default=0) or 1
    paso = (ANCHO - 2 * BORDE) / max(len(valores) - 1, 1)
    puntos = [
        None if math.isnan(v) else (BORDE + i * paso, ALTO - BORDE - (ALTO - 2 * BORDE) * v / tope)
        for i, v in enumerate(valores)
    ]
    trazos = [f'<path d="M{BORDE} {ALTO - BORDE}H{ANCHO - BORDE}" stroke="{SIN_DATO}" stroke-width="1"/>']
    for i, (punto, provisional) in enumerate(zip(puntos, provisionales, strict=True)):
        tono = CLARO if provisional else color
        previo = puntos[i - 1] if i else None
        if punto and previo:
            trazos.append(
                f'<path d="M{previo[0]:.1f} {previo[1]:.1f}L{punto[0]:.1f} {punto[1]:.1f}" stroke="{tono}" '
                'stroke-width="2" stroke-linecap="round"/>'
            )
        elif punto and (i + 1 == len(puntos) or puntos[i + 1] is None):
            trazos.append(f'<circle cx="{punto[0]:.1f}" cy="{punto[1]:.1f}" r="1.6" fill="{tono}"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{ANCHO}" height="{ALTO}" viewBox="0 0 {ANCHO} {ALTO}" '
        f'fill="none">{"".join(trazos)}</svg>'
    )


def direccion(svg: str) -> str:
    """El SVG como dirección ``data:`` para una imagen."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode("utf-8")).decode("ascii")
