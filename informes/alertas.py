"""Una alerta en palabras: lo que pasó y lo que se esperaba, sin decir por qué."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analisis import formatos, frases
from datos.consultas import lugares
from datos.consultas.claves import claves


def frase(f: Mapping[str, Any]) -> str:
    """La alerta en una oración. ``f``: un renglón con clave, delito, fecha, conteo, bajo, alto y provisional."""
    return frases.fuera_de_rango(
        f["conteo"],
        f["bajo"],
        f["alto"],
        f["fecha"],
        claves()[f["delito"]].nombre,
        lugares.nombre(f["clave"]),
        provisional=bool(f["provisional"]),
    )


def esperadas(bajo: float | None, alto: float | None) -> str:
    """«de 10 a 28»; «n. d.» si no se puede decir."""
    if not (formatos.hay(bajo) and formatos.hay(alto)):
        return formatos.SIN_DATO
    return f"de {formatos.entero(bajo)} a {formatos.entero(alto)}"
