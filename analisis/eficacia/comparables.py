"""Con quién se compara: los municipios más parecidos en nivel, racha reciente y tendencia, sin mirar lo que pasó después."""

from __future__ import annotations

import numpy as np

from analisis.eficacia.acumulado import Acumulado

VECINOS = 60
HISTORIA = 36
RACHA = 6
# Qué tan distinto es «distinto» en cada rasgo (log): nivel, racha de 6 meses contra los 30 previos, y año contra año.
ESCALAS = np.array([0.5, 0.15, 0.2])


def historia(inicio: int) -> int:
    """Meses de historia que hay para parecerse: hasta 36."""
    return min(HISTORIA, inicio)


def rasgos(ac: Acumulado, inicio: int) -> np.ndarray:
    """Nivel, racha y tendencia de cada municipio antes de ``inicio``, en unidades de ``ESCALAS``."""
    h = historia(inicio)
    desde = inicio - h
    total, racha = ac.suma(desde, inicio), ac.suma(inicio - RACHA, inicio)
    resto = ac.suma(desde, inicio - RACHA)
    ultimo, previo = ac.suma(inicio - 12, inicio), ac.suma(inicio - 24, inicio - 12)
    return (
        np.column_stack(
            [
                np.log((total + 0.5) / h),
                np.log((racha + 0.5) / RACHA) - np.log((resto + 0.5) / (h - RACHA)),
                np.log((ultimo + 0.5) / (previo + 0.5)),
            ]
        )
        / ESCALAS
    )


def elegibles(ac: Acumulado, tratados: np.ndarray, inicio: int, posteriores: int, fuera: np.ndarray) -> np.ndarray:
    """Posiciones que pueden servir de comparación.

    Reportaron toda su historia y lo posterior, y tuvieron algún caso en los 36 meses previos. Nunca se juzgan por su año
    base: ese filtro escoge a los que venían altos y convierte una caída nula en una subida.
    """
    desde = inicio - historia(inicio)
    sirven = ac.completos(desde, inicio + posteriores) & (ac.suma(desde, inicio) > 0)
    sirven[tratados] = False
    sirven[fuera] = False
    return np.flatnonzero(sirven)


def vecinos(ac: Acumulado, tratados: np.ndarray, inicio: int, posteriores: int, candidatos: np.ndarray) -> np.ndarray:
    """Los hasta 60 candidatos más parecidos a cada tratado: arreglo tratados × vecinos, del más parecido al menos.

    Los empates se deshacen por los propios conteos, de modo que el orden de los renglones no cambia el resultado.
    """
    todos = rasgos(ac, inicio)
    desempate = ac.suma(inicio, inicio + posteriores)[candidatos], ac.suma(inicio - 12, inicio)[candidatos]
    cuantos = min(VECINOS, len(candidatos))
    cercanos = np.empty((len(tratados), cuantos), dtype=int)
    ajenos = np.ascontiguousarray(todos[candidatos].T)
    for renglon, tratado in enumerate(tratados):
        nivel, racha, tendencia = (np.square(a - p) for a, p in zip(ajenos, todos[tratado], strict=True))
        distancias = nivel + racha + tendencia
        tope = np.partition(distancias, cuantos - 1)[cuantos - 1]
        finalistas = np.flatnonzero(distancias <= tope)
        orden = np.lexsort((desempate[0][finalistas], desempate[1][finalistas], distancias[finalistas]))
        cercanos[renglon] = candidatos[finalistas[orden[:cuantos]]]
    return cercanos


def en_orden_propio(ac: Acumulado, tratados: np.ndarray, inicio: int) -> np.ndarray:
    """Los tratados ordenados por sus rasgos: quién va primero no depende de su número de renglón."""
    propios = rasgos(ac, inicio)[tratados]
    return tratados[np.lexsort(propios.T)]
