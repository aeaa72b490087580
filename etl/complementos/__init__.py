"""Lo que tarda y no hace falta para publicar: se calcula después, sobre una versión ya publicada, y se guarda a su lado."""

from etl.complementos.agrupamientos import SinLimites, agrupamientos_al_dia, calcular_agrupamientos
from etl.complementos.calibracion import DelitoDesconocido, calcular_calibracion, se_calibra

__all__ = [
    "DelitoDesconocido",
    "SinLimites",
    "agrupamientos_al_dia",
    "calcular_agrupamientos",
    "calcular_calibracion",
    "se_calibra",
]
