"""Lo que se puede ajustar u ordenar está escrito en ``docs/configuracion.md``."""

import argparse
import re
from pathlib import Path

import pytest

import datos.acuerdos.__main__ as acuerdos
import informes.__main__ as informes
import tareas
from etl.__main__ import analizador

RAIZ = Path(__file__).resolve().parent.parent.parent
PAGINA = (RAIZ / "docs" / "configuracion.md").read_text(encoding="utf-8")
SIN_CODIGO = {".venv", ".git", "almacen", "__pycache__"}


def _verbos_de_etl():
    (verbos,) = [a for a in analizador()._actions if isinstance(a, argparse._SubParsersAction)]
    return verbos.choices


def _seccion(titulo):
    return PAGINA.split(f"## `{titulo}", 1)[1].split("\n## ", 1)[0]


def test_cada_ajuste_esta_documentado():
    usados = set()
    for archivo in RAIZ.rglob("*.py"):
        if not SIN_CODIGO & set(archivo.relative_to(RAIZ).parts):
            usados |= set(re.findall(r"\bTABLERO_[A-Z_]+[A-Z]\b", archivo.read_text(encoding="utf-8")))
    assert "TABLERO_ALMACEN" in usados
    documentados = set(re.findall(r"^\| `(TABLERO_[A-Z_]+)`", PAGINA, flags=re.MULTILINE))
    assert usados == documentados


@pytest.mark.parametrize("verbo", sorted(tareas.VERBOS))
def test_cada_verbo_de_tareas_esta_documentado(verbo):
    assert re.search(rf"^\| `{verbo}\b", _seccion("python tareas.py"), flags=re.MULTILINE)


def test_cada_verbo_y_opcion_de_etl_esta_documentado():
    seccion = _seccion("python -m etl")
    for verbo, sub in _verbos_de_etl().items():
        assert re.search(rf"^\| `{verbo}\b", seccion, flags=re.MULTILINE), verbo
        for accion in sub._actions:
            for opcion in accion.option_strings:
                assert opcion in seccion or opcion in ("-h", "--help"), f"{verbo} {opcion}"


@pytest.mark.parametrize(
    ("titulo", "verbos"), [("python tareas.py", set(tareas.VERBOS)), ("python -m etl", set(_verbos_de_etl()))]
)
def test_no_se_documenta_un_verbo_que_no_existe(titulo, verbos):
    assert set(re.findall(r"^\| `(\w+)", _seccion(titulo), flags=re.MULTILINE)) == verbos


def test_cada_verbo_y_opcion_de_acuerdos_esta_documentado():
    seccion = _seccion("python -m datos.acuerdos")
    (verbos,) = [a for a in acuerdos.analizador()._actions if isinstance(a, argparse._SubParsersAction)]
    assert set(re.findall(r"^\| `(\w+)", seccion, flags=re.MULTILINE)) == set(verbos.choices)
    for verbo, sub in verbos.choices.items():
        for accion in sub._actions:
            for opcion in accion.option_strings:
                assert opcion in seccion or opcion in ("-h", "--help"), f"{verbo} {opcion}"


def test_cada_verbo_y_opcion_de_informes_esta_documentado():
    seccion = _seccion("python -m informes")
    (verbos,) = [a for a in informes.analizador()._actions if isinstance(a, argparse._SubParsersAction)]
    assert set(re.findall(r"^\| `(\w+)", seccion, flags=re.MULTILINE)) == set(verbos.choices)
    for verbo, sub in verbos.choices.items():
        for accion in sub._actions:
            for opcion in accion.option_strings:
                assert opcion in seccion or opcion in ("-h", "--help"), f"{verbo} {opcion}"
