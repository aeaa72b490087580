"""Las figuras como salen del tablero: PNG, SVG y PDF en las formas que piden un periódico, una red social o una lámina.

Un solo trazador (matplotlib), sin navegador de por medio. Toda figura lleva dentro su hallazgo como título, y al pie su
fuente, corte, definición, advertencias y huella: una imagen que anda suelta sigue diciendo de dónde salió.
"""

from graficas.impresas.barras import barras
from graficas.impresas.contenido import Contenido
from graficas.impresas.de_pantalla import de_pantalla, piezas
from graficas.impresas.formas import FORMAS, Forma
from graficas.impresas.lienzo import FORMATOS, Lienzo
from graficas.impresas.mapa import mapa
from graficas.impresas.serie import serie

__all__ = ["FORMAS", "FORMATOS", "Contenido", "Forma", "Lienzo", "barras", "de_pantalla", "mapa", "piezas", "serie"]
