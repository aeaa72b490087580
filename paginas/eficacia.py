"""Eficacia: ¿bajó más que en municipios comparables? Un acuerdo, o un placebo, de arriba a abajo."""

from __future__ import annotations

from html import escape

import streamlit as st

from analisis import formatos
from analisis.eficacia import ALZA, BAJA
from analisis.eficacia import palabras as dichos
from datos.acuerdos import RegistroDanado
from datos.consultas.evaluables import acuerdos_evaluables
from informes.eficacia.servicio import evaluar_acuerdo, nombre_de_municipios, responder
from paginas.componentes.direccion import Direccion
from paginas.componentes.eficacia import partes
from paginas.componentes.eficacia.elegir import elegir_acuerdo, elegir_placebo
from paginas.componentes.eficacia.error import cuanto_se_equivoca
from paginas.componentes.marco import abrir
from paginas.componentes.tabla import enlace

ACUERDO, PLACEBO = "acuerdo", "placebo"
MODOS = {ACUERDO: "Un acuerdo", PLACEBO: "Un placebo"}

marco = abrir()
actual = marco.actual
respuesta = st.container()  # la respuesta va arriba; los controles, que se leen antes, debajo
vista = Direccion()
try:
    todos = acuerdos_evaluables()
except RegistroDanado as causa:
    todos = []
    st.error(str(causa))
if todos:
    modo = vista.elegir("Qué se evalúa", MODOS, "evaluar", control="segmented_control", label_visibility="collapsed")
else:
    modo = vista.valor("evaluar", {PLACEBO}, PLACEBO)
antes = acuerdo = None
if modo == ACUERDO:
    acuerdo = elegir_acuerdo(vista, todos)
    vista.escribir()
    hecho = evaluar_acuerdo(acuerdo, todos)
    hecha, antes = hecho.hecha, hecho.antes
else:
    if not todos:
        st.caption(
            "Esta instalación no tiene acuerdos registrados. Mientras tanto, el método se puede ensayar en falso:"
        )
    pregunta = elegir_placebo(vista)
    vista.escribir()
    if pregunta is None:
        marco.situar("Un placebo")
        marco.titular("Elija municipios y un delito para ensayar la comparación", dichos.CARTEL_DE_PLACEBO)
        st.stop()
    hecha = responder(pregunta)

evaluacion, asunto = hecha.evaluacion, hecha.asunto
marco.situar(nombre_de_municipios(hecha.pregunta.municipios), asunto.delito, formatos.tramo(asunto.desde, asunto.hasta))
if acuerdo is None:
    marco.titular(f"Placebo. {dichos.titular(evaluacion, asunto)}", dichos.bajada(evaluacion))
else:
    marco.titular(dichos.titular(evaluacion, asunto), dichos.bajada(evaluacion))
with respuesta:
    if acuerdo is None:
        error = f" {dichos.PLACEBO_CON_EVIDENCIA}" if evaluacion.veredicto in (BAJA, ALZA) else ""
        st.html(f'<p class="placebo" role="note">{dichos.CARTEL_DE_PLACEBO}{error}</p>')
    partes.dos_numeros(hecha)
    st.html(f'<p class="menor">{dichos.NO_ES_CAUSA}</p>')
    if antes is not None:
        st.warning(
            dichos.cambio_entre_cortes(
                antes.salida["veredicto"], antes.corte, evaluacion.veredicto, actual.corte_mas_reciente
            ),
            icon=":material/history:",
        )
if acuerdo is not None:
    liga = enlace(acuerdo.folio, "acuerdos", mesa=acuerdo.mesa_clave, folio=acuerdo.folio).texto
    st.html(
        f'<p class="menor">Acuerdo {liga}, {escape(acuerdo.mesa)}: '
        f"«{escape(acuerdo.texto)}» Se esperaba que las carpetas {'subieran (más denuncia)' if acuerdo.signo > 0 else 'bajaran'} "
        f"desde {formatos.mes(hecha.pregunta.mes)}. {enlace('Todos los acuerdos', 'portafolio').texto}</p>"
    )
partes.observado_contra_esperado(hecha, actual, dichos.titular(evaluacion, asunto))
partes.con_quien(hecha, actual)
partes.que_tan_seguros(hecha, actual)
partes.que_podria_enganar(evaluacion)
partes.para_el_registro(hecha, actual)
cuanto_se_equivoca(hecha.pregunta.delitos[0], actual)
