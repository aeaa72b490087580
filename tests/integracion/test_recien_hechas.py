"""Lo recién hecho con un botón de descarga sobrevive a las limpiezas de las demás sesiones, y se borra después."""

import pytest
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from paginas.componentes import recien_hechas


@pytest.fixture
def gestor(monkeypatch):
    """Un gestor de archivos de Streamlit con una descarga por hacer."""
    monkeypatch.setattr("streamlit.runtime.media_file_manager._get_session_id", lambda: "una sesión")
    recien_hechas.conservar_recien_hechas()
    recien_hechas.conservar_recien_hechas()
    return MediaFileManager(MemoryMediaFileStorage("/media"))


def _pedir(gestor):
    por_hacer = gestor.add_deferred(lambda: b"contenido", "image/png", "0.1", file_name="figura.png")
    return gestor.execute_deferred(por_hacer)


def _leer(gestor, direccion):
    return gestor._storage.get_file(direccion.rsplit("/", 1)[1].split("?")[0]).content


def test_sobrevive_a_las_limpiezas_de_otras_sesiones(gestor):
    direccion = _pedir(gestor)
    for _ in range(5):
        gestor.remove_orphaned_files()
    assert _leer(gestor, direccion) == b"contenido"


def test_despues_de_su_minuto_se_borra(gestor, monkeypatch):
    direccion = _pedir(gestor)
    monkeypatch.setattr(recien_hechas, "SEGUNDOS", -1.0)
    for _ in range(3):
        gestor.remove_orphaned_files()
    with pytest.raises(MediaFileStorageError):
        _leer(gestor, direccion)


def test_sin_esto_streamlit_lo_borraria(gestor, monkeypatch):
    """Si deja de ser cierto, el módulo ya no hace falta."""
    monkeypatch.setattr(MediaFileManager, "_get_inactive_file_ids", recien_hechas._inactivos)
    direccion = _pedir(gestor)
    for _ in range(2):
        gestor.remove_orphaned_files()
    with pytest.raises(MediaFileStorageError):
        _leer(gestor, direccion)
