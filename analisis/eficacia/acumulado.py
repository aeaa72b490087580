"""Sumas de cualquier tramo de meses en un paso: todo el método pregunta por ventanas de los mismos conteos."""

from __future__ import annotations

import numpy as np


class Acumulado:
    """Conteos municipios × meses (NaN = no reportado) con sus sumas acumuladas. Lanza ``ValueError`` si no tiene dos ejes."""

    def __init__(self, conteos: np.ndarray) -> None:
        self.conteos = np.asarray(conteos, dtype="float64")
        if self.conteos.ndim != 2:
            raise ValueError(f"se espera un arreglo de municipios × meses; llegó {self.conteos.shape}")
        faltan = np.isnan(self.conteos)
        filas, meses = self.conteos.shape
        self._sumas = np.zeros((filas, meses + 1))
        self._faltan = np.zeros((filas, meses + 1), dtype="int16")
        np.cumsum(np.where(faltan, 0.0, self.conteos), axis=1, out=self._sumas[:, 1:])
        np.cumsum(faltan, axis=1, dtype="int16", out=self._faltan[:, 1:])

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
