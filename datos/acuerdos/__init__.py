"""Mesas y acuerdos: plantilla, validación, registro en el almacén y su unión con las series de delitos."""

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
from datos.acuerdos.escritura import a_bytes, escribir
from datos.acuerdos.lectura import AcuerdosRechazados, ProblemaDeAcuerdo, leer, leer_bytes
from datos.acuerdos.registro import RegistroDanado, importar

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
    "importar",
    "leer",
    "leer_bytes",
    "mesas",
]
