"""Lo que comparten los simulacros: el cuaderno, cuántas veces se prueba cada cosa y lo que falta en la máquina."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from tests.fallas.cuaderno import DOCUMENTO, Cuaderno, actualizar
from tests.fallas.medios import Falta, Postgres, Servidor, etl
from tests.integracion.fuente_de_prueba import textos_de


def pytest_addoption(parser):
    parser.addoption(
        "--completas", action="store_true", help="cada falla todas las veces; sin ella, las pocas de siempre"
    )
    parser.addoption("--apuntar", metavar="AAAA-MM-DD", help="fecha con que se escribe docs/confiabilidad.md")


def _opcion(config, nombre):
    # En una corrida de todas las pruebas esta carpeta se conoce tarde y sus opciones no existen.
    return config.getoption(nombre, default=None)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call(item):
    """Lo que falta en la máquina omite la prueba con su motivo; con TABLERO_EXIGIR_FALLAS=1, la hace fallar."""
    resultado = yield
    _traducir(resultado)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_setup(item):
    resultado = yield
    _traducir(resultado)


def _traducir(resultado):
    causa = resultado.excinfo[1] if resultado.excinfo else None
    if isinstance(causa, Falta):
        if os.environ.get("TABLERO_EXIGIR_FALLAS") == "1":
            resultado.force_exception(pytest.fail.Exception(f"se exige poder provocar la falla: {causa}"))
        else:
            resultado.force_exception(pytest.skip.Exception(str(causa)))


@pytest.fixture(scope="session")
def veces(request):
    """``veces(pocas, todas)``: cuántas se prueba."""
    completas = _opcion(request.config, "--completas")
    return lambda pocas, todas: todas if completas else pocas


@pytest.fixture(scope="session")
def cuaderno(request):
    """El de la corrida; al terminar se escribe el documento si se dio la fecha."""
    suyo = Cuaderno()
    yield suyo
    fecha = _opcion(request.config, "--apuntar")
    if fecha and suyo.fallas:
        # Cada proceso de pruebas trae sus fallas: el documento se pone al día de uno en uno.
        with (Path(tempfile.gettempdir()) / "tablero-confiabilidad.candado").open("a") as candado:
            fcntl.flock(candado, fcntl.LOCK_EX)
            anterior = DOCUMENTO.read_text(encoding="utf-8") if DOCUMENTO.exists() else ""
            DOCUMENTO.write_text(actualizar(anterior, suyo, fecha), encoding="utf-8")


@pytest.fixture(scope="session")
def recibidos(tmp_path_factory):
    """Dos cortes de los cuatro archivos, como los entrega una persona: carpetas «viejo» y «nuevo»."""
    carpeta = tmp_path_factory.mktemp("recibidos")
    for nombre, textos in (("viejo", textos_de(1, 2)), ("nuevo", textos_de(2, 3))):
        (carpeta / nombre).mkdir()
        for archivo, texto in textos.items():
            (carpeta / nombre / f"{archivo}.csv").write_bytes(texto.encode("cp1252"))
    return carpeta


@pytest.fixture(scope="session")
def _publicado(recibidos, tmp_path_factory):
    almacen = tmp_path_factory.mktemp("publicado") / "almacen"
    hecho = etl(almacen, "cargar", recibidos / "viejo", "--json")
    assert hecho.returncode == 0, hecho.stderr
    return almacen


@pytest.fixture
def publicado(_publicado, tmp_path):
    """Un almacén con el corte viejo publicado, para estropearlo."""
    shutil.copytree(_publicado, tmp_path / "almacen")
    return tmp_path / "almacen"


@pytest.fixture(scope="module")
def postgres_propio():
    """Un PostgreSQL que se puede matar."""
    carpeta = Path(tempfile.mkdtemp(prefix="fallas-postgres-"))
    carpeta.chmod(0o755)
    base = Postgres(carpeta / "base")
    yield base
    base.apagar()
    shutil.rmtree(carpeta, ignore_errors=True)


@pytest.fixture
def encender(tmp_path):
    """``encender(almacen, **entorno)``: la aplicación servida; se apaga al terminar."""
    hechos: list[Servidor] = []

    def nuevo(almacen: Path, **entorno: str) -> Servidor:
        servidor = Servidor(almacen, tmp_path / f"servidor-{len(hechos)}.log", **entorno)
        hechos.append(servidor)
        servidor.encender()
        return servidor

    yield nuevo
    for servidor in hechos:
        servidor.apagar()
