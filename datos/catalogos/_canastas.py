"""Las canastas: grupos de delitos con autor y fuente, que se editan en ``canastas.csv`` sin tocar código.

Un miembro nombra un ``delito`` del tablero o un grupo ``comparable`` de ``puente.csv``, completo o solo su parte con (o
sin) violencia. La canasta es la unión de las categorías de sus miembros: ninguna se cuenta dos veces.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from datos.catalogos._archivos import leer, normalizar, una_vez
from datos.catalogos._delitos import HOJA, delitos

ARCHIVO = "canastas.csv"
CNSP = "CNSP/38/15"
PREFIJO = "canasta:"
PRINCIPAL = "once_delitos"  # los delitos de la portada y los que se vigilan entre un corte y otro
COLUMNAS = ["canasta", "nombre", "autor", "fuente", "delito", "violencia", "orden"]
VIOLENCIA = {"": "", "con": "con violencia", "sin": "sin violencia"}
_CLAVE = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class ProblemaDeCanasta:
    """Un defecto de ``canastas.csv``: su línea (el encabezado es la 1), columna, lo esperado y lo encontrado."""

    linea: int
    columna: str
    esperado: str
    encontrado: str


def canastas() -> pd.DataFrame:
    """Una fila por miembro: canasta, nombre, autor, fuente, delito, violencia ('', 'con' o 'sin'), orden y miembro.

    ``delito`` es un delito del tablero o un grupo comparable del puente; ``miembro``, su nombre para mostrar.
    """
    return _canastas().copy()


@una_vez
def _canastas() -> pd.DataFrame:
    tabla = leer(ARCHIVO)[COLUMNAS].copy()
    tabla["orden"] = tabla["orden"].astype(int)
    nombres = _nombres_de_miembros()
    tabla["miembro"] = [
        nombres[delito] + (f" ({VIOLENCIA[violencia]})" if violencia else "")
        for delito, violencia in zip(tabla["delito"], tabla["violencia"], strict=True)
    ]
    return tabla.sort_values(["canasta", "orden"], ignore_index=True)


def hojas_de_canastas() -> pd.DataFrame:
    """Una fila por canasta y categoría: las columnas de ``canastas`` y las de la categoría.

    Una categoría que alcanzan dos miembros queda una vez, con el de menor orden.
    """
    miembros = _canastas()
    filas = [
        (*miembro, *hoja)
        for miembro in miembros.itertuples(index=False, name=None)
        for hoja in _hojas(*(miembro[miembros.columns.get_loc(c)] for c in ("delito", "violencia")))
    ]
    tabla = pd.DataFrame(filas, columns=[*miembros.columns, *HOJA])
    return tabla.drop_duplicates(["canasta", *HOJA], ignore_index=True)


def series() -> pd.DataFrame:
    """Toda clave con serie publicada: delito (o 'canasta:<clave>'), nombre, comparable_2026 (bool).

    Van los 23 delitos y después las canastas. Una canasta es comparable a través de enero de 2026 solo si lo es cada
    uno de sus miembros.
    """
    return _series().copy()


@una_vez
def _series() -> pd.DataFrame:
    propios = delitos()[["delito", "nombre", "comparable_2026"]]
    no_comparables = set(propios.loc[~propios["comparable_2026"], "delito"])
    filas = [
        (PREFIJO + str(clave), grupo["nombre"].iloc[0], not set(grupo["delito"]) & no_comparables)
        for clave, grupo in _canastas().groupby("canasta")
    ]
    return pd.concat([propios, pd.DataFrame(filas, columns=propios.columns)], ignore_index=True)


def problemas_de_canastas() -> list[ProblemaDeCanasta]:
    """Todo lo que ``canastas.csv`` tiene mal; lista vacía si sirve."""
    try:
        crudo = leer(ARCHIVO)
    except (UnicodeDecodeError, pd.errors.ParserError) as causa:
        return [ProblemaDeCanasta(1, "(archivo)", "un CSV en UTF-8 con sus columnas completas", str(causa).strip())]
    faltan = [c for c in COLUMNAS if c not in crudo.columns]
    if faltan:
        encontrado = ", ".join(crudo.columns)
        return [ProblemaDeCanasta(1, ", ".join(faltan), f"las columnas {', '.join(COLUMNAS)}", encontrado)]
    problemas: list[ProblemaDeCanasta] = []
    rotulos: dict[str, tuple[str, str, str]] = {}
    vistos: set[tuple[str, str]] = set()
    for linea, fila in enumerate(crudo[COLUMNAS].itertuples(index=False, name="Miembro"), 2):
        hallados = _de_la_fila(fila)
        suyos = (fila.nombre, fila.autor, fila.fuente)
        if rotulos.setdefault(fila.canasta, suyos) != suyos:
            hallados.append(("nombre", "el mismo nombre, autor y fuente en toda la canasta", " / ".join(suyos)))
        for columna in ("delito", "orden"):
            valor = f"{fila.delito} {fila.violencia}" if columna == "delito" else fila.orden
            if (fila.canasta, valor) in vistos:
                hallados.append((columna, f"que no se repita en «{fila.canasta}»", f"«{valor.strip()}»"))
            vistos.add((fila.canasta, valor))
        problemas += [ProblemaDeCanasta(linea, *hallado) for hallado in hallados]
    if PRINCIPAL not in set(crudo["canasta"]):
        problemas.append(ProblemaDeCanasta(1, "canasta", f"la canasta «{PRINCIPAL}», que usa el tablero", "no está"))
    return problemas


def _de_la_fila(fila) -> list[tuple[str, str, str]]:
    hallados = []
    if not _CLAVE.fullmatch(fila.canasta):
        hallados.append(("canasta", "una clave de minúsculas, cifras y guion bajo", f"«{fila.canasta}»"))
    hallados += [
        (columna, "un texto", "la celda vacía")
        for columna in ("nombre", "autor", "fuente")
        if not getattr(fila, columna).strip()
    ]
    if fila.violencia not in VIOLENCIA:
        hallados.append(("violencia", "vacío, «con» o «sin»", f"«{fila.violencia}»"))
    elif fila.delito not in _nombres_de_miembros():
        hallados.append(("delito", "un delito de delitos.csv o un grupo comparable de puente.csv", f"«{fila.delito}»"))
    elif len({hoja[0] for hoja in _hojas(fila.delito, fila.violencia)}) != 2:
        hallados.append(
            ("violencia", "categorías en las dos metodologías", f"«{fila.delito}» no se separa por violencia")
        )
    if not fila.orden.isdigit():
        hallados.append(("orden", "un número entero", f"«{fila.orden}»"))
    return hallados


def _hojas(delito: str, violencia: str) -> list[tuple[str, ...]]:
    """Categorías de un miembro. En 2015–2025 la violencia del robo de vehículo va al final de la modalidad."""
    suyas = _hojas_por_clave().get(delito, [])
    return [hoja for hoja in suyas if normalizar(hoja[-1]).endswith(VIOLENCIA[violencia])]


@una_vez
def _hojas_por_clave() -> dict[str, list[tuple[str, ...]]]:
    """Categorías de cada delito y de cada grupo comparable; si comparten clave, manda el delito."""
    por_delito: dict[str, list[tuple[str, ...]]] = {}
    por_grupo: dict[str, list[tuple[str, ...]]] = {}
    tabla = leer("puente.csv")
    for *hoja, claves, grupo in tabla[[*HOJA, "delitos", "comparable"]].itertuples(index=False, name=None):
        for clave in claves.split():
            por_delito.setdefault(clave, []).append(tuple(hoja))
        if grupo:
            por_grupo.setdefault(grupo, []).append(tuple(hoja))
    return por_grupo | por_delito


@una_vez
def _nombres_de_miembros() -> dict[str, str]:
    """Nombre para mostrar de cada delito y de cada grupo comparable (los subtipos de 2015–2025 que lo forman)."""
    de_delitos = dict(zip(delitos()["delito"], delitos()["nombre"], strict=True))
    subtipo = HOJA.index("subtipo")
    return {
        clave: de_delitos.get(clave) or " + ".join(dict.fromkeys(hoja[subtipo] for hoja in hojas if hoja[0] == CNSP))
        for clave, hojas in _hojas_por_clave().items()
    }
