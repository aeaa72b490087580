"""El modo local: quien usa la propia máquina puede cambiar los datos y el registro sin cuenta, si alguien lo enciende adrede.

Viene apagado, y encendido se anuncia en todas las páginas. Qué puede cada quien se decide en ``datos.registro.autorizacion``: en
modo local se entra con el papel de administración; con OIDC manda el papel de cada cuenta y el modo local no cuenta.
"""

from __future__ import annotations

import os

VARIABLE = "TABLERO_MODO_LOCAL"
COMO_ENCENDERLO = (
    "Esta instalación es de solo lectura. Quien la administra puede encender el modo local con «python tareas.py iniciar "
    f"--modo-local» (o con {VARIABLE}=si), en una máquina a la que solo entren personas de confianza."
)


class SinPermiso(Exception):
    """Se pidió cambiar datos sin el modo local; el mensaje dice cómo se enciende."""


def modo_local() -> bool:
    """Si desde las páginas se pueden cambiar los datos."""
    return os.environ.get(VARIABLE, "").strip().lower() in ("si", "sí")


def exigir_modo_local() -> None:
    """Lanza ``SinPermiso`` si no está encendido el modo local."""
    if not modo_local():
        raise SinPermiso(f"No se cambió nada. {COMO_ENCENDERLO}")
