"""La demostración: un juego de datos inventado, completo y siempre igual, para cuando ninguna fuente responde.

Se escribe con la disposición de los archivos oficiales y entra por su misma lectura, validación y publicación.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from datos.almacen import Almacen
from etl.demostracion.archivos import escribir_archivos
from etl.demostracion.encuestas import escribir_encuesta
from etl.demostracion.mesas import tabla_verdad
from etl.demostracion.modelo import Modelo
from etl.demostracion.registro import tabla_registro

if TYPE_CHECKING:
    from etl.publicacion.cargar import Resultado

__all__ = ["Modelo", "construir", "escribir_archivos", "tabla_registro", "tabla_verdad"]


def construir(almacen: Almacen, *, avance: Callable[[str], None] = lambda texto: None) -> Resultado:
    """Genera la demostración, la carga por el camino de los archivos reales y la publica, marcada como demostración.

    Devuelve el resultado de la carga. Si algo falla, lo publicado antes queda igual. Los límites esquemáticos los publica
    quien llama (``etl.geografia``).
    """
    from etl.publicacion.cargar import cargar  # aquí, para que generar no arrastre la publicación

    with tempfile.TemporaryDirectory(prefix="demostracion-") as carpeta:
        rutas = [*escribir_archivos(Path(carpeta), avance=avance), escribir_encuesta(Path(carpeta))]
        extras = {"demostracion_verdad": tabla_verdad(), "registro_demostracion": tabla_registro()}
        return cargar(rutas, almacen, demostracion=True, extras=extras, avance=avance)
