"""La historia de un contraste con su pie, y su vista previa, que no se vuelve a dibujar por mover otra cosa de la página."""

from __future__ import annotations

from datos.consultas.contexto import contexto
from datos.tablero import recordar
from informes.contraste.componer import contrastar
from informes.contraste.declaracion import Declaracion
from informes.contraste.historia import historia
from informes.fuente import frases_de_fuente
from informes.prensa.encargos import bajar_historia
from informes.prensa.historia import Historia


def historia_de(declaracion: Declaracion, liga: str) -> Historia:
    """La declaración contrastada, con sus renglones de fuente. Lanza ``NoSeContrasta``."""
    actual, hecho = contexto(), contrastar(declaracion)
    pie = [*frases_de_fuente(actual, hecho.ambitos, hecho.desde, hecho.hasta), f"Vista viva: {liga}"]
    return historia(hecho, pie=pie, demostracion=actual.demostracion)


@recordar(maximo=64)
def vista_previa(declaracion: Declaracion, forma: str, liga: str) -> bytes:
    """El PNG de la figura. Lanza ``NoSeContrasta``, ``NoCabe``, ``DemasiadasBarras``, ``TallerOcupado`` o ``TallerCaido``."""
    return bajar_historia(historia_de(declaracion, liga), forma)
