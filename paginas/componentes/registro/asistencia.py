"""Pasar lista: cada toque se guarda en el momento."""

from __future__ import annotations

from html import escape

import streamlit as st

from datos.registro import lectura, sesiones
from datos.registro.modelo import ASISTENCIAS, LADOS, Mesa, Sesion
from paginas.componentes.registro.avisos import intentar
from paginas.componentes.registro.borrador import EnBorrador
from paginas.componentes.registro.expediente import LADO
from paginas.componentes.registro.identidad import Abierto


def pasar_lista(abierto: Abierto, mesa: Mesa, sesion: Sesion) -> None:
    """Una fila por institución que se sienta en la Mesa o que ya está en la lista, y una caja para quien no estaba."""
    ya = {
        a.institucion: a
        for a in lectura.asistencias(abierto.registro, abierto.actor, mesa.clave)
        if a.sesion == sesion.id
    }
    sentadas = lectura.integrantes(abierto.registro, abierto.actor, mesa.clave)
    filas = {i.institucion: (i.lado, i.representante) for i in sentadas}
    filas |= {n: (a.lado, a.representante) for n, a in ya.items() if n not in filas or a.representante}
    if not filas:
        st.info("Nadie está registrado en esta Mesa. Agregue abajo a quien vino; en la página de la Mesa quedan fijas.")
    presentes = sum(a.estado == "presente" for a in ya.values())
    st.html(
        f'<p class="menor" role="status">{presentes} presentes; {len(ya)} de {len(filas)} en la lista. '
        "Cada toque se guarda.</p>"
    )
    faltan = [n for n in filas if n not in ya]
    if faltan and st.button(
        "Anotar como presentes a los que faltan", key="todos_presentes", icon=":material/done_all:"
    ):
        for nombre in faltan:
            _anotar(abierto, sesion, nombre, *filas[nombre], "presente")
        st.rerun()
    for lado in LADOS:
        suyas = {n: r for n, (de, r) in filas.items() if de == lado}
        if not suyas:
            continue
        st.html(f'<p class="menor"><strong>{LADO[lado]}</strong></p>')
        for nombre, representante in suyas.items():
            _fila(abierto, sesion, nombre, lado, representante, ya[nombre].estado if nombre in ya else None)
    _quien_no_estaba(abierto, mesa, sesion)


def _fila(abierto: Abierto, sesion: Sesion, nombre: str, lado: str, representante: str, estado: str | None) -> None:
    clave = f"asistencia/{sesion.id}/{nombre}"
    quien = f'<br><span class="menor">{escape(representante)}</span>' if representante else ""
    zona = st.container(horizontal=True, vertical_alignment="center", gap="small")
    zona.html(f'<p class="institucion">{escape(nombre)}{quien}</p>')
    if clave not in st.session_state or st.session_state[clave] != estado:
        st.session_state[clave] = estado
    zona.segmented_control(
        f"Asistencia de {nombre}", ASISTENCIAS, key=clave, label_visibility="collapsed", format_func=str.capitalize,
        on_change=lambda: _tocar(abierto, sesion, nombre, lado, representante, clave),
    )  # fmt: skip


def _tocar(abierto: Abierto, sesion: Sesion, nombre: str, lado: str, representante: str, clave: str) -> None:
    estado = st.session_state[clave]
    if estado is not None:  # soltar el botón no borra lo anotado
        _anotar(abierto, sesion, nombre, lado, representante, estado)


def _anotar(abierto: Abierto, sesion: Sesion, nombre: str, lado: str, representante: str, estado: str) -> bool:
    hecho = intentar(
        lambda: sesiones.pasar_lista(
            abierto.registro, abierto.actor, sesion.id, institucion=nombre, lado=lado, estado=estado,
            representante=representante,
        ),
        f"{nombre}: {estado}.",
    )  # fmt: skip
    return hecho is not None


def _quien_no_estaba(abierto: Abierto, mesa: Mesa, sesion: Sesion) -> None:
    with st.popover("Agregar a la lista, o cambiar quién vino", icon=":material/person_add:"):
        b = EnBorrador(abierto, mesa.clave, f"lista:{sesion.id}", {})
        b.caja("institucion", "Institución", maximo=240)
        lado = b.elegir("lado", "De qué lado", LADO, control="pills")
        b.caja("representante", "Quién vino por ella", maximo=240)
        if st.button("Anotar presente", key="agregar_a_la_lista") and _anotar(
            abierto, sesion, b.texto("institucion").strip(), lado, b.texto("representante"), "presente"
        ):
            b.olvidar()
            st.rerun()
