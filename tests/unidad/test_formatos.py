"""Cómo se escriben las cifras y las fechas: miles, signos, meses, faltantes y plurales."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analisis import formatos


@given(st.integers(-(10**9), 10**9))
def test_un_entero_se_lee_de_vuelta(n):
    assert int(formatos.entero(n).replace(",", "").replace("−", "-")) == n
    assert int(formatos.con_signo(n).replace(",", "").replace("−", "-")) == n


@given(st.floats(-1e6, 1e6), st.integers(0, 3))
def test_un_decimal_redondea_y_un_cero_no_lleva_signo(valor, decimales):
    texto = formatos.decimal(valor, decimales)
    assert float(texto.replace(",", "").replace("−", "-")) == pytest.approx(valor, abs=0.51 * 10**-decimales)
    assert texto.startswith("−") == (float(texto.replace(",", "").replace("−", "-")) < 0)
    assert formatos.porcentaje_con_signo(valor, decimales).startswith("+") == (
        float(texto.replace(",", "").replace("−", "-")) > 0
    )


@pytest.mark.parametrize("escribe", [formatos.entero, formatos.con_signo, formatos.decimal, formatos.porcentaje])
@pytest.mark.parametrize("valor", [None, float("nan")])
def test_lo_que_falta_es_nd(escribe, valor):
    assert escribe(valor) == "n. d."


@pytest.mark.parametrize(
    ("desde", "hasta", "dicho"),
    [
        ((2026, 1), (2026, 3), "de enero a marzo de 2026"),
        ((2024, 12), (2025, 12), "de diciembre de 2024 a diciembre de 2025"),
        ((2026, 1), (2026, 1), "de enero de 2026"),
    ],
)
def test_un_tramo_no_repite_el_anio(desde, hasta, dicho):
    assert formatos.tramo(date(*desde, 1), date(*hasta, 1)) == dicho


@pytest.mark.parametrize(
    ("partes", "dicho"),
    [
        ([], ""),
        (["León"], "León"),
        (["León", "Silao"], "León y Silao"),
        (["León", "Silao", "Irapuato"], "León, Silao e Irapuato"),
        (["León", "Hidalgo"], "León e Hidalgo"),
        (["León", "Hierro"], "León y Hierro"),
    ],
)
def test_una_lista_en_espanol(partes, dicho):
    assert formatos.lista(partes) == dicho


def test_uno_y_muchos():
    assert formatos.contar(1, "carpeta") == "1 carpeta"
    assert formatos.contar(0, "carpeta") == "0 carpetas"
    assert formatos.contar(1234, "mes", "meses") == "1,234 meses"
