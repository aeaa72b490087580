"""Un mapa coloreado por lugar, con su leyenda y unos cuantos lugares nombrados sin encimarse."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from matplotlib.collections import PathCollection
from matplotlib.path import Path
from matplotlib.patheffects import withStroke

from graficas.base import GRIS, TINTA
from graficas.impresas.contenido import Contenido
from graficas.impresas.formas import PUNTOS, Forma
from graficas.impresas.letra import alto, ancho
from graficas.impresas.leyendas import RAYADO, Clase, Pieza, acomodar, dibujar_leyenda
from graficas.impresas.lienzo import Lienzo
from graficas.impresas.trazos import color_de


@dataclass(frozen=True)
class Trazado:
    """Las figuras de un nivel listas para dibujar: clave, contorno y punto de cada lugar, y la razón alto/ancho en su latitud."""

    claves: tuple[str, ...]
    caminos: tuple[Path, ...]
    puntos: np.ndarray
    limites: tuple[float, float, float, float]
    correccion: float


def trazado(claves: Sequence[str], figuras: Sequence[shapely.Geometry]) -> Trazado:
    """Prepara las figuras (grados); se hace una vez por geometría."""
    caminos = tuple(_camino(f) for f in figuras)
    puntos = shapely.get_coordinates(shapely.point_on_surface(np.asarray(figuras, dtype=object)))
    oeste, sur, este, norte = shapely.total_bounds(np.asarray(figuras, dtype=object))
    correccion = 1 / math.cos(math.radians((sur + norte) / 2))
    return Trazado(tuple(claves), caminos, puntos, (oeste, sur, este, norte), correccion)


def _camino(figura: shapely.Geometry) -> Path:
    """El contorno de un polígono (con sus huecos) o de una línea."""
    anillos, codigos = [], []
    for parte in shapely.get_parts(figura):
        cerrada = parte.geom_type == "Polygon"
        for anillo in (parte.exterior, *parte.interiors) if cerrada else (parte,):
            anillos.append(shapely.get_coordinates(anillo))
            ultimo = Path.CLOSEPOLY if cerrada else Path.LINETO
            codigos.append(np.r_[Path.MOVETO, np.full(len(anillos[-1]) - 2, Path.LINETO), ultimo])
    return Path(np.concatenate(anillos), np.concatenate(codigos).astype("uint8"))


def mapa(
    forma: Forma,
    contenido: Contenido,
    figuras: Trazado,
    clase_de: Mapping[str, int],
    clases: Sequence[Clase],
    *,
    leyenda: Sequence[Pieza] | None = None,
    bordes: Trazado | None = None,
    nombrar: Sequence[tuple[str, str]] = (),
    con_contorno: Collection[str] = (),
    grosor: float = 0.5,
) -> Lienzo:
    """La figura. ``clase_de``: posición en ``clases`` de cada lugar (los que falten van sin color); ``leyenda``, si no es una
    entrada por clase con texto; ``nombrar``: los lugares que se rotulan, del más al menos importante: el que se encimaría con
    otro no se escribe; ``con_contorno``: los que llevan borde; ``grosor``: el de los ``bordes``, en puntos.
    """
    lienzo = Lienzo(forma, contenido)
    x, y, w, h = lienzo.caja
    renglones = acomodar(forma, [c for c in clases if c.texto] if leyenda is None else leyenda, w)
    alto_de_leyenda = alto(len(renglones), forma.texto) + 0.12
    oeste, sur, este, norte = figuras.limites
    escala = min(w / (este - oeste), (h - alto_de_leyenda) / ((norte - sur) * figuras.correccion))
    ancho_del_mapa, alto_del_mapa = escala * (este - oeste), escala * (norte - sur) * figuras.correccion
    sobra = h - alto_de_leyenda - alto_del_mapa
    izquierda, abajo = x + (w - ancho_del_mapa) / 2, y + alto_de_leyenda + sobra / 2
    dibujar_leyenda(lienzo, renglones, x, abajo - alto_de_leyenda)
    ejes = lienzo.figura.add_axes(
        (izquierda / forma.ancho, abajo / forma.alto, ancho_del_mapa / forma.ancho, alto_del_mapa / forma.alto)
    )
    ejes.set_axis_off()
    ejes.set_xlim(oeste, este)
    ejes.set_ylim(sur, norte)
    posicion = np.array([clase_de.get(c, -1) for c in figuras.claves])
    fino = 0.25 if len(figuras.claves) > 600 else 0.6
    for numero in (-1, *range(len(clases))):
        suyos = [figuras.caminos[i] for i in np.flatnonzero(posicion == numero)]
        if suyos:
            clase = clases[numero] if numero >= 0 else Clase("#FFFFFF", "")
            ejes.add_collection(
                PathCollection(
                    suyos,
                    facecolors=color_de(clase.color),
                    edgecolors=GRIS if clase.rayada else "#FFFFFF",
                    linewidths=0.0 if clase.rayada and len(figuras.claves) > 600 else fino,
                    hatch=RAYADO if clase.rayada and len(figuras.claves) <= 600 else None,
                )
            )
    resaltados = [
        camino for clave, camino in zip(figuras.claves, figuras.caminos, strict=True) if clave in con_contorno
    ]
    if resaltados:
        ejes.add_collection(
            PathCollection(resaltados, facecolors="none", edgecolors=TINTA, linewidths=max(2 * fino, 0.8))
        )
    if bordes is not None:
        ejes.add_collection(PathCollection(bordes.caminos, facecolors="none", edgecolors=TINTA, linewidths=grosor))
    _nombrar(lienzo, figuras, nombrar, (izquierda, abajo, escala))
    return lienzo


def _nombrar(
    lienzo: Lienzo, figuras: Trazado, nombrar: Sequence[tuple[str, str]], marco: tuple[float, float, float]
) -> None:
    izquierda, abajo, escala = marco
    forma = lienzo.forma
    oeste, sur, *_ = figuras.limites
    donde = dict(zip(figuras.claves, figuras.puntos, strict=True))
    ocupadas: list[tuple[float, float, float, float]] = []
    puntos = forma.pie
    for clave, texto in nombrar:
        if clave not in donde:
            continue
        px = izquierda + (donde[clave][0] - oeste) * escala
        py = abajo + (donde[clave][1] - sur) * figuras.correccion * escala
        mitad, medio = ancho(texto, puntos, negrita=True) / 2, puntos / PUNTOS / 2
        px = min(max(px, forma.margen + mitad), forma.ancho - forma.margen - mitad)
        caja = (px - mitad - 0.04, py - medio - 0.02, px + mitad + 0.04, py + medio + 0.02)
        if any(_chocan(caja, otra) for otra in ocupadas):
            continue
        ocupadas.append(caja)
        puesto = lienzo.escribir(
            px, py - 0.36 * puntos / PUNTOS, texto, puntos, negrita=True, ha="center", va="baseline"
        )
        puesto.set_path_effects([withStroke(linewidth=2.2, foreground="white")])


def _chocan(una: tuple[float, float, float, float], otra: tuple[float, float, float, float]) -> bool:
    return una[0] < otra[2] and otra[0] < una[2] and una[1] < otra[3] and otra[1] < una[3]
