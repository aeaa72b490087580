"""Con qué se reconoce una corrida en la bitácora: la petición, la ventana y la persona, estas dos como huellas."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from observacion import bitacora
from paginas.componentes.entrada import con_oidc


def identificadores() -> dict[str, str | None]:
    """``id`` de la conexión por la que llegó, ``sesion`` y ``persona``; nulo lo que no hay. Ningún nombre ni correo."""
    contexto = get_script_run_ctx()
    correo = str(st.user.get("email") or "") if con_oidc() and st.user.is_logged_in else ""
    return {
        "id": st.context.headers.get(bitacora.CABECERA),
        "sesion": bitacora.huella(contexto.session_id) if contexto else None,
        "persona": bitacora.huella(correo) if correo else None,
    }
