"""Hasta dónde se puede cambiar el titular que propone el tablero: las palabras sí, las cifras no."""

from __future__ import annotations

import re
from collections import Counter

MAXIMO_DE_LETRAS = 200
# Lo que METODO no permite decir de unas carpetas: causas y juicios.
# Raíces, para que no pase ninguna conjugación.
PROHIBIDAS = (
    *(
        "gracias a",
        "debido a",
        "por culpa",
        "a causa de",
        "provoc",
        "caus",
        "logr",
        "eficac",
        "eficaz",
        "fracas",
        "éxito",
    ),
    "delincuencia",
)
_CIFRA = re.compile(r"[−+-]?\d[\d,]*(?:\.\d+)?(?:[\s\N{NO-BREAK SPACE}]?%)?")


def problemas_del_titular(propuesto: str, editado: str) -> list[str]:
    """Todo lo que impide usar el titular editado; vacía si se puede. Las cifras deben ser las mismas, ni más ni menos."""
    problemas = []
    if not editado.strip():
        return ["El titular está vacío."]
    if len(editado) > MAXIMO_DE_LETRAS:
        problemas.append(f"Tiene {len(editado)} letras y caben {MAXIMO_DE_LETRAS}.")
    suyas, nuevas = _cifras(propuesto), _cifras(editado)
    sobran, faltan = nuevas - suyas, suyas - nuevas
    if sobran:
        problemas.append(f"Trae cifras que no son las de los datos: {', '.join(sorted(sobran))}.")
    if faltan:
        problemas.append(f"Le faltan cifras sin las que dice otra cosa: {', '.join(sorted(faltan))}.")
    dichas = [p for p in PROHIBIDAS if re.search(rf"\b{re.escape(p)}", editado.lower())]
    if dichas:
        problemas.append(f"Dice «{'», «'.join(dichas)}»: unas carpetas no alcanzan para afirmarlo.")
    return problemas


def _cifras(texto: str) -> Counter[str]:
    return Counter(
        re.sub(r"[\s\N{NO-BREAK SPACE}]", "", c).replace("-", "−").rstrip(",.") for c in _CIFRA.findall(texto)
    )
