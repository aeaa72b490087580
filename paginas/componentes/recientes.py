"""Lo último que se llevó esta persona en esta visita: qué decía y cómo volver a armarlo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from urllib.parse import urlencode

import streamlit as st

CUANTAS = 6
_CLAVE = "recientes"


def apuntando(
    hacer: Callable[[], bytes], titulo: str, archivo: str, pagina: str, estado: Mapping[str, str]
) -> Callable[[], bytes]:
    """``hacer``, y si sale bien queda apuntado."""
    # El archivo se hace fuera de la corrida de la página, donde no hay sesión: la lista se toma ahora.
    lista: list[tuple[str, str, str]] = st.session_state.setdefault(_CLAVE, [])
    apunte = (titulo, archivo, f"./{pagina}?{urlencode(dict(estado))}")

    def hacer_y_apuntar() -> bytes:
        cuerpo = hacer()
        lista[:] = [apunte, *(otro for otro in lista if otro != apunte)][:CUANTAS]
        return cuerpo

    return hacer_y_apuntar


def mostrar_recientes() -> None:
    """La lista, si hay algo; se pone al día al cambiar algo en la página."""
    lista = st.session_state.get(_CLAVE, [])
    if not lista:
        return
    with st.expander("Lo último que se llevó"):
        puntos = "".join(
            f'<li><a href="{escape(liga)}">{escape(titulo)}</a> <span class="menor">{escape(archivo)}</span></li>'
            for titulo, archivo, liga in lista
        )
        st.html(f'<ul class="lista">{puntos}</ul>')
