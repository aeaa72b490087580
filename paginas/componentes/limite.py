"""Qué se revisa antes de hacer lo que se pide con un botón: que sea de esa ventana y que no vayan demasiadas exportaciones.

Se dice ahí mismo, sin volver a correr la página ni perder lo escrito. Lo que se baja con un botón se hace cuando se pide, fuera
de la página; por eso se revisa donde Streamlit lo atiende. Toca una pieza interna suya: si cambia, falla
``tests/integracion/test_limites.py``.
"""

from __future__ import annotations

import streamlit as st
from streamlit.proto.BackMsg_pb2 import BackendOperationRequest
from streamlit.proto.ForwardMsg_pb2 import BackendOperationResponse
from streamlit.runtime import Runtime
from streamlit.runtime.backend_operation_handler import DeferredFileHandler
from streamlit.runtime.scriptrunner import get_script_run_ctx

from datos.limites import EXPORTAR, de_galletas
from paginas.componentes.de_su_ventana import NO_ES_SUYO, es_de

DE_ESTA_MAQUINA = "127.0.0.1"
_hacer = DeferredFileHandler.handle


def frenar_descargas() -> None:
    """Lo pone en marcha; llamarlo otra vez no cambia nada."""
    DeferredFileHandler.handle = _con_limite  # type: ignore[method-assign]


def permitir() -> bool:
    """Si quien mira puede empezar otro trabajo pesado; si no, lo dice en la página. Cuenta uno cada vez que se llama."""
    contexto = get_script_run_ctx()
    if contexto is None:
        return True
    # Streamlit no dice la dirección de quien entra por la propia máquina.
    direccion = st.context.ip_address or DE_ESTA_MAQUINA
    negado = EXPORTAR.pedir(direccion, de_galletas(st.context.cookies) or contexto.session_id)
    if negado is not None:
        st.warning(negado.en_palabras())
    return negado is None


async def _con_limite(
    atencion: DeferredFileHandler, request: BackendOperationRequest, session_id: str
) -> BackendOperationResponse:
    if not es_de(session_id, atencion._get_media_file_mgr(), request.deferred_file.file_id):
        return BackendOperationResponse(request_id=request.request_id, error_msg=NO_ES_SUYO)
    negado = EXPORTAR.pedir(*_quien(session_id))
    if negado is None:
        return await _hacer(atencion, request, session_id)
    return BackendOperationResponse(request_id=request.request_id, error_msg=negado.en_palabras())


def _quien(ventana: str) -> tuple[str | None, str]:
    """Dirección y navegador de quien abrió la ventana, fuera de la página, donde no hay ``st.context``.

    La dirección que dice un proxy vale solo si uvicorn confía en él.
    """
    cliente = Runtime.instance().get_client(ventana) if Runtime.exists() else None
    suyo = cliente.client_context if cliente is not None else None
    return (None, ventana) if suyo is None else (suyo.remote_ip, de_galletas(suyo.cookies) or ventana)
