"""El folio NN/SESIÓN/AAAA: romanos de ida y vuelta, y el siguiente libre."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datos.plantilla.lectura import _FOLIO
from datos.registro.folios import numero_de_sesion, proponer, romano


@given(st.integers(1, 3_999), st.integers(2000, 2099))
def test_los_romanos_van_y_vuelven_y_la_plantilla_los_acepta(numero, anio):
    folio = f"03/{romano(numero)}/{anio}"
    assert numero_de_sesion(folio) == numero
    assert _FOLIO.fullmatch(folio)


@pytest.mark.parametrize("fuera", [0, 4_000, -1])
def test_fuera_de_los_romanos_se_dice(fuera):
    with pytest.raises(ValueError, match=r"1 a 3,999"):
        romano(fuera)


@pytest.mark.parametrize("malo", ["", "x", "01/IIII/2026", "01/AB/2026"])
def test_lo_que_no_es_folio_no_tiene_sesion(malo):
    assert numero_de_sesion(malo) is None


def test_se_propone_uno_mas_que_el_mayor_de_esa_sesion_y_ese_anio():
    usados = ["01/V/2026", "07/V/2026", "09/VI/2026", "12/V/2025", "no es folio"]
    assert proponer(usados, 5, 2026) == "08/V/2026"
    assert proponer(usados, 7, 2026) == "01/VII/2026"
