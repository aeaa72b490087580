"""Cualquier figura de la pantalla, en papel: los mismos trazos y los mismos números, con la letra y el pie de lo impreso."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import plotly.graph_objects as go
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke

from graficas.base import GRIS, LINEA, TINTA
from graficas.impresas.anotaciones import ARRIBA, DENTRO, DERECHA, Anotacion, leer, sin_etiquetas
from graficas.impresas.contenido import Contenido
from graficas.impresas.ejes import FECHA, LOGARITMO, Eje, eje_de
from graficas.impresas.formas import MINIMO_DE_LETRA, PUNTOS, Forma
from graficas.impresas.letra import INTERLINEA, alto, ancho, letra, partir
from graficas.impresas.lienzo import Lienzo, NoCabe
from graficas.impresas.trazos import CLASES, TRAZO, color_de, dibujar
from graficas.rotulos import separar

_PARTE_PARA_NOMBRES = 0.34
_PARTE_PARA_ROTULOS = 0.24
_MINIMO_DE_PANEL = 0.55  # pulgadas de dibujo
_AIRE = 0.1
_HOLGURA_DE_RENGLON = 1.2
_BAJO_EL_EJE = 0.75  # del alto de la letra, para que la primera marca no toque al cero


@dataclass
class _Panel:
    """Un par de ejes de la figura con lo que lleva."""

    trazos: list[dict[str, Any]]
    x: Eje
    y: Eje
    anotaciones: list[Anotacion] = field(default_factory=list)
    formas: list[dict[str, Any]] = field(default_factory=list)
    limites_x: tuple[float, float] = (0.0, 1.0)
    limites_y: tuple[float, float] = (0.0, 1.0)

    def en(self, sitio: str) -> list[Anotacion]:
        return [a for a in self.anotaciones if a.sitio == sitio]

    @property
    def con_fechas_abajo(self) -> bool:
        return self.x.definicion.get("showticklabels", True) and self.x.definicion.get("side") != "top"


def piezas(figura: go.Figure) -> dict[str, Any]:
    """La figura como diccionarios y arreglos: lo que se manda a dibujar a otro proceso."""
    return {"data": [t.to_plotly_json() for t in figura.data], "layout": figura.layout.to_plotly_json()}


def de_pantalla(forma: Forma, contenido: Contenido, figura: dict[str, Any]) -> Lienzo:
    """La figura (de ``piezas``), con letra más chica, nunca menor de la mínima, si de otro modo no cabe.

    Lanza ``NoCabe`` si ni así caben sus paneles o renglones, y ``ValueError`` si trae algo que no se imprime.
    """
    if not figura["data"]:
        raise ValueError("la figura no trae nada que dibujar")
    desconocidos = {t["type"] for t in figura["data"]} - set(CLASES)
    if desconocidos:
        raise ValueError(f"no se sabe imprimir: {', '.join(sorted(desconocidos))}")
    try:
        return _con_letra(forma, contenido, figura)
    except NoCabe:
        if forma.texto <= MINIMO_DE_LETRA:
            raise
    return _con_letra(replace(forma, texto=MINIMO_DE_LETRA), contenido, figura)


def _con_letra(forma: Forma, contenido: Contenido, figura: dict[str, Any]) -> Lienzo:
    lienzo = Lienzo(forma, contenido)
    paneles = list(_paneles(figura))
    x, y, w, h = lienzo.caja
    techos = [_techo(p, forma, w) for p in paneles]
    pisos = [_piso(p, forma) for p in paneles]
    util = (h - sum(techos) - sum(pisos)) / len(paneles)
    if util < min(_MINIMO_DE_PANEL, 0.3 * h):
        raise NoCabe(f"{len(paneles)} paneles no caben en «{forma.nombre}».")
    rotulos = {id(a): r for p in paneles for a, r in _partidos(p.en(DERECHA), forma, w, util)}
    derecha = max((ancho(r, forma.texto, negrita=True) for b in rotulos.values() for r in b), default=0.0)
    derecha += _AIRE if derecha else 0.0
    nombres = [_marcas_de_y(p, forma, w, util) for p in paneles]
    izquierda = max((ancho(r, forma.texto) for n in nombres for _, b in n for r in b), default=0.0) + _AIRE
    arriba = y + h
    for panel, marcas, techo, piso in zip(paneles, nombres, techos, pisos, strict=True):
        abajo = arriba - techo - util
        ejes = lienzo.figura.add_axes(
            (
                (x + izquierda) / forma.ancho,
                abajo / forma.alto,
                (w - izquierda - derecha) / forma.ancho,
                util / forma.alto,
            )
        )
        _vestir(ejes, panel)
        dibujar(lienzo, ejes, panel.trazos, panel.x, panel.y)
        _marcar(lienzo, ejes, panel, marcas)
        _formas(ejes, panel)
        _escribir_arriba(lienzo, ejes, panel, techo)
        _escribir_a_la_derecha(lienzo, ejes, panel, rotulos)
        for una in panel.en(DENTRO):
            _escribir_dentro(lienzo, ejes, panel, una)
        arriba = abajo - piso
    return lienzo


def _paneles(figura: dict[str, Any]) -> Iterator[_Panel]:
    """De arriba abajo."""
    disposicion = figura["layout"]
    pares: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for trazo in figura["data"]:
        pares.setdefault((trazo.get("xaxis", "x"), trazo.get("yaxis", "y")), []).append(trazo)

    def definicion(eje: str) -> dict[str, Any]:
        return disposicion.get(f"{eje[0]}axis{eje[1:]}", {})

    ordenados = sorted(pares.items(), key=lambda par: -float(definicion(par[0][1]).get("domain", (0, 1))[1]))
    for numero, ((nombre_x, nombre_y), trazos) in enumerate(ordenados):
        x = eje_de(definicion(nombre_x), (v for t in trazos for v in t["x"]))
        y = eje_de(definicion(nombre_y), (v for t in trazos for v in t["y"]))
        panel = _Panel(trazos, x, y)
        panel.limites_x = x.limites([x.posiciones(t["x"]) for t in trazos])
        panel.limites_y = y.limites([y.posiciones(t["y"]) for t in trazos] + _con_cero(trazos))
        suyas = [a for a in disposicion.get("annotations", ()) if _es_de(a, nombre_x, nombre_y, primero=numero == 0)]
        panel.anotaciones = [leida for a in suyas if (leida := leer(a)) is not None]
        panel.formas = [f for f in disposicion.get("shapes", ()) if _es_de(f, nombre_x, nombre_y, primero=numero == 0)]
        yield panel


def _con_cero(trazos: list[dict[str, Any]]) -> list[np.ndarray]:
    """Las barras paradas salen de cero."""
    return [np.zeros(1)] if any(t["type"] == "bar" and t.get("orientation") != "h" for t in trazos) else []


def _es_de(pieza: dict[str, Any], x: str, y: str, *, primero: bool) -> bool:
    """Si la palabra o la forma es de ese panel; lo que no dice de cuál, del primero."""
    vertical = str(pieza.get("yref", "y")).split(" ")[0]
    horizontal = str(pieza.get("xref", "x")).split(" ")[0]
    if vertical != "paper":
        return vertical == y
    return horizontal == x if horizontal != "paper" else primero


def _partidos(rotulos: list[Anotacion], forma: Forma, w: float, util: float) -> list[tuple[Anotacion, list[str]]]:
    """Cada nombre en hasta tres renglones, o en menos si juntos no caben en el alto del panel; lo que falta se ve en «…»."""
    enteros = [
        partir(" ".join(r.strip() for r in una.renglones), forma.texto, _PARTE_PARA_ROTULOS * w, negrita=True)
        for una in rotulos
    ]
    for maximo in (3, 2, 1):
        cortados = [b if len(b) <= maximo else [*b[: maximo - 1], f"{b[maximo - 1]}…"] for b in enteros]
        if sum(alto(len(b), forma.texto) for b in cortados) <= util:
            return list(zip(rotulos, cortados, strict=True))
    raise NoCabe(f"{len(rotulos)} nombres no caben junto a sus líneas en «{forma.nombre}».")


def _marcas_de_y(panel: _Panel, forma: Forma, w: float, util: float) -> list[tuple[float, list[str]]]:
    """Cada marca del eje vertical con los renglones que le caben; lo que se corta acaba en «…». Lanza ``NoCabe``."""
    if not panel.y.definicion.get("showticklabels", True):
        return []
    marcas = panel.y.marcas(*panel.limites_y, max(int(util / alto(1.6, forma.texto)), 2))
    lugares = np.sort([lugar for lugar, _ in marcas])
    desde, hasta = panel.limites_y
    paso = util if len(lugares) < 2 else float(np.diff(lugares).min()) / abs(hasta - desde) * util
    caben = 2 if paso >= _HOLGURA_DE_RENGLON * alto(2, forma.texto) else 1
    if paso < _HOLGURA_DE_RENGLON * alto(1, forma.texto) and panel.y.clase != LOGARITMO:
        raise NoCabe(f"{len(marcas)} renglones no caben en «{forma.nombre}».")
    return [(lugar, _cortado(texto, forma, w, caben)) for lugar, texto in marcas]


def _cortado(texto: str, forma: Forma, w: float, caben: int) -> list[str]:
    disponible = _PARTE_PARA_NOMBRES * w
    enteros = [r for pedazo in sin_etiquetas(texto) for r in partir(pedazo, forma.texto, disponible)]
    return enteros if len(enteros) <= caben else [*enteros[: caben - 1], f"{enteros[caben - 1]}…"]


def _filas(panel: _Panel) -> list[list[Anotacion]]:
    """Lo que va arriba, renglón por renglón: el de más arriba primero."""
    filas: dict[float, list[Anotacion]] = {}
    for una in panel.en(ARRIBA):
        filas.setdefault(una.nivel, []).append(una)
    return [filas[nivel] for nivel in sorted(filas, reverse=True)]


def _renglones_de(una: Anotacion, forma: Forma, w: float) -> list[str]:
    return [r for pedazo in una.renglones for r in partir(pedazo, forma.texto, w, negrita=una.negrita)]


def _techo(panel: _Panel, forma: Forma, w: float) -> float:
    """Pulgadas que piden encima del dibujo las palabras y, si van arriba, las marcas del eje."""
    filas = sum(max(len(_renglones_de(a, forma, w)) for a in fila) for fila in _filas(panel))
    marcas = 1.5 if panel.x.definicion.get("side") == "top" else 0.0
    # Medio renglón de más: la marca más alta del eje vertical asoma por encima del dibujo.
    return alto(filas + marcas + (0.6 if filas else 0.0), forma.texto)


def _piso(panel: _Panel, forma: Forma) -> float:
    marcas = 1.4 + _BAJO_EL_EJE if panel.con_fechas_abajo else 0.5
    return alto(marcas + (1.25 if _titulo(panel) else 0.0), forma.texto)


def _titulo(panel: _Panel) -> str:
    return str((panel.x.definicion.get("title") or {}).get("text") or "")


def _vestir(ejes: Axes, panel: _Panel) -> None:
    if panel.x.clase == LOGARITMO:
        ejes.set_xscale("log")
    ejes.set_xlim(*panel.limites_x)
    ejes.set_ylim(*panel.limites_y)
    for lado in ejes.spines.values():
        lado.set_visible(False)
    ejes.set_axisbelow(True)
    for cual, eje in (("x", panel.x), ("y", panel.y)):
        if eje.definicion.get("showgrid", "gridcolor" in eje.definicion):
            ejes.grid(axis=cual, color=LINEA, linewidth=0.9)
    if panel.y.clase not in (LOGARITMO, FECHA) and panel.y.definicion.get("zeroline"):
        ejes.axhline(0, color=color_de(panel.y.definicion.get("zerolinecolor", GRIS)), linewidth=1.0, zorder=1.5)
    if panel.x.clase not in (LOGARITMO, FECHA) and panel.x.definicion.get("zeroline"):
        ejes.axvline(0, color=color_de(panel.x.definicion.get("zerolinecolor", GRIS)), linewidth=1.0, zorder=1.5)


def _marcar(lienzo: Lienzo, ejes: Axes, panel: _Panel, de_y: list[tuple[float, list[str]]]) -> None:
    forma = lienzo.forma
    muestra = "+1,000\N{NO-BREAK SPACE}%" if panel.x.clase != FECHA else "2026"
    muestra = "ene 2026" if panel.x.clase == FECHA and panel.x.definicion.get("tickformat") != "%Y" else muestra
    caben = int(ejes.get_position().width * forma.ancho / (1.45 * ancho(muestra, forma.texto)))
    con_letras = panel.x.definicion.get("showticklabels", True)
    de_x = panel.x.marcas(*sorted(ejes.get_xlim()), caben) if con_letras else []
    ejes.set_xticks([v for v, _ in de_x], [t for _, t in de_x])
    ejes.set_xticks([], minor=True)
    ejes.set_yticks([v for v, _ in de_y], ["\n".join(b) for _, b in de_y])
    ejes.tick_params(length=0, labelcolor=TINTA, pad=4)
    ejes.tick_params(axis="x", pad=_BAJO_EL_EJE * forma.texto)
    if panel.x.definicion.get("side") == "top":
        ejes.xaxis.tick_top()
        ejes.tick_params(axis="x", length=0, pad=4)
    for eje in (ejes.xaxis, ejes.yaxis):
        for marca in eje.get_major_ticks():
            for etiqueta in (marca.label1, marca.label2):
                etiqueta.set_fontproperties(letra())
                etiqueta.set_fontsize(forma.texto)
                etiqueta.set_parse_math(False)
                etiqueta.set_linespacing(INTERLINEA)
        if eje is ejes.yaxis:
            for marca in eje.get_major_ticks():
                marca.label1.set_verticalalignment("center")
    if titulo := _titulo(panel):
        caja = ejes.get_position()
        renglon = partir(titulo, forma.texto, caja.width * forma.ancho)[0]
        centro, y = (
            (caja.x0 + caja.width / 2) * forma.ancho,
            caja.y0 * forma.alto - alto(2.4 + _BAJO_EL_EJE, forma.texto),
        )
        lienzo.escribir(centro, y, renglon, forma.texto, color=GRIS, ha="center", va="baseline")


def _formas(ejes: Axes, panel: _Panel) -> None:
    """Líneas y rectángulos. Lo referido al papel o al dominio del eje va de cero a uno."""
    for una in panel.formas:
        por_x = panel.x if str(una.get("xref", "x")).startswith("x") else None
        por_y = (
            panel.y if str(una.get("yref", "y")).startswith("y") and "domain" not in str(una.get("yref", "y")) else None
        )
        (x0, x1), (y0, y1) = (
            (eje.posiciones([una[f"{c}0"], una[f"{c}1"]]) if eje else (float(una[f"{c}0"]), float(una[f"{c}1"])))
            for eje, c in ((por_x, "x"), (por_y, "y"))
        )
        marco = {
            (True, True): ejes.transData,
            (True, False): ejes.get_xaxis_transform(),
            (False, True): ejes.get_yaxis_transform(),
            (False, False): ejes.transAxes,
        }[por_x is not None, por_y is not None]
        linea = una.get("line", {})
        if una["type"] == "rect":
            ejes.add_patch(
                Rectangle(
                    (x0, y0), x1 - x0, y1 - y0, transform=marco, facecolor=color_de(una.get("fillcolor", LINEA)),
                    alpha=una.get("opacity", 1.0), linewidth=0, zorder=0.5,
                )
            )  # fmt: skip
        else:
            ejes.plot(
                [x0, x1], [y0, y1], transform=marco, color=color_de(linea.get("color", GRIS)), zorder=6,
                linewidth=0.85 * linea.get("width", 1), linestyle=TRAZO[linea.get("dash") or "solid"],
                scalex=False, scaley=False,
            )  # fmt: skip


def _pulgadas(lienzo: Lienzo, ejes: Axes, panel: _Panel, definicion: dict[str, Any]) -> tuple[float, float]:
    """Dónde cae una palabra, a partir de la esquina inferior izquierda del lienzo."""
    caja, forma = ejes.get_position(), lienzo.forma
    partes = []
    for cual, eje, vista in (("x", panel.x, ejes.get_xlim()), ("y", panel.y, ejes.get_ylim())):
        referencia = str(definicion.get(f"{cual}ref", cual))
        if referencia == "paper" or "domain" in referencia:
            partes.append(float(definicion[cual]))
            continue
        (valor,) = eje.posiciones([definicion[cual]])
        # En un eje logarítmico la palabra ya viene en potencias de diez.
        limites = np.log10(vista) if eje.clase == LOGARITMO else np.asarray(vista)
        partes.append(float((valor - limites[0]) / (limites[1] - limites[0])))
    return (caja.x0 + caja.width * partes[0]) * forma.ancho, (caja.y0 + caja.height * partes[1]) * forma.alto


def _escribir_arriba(lienzo: Lienzo, ejes: Axes, panel: _Panel, techo: float) -> None:
    forma, (x, _, w, _) = lienzo.forma, lienzo.caja
    caja = ejes.get_position()
    y = (caja.y0 + caja.height) * forma.alto + techo
    for fila in _filas(panel):
        bloques = [(una, _renglones_de(una, forma, w)) for una in fila]
        for una, renglones in bloques:
            mitad = max(ancho(r, forma.texto, negrita=una.negrita) for r in renglones) / 2
            al_margen = una.definicion.get("xref") == "paper" and una.definicion["x"] == 0
            centro = x if al_margen else _pulgadas(lienzo, ejes, panel, una.definicion)[0]
            centro = centro if al_margen else min(max(centro, x + mitad), x + w - mitad)
            for n, renglon in enumerate(renglones):
                lienzo.escribir(
                    centro, y - alto(n, forma.texto) - forma.texto / PUNTOS, renglon, forma.texto,
                    negrita=una.negrita and n == 0, color=una.color, ha="left" if al_margen else "center", va="baseline",
                )  # fmt: skip
        y -= alto(max(len(r) for _, r in bloques), forma.texto)


def _escribir_a_la_derecha(lienzo: Lienzo, ejes: Axes, panel: _Panel, rotulos: dict[int, list[str]]) -> None:
    """Los nombres al final de las líneas, a su altura y sin encimarse."""
    forma, caja = lienzo.forma, ejes.get_position()
    suyas = panel.en(DERECHA)
    abajo, util = caja.y0 * forma.alto, caja.height * forma.alto
    lugares = [_pulgadas(lienzo, ejes, panel, una.definicion) for una in suyas]
    minimos = [alto(len(rotulos[id(una)]), forma.texto) for una in suyas]
    puestas = separar([y - abajo for _, y in lugares], minimos, util)
    # Ninguno por debajo del eje: los de abajo empujan hacia arriba.
    pisos = separar([util - p for p in puestas], minimos, util - min(minimos, default=0.0) / 2)
    puestas = [util - p for p in pisos]
    for una, (x, _), centro, minimo in zip(suyas, lugares, puestas, minimos, strict=True):
        for n, renglon in enumerate(rotulos[id(una)]):
            y = abajo + centro + minimo / 2 - alto(n, forma.texto) - forma.texto / PUNTOS
            lienzo.escribir(
                x + 0.7 * _AIRE, y, renglon, forma.texto, negrita=True, color=una.color, ha="left", va="baseline"
            )


def _escribir_dentro(lienzo: Lienzo, ejes: Axes, panel: _Panel, una: Anotacion) -> None:
    forma, caja, d = lienzo.forma, ejes.get_position(), una.definicion
    x, y = _pulgadas(lienzo, ejes, panel, d)
    girado = -float(d.get("textangle", 0))
    x += float(d.get("xshift", 0)) / PUNTOS
    y += 0.26 if d.get("showarrow", True) else 0.0  # la flecha de la pantalla es un poco de aire en el papel
    texto = " ".join(una.renglones)
    largo = ancho(texto, forma.pie, negrita=una.negrita)
    lado = d.get("xanchor", "center")
    if not girado:
        inicio = x - {"left": 0.0, "center": largo / 2, "right": largo}[lado]
        izquierda, derecha = caja.x0 * forma.ancho, caja.x1 * forma.ancho
        x, lado = max(min(inicio, derecha - largo), izquierda), "left"
    vertical = d.get("yanchor", "middle")
    y += 0.04 if vertical == "bottom" and not girado else 0.0
    puesto = lienzo.escribir(
        x, y, texto, forma.pie, negrita=una.negrita, color=una.color, rotation=girado, ha=lado, zorder=8,
        va={"top": "top", "bottom": "bottom"}.get(vertical, "center"),
    )  # fmt: skip
    puesto.set_path_effects([withStroke(linewidth=2.2, foreground="white")])
