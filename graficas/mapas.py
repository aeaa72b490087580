"""De qué color va cada lugar de un mapa y qué se lee al acercarse, en números compactos; el dibujo lo hace el navegador."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from plotly.colors import sample_colorscale

from analisis.formatos import con_signo, decimal, entero
from graficas.base import SIN_DATO

TONOS = 24
# PuOr: morado donde bajan, naranja donde suben; nunca rojo y verde.
DIVERGENTE = ["rgb(84,39,136)", "rgb(153,142,195)", "rgb(242,240,234)", "rgb(241,163,64)", "rgb(179,88,6)"]
COLOR_DE_ETIQUETA = {
    "a la baja": "#542788",
    "al alza": "#e08214",
    "sin cambio distinguible": "#e9e1cb",
    "datos insuficientes": SIN_DATO,
}


@dataclass(frozen=True)
class Numero:
    """Un renglón de lo que se lee al acercarse: rótulo, un valor por lugar (NaN = n. d.), decimales y unidad."""

    rotulo: str
    valores: Sequence[float]
    decimales: int = 0
    unidad: str = ""

    def datos(self) -> dict[str, Any]:
        """Para el navegador: los valores como flotantes de 32 bits en base 64."""
        return {
            "rotulo": self.rotulo,
            "valores": _base64(np.asarray(self.valores, dtype="<f4")),
            "decimales": self.decimales,
            "unidad": self.unidad,
        }


@dataclass(frozen=True)
class Texto:
    """Un renglón de pocas frases que se repiten: una por lugar (vacía = no se escribe)."""

    rotulo: str
    valores: Sequence[str]

    def datos(self) -> dict[str, Any]:
        """Para el navegador: las frases distintas y el número de la de cada lugar. Lanza ``ValueError`` con más de 256."""
        codigos, distintas = pd.factorize(np.asarray(self.valores, dtype=object))
        if len(distintas) > 256:
            raise ValueError(f"{len(distintas)} frases distintas en un mapa: caben 256")
        return {"rotulo": self.rotulo, "textos": list(distintas), "valores": _base64(codigos.astype("u1"))}


@dataclass(frozen=True)
class Pintura:
    """Los colores de un mapa: una clase por lugar (posición en ``paleta``) y la clase que va rayada."""

    paleta: list[str]
    clases: np.ndarray
    rayada: int
    renglones: Sequence[Numero | Texto] = ()
    escala: list[str] = field(default_factory=list)
    extremos: tuple[str, str] = ("", "")

    def datos(self) -> dict[str, Any]:
        """Lo que se manda al navegador."""
        cuerpo = {
            "paleta": self.paleta,
            "clases": _base64(self.clases.astype("u1")),
            "rayada": self.rayada,
            "renglones": [r.datos() for r in self.renglones],
        }
        version = hashlib.sha256(json.dumps(cuerpo, sort_keys=True).encode()).hexdigest()[:12]
        return {**cuerpo, "version": version}


def _base64(arreglo: np.ndarray) -> str:
    return base64.b64encode(arreglo.tobytes()).decode("ascii")


def por_etiqueta(etiquetas: Sequence[str], renglones: Sequence[Numero | Texto] = ()) -> Pintura:
    """Un color por etiqueta de tendencia; «datos insuficientes» va rayada."""
    nombres = list(COLOR_DE_ETIQUETA)
    clases = np.array([nombres.index(e) for e in etiquetas], dtype="u1")
    return Pintura(list(COLOR_DE_ETIQUETA.values()), clases, nombres.index("datos insuficientes"), renglones)


def por_valor(
    valores: Sequence[float], renglones: Sequence[Numero | Texto] = (), *, divergente: bool, decimales: int = 0
) -> Pintura:
    """Escala continua en ``TONOS`` pasos; NaN va rayado. Con ``divergente`` el cero queda al centro.

    El tope es el percentil 95, para que un lugar extremo no deje a los demás del mismo color.
    """
    numeros = np.asarray(valores, dtype="float64")
    hay = ~np.isnan(numeros)
    tope = max(float(np.quantile(np.abs(numeros[hay]), 0.95)), 10.0**-decimales) if hay.any() else 1.0
    fondo = -tope if divergente else 0.0
    posicion = np.clip((np.nan_to_num(numeros) - fondo) / (tope - fondo), 0, 1)
    clases = np.where(hay, np.round(posicion * (TONOS - 1)), TONOS)
    escala = sample_colorscale(DIVERGENTE if divergente else "Cividis", TONOS, colortype="rgb")
    escribir = (lambda v: con_signo(v)) if divergente and not decimales else (lambda v: decimal(v, decimales))
    if not decimales and not divergente:
        escribir = entero
    extremos = (escribir(fondo), escribir(tope))
    return Pintura([*escala, SIN_DATO], clases, TONOS, renglones, escala[:: TONOS // 6], extremos)
