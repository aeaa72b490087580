"""Lo que se lleva una redacción: una historia con su figura, sus datos, sus cautelas y su cita."""

from informes.prensa.historia import Historia
from informes.prensa.historias import antes_y_despues, cambios, comparacion, evolucion, mapa_de_etiquetas
from informes.prensa.paquete import paquete
from informes.prensa.titular import MAXIMO_DE_LETRAS, problemas_del_titular

__all__ = [
    "MAXIMO_DE_LETRAS",
    "Historia",
    "antes_y_despues",
    "cambios",
    "comparacion",
    "evolucion",
    "mapa_de_etiquetas",
    "paquete",
    "problemas_del_titular",
]
