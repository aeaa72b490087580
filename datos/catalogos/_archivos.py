"""Los CSV de esta carpeta, leídos una sola vez como texto, y la forma en que se comparan los nombres."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import TypeVar

import pandas as pd

CARPETA = Path(__file__).parent
T = TypeVar("T")
_NO_ALFANUMERICO = re.compile(r"[^a-z0-9]+")


def normalizar(texto: str) -> str:
    """Texto sin acentos, mayúsculas ni puntuación, con espacios sencillos: la forma en que se comparan los nombres."""
    sin_acentos = unicodedata.normalize("NFKD", texto).encode("ascii", "ignore").decode("ascii")
    return _NO_ALFANUMERICO.sub(" ", sin_acentos.lower()).strip()


def leer(nombre: str) -> pd.DataFrame:
    """Un catálogo como texto, sin nulos. Se comparte: quien lo entrega hacia afuera lo copia."""
    return _leer(CARPETA / nombre)


@cache
def _leer(ruta: Path) -> pd.DataFrame:
    return pd.read_csv(ruta, dtype=str, keep_default_na=False, encoding="utf-8-sig")  # Excel agrega la marca


def una_vez(calcular: Callable[[], T]) -> Callable[[], T]:
    """Lo que se calcula de los catálogos se calcula una vez por carpeta, como se leen. Quien lo recibe no lo cambia."""
    calculados: dict[Path, T] = {}

    @wraps(calcular)
    def guardado() -> T:
        if CARPETA not in calculados:
            calculados[CARPETA] = calcular()
        return calculados[CARPETA]

    return guardado
