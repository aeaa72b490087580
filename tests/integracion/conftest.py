"""El almacén con el corte viejo publicado y la fuente que ofrece el nuevo, para las pruebas de la fuente."""

import shutil

import pytest

from datos.almacen import Almacen
from etl.__main__ import main
from tests import servidor_de_fuente as sf
from tests.integracion.fuente_de_prueba import en_zip, textos_de


@pytest.fixture(scope="session")
def textos():
    """Los archivos de dos cortes: el que ya estaba publicado y el que la fuente ofrece."""
    return {"viejo": textos_de(1, 2), "nuevo": textos_de(2, 3)}


@pytest.fixture(scope="session")
def sembrado(textos, tmp_path_factory):
    """Un almacén con el corte viejo, para copiarlo en cada prueba."""
    carpeta = tmp_path_factory.mktemp("sembrado")
    recibidos = carpeta / "recibidos"
    recibidos.mkdir()
    for nombre, texto in textos["viejo"].items():
        (recibidos / f"{nombre}.csv").write_bytes(texto.encode("cp1252"))
    assert main(["cargar", str(recibidos), "--almacen", str(carpeta / "almacen"), "--json"]) == 0
    return carpeta / "almacen"


@pytest.fixture
def almacen(sembrado, tmp_path):
    shutil.copytree(sembrado, tmp_path / "almacen")
    return Almacen(tmp_path / "almacen")


@pytest.fixture
def archivos(textos):
    """El corte nuevo como lo entrega la fuente: los de 2015–2025 en csv y los de 2026 en zip."""
    nuevo = {nombre: texto.encode("cp1252") for nombre, texto in textos["nuevo"].items()}
    return {
        "cnsp_estatal": ("Estatal-2015-2025.csv", nuevo["cnsp_estatal"]),
        "cnsp_municipal": ("Municipal-2015-2025.csv", nuevo["cnsp_municipal"]),
        "rnid_estatal": ("RNID_estatal.zip", en_zip("estatal.csv", nuevo["rnid_estatal"])),
        "rnid_municipal": ("RNID_municipal.zip", en_zip("municipal.csv", nuevo["rnid_municipal"])),
    }


@pytest.fixture
def fuente(monkeypatch, archivos):
    with sf.servir() as servida:
        sf.publicar(servida, archivos)
        for variable, valor in servida.entorno().items():
            monkeypatch.setenv(variable, valor)
        yield servida
