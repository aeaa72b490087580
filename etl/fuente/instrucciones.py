"""Qué hacer cuando la fuente no contesta: la página, las etiquetas exactas que hay que buscar y dónde entregar."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from datos.catalogos.etiquetas import Producto

PAGINA_DE_ENTREGA = "Actualizar datos"


def a_mano(faltan: Iterable[Producto], pagina: str, entrada: Path, corte: date) -> str:
    """Los pasos para conseguir y entregar a mano lo que falta."""
    etiquetas = "\n".join(f"     - «{p.etiqueta(corte)}»" for p in faltan)
    return (
        f"Para seguir a mano:\n"
        f"  1. Abra {pagina}\n"
        f"  2. Descargue lo que dicen estas etiquetas (el mes puede ser otro), sin cambiarle nada:\n{etiquetas}\n"
        f"  3. Entréguelo de cualquiera de estas formas:\n"
        f"     - python tareas.py cargar CARPETA\n"
        f"     - la página «{PAGINA_DE_ENTREGA}» del tablero (/actualizar)\n"
        f"     - déjelo en {entrada} y repita «python -m etl actualizar»"
    )
