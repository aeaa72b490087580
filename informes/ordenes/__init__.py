"""Los verbos de ``python -m informes``: un módulo por verbo, con su ``agregar(verbos)``."""

from informes.ordenes import boletin, paquete

MODULOS = (boletin, paquete)
