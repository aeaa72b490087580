"""Eficacia de un acuerdo: ¿el delito bajó aquí más que en municipios comparables, y qué tan seguros podemos estar?"""

from analisis.eficacia.acumulado import Acumulado
from analisis.eficacia.clasicas import Estimacion, its, prueba_e, razon_de_tasas, wdd
from analisis.eficacia.evaluar import evaluar, primer_mes
from analisis.eficacia.portafolio import Portafolio, portafolio
from analisis.eficacia.tipos import (
    ALZA,
    AVISOS,
    BAJA,
    INSUFICIENTES,
    SIN_CAMBIO,
    VEREDICTOS,
    VERSION_DEL_METODO,
    Evaluacion,
    Sensibilidad,
)

__all__ = [
    "ALZA",
    "AVISOS",
    "BAJA",
    "INSUFICIENTES",
    "SIN_CAMBIO",
    "VEREDICTOS",
    "VERSION_DEL_METODO",
    "Acumulado",
    "Estimacion",
    "Evaluacion",
    "Portafolio",
    "Sensibilidad",
    "evaluar",
    "its",
    "portafolio",
    "primer_mes",
    "prueba_e",
    "razon_de_tasas",
    "wdd",
]
