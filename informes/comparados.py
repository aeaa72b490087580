"""Doce meses contra los doce anteriores de todos los lugares de un nivel, con su etiqueta, para cualquier mes de cierre."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from analisis.cambio import MESES, con_cambio
from analisis.cambio_estimado import COLUMNAS as DEL_ESTIMADO
from analisis.cambio_estimado import estimar
from analisis.etiquetas import INSUFICIENTES, etiquetar
from analisis.tasas import tasa_suavizada
from datos.consultas.claves import claves
from datos.consultas.paneles import panel
from datos.consultas.ventanas import ventanas
from datos.tablero import recordar

CRUZA = "«Total» no se compara a través de enero de 2026"


@recordar(maximo=48)
def lugares_comparados(nivel: str, delito: str, cierre: date) -> pd.DataFrame:
    """Un renglón por lugar, en orden de clave: las columnas de ``con_cambio`` más razon, ic_bajo, ic_alto, valor_q, racha y
    etiqueta (de ``etiquetar``), y las de ``estimar``. ``motivo`` explica lo que no se puede decir.

    Un delito que no es comparable a través de enero de 2026 queda sin comparación si la ventana junta las dos metodologías.
    """
    tabla = con_cambio(ventanas(nivel, delito, cierre))
    datos = panel(nivel, delito, cierre)
    etiquetas = etiquetar(datos.conteos, datos.personas)
    assert list(tabla["lugar"]) == list(datos.lugares)
    for columna in ("razon", "ic_bajo", "ic_alto", "valor_q", "racha", "etiqueta"):
        tabla[columna] = etiquetas[columna].to_numpy()
    estimados = estimar(datos.conteos, datos.personas)
    for columna in DEL_ESTIMADO:
        tabla[columna] = estimados[columna].to_numpy()
    tabla["suavizada"] = tasa_suavizada(tabla["conteo"].to_numpy(), tabla["personas_mes"].to_numpy() / MESES)
    tabla["motivo"] = np.where(tabla["motivo"] != "", tabla["motivo"], etiquetas["motivo"])
    if len(datos.metodologias) > 1 and not claves()[delito].comparable_2026:
        for columna in (
            "conteo_previo",
            "cambio",
            "cambio_pct",
            "razon",
            "ic_bajo",
            "ic_alto",
            "valor_q",
            *DEL_ESTIMADO,
        ):
            tabla[columna] = np.nan
        tabla["etiqueta"], tabla["racha"], tabla["motivo"] = INSUFICIENTES, 0, CRUZA
    return tabla
