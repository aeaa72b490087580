"""Las categorías vecinas de un delito en un lugar, lado a lado: si una baja y otra sube, puede ser la clasificación."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from datos.consultas.claves import claves
from datos.consultas.vecinas import series_vecinas
from datos.tablero import recordar
from paginas.componentes.cuadricula import Cuadro, cuadricula
from paginas.componentes.tabla import Html, enlace

MESES = 36


def dibujar_vecinas(lugar: str, delito: str) -> None:
    """Los últimos tres años de cada vecina que se publica en ese lugar; nada si el delito no tiene vecinas."""
    if hechas := _vecinas(lugar, delito):
        st.html(
            '<p class="menor"><strong>Sus categorías vecinas.</strong> El mismo hecho puede registrarse en una o en otra: si una '
            "baja cuando otra sube, conviene preguntar por la clasificación antes que por la calle.</p>"
        )
        st.html(hechas)


@recordar(maximo=256)
def _vecinas(lugar: str, delito: str) -> str:
    vecinas = series_vecinas(lugar, delito)
    if vecinas["miembro"].nunique() < 2:
        return ""
    catalogo = claves()
    recientes = vecinas[vecinas["fecha"] > vecinas["fecha"].max() - pd.DateOffset(months=MESES)]
    cuadros = []
    for miembro, propia in recientes.groupby("miembro", sort=False):
        nombre = propia["nombre"].iloc[0]
        liga = enlace(nombre, "tendencias", lugar=lugar, delito=str(miembro))
        titulo = liga if miembro in catalogo else Html(f"<b>{escape(nombre)}</b>")
        serie = propia.rename(columns={"conteo": "valor"})
        cuadros.append(Cuadro(titulo, nombre, serie, cruza=miembro in catalogo))
    return cuadricula(cuadros)
