"""Dos procesos de la aplicación con almacenes distintos y el mismo PostgreSQL: lo que se sube en uno se baja del otro."""

import hashlib
import shutil

import pytest

from datos.almacen import Almacen
from datos.registro import acuerdos, mesas
from datos.registro.apertura import registro_de
from tests.integracion.conftest import sembrado, textos  # noqa: F401
from tests.integracion.registro.conftest import IRMA, VALORES, base_nueva, postgres  # noqa: F401
from tests.navegador.conftest import ESCRITORIO, SEGUNDOS, esperar_lista, servir
from tests.navegador.escritorio_del_registro import LOCAL, escribir, leer, picar

ACTA = "Acta de la sesión, con 40 firmas.\n".encode() * 3_000
DONDE = "acuerdos?mesa=mesa-de-dos&folio=01/V/2026"


@pytest.fixture
def dos_maquinas(chromium, sembrado, base_nueva, tmp_path, monkeypatch):  # noqa: F811
    """Las direcciones de las dos, con un acuerdo ya en la base."""
    base = base_nueva()
    monkeypatch.setenv("TABLERO_REGISTRO", base)
    monkeypatch.delenv("TABLERO_EVIDENCIA", raising=False)
    registro = registro_de(Almacen(tmp_path / "nadie"))
    mesas.crear(registro, IRMA, clave="mesa-de-dos", nombre="Mesa de dos", municipios=["01001"], fuente="Prueba")
    acuerdos.crear(registro, IRMA, "mesa-de-dos", VALORES)
    for cual in ("una", "otra"):
        shutil.copytree(sembrado, tmp_path / cual)
    entorno = {**LOCAL, "TABLERO_REGISTRO": base}
    with servir(tmp_path / "una", **entorno) as una, servir(tmp_path / "otra", **entorno) as otra:
        yield una, otra


def abrir(chromium, direccion):
    abierta = chromium.new_context(viewport=ESCRITORIO, locale="es-MX").new_page()
    abierta.goto(f"{direccion}/{DONDE}")
    esperar_lista(abierta)
    return abierta


def test_se_sube_en_una_y_se_baja_de_la_otra(dos_maquinas, chromium, tmp_path):
    una, otra = (abrir(chromium, d) for d in dos_maquinas)
    una.get_by_text("Dar seguimiento").click()
    picar(una, "4 sustancial", "radio")
    escribir(una, "Qué pasó desde la última vez", "Se firmó el acta.")
    escribir(una, "Qué es la evidencia", "Acta")
    una.locator("input[type='file']").first.set_input_files(
        {"name": "acta.txt", "mimeType": "text/plain", "buffer": ACTA}
    )
    una.wait_for_timeout(500)
    esperar_lista(una)
    picar(una, "Guardar el seguimiento")
    leer(una, "acta.txt (105 kB)")
    otra.reload()
    esperar_lista(otra)
    leer(otra, "acta.txt (105 kB)")
    with otra.expect_download(timeout=SEGUNDOS * 1000) as bajada:
        otra.get_by_role("button", name="acta.txt (105 kB)").click()
    assert hashlib.sha256(bajada.value.path().read_bytes()).digest() == hashlib.sha256(ACTA).digest()
    # Ninguna dejó archivos: en común solo tienen la base.
    assert not [a for c in ("una", "otra") for a in (tmp_path / c / "registro").rglob("*") if a.is_file()]
    for contexto in chromium.contexts:
        contexto.close()
