"""Contrastar una declaración: lo que se dijo de un delito, contado de todas las maneras, y lo que se puede decir de la cifra."""

from __future__ import annotations

from functools import partial
from html import escape
from urllib.parse import urlencode

import streamlit as st

from analisis.formatos import mayuscula
from datos.consultas import lugares
from datos.consultas.claves import claves
from graficas.impresas import FORMAS
from graficas.impresas.barras import DemasiadasBarras
from graficas.impresas.lienzo import NoCabe
from informes import contraste
from informes.contraste.encargos import historia_de, vista_previa
from informes.contraste.palabras import deja_fuera, veredicto
from informes.prensa.encargos import bajar_historia, todo_de
from informes.taller import TallerCaido, TallerOcupado
from paginas.componentes.botones_de_prensa import botones_de_prensa, elegir_forma
from paginas.componentes.buscador import buscar_lugar
from paginas.componentes.contraste import como_se_decide, maneras, partidas, pedir_periodos
from paginas.componentes.descargas import descargas, ficha_de
from paginas.componentes.direccion import Direccion, fijar
from paginas.componentes.fuente import escribir_fuente
from paginas.componentes.marco import abrir
from paginas.componentes.tabla import enlace

DIRECCIONES = {"baja": "bajó", "alza": "subió"}
UNIDADES = {"pct": "por ciento", "carpetas": "carpetas", "mitad": "a la mitad"}
LETRAS_DE_LA_CIFRA = 20

marco = abrir()
actual = marco.actual
vista = Direccion()
catalogo = claves()
lugar = vista.valor("lugar", lugares.nombres(), "00")
izquierda, derecha = st.columns([0.34, 0.66], gap="large")
with izquierda:
    st.html('<p class="menor"><strong>Se dijo que</strong></p>')
    delito = vista.elegir(
        "Delito", {c.clave: c.nombre for c in catalogo.values()}, "delito", omision="homicidio_doloso"
    )
    st.html(f'<p class="menor">en <strong>{escape(lugares.nombre(lugar))}</strong></p>')
    buscar_lugar("Otro lugar", "contrastar", lambda elegido: fijar("lugar", elegido))
    direccion = vista.elegir("Qué se dijo", DIRECCIONES, "direccion", control="segmented_control")
    unidad = vista.elegir("En", UNIDADES, "unidad", control="segmented_control")
    cifra = (
        ""
        if unidad == "mitad"
        else vista.texto("De cuánto", "cifra", maximo=LETRAS_DE_LA_CIFRA, placeholder="40, 40.5 o 1,912")
    )
    antes, despues, desde_un_anio = pedir_periodos(vista, lugar, delito, actual)
with derecha:
    forma = elegir_forma(vista)
vista.escribir()
dicho = {clave: valor for clave, valor in dict(st.query_params).items() if clave != "forma"}
liga = f"{str(st.context.url or '').split('?')[0]}?{urlencode(dicho)}"
declaracion = contraste.Declaracion(delito, lugar, antes, despues, direccion, unidad, cifra, desde_un_anio)
periodos = f"{antes.texto()} contra {despues.texto()}" if min(antes.largo, despues.largo) > 0 else ""
marco.situar(lugares.nombre(lugar), catalogo[delito].nombre, periodos)
try:
    hecho = contraste.contrastar(declaracion)
except contraste.NoSeContrasta as causa:
    marco.titular("Esa declaración no se puede contrastar con lo publicado")
    puntos = "".join(f"<li>{escape(mayuscula(p))}.</li>" for p in causa.problemas)
    with derecha:
        st.html(f'<div class="cautelas" role="note"><p><strong>Qué lo impide</strong></p><ul>{puntos}</ul></div>')
        st.write("Cambie lo que haga falta a la izquierda; lo demás se conserva.")
    st.stop()
marco.titular(
    veredicto(hecho),
    "Se contrasta la aritmética de una cifra con las carpetas publicadas; no se juzga a quien la dijo, ni se dice por qué cambió."
    if hecho.cifra is not None
    else "Escriba la cifra que se declaró para saber con qué manera de contar sale, si con alguna.",
)
historia = historia_de(declaracion, liga)
with derecha:
    try:
        previa = vista_previa(declaracion, forma, liga)
    except (NoCabe, DemasiadasBarras) as causa:
        st.error(f"{causa} Elija otra forma.")
        st.stop()
    except (TallerOcupado, TallerCaido) as causa:
        st.error(str(causa))
        st.stop()
    with st.container(border=True, width="content"):
        st.image(previa, width=460 if FORMAS[forma].vertical else 720)
    puntos = "".join(f"<li>{escape(c)}</li>" for c in historia.cautelas)
    st.html(f'<div class="cautelas" role="note"><p><strong>Antes de publicar</strong></p><ul>{puntos}</ul></div>')
    ficha = ficha_de(
        actual,
        ["contraste", catalogo[delito].nombre, lugares.nombre(lugar), antes.clave(), despues.clave()],
        hecho.ambitos,
        notas={"Veredicto": historia.contenido.titulo, "Vista viva": liga},
        columnas=historia.columnas,
    )
    botones_de_prensa(
        ficha,
        "contraste",
        lambda formato, escala: partial(bajar_historia, historia, forma, formato, escala),
        partial(todo_de, historia, ficha, liga),
    )
    with st.expander("Enlace permanente y texto alternativo"):
        st.code(liga, language=None, wrap_lines=True)
        st.text(historia.contenido.texto_alternativo)

st.subheader("Cada manera de contarlo", anchor="maneras")
st.html(maneras(hecho))
descargas(historia.tabla, ficha, "contraste_datos")
if hecho.sin_contar:
    st.html('<p class="menor">No se pudo contar: ' + escape("; ".join(hecho.sin_contar)) + ".</p>")
st.subheader("Qué deja fuera", anchor="deja_fuera")
st.html("<ul>" + "".join(f"<li>{escape(p)}.</li>" for p in deja_fuera(hecho)) + "</ul>")
st.subheader("Si se hubiera partido de otro año", anchor="partidas")
st.html(partidas(hecho))
como_se_decide()
st.html(
    f'<p class="menor">{enlace("Ver la serie completa", "tendencias", lugar=lugar, delito=delito).texto} · '
    f"{enlace('Ver las revisiones', 'revisiones', lugar=lugar, delito=delito).texto} · "
    f"{enlace('Otra historia para prensa', 'prensa', lugar=lugar, delito=delito).texto}</p>"
)
escribir_fuente(actual, hecho.ambitos, hecho.desde, hecho.hasta)
