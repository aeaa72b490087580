"""El cuaderno de mediciones: lo medido se pone al día y lo que no se midió se queda como estaba."""

import pytest

from tests.rendimiento.registro import Registro, actualizar


def _registro(titulo, *filas):
    registro = Registro()
    seccion = registro.seccion(titulo, "Qué se midió.", ("orden", "s"))
    for fila in filas:
        seccion.fila(*fila)
    return registro


def test_se_escribe_una_tabla_con_fecha_y_maquina():
    texto = actualizar("", _registro("Carga", ("carga", "3.50"), ("escaneo", "1.20")), "2026-11-24")
    assert texto.startswith("# Rendimiento\n")
    assert "| orden | s |\n| --- | --- |\n| carga | 3.50 |\n| escaneo | 1.20 |\n" in texto
    assert "Medido: 2026-11-24, " in texto
    assert "núcleos" in texto
    assert "duckdb" in texto


def test_las_secciones_que_no_se_midieron_se_quedan_con_su_fecha():
    antes = actualizar("", _registro("Carga", ("carga", "3.50")), "2026-11-24")
    antes = actualizar(antes, _registro("Páginas", ("mapa", "0.10")), "2026-11-25")
    despues = actualizar(antes, _registro("Carga", ("carga", "2.90")), "2026-12-01")
    assert despues.count("## ") == 2
    assert "| carga | 2.90 |" in despues
    assert "3.50" not in despues
    assert "| mapa | 0.10 |" in despues
    assert "Medido: 2026-11-25, " in despues
    assert "2026-11-24," not in despues
    assert actualizar(despues, Registro(), "2027-01-01") == despues


def test_una_fila_con_celdas_de_menos_se_rechaza():
    with pytest.raises(ValueError, match="2 celdas y llegaron 1"):
        _registro("Carga", ("carga",))
