"""Un mapa por clase de color: lo de la Mesa con borde y al alcance del teclado, lo demás como contexto."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.path import Path

from graficas.base import TINTA
from graficas.impresas.leyendas import Clase
from graficas.impresas.mapa import Trazado
from graficas.vectores.piezas import Medidas, dibujo, etiqueta, largo, sello, texto


def mapa(
    m: Medidas,
    figuras: Trazado,
    clase_de: Mapping[str, int],
    clases: Sequence[Clase],
    propios: set[str],
    nombres: Mapping[str, str],
    leido: Mapping[str, str],
    nombrar: Sequence[tuple[str, str]],
    alternativo: str,
    *,
    id: str,
    demostracion: bool = False,
) -> str:
    """El SVG. ``leido``: lo que se lee de cada lugar al acercarse; ``nombrar``: los que se rotulan si no se enciman."""
    oeste, sur, este, norte = figuras.limites
    escala = min(m.ancho / (este - oeste), m.alto / ((norte - sur) * figuras.correccion))
    dx = (m.ancho - (este - oeste) * escala) / 2
    dy = (m.alto - (norte - sur) * figuras.correccion * escala) / 2

    def plano(puntos: np.ndarray) -> np.ndarray:
        return np.column_stack(
            [dx + (puntos[:, 0] - oeste) * escala, m.alto - dy - (puntos[:, 1] - sur) * figuras.correccion * escala]
        )

    rayas = "".join(
        etiqueta(
            "pattern",
            etiqueta("rect", width=8, height=8, fill=clases[n].color)
            + etiqueta("path", d="M0 8L8 0", stroke="#FFFFFF", stroke_width=1.6),
            id=f"{id}-{n}", width=8, height=8, patternUnits="userSpaceOnUse",
        )
        for n in range(len(clases))
        if clases[n].rayada
    )  # fmt: skip
    de_fondo, de_la_mesa = [], []
    for clave, camino in zip(figuras.claves, figuras.caminos, strict=True):
        n = clase_de.get(clave, -1)
        relleno = "#FFFFFF" if n < 0 else f"url(#{id}-{n})" if clases[n].rayada else clases[n].color
        suyo = clave in propios
        comun = {
            "d": _trazo(plano(camino.vertices), camino), "fill": relleno, "fill-rule": "evenodd", "data-lugar": clave,
            "data-leido": leido.get(clave, ""),
        }  # fmt: skip
        if suyo:
            con = {
                "class": "propio",
                "tabindex": 0,
                "role": "button",
                "aria-label": leido.get(clave, nombres.get(clave, "")),
            }
            de_la_mesa.append(etiqueta("path", stroke=TINTA, stroke_width=3, stroke_linejoin="round", **comun, **con))
        else:
            de_fondo.append(etiqueta("path", stroke="#FFFFFF", stroke_width=1, **comun))
    rotulos = _rotulos(m, figuras, plano(figuras.puntos), nombrar)
    cuerpo = etiqueta("defs", rayas) + "".join(de_fondo) + "".join(de_la_mesa) + rotulos
    if demostracion:
        cuerpo += sello(m)
    return dibujo(m, cuerpo, alternativo, clase="mapa", papel="group")


def _trazo(puntos: np.ndarray, camino: Path) -> str:
    partes = []
    for (x, y), codigo in zip(puntos, camino.codes, strict=True):
        partes.append("Z" if codigo == Path.CLOSEPOLY else f"{'M' if codigo == Path.MOVETO else 'L'}{x:.1f} {y:.1f}")
    return "".join(partes)


def _rotulos(m: Medidas, figuras: Trazado, puntos: np.ndarray, nombrar: Sequence[tuple[str, str]]) -> str:
    donde = dict(zip(figuras.claves, puntos, strict=True))
    ocupadas: list[tuple[float, float, float, float]] = []
    partes = []
    for clave, que in nombrar:
        if clave not in donde:
            continue
        x, y = donde[clave]
        mitad = largo(que, m.letra, negrita=True) / 2
        x = min(max(float(x), mitad + 4), m.ancho - mitad - 4)
        caja = (x - mitad - 3, float(y) - m.letra * 0.8, x + mitad + 3, float(y) + m.letra * 0.6)
        if any(caja[0] < o[2] and o[0] < caja[2] and caja[1] < o[3] and o[1] < caja[3] for o in ocupadas):
            continue
        ocupadas.append(caja)
        partes.append(
            texto(x, float(y) + 0.35 * m.letra, que, m.letra, text_anchor="middle", font_weight=700, fill=TINTA,
                  stroke="#FFFFFF", stroke_width=4, paint_order="stroke", pointer_events="none")
        )  # fmt: skip
    return "".join(partes)
