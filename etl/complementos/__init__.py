"""Lo que tarda y no hace falta para publicar: se calcula después, sobre una versión ya publicada, y se guarda a su lado."""

from etl.complementos.agrupamientos import SinLimites, calcular_agrupamientos

__all__ = ["SinLimites", "calcular_agrupamientos"]
