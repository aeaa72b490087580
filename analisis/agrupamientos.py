"""Dónde se juntan tasas altas y dónde bajas: I de Moran local, con tasas que toman en cuenta cuánta gente vive en cada lugar.

Anselin (1995); tasas estandarizadas por bayes empírico de Assunção y Reis (1999); significancia por permutaciones y control
de falsos descubrimientos (Benjamini y Hochberg). Lo calcula ``esda``, de PySAL. Describe vecindad: no dice que el delito pase de
un lugar a otro, y cambia con el tamaño de los municipios.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

ALTO, BAJO, ALTO_ENTRE_BAJOS, BAJO_ENTRE_ALTOS = (
    "altas juntas",
    "bajas juntas",
    "alta entre bajas",
    "baja entre altas",
)
NINGUNO = "sin agrupamiento"
CLASES = (ALTO, ALTO_ENTRE_BAJOS, BAJO_ENTRE_ALTOS, BAJO, NINGUNO)
_POR_CUADRANTE = {1: ALTO, 2: BAJO_ENTRE_ALTOS, 3: BAJO, 4: ALTO_ENTRE_BAJOS}
PERMUTACIONES = 999
FALSOS = 0.05
MINIMO_DE_LUGARES = 100
MINIMO_DE_CASOS = 200
SEMILLA = 20260101


def agrupar(
    lugares: Sequence[str], conteos: np.ndarray, personas: np.ndarray, vecinos: Mapping[str, Sequence[str]]
) -> pd.DataFrame | None:
    """Un renglón por lugar con dato y algún vecino con dato: lugar, clase (de ``CLASES``) y valor_p (de dos lados).

    ``conteos``: carpetas de 12 meses; ``personas``: habitantes; NaN donde falta. ``vecinos``: con quién colinda cada clave.
    ``None`` si quedan menos de 100 lugares o hubo menos de 200 carpetas: no hay con qué.
    """
    from esda import Moran_Local_Rate, fdr  # aquí: PySAL tarda en abrirse y solo se usa al calcular
    from libpysal.graph import Graph

    tabla = pd.DataFrame({"lugar": list(lugares), "c": conteos, "p": personas}).dropna()
    tabla = tabla[tabla["p"] > 0].set_index("lugar")
    pares = [(a, b) for a in tabla.index for b in vecinos.get(a, ()) if b in tabla.index]
    tabla = tabla[tabla.index.isin({a for a, _ in pares})]
    if len(tabla) < MINIMO_DE_LUGARES or tabla["c"].sum() < MINIMO_DE_CASOS:
        return None
    focal, vecino = zip(*pares, strict=True)
    grafo = (
        Graph.from_arrays(np.array(focal), np.array(vecino), np.ones(len(pares))).subgraph(tabla.index).transform("r")
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # avisa del valor p de un lado, que abajo se vuelve de dos
        warnings.simplefilter("ignore", UserWarning)  # el mapa queda en pedazos donde hay estados sin dato
        local = Moran_Local_Rate(
            tabla["c"].to_numpy(), tabla["p"].to_numpy(), grafo, permutations=PERMUTACIONES, seed=SEMILLA, n_jobs=1
        )
    valor_p = np.minimum(2 * local.p_sim, 1.0)
    clases = np.where(valor_p <= fdr(valor_p, FALSOS), [_POR_CUADRANTE[int(q)] for q in local.q], NINGUNO)
    return pd.DataFrame({"lugar": tabla.index, "clase": clases, "valor_p": valor_p})
