"""Lo que tarda y no hace falta para publicar: se calcula después, sobre una versión ya publicada, y se guarda a su lado."""

from etl.complementos.agrupamientos import SinLimites, agrupamientos_al_dia, calcular_agrupamientos

__all__ = ["SinLimites", "agrupamientos_al_dia", "calcular_agrupamientos"]
