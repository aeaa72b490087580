"""Figuras como SVG escrito a mano, para un HTML que se basta solo: ligeras, legibles en un proyector y sin ninguna biblioteca.

Cada figura se hace para un ancho: una para la pantalla y otra para el teléfono, con la misma letra. Lo que se lee al acercarse
va en atributos ``data-``, ya en palabras: el guion que las muestra no calcula nada.
"""

from graficas.vectores.barras import barras
from graficas.vectores.mapa import mapa
from graficas.vectores.serie import serie

__all__ = ["barras", "mapa", "serie"]
