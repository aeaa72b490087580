"""Mesas y acuerdos para quien los lee: la plantilla, los acuerdos que se pueden ver y su unión con las series de delitos.

Quien escribe usa ``datos.registro``; esto es una capa delgada sobre él.
"""

from __future__ import annotations

from datos.acuerdos.consultas import (
    AcuerdoDesconocido,
    CambioObservado,
    acuerdo,
    acuerdos,
    acuerdos_series,
    cambio_observado,
    mesas,
)
from datos.plantilla.escritura import a_bytes, escribir
from datos.plantilla.lectura import AcuerdosRechazados, ProblemaDeAcuerdo, leer, leer_bytes
from datos.registro.errores import RegistroDanado

__all__ = [
    "AcuerdoDesconocido",
    "AcuerdosRechazados",
    "CambioObservado",
    "ProblemaDeAcuerdo",
    "RegistroDanado",
    "a_bytes",
    "acuerdo",
    "acuerdos",
    "acuerdos_series",
    "cambio_observado",
    "escribir",
    "leer",
    "leer_bytes",
    "mesas",
]
