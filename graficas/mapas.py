"""De qué color va cada lugar de un mapa y qué se lee al acercarse, en números compactos; el dibujo lo hace el navegador."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
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
SIN_COMPARAR = "sin dato o sin vecinos"
# Okabe-Ito: dónde se juntan tasas, no si suben o bajan; por eso no usa el morado y el naranja del cambio.
COLOR_DE_AGRUPAMIENTO = {
    "altas juntas": "#D55E00",
    "alta entre bajas": "#F0C08A",
    "baja entre altas": "#9CCBE8",
    "bajas juntas": "#0072B2",
    "sin agrupamiento": "#EDEAE1",
    SIN_COMPARAR: SIN_DATO,
}


@dataclass(frozen=True)
class Numero:
    """Un renglón de lo que se lee al acercarse: rótulo, un valor por lugar (NaN = n. d.), decimales y unidad.

    Con ``hasta`` es un intervalo: «de … a …».
    """

    rotulo: str
    valores: Sequence[float]
    decimales: int = 0
    unidad: str = ""
    hasta: Sequence[float] | None = None
    con_signo: bool = False

    def datos(self) -> dict[str, Any]:
        """Para el navegador: los valores como enteros en base 64."""
        limites = {} if self.hasta is None else {"hasta": _enteros(self.hasta, self.decimales)}
        return {
            "rotulo": self.rotulo,
            "valores": _enteros(self.valores, self.decimales),
            "decimales": self.decimales,
            "unidad": self.unidad,
            "conSigno": self.con_signo,
            **limites,
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
    """Los colores de un mapa: una clase por lugar (posición en ``paleta``), la clase rayada y cuáles llevan contorno."""

    paleta: list[str]
    clases: np.ndarray
    rayada: int
    renglones: Sequence[Numero | Texto] = ()
    escala: list[str] = field(default_factory=list)
    extremos: tuple[str, str] = ("", "")
    contornos: np.ndarray | None = None

    def datos(self) -> dict[str, Any]:
        """Lo que se manda al navegador."""
        cuerpo = {
            "paleta": self.paleta,
            "clases": _base64(self.clases.astype("u1")),
            "rayada": self.rayada,
            "contornos": None if self.contornos is None else _base64(np.packbits(self.contornos, bitorder="little")),
            "renglones": [r.datos() for r in self.renglones],
        }
        version = hashlib.sha256(json.dumps(cuerpo, sort_keys=True).encode()).hexdigest()[:12]
        return {**cuerpo, "version": version}


def _enteros(valores: Sequence[float], decimales: int) -> dict[str, Any]:
    """Los valores por 10^decimales, en el entero más corto que los contiene; el menor posible de ese tipo es «sin dato».

    Primero van todos los bytes bajos y después los altos, casi siempre ceros: así se comprimen mejor, y un mapa de 2,478
    lugares viaja en unos cuantos miles de bytes.
    """
    numeros = np.asarray(valores, dtype="float64") * 10**decimales
    hay = ~np.isnan(numeros)
    mayor = np.abs(numeros[hay]).max() if hay.any() else 0
    bits = next(b for b in (8, 16, 32) if mayor < 2 ** (b - 1) - 1 or b == 32)
    enteros = np.full(len(numeros), -(2 ** (bits - 1)), dtype=f"<i{bits // 8}")
    enteros[hay] = np.round(numeros[hay])
    return {"bits": bits, "base64": _base64(enteros.view("u1").reshape(-1, bits // 8).T)}


def _base64(arreglo: np.ndarray) -> str:
    return base64.b64encode(arreglo.tobytes()).decode("ascii")


# Cambio estimado: cortes de la razón (simétricos en log) y certezas desde las que hay 1, 2, 4 u 8 colores.
CORTES_DE_CAMBIO = (0.60, 0.75, 0.90, 1.0, 1 / 0.90, 1 / 0.75, 1 / 0.60)
CERTEZAS = (0.70, 0.85, 0.95)
COLORES_POR_CERTEZA = (1, 2, 4, 8)
_GRIS_DE_DUDA = (217, 214, 207)
_DIVERGENTE_DE_OCHO = (
    (84, 39, 136), (118, 89, 165), (153, 142, 195), (205, 200, 224),
    (251, 215, 165), (241, 163, 64), (214, 124, 32), (179, 88, 6),
)  # fmt: skip


def paleta_de_certeza() -> list[list[str]]:
    """Una fila de colores por nivel de certeza, de la menor a la mayor: con menos certeza, menos colores y más grises.

    Paleta que suprime el valor con la incertidumbre (Correll, Moritz y Heer, 2018).
    """
    filas = []
    for nivel, cuantos in enumerate(COLORES_POR_CERTEZA):
        paso = 8 // cuantos
        mezcla = (1.0, 0.55, 0.28, 0.0)[nivel]
        colores = []
        for i in range(cuantos):
            propios = np.mean(_DIVERGENTE_DE_OCHO[i * paso : (i + 1) * paso], axis=0)
            r, g, b = np.round((1 - mezcla) * propios + mezcla * np.array(_GRIS_DE_DUDA)).astype(int)
            colores.append(f"#{r:02x}{g:02x}{b:02x}")
        filas.append(colores)
    return filas


def por_estimado(
    razones: Sequence[float],
    prob_baja: Sequence[float],
    etiquetas: Sequence[str],
    renglones: Sequence[Numero | Texto] = (),
) -> Pintura:
    """El cambio estimado con su certeza: el color se apaga hacia gris conforme no se sabe si bajó o subió.

    NaN va rayado; los lugares con etiqueta «a la baja» o «al alza» llevan contorno.
    """
    razon, baja = np.asarray(razones, dtype="float64"), np.asarray(prob_baja, dtype="float64")
    hay = ~np.isnan(razon)
    nivel = np.searchsorted(CERTEZAS, np.maximum(baja, 1 - baja), side="right")
    octavo = np.searchsorted(CORTES_DE_CAMBIO, razon, side="right")
    inicio = np.concatenate([[0], np.cumsum(COLORES_POR_CERTEZA)])
    filas = paleta_de_certeza()
    clases = inicio[nivel] + octavo * np.array(COLORES_POR_CERTEZA)[nivel] // 8
    plana = [color for fila in filas for color in fila]
    contornos = np.isin(np.asarray(etiquetas, dtype=object), ("a la baja", "al alza"))
    return Pintura([*plana, SIN_DATO], np.where(hay, clases, len(plana)), len(plana), renglones, contornos=contornos)


def por_etiqueta(etiquetas: Sequence[str], renglones: Sequence[Numero | Texto] = ()) -> Pintura:
    """Un color por etiqueta de tendencia; «datos insuficientes» va rayada."""
    return por_clase(etiquetas, COLOR_DE_ETIQUETA, "datos insuficientes", renglones)


def por_clase(
    clases: Sequence[str], colores: Mapping[str, str], rayada: str, renglones: Sequence[Numero | Texto] = ()
) -> Pintura:
    """El color de cada clase, en el orden de ``colores``; la clase ``rayada`` es la de quienes no se puede decir."""
    nombres = list(colores)
    numeros = np.array([nombres.index(c) for c in clases], dtype="u1")
    return Pintura(list(colores.values()), numeros, nombres.index(rayada), renglones)


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
