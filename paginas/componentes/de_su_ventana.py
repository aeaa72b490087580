"""Un archivo por hacer es de la ventana que lo ofreció: quien sepa su identificador desde otra no lo obtiene.

Streamlit no lo comprueba. Toca una pieza interna suya: si cambia, falla ``tests/integracion/test_visitas.py``.
"""

from __future__ import annotations

from streamlit.runtime.media_file_manager import MediaFileManager

NO_ES_SUYO = "Ese archivo ya no está: vuelva a cargar la página y pídalo otra vez."


def es_de(ventana: str, gestor: MediaFileManager, archivo: str) -> bool:
    """Si lo ofreció esa ventana; uno que ya no existe no es de nadie."""
    pendiente = gestor._deferred_callables.get(archivo)
    return pendiente is not None and pendiente["session_id"] == ventana
