"""El proyector dentro de la página: el mismo archivo del paquete, en un marco que llena la pantalla.

Todo lo suyo viaja de una vez: ya abierto sigue sirviendo sin red y con el servidor apagado.
"""

from __future__ import annotations

import streamlit as st

from datos.paquetes import Hecho
from paginas.componentes.sesion.armar import del_zip


def proyectar(hecho: Hecho, volver: str) -> None:
    """Dibuja el proyector. ``volver``: la liga con que se sale, que no depende de que el servidor conteste."""
    _, cuerpo = del_zip(hecho.ruta, ".html")
    with st.container(key="proyector"):
        st.html(f'<p class="salir-del-proyector">{volver}</p>')
        st.iframe(cuerpo.decode("utf-8"), height=700)
