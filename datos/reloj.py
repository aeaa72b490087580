"""Qué día es hoy para las páginas; en las pruebas lo dice ``TABLERO_HOY``."""

from __future__ import annotations

import os
from datetime import date

VARIABLE = "TABLERO_HOY"


def hoy() -> date:
    """La fecha de hoy. Lanza ``ValueError`` si ``TABLERO_HOY`` está puesta y no es una fecha."""
    fijada = os.environ.get(VARIABLE, "").strip()
    return date.fromisoformat(fijada) if fijada else date.today()
