"""Doce meses contra los doce anteriores: cambio en carpetas, en porcentaje y tasa, con el motivo de lo que no se dice."""

from __future__ import annotations

import numpy as np
import pandas as pd

BASE_MINIMA = 20
MESES = 12


def con_cambio(ventanas: pd.DataFrame) -> pd.DataFrame:
    """Agrega a las ventanas ``cambio`` (carpetas), ``cambio_pct``, ``tasa`` (anual por 100 mil habitantes) y ``motivo``.

    ``cambio`` y ``tasa`` son nulos si su ventana está incompleta: una suma parcial no se compara. ``cambio_pct`` es nulo
    con menos de 20 carpetas en los 12 meses anteriores. ``motivo`` es '' cuando todo se puede decir.
    """
    reciente = ventanas["meses"] == MESES
    ambas = reciente & (ventanas["meses_previos"] == MESES)
    conteo = ventanas["conteo"].where(reciente)
    previo = ventanas["conteo_previo"].where(ambas)
    cambio = conteo - previo
    faltan = 2 * MESES - ventanas["meses"] - ventanas["meses_previos"]
    motivo = np.select(
        [faltan == 2 * MESES, faltan > 0, ventanas["personas_mes"].isna(), previo < BASE_MINIMA],
        [
            "no reportado en los 24 meses",
            "faltan " + faltan.astype(str) + " de 24 meses",
            "sin población de CONAPO: tasa n. d.",
            f"menos de {BASE_MINIMA} carpetas antes: sin porcentaje",
        ],
        default="",
    )
    return ventanas.assign(
        conteo=conteo,
        conteo_previo=previo,
        cambio=cambio,
        cambio_pct=(100 * cambio / previo.where(previo >= BASE_MINIMA)),
        tasa=1e5 * MESES * conteo / ventanas["personas_mes"],
        motivo=motivo,
    )
