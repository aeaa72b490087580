"""El corte de un archivo: el último mes que trae cifras, y el que dice su nombre."""

from __future__ import annotations

import re
from datetime import date

import numpy as np

from datos.esquema import COLUMNAS_DE_MES, MESES
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
    ultimos = []
    for numero, clave in enumerate(COLUMNAS_DE_MES, 1):
        con_dato = anios[columnas.meses[clave].valores != 0]
        if len(con_dato):
            ultimos.append((int(con_dato.max()), numero))
    return date(*max(ultimos), 1) if ultimos else None


def mes_y_anio(mes: date) -> str:
    """«noviembre de 2024»."""
    return f"{MESES[mes.month - 1]} de {mes.year}"
