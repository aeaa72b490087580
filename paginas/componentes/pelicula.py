"""La película del mapa: los colores de cada lugar en todos los meses de cierre, con una sola escala, para verlos pasar."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from analisis.cambio import BASE_MINIMA
from analisis.cambio_estimado import estimar
from analisis.etiquetas import MESES, etiquetar
from analisis.formatos import mes
from analisis.tasas import POR_HABITANTES, tasa_suavizada
from datos.consultas.claves import claves
from datos.consultas.paneles import panel
from datos.consultas.ventanas import cierres
from datos.tablero import recordar
from graficas.mapas import Pintura, por_estimado, por_etiqueta, por_valor


@dataclass(frozen=True)
class Pelicula:
    """``clases``: cuadros × lugares (posición en la paleta); ``lugares``: sus claves; ``cierres``: el mes de cada cuadro."""

    cierres: list[date]
    lugares: tuple[str, ...]
    clases: np.ndarray
    pintura: Pintura

    def datos(self, orden: tuple[str, ...]) -> dict[str, Any]:
        """Lo que se manda al navegador, con los lugares en el orden de la geometría."""
        posicion = {lugar: i for i, lugar in enumerate(self.lugares)}
        columnas = [posicion[lugar] for lugar in orden]
        return {
            "meses": [f"{c:%Y-%m}" for c in self.cierres],
            "rotulos": [f"12 meses a {mes(c)}" for c in self.cierres],
            "paleta": self.pintura.paleta,
            "rayada": self.pintura.rayada,
            "clases": base64.b64encode(self.clases[:, columnas].astype("u1").tobytes()).decode("ascii"),
        }


@recordar(maximo=6)
def pelicula(nivel: str, delito: str, medida: str, divergente: bool, decimales: int) -> Pelicula | None:
    """Todos los cierres con algún lugar completo, del más antiguo al más reciente; ``None`` si no hay dos."""
    meses = sorted(cierres(nivel, delito))
    if len(meses) < 2:
        return None
    total = (meses[-1].year - meses[0].year) * 12 + meses[-1].month - meses[0].month + MESES
    datos = panel(nivel, delito, meses[-1], total)
    cruza_mal = not claves()[delito].comparable_2026
    ventanas = []
    for cierre in meses:
        fin = total - ((meses[-1].year - cierre.year) * 12 + meses[-1].month - cierre.month)
        conteos, personas = datos.conteos[:, fin - MESES : fin], datos.personas[:, fin - MESES : fin]
        if cruza_mal and cierre.year >= 2026 and datos.meses[fin - MESES].year < 2026:
            conteos = np.full_like(conteos, np.nan)
        ventanas.append((conteos, personas))
    if medida == "etiqueta":
        pinturas = [por_etiqueta(etiquetar(*v)["etiqueta"]) for v in ventanas]
        return Pelicula(meses, datos.lugares, np.stack([p.clases for p in pinturas]), pinturas[-1])
    if medida == "estimado":
        pinturas = []
        for ventana in ventanas:
            estimado = estimar(*ventana)
            pinturas.append(por_estimado(estimado["estimado"], estimado["prob_baja"], [""] * len(datos.lugares)))
        return Pelicula(meses, datos.lugares, np.stack([p.clases for p in pinturas]), pinturas[-1])
    valores = np.stack([_valores(medida, *v) for v in ventanas])
    pintura = por_valor(valores.ravel(), divergente=divergente, decimales=decimales)
    return Pelicula(meses, datos.lugares, pintura.clases.reshape(valores.shape), pintura)


def _valores(medida: str, conteos: np.ndarray, personas: np.ndarray) -> np.ndarray:
    """La medida de una ventana de 24 meses; NaN donde falta algún mes que necesita."""
    previo, reciente = conteos[:, : MESES // 2].sum(axis=1), conteos[:, MESES // 2 :].sum(axis=1)
    if medida == "conteo":
        return reciente
    if medida in ("tasa", "suavizada"):
        habitantes = personas[:, MESES // 2 :].mean(axis=1)
        return POR_HABITANTES * reciente / habitantes if medida == "tasa" else tasa_suavizada(reciente, habitantes)
    if medida == "cambio":
        return reciente - previo
    if medida == "cambio_pct":
        return np.where(previo >= BASE_MINIMA, 100 * (reciente - previo) / np.maximum(previo, 1), np.nan)
    raise KeyError(medida)
