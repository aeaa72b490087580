"""Series por mes con su banda, lo provisional punteado, el quiebre de enero de 2026 y las fechas señaladas."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

import numpy as np
from matplotlib.ticker import MaxNLocator

from analisis.formatos import MESES, entero
from graficas.base import CATEGORIAS, GRIS, LINEA, QUIEBRE, TEXTO_DEL_QUIEBRE, TINTA
from graficas.rotulos import separar
from graficas.vectores.piezas import Medidas, dibujo, etiqueta, largo, sello, texto, trazo

BANDA = "#D9DFE4"
AIRE = 1.1
COLORES = (CATEGORIAS[0], GRIS)


def serie(
    m: Medidas,
    fechas: np.ndarray,
    lineas: Sequence[tuple[str, np.ndarray]],
    bajo: np.ndarray,
    alto: np.ndarray,
    provisional: np.ndarray,
    leido: Sequence[str],
    alternativo: str,
    *,
    marcas: Sequence[tuple[date, str]] = (),
    demostracion: bool = False,
) -> str:
    """El SVG. ``fechas``: primeros de mes; ``lineas``: (rótulo, valores); ``leido``: lo que se lee de cada mes al acercarse."""
    tope = AIRE * max([1.0, *(float(np.nanmax(v)) for v in (*(v for _, v in lineas), alto) if np.isfinite(v).any())])
    marcas_y = [v for v in MaxNLocator(5, integer=True).tick_values(0, tope) if 0 <= v <= tope]
    izquierda = max(largo(entero(v), m.letra) for v in marcas_y) + 14
    derecha = max((largo(r, m.letra, negrita=True) for r, _ in lineas), default=0) + 14 if len(lineas) > 1 else 14
    arriba, abajo = 12, m.alto - 2.1 * m.letra
    primero, ultimo = fechas[0].astype("datetime64[D]"), fechas[-1].astype("datetime64[D]")
    dias = max(int((ultimo - primero).astype(int)), 1)

    def en_x(cuando: np.datetime64) -> float:
        return (
            izquierda
            + (m.ancho - izquierda - derecha) * int((cuando.astype("datetime64[D]") - primero).astype(int)) / dias
        )

    def en_y(valor: float) -> float:
        return abajo - (abajo - arriba) * valor / tope

    xs = [en_x(f) for f in fechas]
    partes = [
        etiqueta("line", x1=f"{izquierda:.1f}", x2=f"{m.ancho - derecha:.1f}", y1=f"{en_y(v):.1f}", y2=f"{en_y(v):.1f}",
                 stroke=GRIS if v == 0 else LINEA)
        + texto(izquierda - 8, en_y(v) + 0.35 * m.letra, entero(v), m.letra, text_anchor="end", fill=TINTA)
        for v in marcas_y
    ]  # fmt: skip
    partes += _banda(xs, [en_y(v) for v in bajo], [en_y(v) for v in alto])
    partes += _fechas(m, fechas, en_x, abajo, m.ancho - izquierda - derecha)
    quiebre = QUIEBRE.to_datetime64().astype("datetime64[D]")
    if primero < quiebre <= ultimo:
        x = en_x(quiebre)
        partes.append(
            etiqueta("line", x1=f"{x:.1f}", x2=f"{x:.1f}", y1=arriba, y2=f"{abajo:.1f}", stroke=GRIS, stroke_dasharray="6 5")
            + texto(x - 6, arriba + 2, TEXTO_DEL_QUIEBRE, m.letra * 0.85, fill=GRIS, text_anchor="end",
                    transform=f"rotate(-90 {x - 6:.1f} {arriba + 2})")
        )  # fmt: skip
    alturas = []
    for n, (_, valores) in enumerate(lineas):
        color = COLORES[n % len(COLORES)]
        ys = [en_y(v) if np.isfinite(v) else float("nan") for v in valores]
        firmes = [(x, float("nan") if p else y) for x, y, p in zip(xs, ys, provisional, strict=True)]
        unidas = provisional | np.append(provisional[1:], False)
        sueltas = [(x, y if u else float("nan")) for x, y, u in zip(xs, ys, unidas, strict=True)]
        raya = {"stroke_dasharray": "10 6"} if n else {}
        comun = {"fill": "none", "stroke": color, "stroke_width": 3.2, "stroke_linejoin": "round"}
        partes.append(etiqueta("path", d=trazo(firmes) or "M0 0", **comun, **raya))
        partes.append(
            etiqueta("path", d=trazo(sueltas) or "M0 0", **comun, stroke_dasharray="2 6", stroke_linecap="round")
        )
        hay = [y for y in ys if y == y]
        alturas.append(hay[-1] if hay else abajo)
    if len(lineas) > 1:
        puestas = separar([m.alto - y for y in alturas], [m.letra * 1.3] * len(lineas), m.alto)
        for n, ((rotulo, _), y) in enumerate(zip(lineas, puestas, strict=True)):
            partes.append(
                texto(m.ancho - derecha + 8, m.alto - y + 0.35 * m.letra, rotulo, m.letra, fill=COLORES[n % len(COLORES)],
                      font_weight=700)
            )  # fmt: skip
    partes += [_marca(m, en_x(np.datetime64(cuando)), abajo, rotulo) for cuando, rotulo in marcas]
    partes.append(etiqueta("line", class_="guia", y1=arriba, y2=f"{abajo:.1f}", stroke=TINTA, visibility="hidden"))
    if demostracion:
        partes.append(sello(m))
    puntos = [[round(x, 1), t] for x, t in zip(xs, leido, strict=True)]
    return dibujo(m, "".join(partes), alternativo, clase="serie", data_puntos=json.dumps(puntos, ensure_ascii=False))


def _banda(xs: list[float], bajo: list[float], alto: list[float]) -> list[str]:
    """Un polígono por tramo seguido con límites."""
    hay = np.isfinite(bajo) & np.isfinite(alto)
    cortes = np.flatnonzero(np.diff(np.concatenate([[0], hay.astype(int), [0]])))
    partes = []
    for desde, hasta in zip(cortes[::2], cortes[1::2], strict=True):
        puntos = [
            *((xs[n], alto[n]) for n in range(desde, hasta)),
            *((xs[n], bajo[n]) for n in reversed(range(desde, hasta))),
        ]
        partes.append(etiqueta("polygon", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in puntos), fill=BANDA))
    return partes


def _fechas(m: Medidas, fechas: np.ndarray, en_x, abajo: float, disponible: float) -> list[str]:  # type: ignore[no-untyped-def]
    """Un año de cada tantos como quepan; en menos de tres años, un mes de cada tantos."""
    meses = [f.astype("datetime64[M]") for f in fechas]
    if len(meses) >= 36:
        candidatos = [(f, str(f)[:4]) for f in meses if str(f)[5:] == "01"]
    else:
        candidatos = [(f, f"{MESES[int(str(f)[5:]) - 1][:3]} {str(f)[:4]}") for f in meses[::3]]
    caben = max(1, int(disponible / (1.35 * largo("ene 2026" if len(meses) < 36 else "2026", m.letra))))
    cada = max(1, -(-len(candidatos) // caben))
    return [
        texto(en_x(f), abajo + 1.5 * m.letra, rotulo, m.letra, text_anchor="middle", fill=TINTA)
        for f, rotulo in candidatos[::cada]
    ]


def _marca(m: Medidas, x: float, abajo: float, rotulo: str) -> str:
    triangulo = etiqueta(
        "path", d=f"M{x - 7:.1f} {abajo:.1f}L{x + 7:.1f} {abajo:.1f}L{x:.1f} {abajo - 14:.1f}Z", fill=TINTA
    )
    ancla = "end" if x > m.ancho * 0.75 else "start"
    return triangulo + texto(
        x + (-9 if ancla == "end" else 9), abajo - 5, rotulo, m.letra * 0.85, text_anchor=ancla, fill=TINTA
    )
