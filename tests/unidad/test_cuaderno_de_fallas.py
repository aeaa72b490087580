"""El cuaderno de las fallas: una pérdida o un mensaje malo no se apuntan, y el documento sale siempre en el mismo orden."""

import pytest

from tests.fallas.cuaderno import ORDEN, Cuaderno, actualizar


def _con(*titulos):
    cuaderno = Cuaderno()
    for titulo in titulos:
        falla = cuaderno.falla(titulo)
        falla.explicar("Pasa esto.", "Hacer aquello.", "un medio.")
        falla.apuntar("una prueba", 3, 10, 10, "2 s", "Se llenó el disco.")
    return cuaderno


def test_perder_algo_es_fallar():
    falla = Cuaderno().falla(ORDEN[0])
    with pytest.raises(AssertionError, match="se confirmaron 10 y se hallaron 9"):
        falla.apuntar("una prueba", 3, 10, 9, "2 s", "n. d.")
    with pytest.raises(AssertionError, match="ninguna vez"):
        falla.apuntar("una prueba", 0, 0, 0, "2 s", "n. d.")
    for malo in ("Traceback (most recent call last)", "OSError: x", "No space left on device", ""):
        with pytest.raises(AssertionError, match=r"mensaje|nada"):
            falla.apuntar("una prueba", 1, 1, 1, "2 s", malo)
    assert falla.filas == []


def test_el_orden_no_depende_de_la_corrida():
    al_reves = actualizar("", _con(*reversed(ORDEN)), "2026-11-26")
    assert al_reves == actualizar("", _con(*ORDEN), "2026-11-26")
    assert [r.removeprefix("## ") for r in al_reves.splitlines() if r.startswith("## ")] == list(ORDEN)
    assert "| una prueba | 3 | 10 | 10 | 0 | 2 s | Se llenó el disco. |" in al_reves


def test_lo_que_no_se_probo_se_queda_como_estaba():
    antes = actualizar("", _con(ORDEN[1], ORDEN[4]), "2026-11-26")
    despues = actualizar(antes, _con(ORDEN[0], ORDEN[4]), "2026-12-01")
    partes = despues.split("## ")[1:]
    assert ["2026-12-01" in p for p in partes] == [True, False, True]


def test_un_titulo_que_no_es_del_documento_se_rechaza():
    with pytest.raises(ValueError, match="no está en el orden"):
        Cuaderno().falla("Otra cosa")
