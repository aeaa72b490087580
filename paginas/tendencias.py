"""Tendencias: la serie mensual de un delito en uno o varios lugares; lo que falta se ve como hueco."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from datos import catalogos
from datos.consultas import lugares
from datos.consultas.series import NACIONAL, series
from graficas.lineas import serie_mensual
from paginas.componentes.marco import abrir, cerrar, mes

MAXIMO_DE_LUGARES = 4

actual = abrir()
nombres_de_delito = dict(zip(catalogos.delitos()["delito"], catalogos.delitos()["nombre"], strict=True))
catalogo = lugares.todos()
nombres = dict(zip(catalogo["lugar"], catalogo["nombre"], strict=True))

encabezado = st.container()
delito_col, lugar_col = st.columns([1, 2])
claves = list(nombres_de_delito)
pedido = st.query_params.get("delito", claves[0])
delito = delito_col.selectbox(
    "Delito",
    claves,
    index=claves.index(pedido) if pedido in claves else 0,
    format_func=nombres_de_delito.__getitem__,
)
pedidos = [lugar for lugar in st.query_params.get("lugar", NACIONAL).split(",") if lugar in nombres]
elegidos = lugar_col.multiselect(
    "Lugares",
    list(nombres),
    default=pedidos[:MAXIMO_DE_LUGARES],
    format_func=nombres.__getitem__,
    max_selections=MAXIMO_DE_LUGARES,
    placeholder="Escriba un municipio o una entidad",
)
# La dirección lleva las claves, no los rótulos: un enlace copiado abre la misma vista.
st.query_params.from_dict({"delito": delito, "lugar": ",".join(elegidos)})
if not elegidos:
    st.info("Elija al menos un lugar.")
    st.stop()

tabla = series(elegidos, [delito])
sin_datos = [nombres[lugar] for lugar in elegidos if lugar not in set(tabla["lugar"])]
if sin_datos:
    st.info(
        f"El archivo cargado no reporta {nombres_de_delito[delito].lower()} en: {', '.join(sin_datos)}. "
        "No reportado no es cero."
    )
if tabla.empty:
    st.stop()
ultima = tabla[tabla["lugar"] == tabla["lugar"].iloc[0]].iloc[-1]
encabezado.header(
    f"{nombres[ultima['lugar']]}: {int(ultima['conteo']):,} carpetas por {nombres_de_delito[delito].lower()} en "
    f"{mes(ultima['fecha'])}" + (" (provisional)" if ultima["provisional"] else "")
)
st.plotly_chart(serie_mensual(tabla, nombres), width="stretch", config={"displaylogo": False})
descarga = tabla.assign(nombre=tabla["lugar"].map(nombres), fecha=tabla["fecha"].dt.date)
columnas = ["lugar", "nombre", "delito", "fecha", "conteo", "metodologia", "provisional", "poblacion"]
st.download_button(
    "Descargar CSV",
    descarga[columnas].to_csv(index=False).encode("utf-8-sig"),
    file_name=f"{delito}_{'-'.join(elegidos)}_corte-{actual.corte_mas_reciente:%Y-%m}"
    f"{'_DEMOSTRACION' if actual.demostracion else ''}.csv",
    mime="text/csv",
)
with st.expander("Ver los datos"):
    st.dataframe(pd.DataFrame(descarga[columnas]), hide_index=True, width="stretch")
cerrar(actual)
