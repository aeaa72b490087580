"""En qué forma se quiere una historia, y los botones con que se baja: la figura en cada formato, y todo junto en un zip."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from graficas.impresas import FORMAS, FORMATOS
from informes.tablas import Ficha
from paginas.componentes.direccion import Direccion


def elegir_forma(vista: Direccion) -> str:
    """La forma escogida, que queda en la dirección: una llave de ``FORMAS``."""
    formas = {clave: forma.nombre for clave, forma in FORMAS.items()}
    return vista.elegir("Forma", formas, "forma", control="pills", omision="horizontal", label_visibility="collapsed")


def botones_de_prensa(
    ficha: Ficha, clave: str, figura: Callable[[str, int], Callable[[], bytes]], todo: Callable[[], bytes]
) -> None:
    """``figura``: con qué se hace el archivo de un formato y una escala; ``todo``, el zip. Nada se hace hasta que se pide."""
    zona = st.container(horizontal=True, gap="small")
    for formato, tipo in FORMATOS.items():
        zona.download_button(
            formato.upper(),
            data=figura(formato, 2 if formato == "png" else 1),
            file_name=ficha.nombre(formato),
            mime=tipo,
            key=f"{clave}_{formato}",
            icon=":material/download:",
            on_click="ignore",
        )
    zona.download_button(
        f"Todo: {len(FORMAS)} formas, datos y cita (zip)",
        data=todo,
        file_name=ficha.nombre("zip"),
        mime="application/zip",
        key=f"{clave}_zip",
        icon=":material/folder_zip:",
        type="primary",
        on_click="ignore",
    )
