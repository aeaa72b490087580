"""La vista ``alertas``: el último mes de cada lugar y clave contra lo que se esperaba de sus doce anteriores."""

from __future__ import annotations

from calendar import monthrange

import numpy as np
import pandas as pd

from analisis.rangos import BASE, rango_esperado
from datos.esquema import CNSP, RNID
from etl.publicacion.paneles import QUIEBRE, Panel

TABLA = "_alertas"
COLUMNAS = {
    "nivel": "VARCHAR",
    "clave": "VARCHAR",
    "delito": "VARCHAR",
    "metodologia": "VARCHAR",
    "fecha": "DATE",
    "conteo": "INTEGER",
    "esperado": "DOUBLE",
    "bajo": "INTEGER",
    "alto": "INTEGER",
    "sorpresa": "DOUBLE",
    "alerta": "VARCHAR",
    "azar_alta": "DOUBLE",
    "azar_baja": "DOUBLE",
}


def rangos_del_mes(panel: Panel, *, cruza: bool) -> pd.DataFrame | None:
    """Un renglón por lugar con sus trece meses: las columnas de la vista, sin nivel ni delito; ``None`` si no hay ninguno.

    El mes es el último en que algún lugar tiene los trece. Lo que no es comparable no ``cruza`` enero de 2026.
    """
    ultimo = panel.ultimo_completo(BASE + 1, cruza=cruza)
    if ultimo is None:
        return None
    posiciones = range(ultimo - BASE, ultimo + 1)
    dias = np.array([monthrange(panel.mes(p).year, panel.mes(p).month)[1] for p in posiciones])
    tabla = rango_esperado(panel.conteos[:, ultimo - BASE : ultimo + 1], dias)
    mes = panel.mes(ultimo)
    tabla = tabla.assign(clave=panel.lugares, fecha=mes, metodologia=RNID if mes.year >= QUIEBRE else CNSP)
    return tabla[tabla["esperado"].notna()]
