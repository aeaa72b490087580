"""Alertas: lo que quedó fuera de lo esperado en el último mes, de lo más a lo menos sorprendente, con su contexto."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from analisis import formatos, frases
from analisis.medidas import MEDIDAS, medir
from analisis.rangos import banda
from datos import catalogos
from datos.consultas import lugares
from datos.consultas.alertas import alertas, recuento
from datos.consultas.claves import claves
from datos.consultas.series import series
from graficas.lineas import Banda, lineas
from informes.alertas import frase
from informes.asentamiento import cuanto_se_mueve_el_ultimo_mes
from paginas.componentes.alertas import cuadros_de_alertas, tabla_de_alertas
from paginas.componentes.descargas import descargas, ficha_de
from paginas.componentes.direccion import Direccion
from paginas.componentes.fuente import escribir_fuente
from paginas.componentes.imagen import mostrar_figura
from paginas.componentes.marco import abrir
from paginas.componentes.tabla import enlace
from paginas.componentes.vecinas import dibujar_vecinas

TODOS, PAIS = "todos", "00"
NIVELES = {"estatal": "Estados", "municipal": "Municipios"}
POR_LADO, CUADROS = 12, 12
COLUMNAS = {
    "nivel": "'estatal' o 'municipal'",
    "clave": "Clave de INEGI",
    "nombre": "Nombre del lugar",
    "delito": "Clave del delito",
    "fecha": "El mes que se compara",
    "conteo": "Carpetas de ese mes",
    "esperado": "Carpetas esperadas por los doce meses anteriores",
    "bajo": "Límite inferior del rango esperado de 95 %",
    "alto": "Límite superior",
    "sorpresa": "−log10 de la probabilidad de un conteo así o más extremo; negativa si está por debajo",
    "alerta": "'alta' o 'baja'",
    "provisional": "Si la fuente suele corregir todavía ese mes",
}

marco = abrir()
actual = marco.actual
vista = Direccion()
catalogo = claves()
estados = dict(catalogos.entidades()[["cve_ent", "nombre_corto"]].itertuples(index=False))

controles = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
nivel = vista.elegir("Nivel", NIVELES, "nivel", zona=controles, control="segmented_control")
delito = vista.elegir(
    "Delito",
    {TODOS: "Todos los delitos", **{c.clave: c.nombre for c in catalogo.values()}},
    "delito_alertas",
    zona=controles,
    width=300,
)
entidad = vista.elegir("De", {PAIS: "Todo el país", **estados}, "de", zona=controles, width=220)
uno = None if delito == TODOS else delito
cve_ent = None if entidad == PAIS else entidad
fuera = alertas(nivel, uno, cve_ent)
cuenta = recuento(nivel, uno, cve_ent)
donde = estados.get(entidad, lugares.NOMBRE_NACIONAL)
que = catalogo[uno].nombre if uno else "Todos los delitos"

marco.situar(donde, que, NIVELES[nivel].lower())
if cuenta.mes is None:
    vista.escribir()
    marco.titular(f"No hay con qué comparar {frases.en(donde)}: hacen falta trece meses seguidos")
    st.info("Lo no reportado no es cero: pruebe con otro delito o con otro nivel.")
    escribir_fuente(actual, [nivel])
    st.stop()
resumen = frases.recuento_de_alertas(
    cuenta.comparadas, cuenta.altas, cuenta.bajas, cuenta.azar_altas, cuenta.azar_bajas
)
marco.titular(
    f"{formatos.mayuscula(formatos.mes(cuenta.mes))} {frases.en(donde)}: {resumen}",
    "Una alerta es una pregunta: dice que el mes se aparta de los doce anteriores, no por qué.",
)

lados = st.columns(2, gap="large")
for zona, lado, titulo, ninguna in (
    (lados[0], "alta", "Más de lo esperado", "Ninguna serie por encima de su rango."),
    (lados[1], "baja", "Menos de lo esperado", "Ninguna serie por debajo de su rango."),
):
    suyas = fuera[fuera["alerta"] == lado]
    with zona:
        st.subheader(titulo)
        if suyas.empty:
            st.caption(ninguna)
        else:
            st.html(tabla_de_alertas(nivel, uno, cve_ent, lado, POR_LADO, titulo))
            if len(suyas) > POR_LADO:
                st.caption(f"Las {POR_LADO} más sorprendentes de {len(suyas):,}; todas van en la descarga.")
if fuera["provisional"].any():
    liga = enlace("Ver Revisiones", "revisiones")
    st.html(f'<p class="menor">{escape(cuanto_se_mueve_el_ultimo_mes())}. {liga.texto}.</p>')
if nivel == "municipal" and len(fuera):
    st.caption(
        "Con miles de series, muchas quedan fuera por azar: cuente con las que saldrían en un mes sin nada raro antes de darle "
        "peso a una sola."
    )

focos = {
    f"{f['clave']}.{f['delito']}": f"{catalogo[f['delito']].nombre}, {lugares.nombre(f['clave'])}"
    for f in fuera.head(200).to_dict("records")
}
if not focos:
    vista.escribir()
else:
    st.subheader("De cerca")
    foco = vista.elegir("Alerta", focos, "foco", width=460)
    vista.escribir()
    clave, elegido = foco.split(".", 1)
    fila = fuera[(fuera["clave"] == clave) & (fuera["delito"] == elegido)].to_dict("records")[0]
    nombre, nombre_del_delito = lugares.nombre(clave), catalogo[elegido].nombre
    st.write(f"**{frase(fila)}.**")
    tabla = medir(series([clave], [elegido]), "conteo")
    rango = banda(tabla["conteo"].to_numpy(), tabla["fecha"].dt.days_in_month.to_numpy())
    mostrar_figura(
        actual,
        lineas(
            tabla,
            {clave: nombre},
            {elegido: nombre_del_delito},
            MEDIDAS["conteo"],
            bandas=[Banda(tabla["fecha"].to_list(), rango["bajo"].to_list(), rango["alto"].to_list())],
            demostracion=actual.demostracion,
        ),
        f"{frase(fila)}. Serie mensual con su rango esperado.",
        "alerta_serie",
        ["alerta", nombre_del_delito, nombre],
        [nivel],
        titulo=frase(fila),
        notas=["Banda gris: donde cae 95 % de los meses si nada cambia respecto de los doce anteriores"],
    )
    dibujar_vecinas(clave, elegido)

if len(fuera):
    st.subheader("Las más inusuales, con lo que se esperaba cada mes")
    st.caption("Cada cuadro va desde cero hasta su propio tope; en gris, donde cae 95 % de los meses si nada cambia.")
    st.html(cuadros_de_alertas(nivel, uno, cve_ent, CUADROS))
descargas(
    fuera.assign(nombre=fuera["clave"].map(lugares.nombres()))[list(COLUMNAS)],
    ficha_de(
        actual,
        ["alertas", NIVELES[nivel], donde, que, f"{cuenta.mes:%Y-%m}"],
        [nivel],
        notas={"Filtros": f"{que}; {NIVELES[nivel].lower()} de {donde}; series fuera de su rango esperado de 95 %"},
        columnas=COLUMNAS,
    ),
    "alertas",
)
inicio = (pd.Timestamp(cuenta.mes) - pd.DateOffset(months=12)).date()
escribir_fuente(
    actual,
    [nivel],
    inicio,
    cuenta.mes,
    notas=["Rango esperado: binomial negativa con los doce meses anteriores del propio lugar"],
)
