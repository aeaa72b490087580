"""La tipografía de la casa para imprimir, y cuánto mide un texto con ella, sin tener que dibujarlo."""

from __future__ import annotations

import functools
import re
from pathlib import Path

from matplotlib.font_manager import FontProperties, get_font

from graficas.impresas.formas import PUNTOS

_CARPETA = Path(__file__).resolve().parents[2] / "static" / "fuentes"
_ARCHIVO = {
    False: "atkinson-hyperlegible-next-latin-400-normal.ttf",
    True: "atkinson-hyperlegible-next-latin-700-normal.ttf",
}
INTERLINEA = 1.24
_TROZO_DE_LIGA = re.compile(r"[^/?&]*[/?&]+|[^/?&]+")
_HOLGURA = 1.03  # al ajustar las letras a los pixeles se ensanchan un poco
_MEDIDA = 100.0  # puntos a que se mide; lo demás es proporcional


@functools.cache
def letra(negrita: bool = False) -> FontProperties:
    """La fuente, para darla a matplotlib."""
    return FontProperties(fname=_CARPETA / _ARCHIVO[negrita])


@functools.lru_cache(maxsize=4096)
def _ancho_unitario(texto: str, negrita: bool) -> float:
    fuente = get_font(str(_CARPETA / _ARCHIVO[negrita]))
    fuente.set_size(_MEDIDA, PUNTOS)
    fuente.set_text(texto, 0.0)
    return fuente.get_width_height()[0] / 64 / _MEDIDA


def ancho(texto: str, puntos: float, *, negrita: bool = False) -> float:
    """Ancho en pulgadas de un renglón."""
    return _HOLGURA * _ancho_unitario(texto, negrita) * puntos / PUNTOS


def alto(renglones: float, puntos: float) -> float:
    """Alto en pulgadas de un bloque de renglones."""
    return renglones * puntos * INTERLINEA / PUNTOS


def partir(texto: str, puntos: float, disponible: float, *, negrita: bool = False) -> list[str]:
    """El texto en renglones que caben en ``disponible`` pulgadas.

    Una palabra que no cabe sola se corta con guion; una dirección, después de «/», «?» o «&» y sin guion, que se copiaría con él.
    """
    renglones: list[str] = []
    actual = ""
    pendientes = [pieza for palabra in texto.split(" ") for pieza in _piezas(palabra)]
    while pendientes:
        pieza, junta, guion = pendientes.pop(0)
        candidato = f"{actual}{'' if junta else ' '}{pieza}" if actual else pieza
        if ancho(candidato, puntos, negrita=negrita) <= disponible:
            actual = candidato
        elif actual:
            renglones.append(actual)
            actual = ""
            pendientes.insert(0, (pieza, junta, guion))
        else:
            cabe = max(2, int(len(pieza) * disponible / max(ancho(pieza, puntos, negrita=negrita), 1e-9)) - 1)
            cabe -= len(guion)
            renglones.append(pieza[:cabe] + guion)
            pendientes.insert(0, (pieza[cabe:], True, guion))
    if actual:
        renglones.append(actual)
    return renglones


def _piezas(palabra: str) -> list[tuple[str, bool, str]]:
    """Por dónde se puede cortar: cada pieza, si va pegada a la anterior y con qué se corta si no cabe sola."""
    # Solo se corta en espacios normales: el espacio fijo une la cifra con su signo.
    if "://" not in palabra:
        return [(palabra, False, "-")]
    return [(pieza, n > 0, "") for n, pieza in enumerate(_TROZO_DE_LIGA.findall(palabra))]
