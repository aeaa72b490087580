"""Comparar tasas de lugares de distinto tamaño sin clasificarlos: tasa suavizada y embudo con sobredispersión."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from analisis.metaanalisis import paule_mandel

POR_HABITANTES = 100_000


def tasa_suavizada(conteos: np.ndarray, personas: np.ndarray) -> np.ndarray:
    """Tasa de 12 meses por 100 mil habitantes, acercada a la del conjunto donde hay poca gente (bayes empírico global).

    ``conteos``: carpetas de 12 meses por lugar; ``personas``: habitantes. NaN donde falta alguno. Estimador de momentos de
    Marshall (1991): la varianza entre lugares se mide en el conjunto, y cada lugar pesa según su población.
    """
    conteos, personas = np.asarray(conteos, dtype="float64"), np.asarray(personas, dtype="float64")
    hay = ~(np.isnan(conteos) | np.isnan(personas)) & (personas > 0)
    salida = np.full(len(conteos), np.nan)
    if not hay.any():
        return salida
    c, p = conteos[hay], personas[hay]
    media = c.sum() / p.sum()
    tasas = c / p
    entre = max((p * (tasas - media) ** 2).sum() / p.sum() - media / p.mean(), 0.0)
    peso = entre / (entre + media / p) if media > 0 else np.zeros(len(c))
    salida[hay] = POR_HABITANTES * (media + peso * (tasas - media))
    return salida


@dataclass(frozen=True)
class Embudo:
    """``centro``: tasa del conjunto por 100 mil; ``z`` de cada lugar (NaN sin dato); ``tau``: desviación entre lugares, por
    100 mil. ``limites(personas, confianza)`` da las dos curvas."""

    centro: float
    z: np.ndarray
    tau: float

    def limites(self, personas: np.ndarray, confianza: float) -> tuple[np.ndarray, np.ndarray]:
        """Tasas entre las que cae un lugar con esos habitantes si no difiere de los demás; la de abajo no baja de cero."""
        ancho = special.ndtri(0.5 + confianza / 2) * np.sqrt(_varianza(self.centro, personas) + self.tau**2)
        return np.maximum(self.centro - ancho, 0.0), self.centro + ancho


def embudo(conteos: np.ndarray, personas: np.ndarray) -> Embudo:
    """Embudo de tasas con límites que admiten la sobredispersión entre lugares (Spiegelhalter, 2005, modelo aditivo; la
    varianza entre lugares, por Paule y Mandel).

    ``conteos``: carpetas de 12 meses; ``personas``: habitantes; NaN donde falta. Lanza ``ValueError`` si no hay tres lugares
    con dato o no hubo ningún caso.
    """
    conteos, personas = np.asarray(conteos, dtype="float64"), np.asarray(personas, dtype="float64")
    hay = ~(np.isnan(conteos) | np.isnan(personas)) & (personas > 0)
    if hay.sum() < 3 or conteos[hay].sum() == 0:
        raise ValueError("hacen falta al menos tres lugares con población y algún caso")
    c, p = conteos[hay], personas[hay]
    centro = POR_HABITANTES * c.sum() / p.sum()
    tasas = POR_HABITANTES * c / p
    varianza = _varianza(centro, p)
    tau2 = paule_mandel(tasas, varianza, centro)
    todas = np.full(len(conteos), np.nan)
    todas[hay] = (tasas - centro) / np.sqrt(varianza + tau2)
    return Embudo(float(centro), todas, float(np.sqrt(tau2)))


def _varianza(centro: float, personas: np.ndarray) -> np.ndarray:
    """Varianza de Poisson de la tasa por 100 mil de un lugar con esos habitantes."""
    return centro * POR_HABITANTES / np.asarray(personas, dtype="float64")
