"""Las figuras de las páginas como archivos para llevarse: se describen aquí y se dibujan en el taller."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from graficas.impresas import FORMAS, Contenido, Lienzo, de_pantalla, mapa
from graficas.impresas.leyendas import Clase, Pieza
from informes.prensa.armar import trazado_de
from informes.taller import encargar


@dataclass(frozen=True)
class FiguraPorImprimir:
    """Una figura de la pantalla (``graficas.impresas.piezas``) con lo que lleva alrededor."""

    contenido: Contenido
    piezas: Mapping[str, Any]

    def en(self, forma: str) -> Lienzo:
        """Dibujada. Lanza ``NoCabe``."""
        return de_pantalla(FORMAS[forma], self.contenido, dict(self.piezas))


@dataclass(frozen=True)
class MapaPorImprimir:
    """Un mapa de la pantalla: de qué geometría, la clase de cada lugar (posición en ``paleta``) y su leyenda."""

    contenido: Contenido
    geometria: str
    bordes: str | None
    paleta: Sequence[str]
    clases: np.ndarray
    rayada: int
    leyenda: Sequence[Pieza]
    contornos: np.ndarray | None = None
    nombrar: Sequence[tuple[str, str]] = ()

    def en(self, forma: str) -> Lienzo:
        """Dibujado. Lanza ``NoCabe``."""
        figuras = trazado_de(self.geometria)
        clases = [Clase(color, "", rayada=i == self.rayada) for i, color in enumerate(self.paleta)]
        con_contorno = set() if self.contornos is None else set(np.asarray(figuras.claves)[self.contornos])
        return mapa(
            FORMAS[forma], self.contenido, figuras, dict(zip(figuras.claves, map(int, self.clases), strict=True)), clases,
            leyenda=self.leyenda, bordes=trazado_de(self.bordes) if self.bordes else None, nombrar=self.nombrar,
            con_contorno=con_contorno,
        )  # fmt: skip


PorImprimir = FiguraPorImprimir | MapaPorImprimir


def imagen(que: PorImprimir, forma: str, formato: str, escala: int = 1) -> bytes:
    """El archivo, dibujado en el taller. Lanza ``NoCabe``, ``TallerOcupado`` o ``TallerCaido``."""
    return encargar(_dibujar, que, forma, formato, escala)()


def _dibujar(que: PorImprimir, forma: str, formato: str, escala: int) -> bytes:
    return que.en(forma).guardar(formato, escala)
