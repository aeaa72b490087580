"""Barras horizontales con su nombre a la izquierda y su cifra al final."""

from __future__ import annotations

from collections.abc import Sequence

from graficas.base import GRIS, TINTA
from graficas.impresas.barras import Barra
from graficas.vectores.piezas import Medidas, dibujo, etiqueta, largo, sello, texto


def barras(m: Medidas, filas: Sequence[Barra], alternativo: str, *, demostracion: bool = False) -> str:
    """El SVG, de arriba abajo en el orden dado; el alto crece si no caben. Con poca anchura la cifra va bajo el nombre."""
    angosto = m.ancho < 600
    paso = max((m.alto - 10) / max(len(filas), 1), m.letra * (2.9 if angosto else 1.5))
    alto = int(paso * len(filas)) + 10
    nombres = 0.0 if angosto else max((largo(f.nombre, m.letra) for f in filas), default=0) + 12
    cifras = max((largo(f.cifra, m.letra, negrita=True) for f in filas), default=0) + 12
    menor, mayor = min([0.0, *(f.valor for f in filas)]), max([0.0, *(f.valor for f in filas)])
    a_cada_lado = 0.0 if angosto else cifras
    util = m.ancho - nombres - (a_cada_lado if menor < 0 else 0) - (a_cada_lado if mayor > 0 or menor == 0 else 0) - 8
    escala = max(util, 40) / max(mayor - menor, 1e-9)
    cero = nombres + (a_cada_lado if menor < 0 else 0) - menor * escala + 4
    partes = []
    for n, f in enumerate(filas):
        arriba = 5 + n * paso
        grueso = min(paso * 0.62, 34) if not angosto else m.letra * 0.9
        y = arriba + (paso - grueso) / 2 if not angosto else arriba + m.letra * 1.6
        lado = -1 if f.valor < 0 else 1
        partes.append(
            etiqueta("rect", x=f"{min(cero, cero + f.valor * escala):.1f}", y=f"{y:.1f}", width=f"{abs(f.valor * escala):.1f}",
                     height=f"{grueso:.1f}", fill=f.color)
        )  # fmt: skip
        medio = y + grueso / 2 + 0.35 * m.letra
        if angosto:
            partes.append(texto(2, arriba + m.letra, f"{f.nombre}: {f.cifra}", m.letra, fill=TINTA))
        else:
            partes.append(texto(nombres - 8, medio, f.nombre, m.letra, text_anchor="end", fill=TINTA))
            x = cero + f.valor * escala + lado * 7
            partes.append(
                texto(
                    x, medio, f.cifra, m.letra, fill=TINTA, font_weight=700, text_anchor="end" if lado < 0 else "start"
                )
            )
    partes.append(etiqueta("line", x1=f"{cero:.1f}", x2=f"{cero:.1f}", y1=2, y2=alto - 4, stroke=GRIS))
    m = Medidas(m.ancho, alto, m.letra)
    if demostracion:
        partes.append(sello(m))
    return dibujo(m, "".join(partes), alternativo, clase="barras")
