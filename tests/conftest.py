"""Marcas por carpeta y los archivos oficiales de prueba, que viven fuera del proyecto."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

RAIZ = Path(__file__).resolve().parent.parent
NIVELES = ("unidad", "integracion")


def pytest_collection_modifyitems(items):
    for prueba in items:
        for nivel in NIVELES:
            if nivel in Path(str(prueba.fspath)).parts:
                prueba.add_marker(nivel)


@pytest.fixture(scope="session")
def espejo():
    """Carpeta con los archivos oficiales; sin ella la prueba se omite, o falla si se exige."""
    carpeta = Path(os.environ.get("TABLERO_ESPEJO") or RAIZ.parent / "shared" / "espejo")
    if (carpeta / "sesnsp").is_dir():
        return carpeta
    if os.environ.get("TABLERO_EXIGIR_ESPEJO") == "1":
        pytest.fail(f"se exigen los archivos oficiales y no están en {carpeta}")
    pytest.skip("no están los archivos oficiales (carpeta espejo)")


@pytest.fixture(scope="session")
def almacen_espejo(espejo, tmp_path_factory):
    """Almacén con los archivos oficiales cargados por la línea de comandos."""
    carpeta = tmp_path_factory.mktemp("almacen_espejo")
    hecho = subprocess.run(
        [sys.executable, "-m", "etl", "cargar", str(espejo), "--almacen", str(carpeta)],
        cwd=RAIZ,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert hecho.returncode == 0, hecho.stderr
    return carpeta
