"""Las alertas como renglones: lugar, delito, lo que pasó, lo que se esperaba y sus trece meses."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from analisis import formatos
from analisis.medidas import medir
from datos.consultas import lugares
from datos.consultas.claves import claves
from datos.consultas.series import series
from graficas.chispas import chispa, direccion
from informes.alertas import esperadas, frase
from paginas.componentes.tabla import Columna, Html, enlace, imagen, tabla

MESES = 13
COLUMNAS = (
    Columna("Lugar y delito", "ancha"),
    Columna("Carpetas", "cifra", "carpetas"),
    Columna("Se esperaban", "cifra", "se esperaban"),
    Columna("Trece meses", "miniatura"),
)


def tabla_de_alertas(filas: pd.DataFrame, descripcion: str) -> str:
    """Un renglón por alerta, con sus trece meses; ``filas`` trae las columnas de la vista ``alertas``."""
    desde = filas["fecha"].min() - pd.DateOffset(months=MESES - 1)
    lugares_pedidos = sorted(set(filas["clave"]))
    largas = series(lugares_pedidos, sorted(set(filas["delito"])), desde.date(), filas["fecha"].max().date())
    de_cada_una = dict(iter(medir(largas, "conteo").groupby(["lugar", "delito"])))
    return tabla(
        COLUMNAS, [_renglon(f, de_cada_una[(f["clave"], f["delito"])]) for f in filas.to_dict("records")], descripcion
    )


def _renglon(f: dict, serie: pd.DataFrame) -> list[str | Html]:
    delito, nombre = claves()[f["delito"]], lugares.nombre(f["clave"])
    serie = serie[serie["fecha"] > f["fecha"] - pd.DateOffset(months=MESES)]
    dibujo = chispa(serie["valor"].tolist(), serie["provisional"].tolist())
    provisional = " (provisional)" if f["provisional"] else ""
    return [
        Html(
            f"{enlace(nombre, 'ficha', lugar=f['clave'], delito=f['delito']).texto}<br>"
            f"{enlace(delito.nombre, 'tendencias', lugar=f['clave'], delito=f['delito']).texto} "
            f'<span class="menor">{formatos.mes_corto(f["fecha"])}{provisional}</span>'
        ),
        formatos.entero(f["conteo"]),
        esperadas(f["bajo"], f["alto"]),
        imagen(direccion(dibujo), f"Carpetas por mes: {frase(f)}"),
    ]


def lista_de_alertas(filas: pd.DataFrame) -> None:
    """Las alertas como oraciones, cada una con su liga; para la portada y la ficha."""
    entradas = "".join(
        f"<li>{escape(frase(f))}. {enlace('Verla de cerca', 'alertas', **direccion_de(f)).texto}</li>"
        for f in filas.to_dict("records")
    )
    st.html(f'<ul class="lista">{entradas}</ul>')


def direccion_de(f: dict) -> dict[str, str]:
    """El estado de la página Alertas en que esta se ve de cerca."""
    entidad = f["clave"][:2] if f["nivel"] == "municipal" else "00"
    return {"nivel": f["nivel"], "de": entidad, "foco": f"{f['clave']}.{f['delito']}"}
