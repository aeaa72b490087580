"""De los cuatro textos de una categoría a un número estable."""

from __future__ import annotations

from typing import ClassVar

from datos.catalogos import normalizar
from datos.esquema import CNSP, RNID


class Categorias:
    """Catálogo de categorías con número estable, para pasar de textos a enteros.

    CNSP/38/15 va de 1 a 98 y RNID de 1001 a 1114, en el orden del catálogo. Las que alguien pide cargar
    «sin equivalencia» reciben números desde 9001.
    """

    PRIMERA: ClassVar = {CNSP: 1, RNID: 1001}
    PRIMERA_SIN_EQUIVALENCIA = 9001

    def __init__(self, catalogo: list[tuple[str, str, str, str, str]]) -> None:
        self.renglones: list[tuple[int, str, str, str, str, str]] = []
        self._numero: dict[tuple[str, tuple[str, ...]], int] = {}
        siguiente = dict(self.PRIMERA)
        for metodologia, bien_juridico, tipo, subtipo, modalidad in catalogo:
            numero = siguiente[metodologia]
            siguiente[metodologia] += 1
            self._agregar(numero, metodologia, (bien_juridico, tipo, subtipo, modalidad))

    def _agregar(self, numero: int, metodologia: str, textos: tuple[str, str, str, str]) -> None:
        self.renglones.append((numero, metodologia, *textos))
        self._numero[(metodologia, tuple(normalizar(t) for t in textos))] = numero

    def numero(self, metodologia: str, textos: tuple[str, str, str, str]) -> int | None:
        """Número de la categoría (bien, tipo, subtipo, modalidad), sin fijarse en mayúsculas ni acentos."""
        return self._numero.get((metodologia, tuple(normalizar(t) for t in textos)))

    def agregar_sin_equivalencia(self, metodologia: str, textos: tuple[str, str, str, str]) -> int:
        """Da de alta una categoría desconocida, sin puente, y devuelve su número."""
        numero = self.PRIMERA_SIN_EQUIVALENCIA + sum(1 for r in self.renglones if r[0] >= self.PRIMERA_SIN_EQUIVALENCIA)
        self._agregar(numero, metodologia, textos)
        return numero

    def de(self, metodologia: str) -> set[int]:
        """Números de las categorías oficiales de una metodología."""
        return {r[0] for r in self.renglones if r[1] == metodologia and r[0] < self.PRIMERA_SIN_EQUIVALENCIA}
