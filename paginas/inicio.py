"""Inicio: qué dice el último corte del país, en una frase y en una tabla de delitos."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from datos import catalogos
from datos.consultas.calidad import tendencias_de
from paginas.componentes.marco import abrir, cerrar, mes

CANASTA = "once_delitos"
BASE_MINIMA = 20

actual = abrir()
tabla = tendencias_de("nacional", "00").set_index("delito")
if tabla.empty:
    st.info("El archivo estatal cargado no tiene 24 meses seguidos: todavía no se pueden comparar dos años.")
    st.stop()

titular = tabla.loc["homicidio_doloso"]
cambio = int(titular["conteo"] - titular["conteo_previo"])
if cambio:
    diferencia = f"{abs(cambio):,} {'menos' if cambio < 0 else 'más'} que en los 12 anteriores"
else:
    diferencia = "las mismas que en los 12 anteriores"
estados = tendencias_de("estatal", None, "homicidio_doloso")["etiqueta"].value_counts()
reparto = ", ".join(
    f"{etiqueta} en {estados.get(etiqueta, 0)}" for etiqueta in ("a la baja", "al alza", "sin cambio distinguible")
)
st.header(
    f"En los 12 meses a {mes(titular['cierre'])} se abrieron {int(titular['conteo']):,} carpetas por homicidio doloso, "
    f"{diferencia}"
)
insuficientes = estados.get("datos insuficientes", 0)
resto = f"; sin datos suficientes en {insuficientes}" if insuficientes else ""
st.write(f"Por entidad, homicidio doloso: {reparto}{resto}. Es una descripción: no dice por qué.")

canastas = catalogos.canastas()
canasta = canastas[canastas["canasta"] == CANASTA].merge(
    catalogos.delitos()[["delito", "nombre"]], on="delito", suffixes=("_canasta", "")
)
filas = canasta.merge(tabla.reset_index(), on="delito", how="left")
porcentaje = (filas["conteo"] / filas["conteo_previo"] - 1).where(filas["conteo_previo"] >= BASE_MINIMA)
st.dataframe(
    pd.DataFrame(
        {
            "Delito": filas["nombre"],
            "12 meses": filas["conteo"],
            "12 anteriores": filas["conteo_previo"],
            "Cambio": filas["conteo"] - filas["conteo_previo"],
            "Cambio %": porcentaje * 100,
            "Tendencia": filas["etiqueta"].fillna("n. d."),
        }
    ),
    hide_index=True,
    width="stretch",
    height="content",
    column_config={
        **{c: st.column_config.NumberColumn(format="localized") for c in ("12 meses", "12 anteriores", "Cambio")},
        "Cambio %": st.column_config.NumberColumn(format="%+.1f %%"),
    },
)
st.caption(
    f"Los doce meses de esta tabla terminan en {mes(titular['cierre'])}, el último con 24 meses seguidos cargados."
)
cerrar(actual)
