"""La demostración: un juego de datos inventado, completo y siempre igual, para cuando ninguna fuente responde.

Se escribe con la disposición de los archivos oficiales y entra por su misma lectura, validación y publicación.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from datos.almacen import RAIZ_DEL_PROYECTO, Almacen
from etl.demostracion.archivos import escribir_archivos
from etl.demostracion.mesas import tabla_acuerdos, tabla_verdad
from etl.demostracion.modelo import Modelo
from etl.geografia import geometria_vigente, publicar_esquematica

if TYPE_CHECKING:
    from etl.publicacion.cargar import Resultado

__all__ = ["Modelo", "construir", "escribir_archivos", "tabla_acuerdos", "tabla_verdad"]


def construir(
    almacen: Almacen, *, avance: Callable[[str], None] = lambda texto: None, estaticos: Path | None = None
) -> Resultado:
    """Genera la demostración, la carga por el camino de los archivos reales y la publica, marcada como demostración.

    También publica las celdas esquemáticas, salvo que ya haya límites oficiales. Devuelve el resultado de la carga. Si la
    carga falla, lo publicado antes queda igual.
    """
    from etl.publicacion.cargar import cargar  # aquí, para que generar no arrastre la publicación

    with tempfile.TemporaryDirectory(prefix="demostracion-") as carpeta:
        rutas = escribir_archivos(Path(carpeta), avance=avance)
        extras = {"demostracion_verdad": tabla_verdad(), "acuerdos_demostracion": tabla_acuerdos()}
        resultado = cargar(rutas, almacen, demostracion=True, extras=extras, avance=avance)
    if geometria_vigente(almacen) is None:
        avance("Dibujando límites esquemáticos")
        publicar_esquematica(estaticos or RAIZ_DEL_PROYECTO / "static", almacen)
    return resultado
