"""Sumas de cualquier tramo de meses en un paso: todo el método pregunta por ventanas de los mismos conteos."""

from __future__ import annotations

import numpy as np


class Acumulado:
    """Conteos municipios × meses (NaN = no reportado) con sus sumas acumuladas."""

    def __init__(self, conteos: np.ndarray) -> None:
        self.conteos = np.asarray(conteos, dtype="float64")
        faltan = np.isnan(self.conteos)
        borde = ((0, 0), (1, 0))
        self._sumas = np.pad(np.where(faltan, 0.0, self.conteos).cumsum(axis=1), borde)
        self._faltan = np.pad(faltan.cumsum(axis=1), borde)

    @property
    def meses(self) -> int:
        """Cuántos meses hay."""
        return self.conteos.shape[1]

    def suma(self, desde: int, hasta: int) -> np.ndarray:
        """Suma por municipio de los meses [desde, hasta); lo no reportado no suma."""
        return self._sumas[:, hasta] - self._sumas[:, desde]

    def completos(self, desde: int, hasta: int) -> np.ndarray:
        """Qué municipios reportaron todos los meses de [desde, hasta)."""
        return self._faltan[:, hasta] == self._faltan[:, desde]
