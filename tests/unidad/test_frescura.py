"""Cuándo se busca un corte y cuándo ya está atrasado; la fecha siempre la da quien llama."""

from datetime import date

import pytest

from analisis import frescura
from paginas.componentes.frescura import texto_de_frescura


@pytest.mark.parametrize(
    ("hoy", "por_venir", "exigible"),
    [
        ("2026-04-14", "2026-02-01", "2026-02-01"),
        ("2026-04-15", "2026-03-01", "2026-02-01"),
        ("2026-04-25", "2026-03-01", "2026-02-01"),
        ("2026-04-26", "2026-03-01", "2026-03-01"),
        ("2027-01-15", "2026-12-01", "2026-11-01"),
        ("2027-01-26", "2026-12-01", "2026-12-01"),
        ("2027-02-01", "2026-12-01", "2026-12-01"),
    ],
)
def test_los_dias_15_y_25_mandan(hoy, por_venir, exigible):
    hoy = date.fromisoformat(hoy)
    assert frescura.corte_por_venir(hoy) == date.fromisoformat(por_venir)
    assert frescura.corte_exigible(hoy) == date.fromisoformat(exigible)


def test_el_atraso_se_cuenta_en_cortes():
    marzo = date(2026, 3, 1)
    assert not frescura.atrasado(marzo, date(2026, 5, 25))
    assert frescura.atrasado(marzo, date(2026, 5, 26))
    assert frescura.meses_de_atraso(marzo, date(2026, 5, 25)) == 0
    assert frescura.meses_de_atraso(marzo, date(2026, 11, 24)) == 6


def test_la_linea_dice_cuando_sale_el_siguiente_o_cual_falta():
    marzo = date(2026, 3, 1)
    assert texto_de_frescura(marzo, date(2026, 5, 2)) == (
        "El siguiente corte, abril de 2026, suele salir entre el 15 y el 23 de mayo de 2026."
    )
    assert "ya debería estar el corte de abril de 2026." in texto_de_frescura(marzo, date(2026, 5, 26))
    assert "septiembre de 2026 (6 cortes de atraso)" in texto_de_frescura(marzo, date(2026, 11, 24))
