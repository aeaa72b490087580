"""Rango esperado de un mes a partir de los doce anteriores, y qué tan raro fue lo que pasó.

Binomial negativa con la media diaria de los doce meses (ajustada a los días del mes) y la dispersión propia contraída a la de
los lugares de su tamaño; la varianza lleva además la de haber estimado la media. Medido en homicidios de INEGI de 2003 a
2021, se sale por arriba de 1 a 3.5 % de las veces con un 2.5 % nominal. Describe: una alerta no dice por qué.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analisis.binomial_negativa import acumulada, cuantil, excedente

BASE = 12
COLA = 0.025
MINIMO_PARA_MEDIR = 12  # eventos en los doce meses para que su dispersión diga algo
GRUPOS = 10
HOLGURA = 3 / BASE  # varianza de la media estimada, y el doble porque la media se mueve
MEDIO_CASO = 0.5
ALTA, BAJA = "alta", "baja"


def rango_esperado(conteos: np.ndarray, dias: np.ndarray) -> pd.DataFrame:
    """Un renglón por lugar: si el último mes cabe en lo esperado según los doce anteriores.

    ``conteos``: lugares × 13 (carpetas; NaN = no reportado), del más antiguo al más reciente; ``dias``: los días de cada
    mes. Devuelve ``conteo`` (el del último mes), ``esperado``, ``bajo`` y ``alto`` (rango de 95 %, carpetas enteras),
    ``sorpresa`` (−log10 de la probabilidad de algo así o más extremo; negativa si es por debajo), ``alerta`` ('alta',
    'baja' o '') y ``azar_alta`` y ``azar_baja`` (probabilidad de esa alerta en un mes como cualquier otro: sumadas dan
    cuántas saldrían por azar). NaN y '' si falta algún mes. Lanza ``ValueError`` si las dimensiones no cuadran.
    """
    conteos, dias = np.asarray(conteos, dtype="float64"), np.asarray(dias, dtype="float64")
    if conteos.ndim != 2 or conteos.shape[1] != BASE + 1 or dias.shape != (BASE + 1,):
        raise ValueError(
            f"se esperan lugares × {BASE + 1} conteos y {BASE + 1} meses; llegaron {conteos.shape} y {dias.shape}"
        )
    salida = {
        c: np.full(len(conteos), np.nan) for c in ("esperado", "bajo", "alto", "sorpresa", "azar_alta", "azar_baja")
    }
    completos = ~np.isnan(conteos).any(axis=1)
    if completos.any():
        base, ultimo = conteos[completos, :BASE], conteos[completos, BASE]
        media, varianza = prediccion(base, dias)
        n, p = _parametros(media, varianza)
        central = _central(base.sum(axis=1)) / dias[:BASE].sum() * dias[BASE]
        arriba, abajo = excedente(ultimo - 1, n, p), acumulada(ultimo, n, p)
        cola = np.clip(np.minimum(arriba, abajo), 1e-300, 0.5)
        salida["esperado"][completos] = media
        salida["sorpresa"][completos] = np.where(arriba < abajo, 1, -1) * -np.log10(cola)
        for columna, valores in _limites(media, varianza, central).items():
            salida[columna][completos] = valores
    tabla = pd.DataFrame({"conteo": conteos[:, BASE], **salida})
    tabla["alerta"] = np.select([tabla["conteo"] > tabla["alto"], tabla["conteo"] < tabla["bajo"]], [ALTA, BAJA], "")
    return tabla


def _limites(media: np.ndarray, varianza: np.ndarray, central: np.ndarray) -> dict[str, np.ndarray]:
    """``bajo``, ``alto``, ``azar_alta`` y ``azar_baja`` de cada media y varianza."""
    # La mayoría de los lugares tiene pocos casos y repite parámetros: invertir la distribución una vez por par.
    pares, primero, cual = np.unique(media + 1j * varianza, return_index=True, return_inverse=True)
    n, p = _parametros(pares.real, pares.imag)
    bajo, alto = cuantil(COLA, n, p), cuantil(1 - COLA, n, p)
    n, p = _parametros(central[primero], central[primero] * pares.imag / pares.real)
    limites = {"bajo": bajo, "alto": alto, "azar_alta": excedente(alto, n, p)}
    limites["azar_baja"] = acumulada(bajo - 1, n, p)
    return {columna: valores[cual] for columna, valores in limites.items()}


def _central(totales: np.ndarray) -> np.ndarray:
    """Lo que de veras se espera de otros doce meses: el mismo total y, de quien no tuvo ninguno, N₁/N₀ (Robbins, 1956).

    El medio caso de más ensancha el rango y evita alarmas; para contar cuántas saldrían por azar sería demasiado.
    """
    ceros, unos = int((totales == 0).sum()), int((totales == 1).sum())
    return np.where(totales > 0, totales, min(unos / max(ceros, 1), MEDIO_CASO) or MEDIO_CASO / 10)


def prediccion(base: np.ndarray, dias: np.ndarray, *, cada_uno_solo: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Media y varianza de lo que se espera el mes siguiente a los doce de cada renglón de ``base`` (sin faltantes).

    ``dias``: los de los trece meses, los mismos para todos o unos por renglón. ``cada_uno_solo``: los renglones no son lugares
    de un mismo mes y su dispersión no se contrae a la de los demás.
    """
    dias = np.broadcast_to(dias, (len(base), BASE + 1))
    casos, dias_base = base.sum(axis=1), dias[:, :BASE].sum(axis=1)
    esperado = (casos / dias_base)[:, None] * dias[:, :BASE]
    pearson = np.divide((base - esperado) ** 2, esperado, out=np.zeros_like(esperado), where=esperado > 0).sum(axis=1)
    propia = pearson / (BASE - 1)
    if cada_uno_solo:
        dispersion = np.where(casos >= MINIMO_PARA_MEDIR, np.maximum(propia, 1.0), 1.0)
    else:
        dispersion = _contraida(propia, casos)
    # Medio caso de más: doce meses en cero no quieren decir que un caso sea imposible.
    media = (casos + MEDIO_CASO) / dias_base * dias[:, BASE]
    return media, media * dispersion * (1 + HOLGURA)


def _contraida(propia: np.ndarray, eventos: np.ndarray) -> np.ndarray:
    """Dispersión a medio camino entre la del lugar y la de su grupo de tamaño; nunca menor que 1."""
    mide = eventos >= MINIMO_PARA_MEDIR
    salida = np.ones(len(propia))
    if not mide.any():
        return salida
    cortes = np.quantile(eventos[mide], np.arange(1, GRUPOS) / GRUPOS)
    _, grupo = np.unique(np.searchsorted(cortes, eventos[mide], side="right"), return_inverse=True)
    medias = np.bincount(grupo, weights=propia[mide]) / np.bincount(grupo)
    salida[:] = max(medias[0], 1.0)
    salida[mide] = np.maximum((propia[mide] + medias[grupo]) / 2, 1.0)
    return salida


def _parametros(media: np.ndarray, varianza: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """n y p de la binomial negativa con esa media y esa varianza."""
    p = media / np.maximum(varianza, media * 1.0001)
    return media * p / (1 - p), p


def banda(conteos: np.ndarray, dias: np.ndarray) -> pd.DataFrame:
    """El rango esperado de cada mes de una sola serie: ``esperado``, ``bajo`` y ``alto``, NaN los primeros doce y donde falta.

    ``conteos``: la serie mensual (NaN = no reportado); ``dias``: los de cada mes.
    """
    conteos, dias = np.asarray(conteos, dtype="float64"), np.asarray(dias, dtype="float64")
    columnas = ["esperado", "bajo", "alto"]
    salida = pd.DataFrame(np.nan, index=range(len(conteos)), columns=columnas)
    if len(conteos) <= BASE:
        return salida
    ventanas = np.lib.stride_tricks.sliding_window_view(conteos, BASE + 1)[:, :BASE]
    dias_de_cada = np.lib.stride_tricks.sliding_window_view(dias, BASE + 1)
    completas = np.flatnonzero(~np.isnan(ventanas).any(axis=1))
    if len(completas):
        media, varianza = prediccion(ventanas[completas], dias_de_cada[completas], cada_uno_solo=True)
        n, p = _parametros(media, varianza)
        salida.loc[BASE + completas] = np.column_stack([media, cuantil(COLA, n, p), cuantil(1 - COLA, n, p)])
    return salida
