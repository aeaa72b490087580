"""La aplicación abre con datos y sin ellos, en español y sin excepciones."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

APP = str(Path(__file__).resolve().parent.parent.parent / "app.py")


def _abrir(monkeypatch, almacen):
    monkeypatch.setenv("TABLERO_ALMACEN", str(almacen))
    abierta = AppTest.from_file(APP, default_timeout=60).run()
    assert not abierta.exception, [e.value for e in abierta.exception]
    return abierta


def _textos(abierta):
    return " ".join(
        str(e.value) for clase in ("title", "markdown", "info", "warning", "caption") for e in getattr(abierta, clase)
    )


def test_sin_nada_publicado_dice_como_cargar(monkeypatch, tmp_path):
    assert "Todavía no hay datos publicados" in _textos(_abrir(monkeypatch, tmp_path))


def test_con_los_archivos_oficiales_no_dice_demostracion(monkeypatch, almacen_espejo):
    textos = _textos(_abrir(monkeypatch, almacen_espejo))
    assert "SESNSP" in textos
    assert "DEMOSTRACIÓN" not in textos
