"""Un eje de la pantalla (su diccionario de Plotly) en el papel: dónde cae cada valor, qué límites tiene y qué se lee en él."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.dates import date2num, num2date
from matplotlib.ticker import MaxNLocator

from analisis.formatos import con_signo, decimal, entero
from graficas.impresas.serie import rotulo_de_mes

FECHA, CATEGORIA, LOGARITMO, NUMERO = "date", "category", "log", "linear"
_AIRE = 0.05
_POR_ANIO = "%Y"


@dataclass
class Eje:
    """``clase``: fecha, categoría, logaritmo o número; ``orden``, las categorías en el orden en que aparecen."""

    clase: str
    definicion: dict[str, Any]
    orden: dict[str, int] = field(default_factory=dict)

    def posiciones(self, valores: Iterable[Any]) -> np.ndarray:
        """Dónde cae cada valor, en las unidades del dibujo (días, número de categoría o el propio número)."""
        if self.clase == FECHA:
            return np.asarray(date2num(pd.to_datetime(list(valores)).to_numpy()), dtype="float64")
        if self.clase == CATEGORIA:
            return np.array([self.orden.setdefault(str(v), len(self.orden)) for v in valores], dtype="float64")
        return np.asarray(list(valores), dtype="float64")

    def limites(self, datos: Sequence[np.ndarray]) -> tuple[float, float]:
        """Los del diccionario; si no los trae, los de ``datos`` con algo de aire."""
        declarados = self.definicion.get("range")
        if declarados is not None and self.clase == LOGARITMO:
            desde, hasta = (10.0 ** float(v) for v in declarados)
        elif declarados is not None:
            desde, hasta = self.posiciones(declarados) if self.clase == FECHA else map(float, declarados)
        elif self.clase == CATEGORIA:
            desde, hasta = -0.5, len(self.orden) - 0.5
        else:
            juntos = np.concatenate([d[np.isfinite(d)] for d in datos] or [np.zeros(1)])
            desde, hasta = (float(juntos.min()), float(juntos.max())) if len(juntos) else (0.0, 1.0)
            if self.clase == LOGARITMO:
                desde, hasta = desde / 1.2, hasta * 1.2
            else:
                aire = (hasta - desde) * _AIRE or 1.0
                desde, hasta = desde - aire, hasta + aire
        return (hasta, desde) if self.definicion.get("autorange") == "reversed" else (float(desde), float(hasta))

    def marcas(self, desde: float, hasta: float, caben: int) -> list[tuple[float, str]]:
        """Cada marca y lo que se lee en ella; a lo más ``caben`` (las escritas a mano y las categorías van todas)."""
        menor, mayor = min(desde, hasta), max(desde, hasta)
        escritas = self.definicion.get("tickvals")
        if self.clase == CATEGORIA:
            textos = (
                dict(zip(map(str, escritas), self.definicion["ticktext"], strict=True)) if escritas is not None else {}
            )
            return [(float(i), str(textos.get(c, c))) for c, i in self.orden.items()]
        if escritas is not None:
            textos = self.definicion.get("ticktext")
            lugares = self.posiciones(escritas)
            leidos = [str(t) for t in textos] if textos is not None else [self._texto(v) for v in lugares]
            return [(float(v), t) for v, t in zip(lugares, leidos, strict=True) if menor <= v <= mayor]
        if self.clase == FECHA:
            return self._fechas(menor, mayor, caben)
        if self.clase == LOGARITMO:
            potencias = range(math.ceil(math.log10(menor)), math.floor(math.log10(mayor)) + 1)
            return [(10.0**p, self._texto(10.0**p)) for p in potencias]
        enteras = "%" not in self.definicion.get("tickformat", "") and mayor - menor > 3
        lugares = MaxNLocator(max(min(caben, 6), 2), integer=enteras).tick_values(menor, mayor)
        holgura = 1e-9 * (mayor - menor)
        return [(float(v), self._texto(v)) for v in lugares if menor - holgura <= v <= mayor + holgura]

    def _fechas(self, menor: float, mayor: float, caben: int) -> list[tuple[float, str]]:
        if self.definicion.get("tickformat") == _POR_ANIO:
            anios = range(num2date(menor).year, num2date(mayor).year + 1)
            salto = max(1, math.ceil(len(anios) / max(caben, 1)))
            lugares = [(float(date2num(np.datetime64(f"{a}-01-01"))), str(a)) for a in anios if a % salto == 0]
        else:
            meses = pd.date_range(num2date(menor).date(), num2date(mayor).date(), freq="MS")
            salto = max(1, math.ceil(len(meses) / max(caben, 1)))
            salto = next((s for s in (1, 2, 3, 4, 6, 12) if s >= salto), 12 * math.ceil(salto / 12))
            elegidos = [m for m in meses if (m.year * 12 + m.month - 1) % salto == 0]
            lugares = [(float(date2num(m.to_datetime64())), rotulo_de_mes(m.to_datetime64())) for m in elegidos]
        return [(v, t) for v, t in lugares if menor <= v <= mayor]

    def _texto(self, valor: float) -> str:
        formato = self.definicion.get("tickformat", "")
        if "%" in formato:
            return f"{valor:.0%}".replace("%", "\N{NO-BREAK SPACE}%")
        texto = con_signo(valor) if formato.startswith("+") else _numero(valor)
        return texto + str(self.definicion.get("ticksuffix", "")).replace(" ", "\N{NO-BREAK SPACE}")


def eje_de(definicion: dict[str, Any], valores: Iterable[Any]) -> Eje:
    """El eje, con su clase declarada o deducida de los valores que lleva."""
    clase = definicion.get("type")
    if clase not in (FECHA, CATEGORIA, LOGARITMO, NUMERO):
        clase = _deducir(valores)
    return Eje(clase, definicion)


def _deducir(valores: Iterable[Any]) -> str:
    primero = next((v for v in valores if v is not None), 0.0)
    if isinstance(primero, str):
        return CATEGORIA
    return FECHA if isinstance(primero, np.datetime64) or hasattr(primero, "year") else NUMERO


def _numero(valor: float) -> str:
    return entero(valor) if float(valor).is_integer() or abs(valor) >= 10 else decimal(valor, 1)
