"""Leer los tabulados de denuncia de la ENVIPE: delitos, denunciados y cifra negra de cada entidad, del libro que publica INEGI.

Los cuadros se reconocen por su título, no por su número ni por el nombre de la hoja: la numeración cambia entre ediciones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from datos.catalogos import clave_de_entidad, normalizar
from etl.lectura.libro import hojas
from etl.lectura.recibido import Recibido
from etl.problemas import FueraDeTema

ENCUESTA = "encuesta nacional de victimizacion y percepcion sobre seguridad publica"
NACIONAL = "00"
_RENGLONES_DE_TITULO = 12
_PAIS = "estados unidos mexicanos"


@dataclass(frozen=True)
class Cuadro:
    """Uno de los dos cuadros: cómo empieza su título y, en orden, los números de cada renglón que se toman."""

    titulo: str
    columnas: tuple[str, ...]


DENUNCIA = Cuadro(
    "delitos ocurridos por entidad federativa segun condicion de denuncia",
    ("delitos", "denunciados", "denunciados_pct"),
)
CIFRA_NEGRA = Cuadro(
    "delitos ocurridos por entidad federativa segun cifra negra", ("delitos", "cifra_negra", "cifra_negra_pct")
)


@dataclass(frozen=True)
class Lectura:
    """Lo leído de un libro, sin comprobar: año de referencia, y una tabla por cuadro con su línea en la hoja."""

    anio: int | None
    denuncia: pd.DataFrame
    cifra_negra: pd.DataFrame


def leer(recibido: Recibido) -> Lectura:
    """Los dos cuadros por entidad. Lanza ``FueraDeTema`` si no es un libro de la ENVIPE o no los trae."""
    if not recibido.es_libro:
        raise FueraDeTema("no es un libro de Excel")
    todas = hojas(recibido)
    if not any(ENCUESTA in normalizar(str(celda)) for hoja in todas for fila in hoja[:2] for celda in fila):
        raise FueraDeTema("no es un tabulado de la ENVIPE")
    hallados = {}
    for hoja in todas:
        for cuadro in (DENUNCIA, CIFRA_NEGRA):
            if _titulo(hoja).startswith(cuadro.titulo):
                hallados[cuadro] = hoja
    if set(hallados) != {DENUNCIA, CIFRA_NEGRA}:
        raise FueraDeTema("es de la ENVIPE, pero no trae la denuncia y la cifra negra por entidad")
    anios = {_anio(hoja) for hoja in hallados.values()}
    return Lectura(
        anios.pop() if len(anios) == 1 else None,
        _tabla(hallados[DENUNCIA], DENUNCIA),
        _tabla(hallados[CIFRA_NEGRA], CIFRA_NEGRA),
    )


def _titulo(hoja: Sequence[Sequence[Any]]) -> str:
    """El título del cuadro, que puede venir partido en dos renglones, sin la línea de la encuesta."""
    textos = [str(fila[0]) for fila in hoja[1:6] if fila and isinstance(fila[0], str) and fila[0].strip()]
    return normalizar(" ".join(textos))


def _anio(hoja: Sequence[Sequence[Any]]) -> int | None:
    for fila in hoja[:_RENGLONES_DE_TITULO]:
        if fila and isinstance(fila[0], (int, float)) and 2000 < float(fila[0]) < 2100:
            return int(fila[0])
    return None


def _tabla(hoja: Sequence[Sequence[Any]], cuadro: Cuadro) -> pd.DataFrame:
    """Un renglón por entidad reconocida: cve_ent, las columnas del cuadro (nulas si no son números) y ``linea``."""
    filas = []
    for linea, fila in enumerate(hoja, 1):
        nombre = str(fila[0]).strip() if fila else ""
        clave = NACIONAL if normalizar(nombre) == _PAIS else clave_de_entidad(nombre) if nombre else None
        numeros = [float(c) if isinstance(c, (int, float)) else None for c in fila[1:] if c != ""]
        if clave is not None and numeros:
            valores = (numeros + [None] * len(cuadro.columnas))[: len(cuadro.columnas)]
            filas.append({"cve_ent": clave, "linea": linea, **dict(zip(cuadro.columnas, valores, strict=True))})
    tabla = pd.DataFrame(filas, columns=["cve_ent", "linea", *cuadro.columnas])
    return tabla.astype(dict.fromkeys(cuadro.columnas, "float64"))
