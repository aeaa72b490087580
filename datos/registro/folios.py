"""El folio NN/SESIÓN/AAAA: proponer el siguiente y leer el que ya está."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LETRAS = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
    (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_FOLIO = re.compile(r"(\d{2,})/([MDCLXVI]+)/(\d{4})")


def romano(numero: int) -> str:
    """«XLIV» de 44. Lanza ``ValueError`` fuera de 1 a 3,999."""
    if not 1 <= numero <= 3999:
        raise ValueError(f"{numero} no se escribe en romanos: se espera de 1 a 3,999")
    partes = []
    for valor, letra in _LETRAS:
        cuantas, numero = divmod(numero, valor)
        partes.append(letra * cuantas)
    return "".join(partes)


def proponer(existentes: Iterable[str], sesion: int, anio: int) -> str:
    """El siguiente folio libre de una sesión: uno más que el mayor ya usado, retirado o no."""
    romana = romano(sesion)
    usados = [int(m[1]) for f in existentes if (m := _FOLIO.fullmatch(f)) and m[2] == romana and m[3] == str(anio)]
    return f"{max(usados, default=0) + 1:02d}/{romana}/{anio}"


def numero_de_sesion(folio: str) -> int | None:
    """44 de «03/XLIV/2024»; ``None`` si no es un folio."""
    hallado = _FOLIO.fullmatch(folio)
    if hallado is None:
        return None
    resto, numero = hallado[2], 0
    for valor, letra in _LETRAS:
        while resto.startswith(letra):
            resto, numero = resto.removeprefix(letra), numero + valor
    return numero if numero and romano(numero) == hallado[2] else None
