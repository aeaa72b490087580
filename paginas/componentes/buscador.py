"""Buscar un lugar por su nombre sin acentos, por su clave o por su Mesa, mientras se escribe."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from datos.consultas import lugares
from paginas.componentes.pedazo import pedazo

MAXIMO = 8


@pedazo("buscador")
def buscar_lugar(rotulo: str, clave: str, al_elegir: Callable[[str], None]) -> None:
    """Una caja de búsqueda y sus coincidencias como botones; al elegir una llama ``al_elegir`` y vuelve a correr la página.

    Es un fragmento: escribir no vuelve a calcular lo demás.
    """
    caja, hallados, listo = f"{clave}_texto", f"{clave}_hallados", f"{clave}_listo"

    def tomar() -> None:
        elegido = st.session_state.get(hallados)
        if elegido:
            al_elegir(elegido)
            st.session_state[caja] = ""
            st.session_state[listo] = True

    if st.session_state.pop(listo, False):
        st.rerun()
    texto = st.text_input(
        rotulo, key=caja, type="search", live=True, placeholder="León, Iztapalapa, 20208…", icon=":material/search:"
    )
    if not texto.strip():
        return
    opciones = dict(lugares.buscar(texto, MAXIMO)[["lugar", "nombre"]].itertuples(index=False))
    if not opciones:
        st.caption(f"Ningún lugar se llama «{texto[:60]}» ni tiene esa clave. Pruebe con menos letras.")
        return
    st.pills(
        "Coincidencias",
        list(opciones),
        format_func=opciones.__getitem__,
        key=hallados,
        on_change=tomar,
        label_visibility="collapsed",
    )
