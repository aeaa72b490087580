"""Series en el tiempo con su nombre al final de cada línea, el quiebre de enero de 2026 y lo provisional más claro."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import MonthLocator, YearLocator, date2num, num2date
from matplotlib.ticker import FuncFormatter, MaxNLocator

from analisis.formatos import MESES, decimal, entero
from graficas.base import CATEGORIAS, GRIS, LINEA, QUIEBRE, SIN_DATO, TEXTO_DEL_QUIEBRE, TINTA
from graficas.impresas.contenido import Contenido
from graficas.impresas.formas import PUNTOS, Forma
from graficas.impresas.letra import INTERLINEA, alto, ancho, letra, partir
from graficas.impresas.lienzo import Lienzo
from graficas.rotulos import separar

_TRAZOS = ("-", "--", "-.", ":", (0, (5, 1, 1, 1)), (0, (1, 1)))  # se distinguen también en gris
_PARTE_PARA_ROTULOS = 0.26
AIRE = 1.1


@dataclass(frozen=True)
class Linea:
    """Una serie: su rótulo, primeros de mes, valores (NaN = falta) y cuáles son provisionales."""

    rotulo: str
    fechas: Sequence[np.datetime64]
    valores: Sequence[float]
    provisional: Sequence[bool]


@dataclass(frozen=True)
class Rango:
    """Una banda detrás de las líneas (NaN = no se dibuja) y qué es."""

    fechas: Sequence[np.datetime64]
    bajo: Sequence[float]
    alto: Sequence[float]
    rotulo: str


def serie(
    forma: Forma, contenido: Contenido, lineas: Sequence[Linea], *, rango: Rango | None = None, decimales: int = 0
) -> Lienzo:
    """La figura. Con más de seis líneas, la primera va a color y las demás en gris. Lanza ``ValueError`` sin ninguna cifra."""
    validas = [linea for linea in lineas if np.isfinite(np.asarray(linea.valores, dtype=float)).any()]
    if not validas:
        raise ValueError("ninguna de las series trae cifras que dibujar")
    lienzo = Lienzo(forma, contenido)
    muchas = len(validas) > len(CATEGORIAS)
    con_rotulo = validas[:1] if muchas else validas
    solo_una = len(validas) == 1
    renglones = [] if solo_una else _renglones([linea.rotulo for linea in con_rotulo], forma, lienzo)
    derecha = max((ancho(r, forma.texto, negrita=True) for bloque in renglones for r in bloque), default=0) + 0.14
    tope = AIRE * max(float(np.nanmax(_numeros(linea.valores))) for linea in validas)
    tope = max(tope, AIRE * float(np.nanmax(_numeros(rango.alto))) if rango is not None else 0.0, 1.0)
    ejes = lienzo.ejes(
        izquierda=_ancho_de_cifras(tope, decimales, forma), derecha=derecha, abajo=alto(1.75, forma.texto)
    )
    if rango is not None:
        ejes.fill_between(
            date2num(rango.fechas), _numeros(rango.bajo), _numeros(rango.alto), color="#D9DFE4", linewidth=0, zorder=1
        )
    for i, linea in enumerate(validas):
        color = SIN_DATO if muchas and i else CATEGORIAS[i % len(CATEGORIAS)]
        _trazar(
            ejes, linea, color, "-" if muchas or solo_una else _TRAZOS[i], 1 if muchas and i else 2 + len(validas) - i
        )
    extremos = [date2num(np.asarray(linea.fechas)[[0, -1]]) for linea in validas]
    desde, hasta = min(e[0] for e in extremos), max(e[1] for e in extremos)
    ejes.set_xlim(desde, hasta + 0.004 * max(hasta - desde, 1))
    _vestir(ejes, forma, tope, decimales)
    _fechar(ejes, forma, (hasta - desde) / 365.25)
    _quiebre(ejes, lienzo, desde, hasta)
    if not solo_una:
        _rotular(ejes, lienzo, con_rotulo, renglones, tope)
    return lienzo


def _renglones(rotulos: Sequence[str], forma: Forma, lienzo: Lienzo) -> list[list[str]]:
    """Cada rótulo en hasta tres renglones, o en menos si juntos no caben en el alto del dibujo; lo que falta se ve en «…»."""
    enteros = [partir(r, forma.texto, _PARTE_PARA_ROTULOS * lienzo.caja[2], negrita=True) for r in rotulos]
    disponible = lienzo.caja[3] - alto(2, forma.texto)
    for maximo in (3, 2, 1):
        cortados = [b if len(b) <= maximo else [*b[: maximo - 1], b[maximo - 1] + "…"] for b in enteros]
        if sum(alto(len(b), forma.texto) for b in cortados) <= disponible:
            break
    return cortados


def _numeros(valores: Sequence[float]) -> np.ndarray:
    return np.asarray(valores, dtype="float64")


def _cifra(valor: float, decimales: int) -> str:
    return decimal(valor, decimales) if decimales and valor < 10 else entero(valor)


def _ancho_de_cifras(tope: float, decimales: int, forma: Forma) -> float:
    return max(ancho(_cifra(v, decimales), forma.texto) for v in (tope, tope / 7.3)) + 0.12


def _vestir(ejes: Axes, forma: Forma, tope: float, decimales: int) -> None:
    ejes.set_ylim(0, tope)
    for lado in ("top", "right", "left"):
        ejes.spines[lado].set_visible(False)
    ejes.spines["bottom"].set_color(GRIS)
    ejes.grid(axis="y", color=LINEA, linewidth=0.9)
    ejes.set_axisbelow(True)
    ejes.tick_params(length=0, labelcolor=TINTA, pad=4)
    ejes.tick_params(axis="x", pad=0.75 * forma.texto)  # para que el primer año no toque al cero
    ejes.yaxis.set_major_locator(MaxNLocator(5, integer=not decimales))
    ejes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: _cifra(v, decimales)))


def _fechar(ejes: Axes, forma: Forma, anios: float) -> None:
    """Un año de cada tantos como quepan sin tocarse; en menos de dos años, un mes de cada tres."""
    if anios < 2:
        ejes.xaxis.set_major_locator(MonthLocator(bymonth=(1, 4, 7, 10)))
        ejes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: rotulo_de_mes(np.datetime64(num2date(v).date()))))
    else:
        caben = ejes.get_position().width * forma.ancho / (1.5 * ancho("2026", forma.texto))
        ejes.xaxis.set_major_locator(YearLocator(max(1, math.ceil(anios / caben))))
        ejes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{num2date(v).year}"))
    _fijar_letra(ejes, forma)


def _fijar_letra(ejes: Axes, forma: Forma) -> None:
    for eje in (ejes.xaxis, ejes.yaxis):
        for marca in eje.get_major_ticks():
            marca.label1.set_fontproperties(letra())
            marca.label1.set_fontsize(forma.texto)


def _trazar(ejes: Axes, linea: Linea, color: str, trazo: object, orden: int) -> None:
    fechas, valores = date2num(np.asarray(linea.fechas)), _numeros(linea.valores)
    provisional = np.asarray(linea.provisional, dtype=bool)
    ejes.plot(fechas, np.where(provisional, np.nan, valores), color=color, linestyle=trazo, linewidth=2.2, zorder=orden)
    # El primer tramo provisional sale del último mes cerrado, para que la línea no se corte.
    unidas = provisional | np.append(provisional[1:], False)
    ejes.plot(fechas, np.where(unidas, valores, np.nan), color=color, alpha=0.45, linewidth=2.2, zorder=orden)
    solos = (
        np.isfinite(valores)
        & ~np.isfinite(np.append(valores[1:], np.nan))
        & ~np.isfinite(np.append(np.nan, valores[:-1]))
    )
    ejes.plot(fechas[solos], valores[solos], color=color, linestyle="none", marker="o", markersize=4, zorder=orden)


def _quiebre(ejes: Axes, lienzo: Lienzo, desde: float, hasta: float) -> None:
    donde = date2num(QUIEBRE.to_datetime64())
    if not desde < donde <= hasta:
        return
    ejes.axvline(donde, color=GRIS, linewidth=1, linestyle=(0, (4, 3)))
    forma = lienzo.forma
    x, y = _en_pulgadas(ejes, lienzo, donde, 0.0)
    arriba = y + ejes.get_position().height * forma.alto
    puntos = forma.pie
    lienzo.escribir(
        x - 0.05, arriba, TEXTO_DEL_QUIEBRE, puntos, color=GRIS, rotation=90, ha="right", va="top", zorder=8
    )


def _en_pulgadas(ejes: Axes, lienzo: Lienzo, x: float, y: float) -> tuple[float, float]:
    caja, forma = ejes.get_position(), lienzo.forma
    (x0, x1), (y0, y1) = ejes.get_xlim(), ejes.get_ylim()
    return (
        (caja.x0 + caja.width * (x - x0) / (x1 - x0)) * forma.ancho,
        (caja.y0 + caja.height * (y - y0) / (y1 - y0)) * forma.alto,
    )


def _rotular(ejes: Axes, lienzo: Lienzo, lineas: Sequence[Linea], renglones: list[list[str]], tope: float) -> None:
    """El nombre de cada línea a su derecha, a la altura de su último valor y sin encimarse."""
    forma = lienzo.forma
    caja = ejes.get_position()
    abajo, alto_del_dibujo = caja.y0 * forma.alto, caja.height * forma.alto
    ultimos = [_numeros(linea.valores)[np.isfinite(_numeros(linea.valores))][-1] for linea in lineas]
    alturas = [alto_del_dibujo * u / tope for u in ultimos]
    minimos = [alto(len(r), forma.texto) for r in renglones]
    derecha = caja.x1 * forma.ancho + 0.1
    for i, (centro, bloque) in enumerate(zip(separar(alturas, minimos, alto_del_dibujo), renglones, strict=True)):
        arriba = abajo + centro + minimos[i] / 2
        for n, renglon in enumerate(bloque):
            y = arriba - n * forma.texto * INTERLINEA / PUNTOS - forma.texto / PUNTOS
            lienzo.escribir(
                derecha, y, renglon, forma.texto, negrita=True, color=CATEGORIAS[i], va="baseline", ha="left"
            )


def rotulo_de_mes(fecha: np.datetime64) -> str:
    """«ago 2026»."""
    anio, mes = str(fecha.astype("datetime64[M]")).split("-")
    return f"{MESES[int(mes) - 1][:3]} {anio}"
