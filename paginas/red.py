"""Red Nacional: todas las Mesas lado a lado en los tres ejes, cada indicador con su definición y sus huecos dichos."""

from __future__ import annotations

from functools import partial
from html import escape

import pandas as pd
import streamlit as st

from analisis import formatos
from analisis.formatos import SIN_DATO
from datos.registro import lectura
from datos.reloj import hoy
from informes.tablas import TIPOS, Ficha, exportar
from paginas.componentes.direccion import Direccion
from paginas.componentes.registro import ejes
from paginas.componentes.registro.ejes import INDICADORES, Valor
from paginas.componentes.registro.identidad import abrir_registro
from paginas.componentes.tabla import Columna, Html, enlace, tabla

POR_NOMBRE = "nombre"
TODOS = "todos"

abierto = abrir_registro()
marco, registro, actor = abierto.marco, abierto.registro, abierto.actor
vista = Direccion()
todas = lectura.mesas(registro, actor)
expedientes = lectura.expedientes(registro, actor)
sesiones = lectura.sesiones(registro, actor)
asistencias = lectura.asistencias(registro, actor)
dia = hoy()
de_cada_una: dict[str, list[lectura.Expediente]] = {m.clave: [] for m in todas}
for e in expedientes:
    de_cada_una[e.acuerdo.mesa].append(e)
valores = {m.clave: ejes.de_la_mesa(m, de_cada_una[m.clave], sesiones, asistencias, dia) for m in todas}
con_sesiones = {s.mesa for s in sesiones}
con_acuerdos = {e.acuerdo.mesa for e in expedientes}

marco.situar("Red Nacional")
marco.titular(
    f"{formatos.contar(len(todas), 'Mesa')} lado a lado: {len(con_sesiones)} con sesiones registradas y {len(con_acuerdos)} "
    "con acuerdos",
    "Los tres ejes se leen por separado: ningún número los junta, y un hueco no es un cero.",
)
controles = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
orden = vista.elegir(
    "Ordenar por", {POR_NOMBRE: "Nombre", **{i.clave: f"{i.eje}: {i.nombre}" for i in INDICADORES}}, "orden",
    zona=controles, width=420,
)  # fmt: skip
eje = vista.elegir(
    "Mostrar", {TODOS: "Los tres ejes", **{e: e for e in dict.fromkeys(i.eje for i in INDICADORES)}}, "eje",
    zona=controles, control="pills",
)  # fmt: skip
vista.escribir()


def posicion(clave: str, nombre: str) -> tuple[bool, float, str]:
    """Primero lo que tiene dato, de mejor a peor; lo demás, al final y por nombre."""
    indicador = next((i for i in INDICADORES if i.clave == orden), None)
    if indicador is None:
        return False, 0.0, nombre
    valor = valores[clave][orden].orden
    if valor is None:
        return True, 0.0, nombre
    return False, -valor if indicador.mejor_alto else valor, nombre


def celda(valor: Valor) -> Html:
    """El valor y, si falta, por qué."""
    motivo = f'<br><span class="menor">{escape(valor.motivo)}</span>' if valor.motivo else ""
    return Html(f"{escape(valor.texto)}{motivo}")


ordenadas = sorted(todas, key=lambda m: posicion(m.clave, m.nombre))
elegidos = [i for i in INDICADORES if eje in (TODOS, i.eje)]
columnas = [Columna("Mesa", "ancha"), *(Columna(i.corto, "", i.nombre.lower()) for i in elegidos)]
filas: list[list[str | Html]] = [
    [enlace(m.nombre, "mesas", mesa=m.clave), *(celda(valores[m.clave][i.clave]) for i in elegidos)] for m in ordenadas
]
st.html(f'<div class="desliza">{tabla(columnas, filas, "Mesas en los tres ejes")}</div>')
datos = pd.DataFrame(
    [
        {
            "mesa": m.nombre,
            **{i.clave: valores[m.clave][i.clave].texto for i in INDICADORES},
            **{f"{i.clave}_motivo": valores[m.clave][i.clave].motivo for i in INDICADORES},
        }
        for m in ordenadas
    ]
)
ficha = Ficha(
    ("red", "tres ejes", f"al {dia:%Y-%m-%d}"),
    "DEMOSTRACIÓN" if registro.practica else "Registro de Mesas",
    {"Cómo se lee": f"«{SIN_DATO}» es un hueco, no un cero; su motivo está en la columna de al lado."},
    {i.clave: i.definicion for i in INDICADORES},
)
zona = st.container(horizontal=True, gap="small")
for formato in ("xlsx", "csv"):
    zona.download_button(
        formato.upper(), data=partial(exportar, datos, ficha, formato), file_name=ficha.nombre(formato),
        mime=TIPOS[formato], key=f"red_{formato}", icon=":material/download:", on_click="ignore",
    )  # fmt: skip
st.subheader("Qué dice cada indicador")
st.html(f'<dl class="dos">{ejes.definiciones()}</dl>')
st.html(
    '<p class="menor">El efecto se evalúa aparte, contra municipios comparables, en «Todos los acuerdos, evaluados». '
    "Una Mesa con más sesiones registradas no es por eso mejor: puede ser que otra no las haya capturado.</p>"
)
