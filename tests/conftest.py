"""Marcas por carpeta, los archivos oficiales de prueba y los almacenes que comparte toda la corrida."""

import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings

# Ninguna prueba toca la fuente de verdad ni la busca por su cuenta: lo que no se apunte a otra parte cae en un puerto cerrado.
os.environ["TABLERO_SIN_ACTUALIZAR"] = "si"
os.environ["TABLERO_SIN_CALIBRAR"] = "si"
os.environ["TABLERO_TALLER"] = (
    "0"  # las figuras, en el proceso de la prueba; test_taller y el navegador prueban el taller
)
# Una corrida de pruebas pide desde una sola dirección lo que cien personas: test_limites pone los suyos.
for _variable in ("ENTRAR", "SUBIR", "EXPORTAR"):
    os.environ[f"TABLERO_LIMITE_{_variable}"] = "no"
for _variable in ("PAGINA", "ESPEJO_ESTATAL", "ESPEJO_MUNICIPAL", "POBLACION", "LIMITES_ESTADOS"):
    os.environ[f"TABLERO_FUENTE_{_variable}"] = "http://127.0.0.1:9/"
for _variable in ("LIMITES_MUNICIPIOS", "CATALOGO_MUNICIPIOS"):
    os.environ[f"TABLERO_FUENTE_{_variable}"] = "http://127.0.0.1:9/{cve_ent}"
RAIZ = Path(__file__).resolve().parent.parent
NIVELES = ("unidad", "integracion", "paginas", "navegador", "rendimiento", "fallas")
LIMITE_SEGUNDOS = 300
BANDERAS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Con la máquina ocupada, lo que tarda un ejemplo no dice nada de lo que se prueba.
settings.register_profile("sin_reloj", deadline=None)
settings.load_profile("sin_reloj")


def pytest_collection_modifyitems(items):
    """La carpeta de una prueba es su marca."""
    for prueba in items:
        partes = Path(str(prueba.fspath)).relative_to(RAIZ).parts
        for nivel in NIVELES:
            if nivel in partes:
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


@contextmanager
def _candado(carpeta):
    """Un solo proceso a la vez: crear una carpeta es atómico en cualquier sistema."""
    plazo = time.monotonic() + LIMITE_SEGUNDOS
    while True:
        try:
            carpeta.mkdir()
            break
        except FileExistsError:
            if time.monotonic() > plazo:
                pytest.fail(f"otro proceso de prueba no soltó {carpeta.name}")
            time.sleep(0.2)
    try:
        yield
    finally:
        carpeta.rmdir()


def _construir_una_vez(fabrica_de_carpetas, nombre, *verbo):
    """Almacén hecho por ``python -m etl`` una sola vez por corrida, aunque haya varios procesos de prueba."""
    base = fabrica_de_carpetas.getbasetemp()
    comun = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    carpeta = comun / nombre
    with _candado(comun / f"{nombre}.candado"):
        listo = comun / f"{nombre}.listo"
        if not listo.exists():
            hecho = subprocess.run(
                [sys.executable, "-m", "etl", *verbo, "--almacen", str(carpeta)],
                cwd=RAIZ,
                capture_output=True,
                text=True,
                timeout=LIMITE_SEGUNDOS,
                check=False,
            )
            if hecho.returncode:
                pytest.fail(f"«python -m etl {' '.join(verbo)}» salió con {hecho.returncode}:\n{hecho.stderr}")
            listo.touch()
    return carpeta


@pytest.fixture(scope="session")
def almacen_espejo(espejo, tmp_path_factory):
    """Almacén con los archivos oficiales cargados por la línea de comandos."""
    return _construir_una_vez(tmp_path_factory, "almacen_espejo", "cargar", str(espejo))


@pytest.fixture(scope="session")
def almacen_demostracion(tmp_path_factory):
    """Almacén con la demostración, construida por la línea de comandos."""
    return _construir_una_vez(tmp_path_factory, "almacen_demostracion", "demostracion")


def pytest_terminal_summary(terminalreporter):
    """Cuántas fallas de la fuente se probaron, y cuántas veces cada una; y lo que alguna prueba midió."""
    reportes = [r for r in terminalreporter.stats.get("passed", []) if r.when == "call"]
    veces = Counter(valor for r in reportes for nombre, valor in r.user_properties if nombre == "falla")
    if veces:
        terminalreporter.section("fallas de la fuente probadas")
        for falla, cuantas in sorted(veces.items()):
            terminalreporter.write_line(f"{cuantas:3d}  {falla}")
        terminalreporter.write_line(f"{sum(veces.values()):3d}  en total, de {len(veces)} clases")
    for texto in [valor for r in reportes for nombre, valor in r.user_properties if nombre == "medida"]:
        terminalreporter.write_line(texto)


@pytest.fixture(scope="session")
def chromium():
    """Chromium del sistema, uno por proceso; sin él la prueba se omite, o falla si se exige."""
    ejecutable = shutil.which("chromium") or shutil.which("chromium-browser")
    if ejecutable is None:
        if os.environ.get("TABLERO_EXIGIR_NAVEGADOR") == "1":
            pytest.fail("se exige un navegador y no hay Chromium instalado")
        pytest.skip("no hay Chromium instalado")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        navegador = playwright.chromium.launch(executable_path=ejecutable, args=BANDERAS)
        yield navegador
        navegador.close()


@pytest.fixture
def almacen_de_practica(almacen_demostracion, tmp_path):
    """La demostración con un registro de práctica sin estrenar."""
    raiz = tmp_path / "almacen"
    shutil.copytree(almacen_demostracion, raiz, ignore=shutil.ignore_patterns("registro", "crudo"))
    return raiz
