"""El corte de un archivo: el último mes que trae cifras, y el que dice su nombre."""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from datos.esquema import MESES
from etl.lectura.columnas import Columnas

_MES_EN_NOMBRE = re.compile(
    r"(ene|feb|mar|abr|may|jun|jul|ago|sep|oct|nov|dic)[a-z]*[ _-]?(20\d{2}|\d{2})(?!\d)", re.IGNORECASE
)


def mes_en_nombre(nombre: str) -> date | None:
    """Mes que dice el nombre del archivo («nov2024», «ago23»); ``None`` si no dice ninguno."""
    hallados = _MES_EN_NOMBRE.findall(nombre)
    if not hallados:
        return None
    mes, anio = hallados[-1]
    numero = next(i for i, completo in enumerate(MESES, 1) if completo.startswith(mes.lower()))
    return date(int(anio) + (2000 if int(anio) < 100 else 0), numero, 1)


def corte_de(columnas: Columnas, anios: np.ndarray) -> date | None:
    """Último mes con algún conteo distinto de cero; ``None`` si no hay ninguno."""
    for anio in range(int(anios.max()), int(anios.min()) - 1, -1):
        del_anio = pa.array(anios == anio)
        for numero in range(12, 0, -1):
            conteos = columnas.numeros[f"m{numero}"].filter(del_anio)
            if pc.any(pc.not_equal(conteos, 0)).as_py():
                return date(anio, numero, 1)
    return None


def mes_y_anio(mes: date) -> str:
    """«noviembre de 2024»."""
    return f"{MESES[mes.month - 1]} de {mes.year}"
