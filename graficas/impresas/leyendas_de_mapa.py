"""La leyenda impresa de cada clase de mapa de la pantalla, con las mismas cuentas que la de la página."""

from __future__ import annotations

from collections.abc import Mapping

from graficas.impresas.leyendas import Clase, Pieza, Tira
from graficas.mapas import SIN_DATO, Pintura, paleta_de_certeza

_CERTEZAS = ("no se sabe", "más de 70 % de certeza", "más de 85 %", "más de 95 %")


def de_clases(cuentas: Mapping[str, int], colores: Mapping[str, str], rayada: str) -> list[Pieza]:
    """Una entrada por clase, con cuántos lugares caen en ella."""
    return [Clase(c, f"{n}: {int(cuentas.get(n, 0)):,}", rayada=n == rayada) for n, c in colores.items()]


def de_valores(pintura: Pintura, unidad: str) -> list[Pieza]:
    """La escala con sus extremos, y cuántos lugares no tienen cifra."""
    desde, hasta = pintura.extremos
    sin_dato = int((pintura.clases == pintura.rayada).sum())
    faltan: list[Pieza] = [Clase(SIN_DATO, f"no se puede decir: {sin_dato:,}", rayada=True)] if sin_dato else []
    return [Tira(tuple(pintura.escala), desde, f"{hasta} {unidad}"), *faltan]


def de_certeza(cuentas: Mapping[str, int]) -> list[Pieza]:
    """La paleta del cambio estimado: con menos certeza, menos colores y más grises; y a cuántos se les puso etiqueta."""
    filas = list(zip(_CERTEZAS, paleta_de_certeza(), strict=True))
    segura = Tira(tuple(filas[-1][1]), "−40 % o más", f"+67 % o más, con {_CERTEZAS[-1]} de certeza")
    otras: list[Pieza] = [Tira(tuple(colores), "", nombre) for nombre, colores in reversed(filas[:-1])]
    con_etiqueta = int(cuentas.get("a la baja", 0)) + int(cuentas.get("al alza", 0))
    return [
        segura,
        *otras,
        Clase("#FFFFFF", f"con contorno, «a la baja» o «al alza»: {con_etiqueta:,}"),
        Clase(SIN_DATO, f"datos insuficientes: {int(cuentas.get('datos insuficientes', 0)):,}", rayada=True),
    ]
