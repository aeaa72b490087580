"""Mapa de cuadros: un cuadro igual por estado, con su abreviatura y su cifra; para imprimir y para leer en gris."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from graficas.base import SIN_DATO, TINTA
from graficas.mapas import Pintura

LADO, HUECO = 74, 5
# Columna y renglón de cada estado: la forma del país, a grandes rasgos.
LUGAR = {
    "02": (0, 0), "26": (1, 0), "08": (2, 0), "05": (3, 0), "19": (4, 0), "28": (5, 0),
    "03": (0, 1), "25": (1, 1), "10": (2, 1), "32": (3, 1), "24": (4, 1),
    "18": (1, 2), "01": (2, 2), "11": (3, 2), "22": (4, 2), "13": (5, 2), "30": (6, 2),
    "14": (1, 3), "16": (2, 3), "15": (3, 3), "09": (4, 3), "29": (5, 3), "21": (6, 3),
    "06": (1, 4), "12": (3, 4), "17": (4, 4), "20": (5, 4), "27": (6, 4), "04": (7, 4), "31": (8, 4),
    "07": (6, 5), "23": (8, 5),
}  # fmt: skip


def cuadros(pintura: Pintura, orden: Sequence[str], abreviaturas: Mapping[str, str], cifras: Mapping[str, str]) -> str:
    """El SVG. ``pintura`` va en el orden de claves ``orden``; lo rayado lleva rayas y los contornos, borde grueso."""
    paso = LADO + HUECO
    ancho = (max(c for c, _ in LUGAR.values()) + 1) * paso
    alto = (max(r for _, r in LUGAR.values()) + 1) * paso
    partes = [
        '<defs><pattern id="r" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="7" height="7" fill="{SIN_DATO}"/><path d="M0 0V7" stroke="#5B6770" stroke-width="2"/></pattern></defs>'
    ]
    for i, clave in enumerate(orden):
        columna, renglon = LUGAR[clave]
        clase = int(pintura.clases[i])
        color = pintura.paleta[clase]
        con_borde = pintura.contornos is not None and bool(pintura.contornos[i])
        borde = f' stroke="{TINTA}" stroke-width="3"' if con_borde else ' stroke="#ffffff"'
        x, y = columna * paso + 2, renglon * paso + 2
        relleno = "url(#r)" if clase == pintura.rayada else color
        letra = "#ffffff" if clase != pintura.rayada and _oscuro(color) else TINTA
        estilo = f'font-family="Arial, sans-serif" text-anchor="middle" fill="{letra}"'
        partes.append(
            f'<rect x="{x}" y="{y}" width="{LADO}" height="{LADO}" fill="{relleno}"{borde}/>'
            f'<text x="{x + LADO / 2}" y="{y + 31}" font-size="17" font-weight="700" {estilo}>'
            f"{escape(abreviaturas[clave])}</text>"
            f'<text x="{x + LADO / 2}" y="{y + 53}" font-size="15" {estilo}>{escape(cifras[clave])}</text>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{ancho}" height="{alto}" viewBox="0 0 {ancho} {alto}">'
        f"{''.join(partes)}</svg>"
    )


def _oscuro(color: str) -> bool:
    """Si sobre ese color se lee mejor el blanco (luminancia relativa, WCAG 2.1)."""
    if color.startswith("rgb"):
        canales = [int(float(v)) for v in color[color.index("(") + 1 : -1].split(",")]
    else:
        canales = [int(color[i : i + 2], 16) for i in (1, 3, 5)]
    lineales = [(v / 255 / 12.92) if v / 255 <= 0.03928 else ((v / 255 + 0.055) / 1.055) ** 2.4 for v in canales]
    return 0.2126 * lineales[0] + 0.7152 * lineales[1] + 0.0722 * lineales[2] < 0.18
