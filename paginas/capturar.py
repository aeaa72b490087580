"""Capturar: un acuerdo nuevo, una pregunta a la vez, con lo escrito siempre a salvo."""

from __future__ import annotations

from html import escape

import streamlit as st

from datos.registro import borradores, lectura
from paginas.componentes.direccion import Direccion
from paginas.componentes.entrada import como_entrar
from paginas.componentes.registro.captura import PREGUNTAS, capturar, liga_al_acuerdo
from paginas.componentes.registro.identidad import ANCHO_DE_FORMULARIO, abrir_registro
from paginas.componentes.tabla import enlace

SIN_SESION = "sin-sesion"

abierto = abrir_registro()
marco, registro, actor = abierto.marco, abierto.registro, abierto.actor
vista = Direccion()
propias = {m.clave: m for m in lectura.mesas(registro, actor) if abierto.escribe(m.clave)}
if not propias:
    vista.escribir()
    marco.situar("Capturar")
    marco.titular("Para capturar acuerdos hace falta una cuenta que escriba en una Mesa", como_entrar())
    st.html(f'<p class="menor">{enlace("Ver los acuerdos públicos", "acuerdos").texto}</p>')
    st.stop()

controles = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
clave = vista.elegir("Mesa", {c: m.nombre for c, m in propias.items()}, "mesa", zona=controles, width=340)
mesa = propias[clave]
abiertas = {s.id: s for s in lectura.sesiones(registro, actor, clave) if s.estado == "abierta"}
opciones = {i: f"Sesión {s.numero} ({s.fecha:%d/%m/%Y})" for i, s in abiertas.items()}
cual = vista.elegir("Se tomó en", opciones | {SIN_SESION: "Fuera de sesión"}, "sesion", zona=controles, width=260)
marco.situar(mesa.nombre, "acuerdo nuevo")
marco.titular(f"Un acuerdo nuevo de {mesa.nombre}", "Lo que escribe se guarda solo: puede cerrar y seguir después.")
with st.container(width=ANCHO_DE_FORMULARIO):
    guardado = capturar(abierto, vista, mesa, abiertas.get(cual))
vista.escribir()
if guardado is not None:
    st.success("Se guardó el acuerdo, con su línea base congelada.")
    st.html(f"<p>Ver {liga_al_acuerdo(guardado)} · {enlace('Capturar otro', 'capturar', mesa=clave).texto}</p>")
otros = [b for b in borradores.propios(registro, actor) if b.asunto.startswith("acuerdo:") and b.mesa in propias]
ajenos = [b for b in otros if b.asunto != f"acuerdo:{clave}:{cual}"]
if ajenos:
    st.subheader("Sus otros borradores")
    primera = next(iter(PREGUNTAS))
    filas = ""
    for b in ajenos:
        liga = enlace(propias[b.mesa].nombre, "capturar", mesa=b.mesa, sesion=b.asunto.split(":")[2], paso=primera)
        filas += f"<li>{liga.texto}: {escape(str(b.contenido.get('texto') or 'sin texto todavía')[:120])}</li>"
    st.html(f'<ul class="lista">{filas}</ul>')
