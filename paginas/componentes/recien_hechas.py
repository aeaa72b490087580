"""Que una descarga recién hecha siga ahí cuando el navegador va por ella, aunque mientras tanto otras personas usen el tablero.

Streamlit hace el archivo al tocar el botón y lo borra en la segunda limpieza de cualquier sesión: con mucha gente, antes de que
el navegador lo pida (404). Aquí se conserva un minuto. Toca piezas internas de Streamlit: si cambian, falla
``tests/integracion/test_recien_hechas.py``.
"""

from __future__ import annotations

import time
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from streamlit.runtime.media_file_manager import MediaFileManager

SEGUNDOS = 60.0
_recientes: dict[str, float] = {}
_hacer = MediaFileManager.execute_deferred
_inactivos = MediaFileManager._get_inactive_file_ids


def conservar_recien_hechas() -> None:
    """Lo pone en marcha; llamarlo otra vez no cambia nada."""
    MediaFileManager.execute_deferred = _hacer_y_apuntar  # type: ignore[method-assign]
    MediaFileManager._get_inactive_file_ids = _inactivos_y_viejos  # type: ignore[method-assign]


def _hacer_y_apuntar(gestor: MediaFileManager, file_id: str) -> str:
    direccion = _hacer(gestor, file_id)
    _recientes[PurePosixPath(urlsplit(direccion).path).stem] = time.monotonic()
    return direccion


def _inactivos_y_viejos(gestor: MediaFileManager) -> set[str]:
    vence = time.monotonic() - SEGUNDOS
    for nombre in [n for n, cuando in _recientes.copy().items() if cuando < vence]:
        _recientes.pop(nombre, None)
    return {nombre for nombre in _inactivos(gestor) if nombre not in _recientes}
