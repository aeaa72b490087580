"""Lo que se le pide al taller: dibujar una historia. Un mapa se pide por lo elegido, que su geometría no cabe en un recado."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from datos.almacen import publicacion_vigente
from datos.consultas.contexto import contexto
from datos.tablero import recordar
from graficas.impresas import FORMAS, FORMATOS
from informes.prensa.armar import Pedido, armar
from informes.prensa.historia import Historia
from informes.prensa.paquete import paquete
from informes.tablas import Ficha
from informes.taller import encargar

TODOS = (*((formato, 1) for formato in FORMATOS), ("png", 2))


@dataclass(frozen=True)
class Encargo:
    """Una historia por dibujar: lo elegido, la dirección de su vista viva y el titular, si se cambió y ya se revisó."""

    pedido: Pedido
    liga: str
    titular: str | None = None


@recordar(maximo=64)
def vista_previa(encargo: Encargo, forma: str) -> bytes:
    """El PNG de la figura. Lanza ``NoCabe``, ``TallerOcupado`` o ``TallerCaido``."""
    return encargar(dibujar, encargo, forma, (("png", 1),))()["png", 1]


def bajar(encargo: Encargo, forma: str, formato: str, escala: int) -> bytes:
    """Un archivo de la figura. Lanza lo mismo que ``vista_previa``."""
    return encargar(dibujar, encargo, forma, ((formato, escala),))()[formato, escala]


def todo(encargo: Encargo, historia: Historia, ficha: Ficha) -> bytes:
    """El zip de prensa; sus formas se dibujan en el taller, todas a la vez. Lanza lo mismo que ``vista_previa``."""
    figuras = {forma: encargar(dibujar, encargo, forma, TODOS) for forma in FORMAS}
    return paquete(historia, ficha, encargo.liga, figuras)


def dibujar(encargo: Encargo, forma: str, formatos: tuple[tuple[str, int], ...]) -> dict[tuple[str, int], bytes]:
    """Los bytes de cada formato y escala. Corre en el taller."""
    vigente = publicacion_vigente()
    lienzo = _historia(encargo, vigente.version if vigente else "").en(FORMAS[forma])
    return {(formato, escala): lienzo.guardar(formato, escala) for formato, escala in formatos}


def bajar_historia(historia: Historia, forma: str, formato: str = "png", escala: int = 1) -> bytes:
    """Un archivo de una historia ya armada y sin geometría. Lanza lo mismo que ``vista_previa``."""
    return encargar(dibujar_historia, historia, forma, ((formato, escala),))()[formato, escala]


def todo_de(historia: Historia, ficha: Ficha, liga: str) -> bytes:
    """El zip de prensa de una historia ya armada. Lanza lo mismo que ``vista_previa``."""
    return paquete(historia, ficha, liga, {f: encargar(dibujar_historia, historia, f, TODOS) for f in FORMAS})


def dibujar_historia(
    historia: Historia, forma: str, formatos: tuple[tuple[str, int], ...]
) -> dict[tuple[str, int], bytes]:
    """Los bytes de cada formato y escala. Corre en el taller."""
    lienzo = historia.en(FORMAS[forma])
    return {(formato, escala): lienzo.guardar(formato, escala) for formato, escala in formatos}


@functools.lru_cache(maxsize=8)
def _historia(encargo: Encargo, _version: str) -> Historia:
    hecha = armar(contexto(), encargo.pedido, encargo.liga)
    return hecha.con_titular(encargo.titular) if encargo.titular else hecha
