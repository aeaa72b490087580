"""Cuadrículas de series pequeñas, todas en los mismos meses: se comparan formas de un vistazo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import pandas as pd
import streamlit as st

from analisis import formatos
from graficas.base import QUIEBRE
from graficas.chispas import cuadro, direccion
from paginas.componentes.tabla import Html


@dataclass(frozen=True)
class Cuadro:
    """Una serie (columnas fecha, valor y provisional; con ``bajo`` y ``alto`` si lleva banda), su título y su texto alterno.

    ``cruza`` en falso deja un hueco entre las dos metodologías: lo de antes y lo de después no se comparan.
    """

    titulo: Html
    nombre: str
    serie: pd.DataFrame
    cruza: bool = True


def dibujar_cuadricula(cuadros: Sequence[Cuadro], *, misma_escala: bool = False) -> None:
    """Un cuadro por serie, en el orden recibido. Con ``misma_escala`` se comparan tamaños; sin ella, formas."""
    if hecha := cuadricula(cuadros, misma_escala=misma_escala):
        st.html(hecha)


def cuadricula(cuadros: Sequence[Cuadro], *, misma_escala: bool = False) -> str:
    """Los mismos cuadros en HTML, para recordarlos; vacío si ninguno tiene meses."""
    fechas = [c.serie["fecha"] for c in cuadros if len(c.serie)]
    if not fechas:
        return ""
    meses = pd.date_range(min(f.min() for f in fechas), max(f.max() for f in fechas), freq="MS")
    tope = max((float(c.serie["valor"].max()) for c in cuadros), default=0.0) if misma_escala else None
    return f'<div class="cuadricula">{"".join(_figura(c, meses, tope) for c in cuadros)}</div>'


def _figura(c: Cuadro, meses: pd.DatetimeIndex, tope: float | None) -> str:
    alineada = c.serie.set_index("fecha").reindex(meses)
    quiebre = int(meses.get_indexer([QUIEBRE])[0])
    valores = alineada["valor"].astype("float64").tolist()
    provisionales = alineada["provisional"].eq(True).tolist()
    if not c.cruza and quiebre > 0:
        valores.insert(quiebre, float("nan"))
        provisionales.insert(quiebre, False)
    banda = (alineada["bajo"].tolist(), alineada["alto"].tolist()) if "bajo" in alineada else None
    dibujo = cuadro(valores, provisionales, tope=tope, banda=banda, quiebre=quiebre if quiebre > 0 else None)
    con_dato = c.serie.dropna(subset=["valor"])
    if con_dato.empty:
        cuando = "sin dato"
    else:
        ultimo = con_dato.iloc[-1]
        cuando = f"{formatos.entero(ultimo['valor'])} en {formatos.mes_corto(ultimo['fecha'])}"
    return (
        f"<figure><figcaption>{c.titulo.texto}<span>{cuando}</span></figcaption>"
        f'<img src="{direccion(dibujo)}" alt="{escape(c.nombre)}: {cuando}"></figure>'
    )
