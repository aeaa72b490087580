"""Dónde va cada cosa de una lámina, medido con la tipografía: nada se sale de su caja; lo que no cabe pasa a otra hoja.

Lo usan el PPTX y el PDF. Medidas en pulgadas desde la esquina superior izquierda; letra en puntos.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graficas.impresas.letra import alto, ancho, partir
from informes.sesion.lamina import NUMERICAS, Columna, Lamina, Tabla

AIRE = 0.12


ALTO_DEL_LOGO = 0.7  # pulgadas, en la portada


@dataclass(frozen=True)
class Pagina:
    """Una página y el rango de tamaños de su letra. ``holgura``: cuánto más ancha puede ser la letra de quien abra el archivo."""

    ancho: float
    alto: float
    margen: float
    titulo: tuple[float, float]
    cuerpo: tuple[float, float]
    tabla: tuple[float, float]
    pie: float
    holgura: float = 1.0
    holgura_negrita: float = 1.0

    @property
    def util(self) -> float:
        """Ancho sin márgenes."""
        return self.ancho - 2 * self.margen


# En PPTX la letra puede ser otra en la máquina de quien lo abra: se le deja lugar a una más ancha.
DIAPOSITIVA = Pagina(13.333, 7.5, 0.55, (28, 15), (17, 11), (14, 9.5), 9, 1.16, 1.2)
CARTA = Pagina(11, 8.5, 0.55, (22, 14), (13.5, 9.5), (12.5, 8.5), 8)
RENGLONES_DE_TITULO = 4
RELLENO = 0.06  # a cada lado de una celda
PARTE_DE_UNA_PALABRA = 0.34  # del ancho: una palabra más larga sí se parte


@dataclass(frozen=True)
class Bloque:
    """Renglones ya partidos, su letra, y a qué altura empieza y cuánto mide."""

    parrafos: tuple[tuple[str, ...], ...]
    puntos: float
    y: float
    alto: float


@dataclass(frozen=True)
class Rejilla:
    """Una parte de una tabla: sus textos, sus celdas ya partidas en renglones, anchos, altos y letra."""

    textos: tuple[tuple[str, ...], ...]
    columnas: tuple[Columna, ...]
    encabezado: tuple[tuple[str, ...], ...]
    celdas: tuple[tuple[tuple[str, ...], ...], ...]
    anchos: tuple[float, ...]
    altos: tuple[float, ...]
    puntos: float


@dataclass(frozen=True)
class Hoja:
    """Una página: título, cuerpo, lugar de la figura (x, y, ancho, alto) o su tabla, y pie."""

    lamina: Lamina
    titulo: Bloque
    cuerpo: Bloque
    caja: tuple[float, float, float, float]
    rejilla: Rejilla | None
    pie: Bloque
    sigue: bool


def acomodar(lamina: Lamina, pagina: Pagina, rotulos: Sequence[str] = ()) -> list[Hoja]:
    """Las hojas de una lámina: una, o más si su tabla no cabe ni con la letra más chica."""
    pie = _pie(lamina, pagina, rotulos)
    if lamina.parte == "portada":
        return [_portada(lamina, pagina, pie)]
    titulo = _titulo(lamina.titulo, pagina)
    cuerpo = _cuerpo(lamina, pagina, titulo.y + titulo.alto + AIRE, pie.y)
    arriba = cuerpo.y + cuerpo.alto + (AIRE if cuerpo.alto else 0)
    caja = (pagina.margen, arriba, pagina.util, pie.y - AIRE - arriba)
    figura = lamina.figura
    if figura is None or type(figura) is not Tabla:
        return [Hoja(lamina, titulo, cuerpo, caja, None, pie, sigue=False)]
    return [
        Hoja(lamina, _titulo(lamina.titulo + (" (sigue)" if n else ""), pagina), cuerpo, caja, parte, pie, sigue=n > 0)
        for n, parte in enumerate(rejillas(figura, pagina, caja[2], caja[3]))
    ]


def _partes(textos: Sequence[str], puntos: float, pagina: Pagina, disponible: float, *, negrita: bool) -> tuple:
    letra = puntos * (pagina.holgura_negrita if negrita else pagina.holgura)
    return tuple(tuple(partir(t, letra, disponible, negrita=negrita)) for t in textos)


def _bloque(
    textos: Sequence[str],
    pagina: Pagina,
    letras: tuple[float, float],
    y: float,
    *,
    negrita: bool = False,
    renglones: int = 99,
    maximo: float = 99.0,
    entre: float = 0.0,
    sangria: float = 0.0,
) -> Bloque:
    """El texto con la letra más grande que cabe en ``renglones`` y en ``maximo`` pulgadas."""
    puntos = letras[0]
    while True:
        partidos = _partes(textos, puntos, pagina, pagina.util - sangria, negrita=negrita)
        cuantos = sum(map(len, partidos))
        total = alto(cuantos, puntos) + entre * max(len(partidos) - 1, 0)
        if (cuantos <= renglones and total <= maximo) or puntos <= letras[1]:
            return Bloque(partidos, puntos, y, total)
        puntos = max(puntos - 0.5, letras[1])


def _titulo(texto: str, pagina: Pagina) -> Bloque:
    return _bloque([texto], pagina, pagina.titulo, pagina.margen * 0.8, negrita=True, renglones=2, maximo=1.35)


def _cuerpo(lamina: Lamina, pagina: Pagina, y: float, hasta: float) -> Bloque:
    """El cuerpo; con figura no pasa de la tercera parte del alto, sin ella puede llenar la página."""
    con = lamina.figura is not None
    letras = pagina.cuerpo if con else (pagina.cuerpo[0] + 4, pagina.cuerpo[1])
    maximo = (hasta - y) * (0.3 if con else 0.95)
    return _bloque(lamina.cuerpo, pagina, letras, y, maximo=maximo, entre=0.05 if con else 0.16, sangria=0.25)


def _pie(lamina: Lamina, pagina: Pagina, rotulos: Sequence[str]) -> Bloque:
    # A la derecha del último renglón va el número de la lámina.
    textos = [t for t in (" ".join(rotulos), lamina.fuente) if t]
    hecho = _bloque(textos, pagina, (pagina.pie, pagina.pie), 0, sangria=0.9)
    return Bloque(hecho.parrafos, hecho.puntos, pagina.alto - 0.3 - hecho.alto, hecho.alto)


def _portada(lamina: Lamina, pagina: Pagina, pie: Bloque) -> Hoja:
    letras = (pagina.titulo[0] + 12, pagina.titulo[1])
    titulo = _bloque([lamina.titulo], pagina, letras, pagina.alto * 0.22, negrita=True, renglones=3, maximo=2.2)
    y = titulo.y + titulo.alto + 0.35
    cuerpo = _bloque(
        lamina.cuerpo, pagina, (pagina.cuerpo[0] + 4, pagina.cuerpo[1]), y, maximo=pie.y - y - 0.2, entre=0.12
    )
    return Hoja(lamina, titulo, cuerpo, (pagina.margen, y, pagina.util, 0.1), None, pie, sigue=False)


def rejillas(tabla: Tabla, pagina: Pagina, disponible: float, cabe: float) -> list[Rejilla]:
    """La tabla con la letra más grande con que cabe entera; si ni la más chica alcanza, partida en varias."""
    puntos = pagina.tabla[0]
    while True:
        entera = _rejilla(tabla, pagina, disponible, puntos)
        if sum(entera.altos) <= cabe:
            return [entera]
        if puntos <= pagina.tabla[1]:
            return _en_partes(entera, cabe)
        puntos = max(puntos - 0.5, pagina.tabla[1])


def _rejilla(tabla: Tabla, pagina: Pagina, disponible: float, puntos: float) -> Rejilla:
    columnas = tabla.visibles
    celdas = tabla.celdas()
    anchos = _anchos(columnas, celdas, disponible, puntos * pagina.holgura, puntos * pagina.holgura_negrita)
    util = [a - 2 * RELLENO for a in anchos]
    letra, negra = puntos * pagina.holgura, puntos * pagina.holgura_negrita
    encabezado = tuple(tuple(partir(c.titulo, negra, w, negrita=True)) for c, w in zip(columnas, util, strict=True))
    partidas = tuple(
        tuple(
            tuple(partir(t, letra if n else negra, w, negrita=n == 0))
            for n, (t, w) in enumerate(zip(fila, util, strict=True))
        )
        for fila in celdas
    )
    altos = tuple(
        alto(max((len(c) for c in fila), default=1) or 1, puntos) + 2 * RELLENO for fila in (encabezado, *partidas)
    )
    return Rejilla(tuple(map(tuple, celdas)), columnas, encabezado, partidas, tuple(anchos), altos, puntos)


def _anchos(
    columnas: Sequence[Columna], celdas: list[list[str]], disponible: float, letra: float, negra: float
) -> list[float]:
    """En proporción a lo pedido, pero ni una cifra ni una palabra se parten: toman lo suyo y lo demás se reparte."""
    repartidos = [disponible * c.ancho / sum(x.ancho for x in columnas) for c in columnas]
    minimos = []
    for n, c in enumerate(columnas):
        textos = [f[n] for f in celdas]
        piezas = textos if c.clase in NUMERICAS else [p for t in textos for p in t.split(" ")]
        de_celdas = max((ancho(p, letra if n else negra, negrita=n == 0) for p in piezas), default=0.0)
        de_titulo = max(ancho(p, negra, negrita=True) for p in c.titulo.split(" "))
        minimos.append(max(min(de_celdas, PARTE_DE_UNA_PALABRA * disponible), de_titulo) + 2 * RELLENO + 0.03)
    anchos = [max(r, m) for r, m in zip(repartidos, minimos, strict=True)]
    sobra = sum(anchos) - disponible
    holgura = sum(a - m for a, m in zip(anchos, minimos, strict=True))
    if sobra > 0 and holgura > 0:
        parte = min(sobra / holgura, 1.0)
        anchos = [a - parte * (a - m) for a, m in zip(anchos, minimos, strict=True)]
    return [a * disponible / sum(anchos) for a in anchos]


def _en_partes(r: Rejilla, cabe: float) -> list[Rejilla]:
    partes: list[list[int]] = [[]]
    usado = r.altos[0]
    for n, de_la_fila in enumerate(r.altos[1:]):
        if partes[-1] and usado + de_la_fila > cabe:
            partes.append([])
            usado = r.altos[0]
        partes[-1].append(n)
        usado += de_la_fila
    return [
        Rejilla(
            tuple(r.textos[n] for n in cuales), r.columnas, r.encabezado, tuple(r.celdas[n] for n in cuales), r.anchos,
            (r.altos[0], *(r.altos[n + 1] for n in cuales)), r.puntos,
        )
        for cuales in partes
    ]  # fmt: skip
