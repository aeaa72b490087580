"""Los trazos de una figura de pantalla dibujados en papel: líneas, puntos, franjas, barras, barras de error y cuadrículas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgba

from graficas.base import FONDO, GRIS, TINTA
from graficas.impresas.ejes import Eje
from graficas.impresas.formas import PUNTOS
from graficas.impresas.letra import ancho
from graficas.impresas.lienzo import Lienzo

TRAZO = {"solid": "-", "dash": (0, (5, 3)), "dot": (0, (1, 1.6)), "dashdot": "-."}
MARCA = {"circle": "o", "circle-open": "o", "triangle-up": "^", "diamond": "D", "diamond-open": "D", "square": "s"}
_PIXEL = 0.75  # puntos por pixel de la pantalla


def color_de(texto: str) -> tuple[float, float, float, float]:
    """Un color de la pantalla («#RRGGBB», «rgb(…)», «rgba(…)» o su nombre) como lo quiere el papel."""
    if not str(texto).startswith("rgb"):
        return to_rgba(str(texto))
    partes = [float(v) for v in str(texto)[str(texto).index("(") + 1 : -1].split(",")]
    return (*(v / 255 for v in partes[:3]), partes[3] if len(partes) > 3 else 1.0)  # type: ignore[return-value]


def dibujar(lienzo: Lienzo, ejes: Axes, trazos: list[dict[str, Any]], x: Eje, y: Eje) -> None:
    """Dibuja los trazos de un panel, en su orden. Lanza ``KeyError`` si alguno no es de ``CLASES``."""
    anterior: tuple[np.ndarray, np.ndarray] | None = None
    for orden, trazo in enumerate(trazos, 2):
        if trazo.get("fill") == "tonexty" and anterior is not None:
            arriba = np.asarray(y.posiciones(trazo["y"]))
            ejes.fill_between(
                anterior[0], anterior[1], arriba, color=color_de(trazo.get("fillcolor", GRIS)), linewidth=0, zorder=1
            )
        CLASES[trazo["type"]](lienzo, ejes, trazo, x, y, orden)
        if trazo["type"] == "scatter":
            anterior = x.posiciones(trazo["x"]), y.posiciones(trazo["y"])


def _dispersion(lienzo: Lienzo, ejes: Axes, trazo: dict[str, Any], x: Eje, y: Eje, orden: int) -> None:
    px, py = x.posiciones(trazo["x"]), y.posiciones(trazo["y"])
    linea, marca = trazo.get("line", {}), trazo.get("marker", {})
    modo, opacidad = trazo.get("mode", "lines"), float(trazo.get("opacity", 1.0))
    if trazo.get("fill") == "toself":
        ejes.fill(px, py, color=color_de(trazo.get("fillcolor", GRIS)), zorder=orden)
    elif "lines" in modo and linea.get("width", 2):
        ejes.plot(
            px, py, color=color_de(linea.get("color", GRIS)), linewidth=_PIXEL * 1.25 * linea.get("width", 2),
            linestyle=TRAZO[linea.get("dash") or "solid"], alpha=opacidad, zorder=orden, solid_capstyle="round",
        )  # fmt: skip
        _sueltos(ejes, px, py, linea, opacidad, orden)
    if "markers" in modo and marca.get("opacity", 1.0):
        _puntos(ejes, px, py, marca, orden, dentro=trazo.get("cliponaxis", True))
    error = trazo.get("error_x")
    if error:
        ejes.hlines(
            py, px - np.asarray(error["arrayminus"]), px + np.asarray(error["array"]),
            color=color_de(error.get("color", GRIS)), linewidth=1.4, zorder=orden - 0.5,
        )  # fmt: skip


def _sueltos(ejes: Axes, px: np.ndarray, py: np.ndarray, linea: dict[str, Any], opacidad: float, orden: int) -> None:
    """Un mes entre dos huecos no hace línea: se ve como punto."""
    hay = np.isfinite(py)
    solos = hay & ~np.append(hay[1:], False) & ~np.append(False, hay[:-1])
    if solos.any():
        ejes.plot(
            px[solos],
            py[solos],
            "o",
            color=color_de(linea.get("color", GRIS)),
            markersize=3.5,
            alpha=opacidad,
            zorder=orden,
        )


def _puntos(ejes: Axes, px: np.ndarray, py: np.ndarray, marca: dict[str, Any], orden: int, *, dentro: bool) -> None:
    simbolos = np.broadcast_to(np.asarray(marca.get("symbol", "circle"), dtype=object), px.shape)
    colores = np.broadcast_to(np.asarray(marca.get("color", GRIS), dtype=object), px.shape)
    tamano = float(np.max(marca.get("size", 6)))
    borde = marca.get("line", {})
    bordes = np.broadcast_to(np.asarray(borde.get("color", colores), dtype=object), px.shape)
    for simbolo in dict.fromkeys(map(str, simbolos)):
        suyos = np.flatnonzero(simbolos == simbolo)
        hueco = simbolo.endswith("-open")
        ejes.scatter(
            px[suyos], py[suyos], s=(_PIXEL * tamano * 1.15) ** 2, marker=MARCA[simbolo], alpha=marca.get("opacity"),
            facecolors=FONDO if hueco else [color_de(colores[i]) for i in suyos],
            edgecolors=[color_de(bordes[i]) for i in suyos],
            linewidths=_PIXEL * float(borde.get("width", 2 if hueco else 0)), zorder=orden, clip_on=dentro,
        )  # fmt: skip


def _barras(lienzo: Lienzo, ejes: Axes, trazo: dict[str, Any], x: Eje, y: Eje, orden: int) -> None:
    acostadas = trazo.get("orientation") == "h"
    donde, largo = (y, x) if acostadas else (x, y)
    lugares = donde.posiciones(trazo["y" if acostadas else "x"])
    largos = largo.posiciones(trazo["x" if acostadas else "y"])
    colores = np.broadcast_to(np.asarray(trazo.get("marker", {}).get("color", GRIS), dtype=object), lugares.shape)
    paso = float(np.min(np.diff(np.unique(lugares)))) if len(np.unique(lugares)) > 1 else 1.0
    grueso = float(np.min(trazo["width"])) if trazo.get("width") is not None else 0.8 * paso
    (ejes.barh if acostadas else ejes.bar)(
        lugares, largos, grueso, color=[color_de(c) for c in colores], linewidth=0, zorder=orden
    )
    if acostadas and trazo.get("text") is not None:
        _cifras(lienzo, ejes, lugares, largos, [str(t) for t in trazo["text"]])


def _cifras(lienzo: Lienzo, ejes: Axes, lugares: np.ndarray, largos: np.ndarray, textos: list[str]) -> None:
    """La cifra al final de su barra, del lado hacia el que va; el eje se alarga lo que haga falta para que quepa."""
    forma = lienzo.forma
    caja = ejes.get_position()
    util = caja.width * forma.ancho
    desde, hasta = ejes.get_xlim()
    sitio = {
        signo: max(
            (ancho(t, forma.texto) for t, v in zip(textos, largos, strict=True) if (v < 0) == signo), default=0.0
        )
        + 0.12
        for signo in (True, False)
    }
    menor, mayor = min(float(largos.min()), 0.0), max(float(largos.max()), 0.0)
    negativas = sitio[True] if menor < 0 else 0.0
    positivas = sitio[False] if mayor > 0 or menor == 0 else 0.0
    unidad = (mayor - menor or 1.0) / max(util - negativas - positivas, 0.2 * util)
    ejes.set_xlim(min(desde, menor - negativas * unidad), max(hasta, mayor + positivas * unidad))
    desde, hasta = ejes.get_xlim()
    arriba, abajo = ejes.get_ylim()[1], ejes.get_ylim()[0]
    for lugar, valor, texto in zip(lugares, largos, textos, strict=True):
        lado = -1 if valor < 0 else 1
        px = (caja.x0 + caja.width * (valor - desde) / (hasta - desde)) * forma.ancho + lado * 0.06
        py = (caja.y0 + caja.height * (lugar - abajo) / (arriba - abajo)) * forma.alto - 0.36 * forma.texto / PUNTOS
        lienzo.escribir(px, py, texto, forma.texto, ha="left" if lado > 0 else "right", va="baseline", zorder=9)


def _cuadricula(lienzo: Lienzo, ejes: Axes, trazo: dict[str, Any], x: Eje, y: Eje, orden: int) -> None:
    """Un cuadro por celda, con su texto si cabe con letra legible. Lo que falta queda en blanco."""
    px, py = x.posiciones(trazo["x"]), y.posiciones(trazo["y"])
    valores = np.asarray(trazo["z"], dtype="float64")
    escala = LinearSegmentedColormap.from_list("pantalla", [(float(v), color_de(c)) for v, c in trazo["colorscale"]])
    menor, mayor = float(trazo["zmin"]), float(trazo["zmax"])
    forma, caja = lienzo.forma, ejes.get_position()
    lado = caja.width * forma.ancho / max(len(px), 1), caja.height * forma.alto / max(len(py), 1)
    textos = trazo.get("text")
    mayor_texto = (
        max((ancho(str(t), forma.pie) for fila in textos for t in fila), default=0.0) if textos is not None else 0.0
    )
    caben = textos is not None and mayor_texto + 0.06 <= lado[0] and forma.pie / PUNTOS * 1.15 <= lado[1]
    (x0, x1), (y0, y1) = ejes.get_xlim(), ejes.get_ylim()
    for i, j in np.argwhere(np.isfinite(valores)):
        parte = np.clip((valores[i, j] - menor) / (mayor - menor), 0, 1)
        color = escala(parte)
        ejes.bar(px[j], 0.94, 0.94, py[i] - 0.47, color=color, linewidth=0, zorder=orden)
        if caben:
            cx = (caja.x0 + caja.width * (px[j] - x0) / (x1 - x0)) * forma.ancho
            cy = (caja.y0 + caja.height * (py[i] - y0) / (y1 - y0)) * forma.alto - 0.36 * forma.pie / PUNTOS
            tinta = FONDO if 0.2126 * color[0] + 0.7152 * color[1] + 0.0722 * color[2] < 0.42 else TINTA
            lienzo.escribir(cx, cy, str(textos[i][j]), forma.pie, color=tinta, ha="center", va="baseline", zorder=9)


CLASES: dict[str, Callable[..., None]] = {
    "scatter": _dispersion,
    "scattergl": _dispersion,
    "bar": _barras,
    "heatmap": _cuadricula,
}
