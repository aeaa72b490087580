"""Acuerdos: lista, tablero y calendario de los mismos renglones; con un folio en la dirección, la historia completa de uno."""

from __future__ import annotations

from html import escape

import streamlit as st

from analisis import fechas, formatos
from datos.consultas.claves import claves
from datos.plantilla.columnas import NIVELES_CUMPLIMIENTO
from datos.registro import lectura
from datos.registro.lectura import Expediente
from datos.registro.linea_base import series_de
from datos.reloj import hoy
from informes.acuerdos import SIN_MEZCLAR, nivel, reparto
from paginas.componentes.direccion import Direccion, fijar
from paginas.componentes.registro import expediente, intercambio, lista
from paginas.componentes.registro.identidad import abrir_registro
from paginas.componentes.tabla import enlace

TODAS, TODOS, ABIERTOS = "todas", "todos", "abiertos"
VISTAS = {"lista": "Lista", "tablero": "Tablero", "calendario": "Calendario"}
PLAZOS = {
    TODOS: "Cualquier plazo",
    "vencidos": "Vencidos sin completar",
    "proximos": "Vencen en 30 días",
    "movidos": "Reprogramados",
    "sin": "Sin plazo",
}
A_LA_VISTA = 200
COMPLETO = len(NIVELES_CUMPLIMIENTO)

abierto = abrir_registro()
marco, registro, actor = abierto.marco, abierto.registro, abierto.actor
vista = Direccion()
todas = {m.clave: m for m in lectura.mesas(registro, actor)}
todos = lectura.expedientes(registro, actor)
dia = hoy()


def de_ese_plazo(e: Expediente, cual: str) -> bool:
    """Si el acuerdo entra en el filtro de plazo."""
    a = e.acuerdo
    if cual == "vencidos":
        return e.vencido(dia)
    if cual == "proximos":
        return e.cumplimiento < COMPLETO and fechas.por_vencer(a.plazo, dia)
    if cual == "movidos":
        return bool(e.reprogramaciones)
    return cual == TODOS or a.plazo is None


def de_ese_cumplimiento(e: Expediente, cual: str) -> bool:
    """Si el acuerdo entra en el filtro de cumplimiento."""
    if cual == ABIERTOS:
        return e.cumplimiento < COMPLETO
    return cual in (TODOS, str(e.cumplimiento))


def mostrar_uno(e: Expediente) -> None:
    """La página de un acuerdo."""
    marco.situar(e.mesa.nombre, f"acuerdo {e.acuerdo.folio}")
    cierre = f"; venció el {fechas.dia(e.acuerdo.plazo)} sin completarse" if e.vencido(dia) else ""
    marco.titular(f"Acuerdo {e.acuerdo.folio} de {e.mesa.nombre}: cumplimiento {nivel(e.cumplimiento)}{cierre}")
    volver = enlace("Todos sus acuerdos", "acuerdos", mesa=e.acuerdo.mesa)
    st.html(f'<p class="menor">{volver.texto}</p>')
    expediente.mostrar(abierto, e)


folio = vista.suelto("folio", {e.acuerdo.folio for e in todos})
pedida = st.query_params.get("mesa")
if folio is not None:
    hallados = [e for e in todos if e.acuerdo.folio == folio and pedida in (None, TODAS, e.acuerdo.mesa)]
    if len(hallados) == 1:
        fijar("mesa", hallados[0].acuerdo.mesa)
        vista.valor("mesa", set(todas), hallados[0].acuerdo.mesa)
        vista.escribir()
        mostrar_uno(hallados[0])
        st.stop()
    marco.situar("Acuerdos")
    if hallados:
        vista.valor("mesa", {TODAS, *todas}, TODAS)
        vista.escribir()
        marco.titular(f"{formatos.contar(len(hallados), 'Mesa')} tienen un acuerdo con el folio {folio}. ¿De cuál?")
        ligas = "".join(
            f"<li>{enlace(e.mesa.nombre, 'acuerdos', mesa=e.acuerdo.mesa, folio=folio).texto}: {escape(e.acuerdo.texto)}</li>"
            for e in hallados
        )
        st.html(f'<ul class="lista">{ligas}</ul>')
    else:
        vista.valor("mesa", set(todas), next(iter(todas)))
        vista.escribir()
        marco.titular(f"Esta Mesa no tiene un acuerdo {folio} que se pueda ver")
        st.html(f'<p class="menor">{enlace("Ver todos los acuerdos", "acuerdos", mesa=TODAS).texto}</p>')
    st.stop()

if not todos:
    vista.escribir()
    marco.situar("Acuerdos")
    marco.titular(
        "Todavía no hay acuerdos registrados en esta instalación",
        "Las Mesas nombradas en público están en la página Mesas; sus acuerdos los registra cada una.",
    )
    if any(abierto.escribe(c) for c in todas):
        st.html(f'<p class="puertas">{enlace("Capturar el primero", "capturar").texto}</p>')
    st.subheader("Traer acuerdos de una hoja de cálculo")
    intercambio.traer(abierto, todas)
    st.stop()

controles = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
forma = vista.elegir("Ver como", VISTAS, "vista_de_acuerdos", zona=controles, control="segmented_control")
mesa = vista.elegir(
    "Mesa", {TODAS: "Todas las Mesas", **{c: m.nombre for c, m in todas.items()}}, "mesa", zona=controles, width=300
)
catalogo = claves()
usados = dict.fromkeys(s for e in todos for s in series_de(e.acuerdo.delitos, e.acuerdo.canasta))
delito = vista.elegir(
    "Delito", {TODOS: "Todos los delitos", **{s: catalogo[s].nombre for s in sorted(usados)}}, "delito_de_acuerdos",
    zona=controles, width=260,
)  # fmt: skip
niveles = {TODOS: "Cualquiera", ABIERTOS: "Sin completar"} | {
    str(n): f"{n} {texto}" for n, texto in enumerate(NIVELES_CUMPLIMIENTO, 1)
}
cumplimiento = vista.elegir("Cumplimiento", niveles, "cumplimiento", zona=controles, width=190)
plazo = vista.elegir("Plazo", PLAZOS, "plazo", zona=controles, width=220)
vista.escribir()

visibles = [
    e
    for e in todos
    if mesa in (TODAS, e.acuerdo.mesa)
    and (delito == TODOS or delito in series_de(e.acuerdo.delitos, e.acuerdo.canasta))
    and de_ese_cumplimiento(e, cumplimiento)
    and de_ese_plazo(e, plazo)
]
visibles.sort(key=lista.por_atender)
nombre = "Todas las Mesas" if mesa == TODAS else todas[mesa].nombre
marco.situar(nombre, "acuerdos")
if not visibles:
    marco.titular(
        f"Ningún acuerdo de {nombre} cumple lo que pide" if mesa != TODAS else "Ningún acuerdo cumple lo que pide"
    )
    st.info("Quite algún filtro para ver los demás.")
else:
    vencidos = sum(e.vencido(dia) for e in visibles)
    frase = f"{formatos.contar(len(visibles), 'acuerdo')} de {formatos.contar(len({e.acuerdo.mesa for e in visibles}), 'Mesa')}"
    frase += f": {reparto(visibles)}"
    frase += f"; {formatos.contar(vencidos, 'vencido')} sin completar" if vencidos else "; ninguno vencido"
    marco.titular(frase, SIN_MEZCLAR)
    if forma != "tablero" and len(visibles) > A_LA_VISTA:
        st.caption(
            f"Se muestran {A_LA_VISTA} de {formatos.entero(len(visibles))}: primero lo que falta, por plazo. Filtre arriba, o "
            "baje la hoja, que los trae todos."
        )
    if forma == "tablero":
        st.html(lista.tablero(visibles, dia))
    elif forma == "calendario":
        cuerpo = lista.calendario(visibles[:A_LA_VISTA], dia)
        if cuerpo:
            st.html(cuerpo)
        else:
            st.info("Ninguno tiene plazos ni pasos pendientes.")
    else:
        st.html(lista.lista(visibles[:A_LA_VISTA], dia))
if mesa != TODAS and abierto.escribe(mesa):
    liga = enlace("Capturar un acuerdo", "capturar", mesa=mesa)
    st.html(f'<p class="puertas">{liga.texto}</p>')
if visibles:
    st.subheader("Descargar lo que se ve")
    intercambio.descargar(abierto, visibles, todas, None if mesa == TODAS else mesa)
with st.expander("Traer acuerdos de una hoja de cálculo"):
    intercambio.traer(abierto, todas)
