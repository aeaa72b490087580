"""Pesos redondos por entidad: carpetas por habitante respecto del país (1 = como el país), puestos a mano.

Dan a la demostración una geografía verosímil a grandes rasgos (más homicidio en unas entidades, más robo de vehículo en
otras). No son tasas medidas ni sirven como dato de ninguna entidad.
"""

from __future__ import annotations

import numpy as np

_COLUMNAS = ("general", "homicidio", "vehiculo", "narcomenudeo", "familia")
_TABLA = """
01 1.5 0.3 1.2 2.0 1.3
02 1.8 3.0 2.0 3.0 2.0
03 1.6 0.5 0.8 1.5 2.0
04 0.5 0.4 0.2 0.5 0.5
05 1.1 0.4 0.4 3.5 2.0
06 2.0 3.5 1.2 3.0 2.5
07 0.4 0.4 0.4 0.4 0.5
08 1.1 2.5 0.9 2.5 1.8
09 1.6 0.6 1.0 0.8 1.8
10 1.1 0.5 0.6 0.8 1.8
11 1.3 2.2 1.1 2.0 1.0
12 0.6 2.0 0.8 0.4 0.6
13 1.0 0.5 1.1 0.6 1.0
14 1.1 1.1 1.2 0.5 0.9
15 1.2 0.7 1.8 0.4 0.7
16 0.7 1.5 1.1 0.6 0.5
17 1.4 2.0 1.3 0.6 1.3
18 0.5 0.6 0.3 0.5 0.6
19 1.0 0.7 0.5 1.5 1.8
20 0.7 1.0 0.6 0.4 0.9
21 0.8 0.7 1.4 0.4 0.8
22 1.6 0.4 1.4 0.9 1.0
23 1.5 1.6 0.9 1.5 1.2
24 1.1 0.8 1.1 1.0 1.4
25 0.7 1.2 1.4 0.5 1.0
26 0.8 1.8 0.8 1.5 1.0
27 1.3 1.1 0.9 0.4 1.0
28 0.7 0.7 0.6 0.7 1.0
29 0.4 0.4 1.1 0.4 0.4
30 0.7 0.7 0.7 0.4 0.7
31 0.4 0.2 0.2 0.6 0.4
32 0.9 1.8 1.1 0.9 0.9
"""
PESOS = {
    fila[0]: dict(zip(_COLUMNAS, map(float, fila[1:]), strict=True))
    for fila in (renglon.split() for renglon in _TABLA.strip().split("\n"))
}


def peso(cve_ent: str, familia: str) -> float:
    """Peso de una entidad en una familia de delitos; las familias sin columna propia usan el general."""
    fila = PESOS[cve_ent]
    return fila.get(familia, fila["general"])


def matriz(entidades: list[str], familias: list[str]) -> np.ndarray:
    """Pesos como arreglo (entidades, familias)."""
    return np.array([[peso(e, f) for f in familias] for e in entidades])
