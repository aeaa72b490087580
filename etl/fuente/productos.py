"""Qué producto nombra una etiqueta de la página del SESNSP, aunque venga con entidades, espacios o mayúsculas raras."""

from __future__ import annotations

import re
from dataclasses import dataclass

from datos.catalogos import normalizar
from datos.catalogos.etiquetas import PRODUCTOS, Producto
from datos.esquema import CNSP, MESES, PRIMER_ANIO, RNID, ULTIMO_ANIO

_ANIO = re.compile(r"\b(?:19|20)\d\d\b")
_SENUELOS = frozenset({"tablero", "federal", "diccionario", "instrumento", "metodologia", "reporte", "informe", "nota"})
_MES = {nombre: numero for numero, nombre in enumerate(MESES, 1)}


_POR_CLAVE = {p.clave: p for p in PRODUCTOS}


def producto(metodologia: str, ambito: str) -> Producto:
    """El producto de esa metodología y ámbito. Lanza ``KeyError`` si no se busca."""
    return _POR_CLAVE[(metodologia, ambito)]


@dataclass(frozen=True)
class Etiqueta:
    """Lo que dice una etiqueta: qué producto es y hasta qué mes llega (año y mes; mes 12 si no dice)."""

    producto: Producto
    hasta: tuple[int, int]


def reconocer(texto: str) -> Etiqueta | None:
    """Qué producto nombra una etiqueta, sin fijarse en entidades, acentos, mayúsculas ni espacios; ``None`` si ninguno.

    Son señuelos el tablero dinámico, el fuero federal, la metodología anterior a 2015 y las notas y diccionarios.
    """
    plano = normalizar(texto)
    palabras = plano.split()
    if "incidencia delictiva" not in plano or "fuero comun" not in plano or _SENUELOS & set(palabras):
        return None
    ambito = _uno(palabras, ("estatal", "municipal"))
    que = _uno(palabras, ("delitos", "victimas"))
    anios = [int(a) for a in _ANIO.findall(plano)]
    metodologia = next(
        (m for m in (CNSP, RNID) if anios and all(PRIMER_ANIO[m] <= a <= ULTIMO_ANIO[m] for a in anios)), None
    )
    if ambito is None or que is None or metodologia is None:
        return None
    clave = (metodologia, f"victimas_{ambito}" if que == "victimas" else ambito)
    if clave not in _POR_CLAVE:
        return None
    meses = [_MES[p] for p in palabras if p in _MES]
    return Etiqueta(_POR_CLAVE[clave], (max(anios), meses[-1] if meses else 12))


def _uno(palabras: list[str], opciones: tuple[str, str]) -> str | None:
    """La única de las dos opciones que aparece; si están las dos o ninguna, ``None``."""
    presentes = [o for o in opciones if o in palabras]
    return presentes[0] if len(presentes) == 1 else None
