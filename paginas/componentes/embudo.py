"""Dónde queda la tasa de un lugar entre los de su nivel, según su tamaño."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analisis import formatos, frases
from analisis.tasas import embudo

MESES = 12
CONFIANZA = 0.95


def posicion_en_el_embudo(comparados: pd.DataFrame, lugar: str, que: str) -> str:
    """La oración; vacía si no hay tasa del lugar o los casos no alcanzan. ``comparados``: los de ``lugares_comparados``."""
    habitantes = comparados["personas_mes"].to_numpy() / MESES
    propia = (comparados["lugar"] == lugar).to_numpy()
    tasa = comparados.loc[propia, "tasa"]
    if tasa.empty or not formatos.hay(tasa.iloc[0]):
        return ""
    try:
        hecho = embudo(comparados["conteo"].to_numpy(), habitantes)
    except ValueError:  # sin casos o con muy pocos lugares no hay embudo que describir
        return ""
    bajo, alto = hecho.limites(np.asarray(habitantes[propia]), CONFIANZA)
    return frases.lugar_en_el_embudo(float(tasa.iloc[0]), float(bajo[0]), float(alto[0]), que)
