"""Lo que comparten las mediciones: el cuaderno, los archivos de tamaño completo y un almacén con todo publicado.

Para medir otra cosa (las páginas, por ejemplo) se agrega un archivo ``test_<asunto>.py`` que pida ``registro`` y, si hace
falta, ``almacen_completo``; su sección aparece sola en ``docs/rendimiento.md``.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.rendimiento.procesos import RAIZ, correr
from tests.rendimiento.registro import DOCUMENTO, Registro, actualizar

GENERADOR = "generar_municipal.py"
ESTATAL_2015 = "sesnsp/Estatal-Delitos-2015-2025_nov2024.csv"
ESTATAL_2026 = "sesnsp/RNID-Delitos_Estatal-2026-mar2026.csv"
POBLACION = "poblacion/conapo_municipal_1990-2040_total.csv"


def pytest_addoption(parser):
    parser.addoption("--fecha", help="fecha de la medición, AAAA-MM-DD; sin ella no se escribe el documento")
    parser.addoption("--herramientas", help="carpeta con generar_municipal.py")


@pytest.fixture(scope="session")
def registro(request):
    """El cuaderno de la corrida; al terminar se escribe en el documento si se dio la fecha."""
    cuaderno = Registro()
    yield cuaderno
    fecha = request.config.getoption("--fecha")
    if fecha and cuaderno.secciones:
        anterior = DOCUMENTO.read_text(encoding="utf-8") if DOCUMENTO.exists() else ""
        DOCUMENTO.write_text(actualizar(anterior, cuaderno, fecha), encoding="utf-8")


@pytest.fixture(scope="session")
def generador(request):
    """El programa que escribe archivos municipales de tamaño completo; sin él, se omite."""
    carpeta = request.config.getoption("--herramientas") or os.environ.get("TABLERO_HERRAMIENTAS")
    ruta = Path(carpeta or RAIZ.parent / "shared" / "herramientas") / GENERADOR
    if not ruta.is_file():
        pytest.skip(f"no está {GENERADOR} (opción --herramientas o TABLERO_HERRAMIENTAS)")
    return ruta


def _generar(generador: Path, espejo: Path, estatal: str, *opciones: str) -> Path:
    """Genera el archivo, o aprovecha el de otra corrida si sale de lo mismo."""
    huella = hashlib.sha256(" ".join(opciones).encode())
    for ruta in (generador, espejo / estatal, espejo / POBLACION):
        huella.update(ruta.read_bytes())
    carpeta = Path(tempfile.gettempdir()) / "tablero-rendimiento"
    carpeta.mkdir(exist_ok=True)
    destino = carpeta / f"municipal-{huella.hexdigest()[:12]}.csv"
    if not destino.exists():
        print(f"\n  Generando {destino.name} (uno o dos minutos)…", flush=True)
        provisional = destino.with_suffix(".parcial")
        orden = [sys.executable, generador, espejo / estatal, espejo / POBLACION, provisional, *opciones]
        subprocess.run(orden, check=True, stderr=subprocess.DEVNULL)
        provisional.rename(destino)
    return destino


@pytest.fixture(scope="session")
def municipal_completo(generador, espejo):
    """Municipal de 2015 a 2025: 2.7 millones de renglones, 400 MB."""
    return _generar(generador, espejo, ESTATAL_2015, "--hasta", "2025")


@pytest.fixture(scope="session")
def municipal_2026(generador, espejo):
    """Municipal de 2026, con la metodología nueva."""
    return _generar(generador, espejo, ESTATAL_2026)


@pytest.fixture(scope="session")
def almacen_completo(municipal_completo, municipal_2026, espejo, tmp_path_factory):
    """Almacén con la historia completa publicada: municipal y estatal de las dos metodologías."""
    almacen = tmp_path_factory.mktemp("completo") / "almacen"
    rutas = [municipal_completo, municipal_2026, espejo / ESTATAL_2015, espejo / ESTATAL_2026]
    correr("-m", "etl", "cargar", *rutas, "--almacen", almacen)
    return almacen


@pytest.fixture(scope="session")
def con_limites(almacen_completo, espejo):
    """El almacén completo con los límites municipales del espejo y lo que se calcula después de publicar."""
    correr("-m", "etl", "cargar", espejo / "geo", "--almacen", almacen_completo)
    correr("-m", "etl", "complementar", "--almacen", almacen_completo)
    return almacen_completo
