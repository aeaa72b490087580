"""Los casos publicados de METODO §4, a los dígitos impresos."""

import numpy as np
import pytest

from analisis.eficacia import its, prueba_e, razon_de_tasas, wdd


@pytest.mark.parametrize(("antes", "despues", "publicado"), [(3, 0, 0.0884), (6, 2, 0.1749)])
@pytest.mark.filterwarnings("ignore:divide by zero")
def test_prueba_e_de_krishnamoorthy_y_thomson(antes, despues, publicado):
    assert prueba_e(antes, despues) == pytest.approx(publicado, abs=5e-5)


def test_wdd_sin_desplazamiento():
    hecha = wdd((20, 10), (20, 20), confianza=0.90)
    assert hecha.valor == -10
    assert hecha.error == pytest.approx(8.3666, abs=5e-5)
    assert hecha.z == pytest.approx(-1.195229, abs=5e-7)
    assert (hecha.ic_bajo, hecha.ic_alto) == pytest.approx((-23.76, 3.76), abs=5e-3)


def test_wdd_con_desplazamiento():
    hecha = wdd((207, 110), (308, 318), (178, 157), (150, 140))
    assert hecha.valor == -118
    assert hecha.error == pytest.approx(39.6, abs=0.05)
    assert hecha.z == pytest.approx(-2.98, abs=5e-3)
    assert (hecha.ic_bajo, hecha.ic_alto) == pytest.approx((-195.6, -40.4), abs=0.05)


def test_razon_de_tasas():
    razon, log = razon_de_tasas((50, 30), (60, 55))
    assert razon == pytest.approx(0.6545455, abs=5e-8)
    assert log.valor == pytest.approx(-0.4238142, abs=5e-8)
    assert np.exp([log.ic_bajo, log.ic_alto]) == pytest.approx([0.366, 1.171], abs=5e-4)
    with pytest.raises(ValueError, match="mayores que cero"):
        razon_de_tasas((50, 0), (60, 55))


def test_its_recupera_un_salto_sobre_una_tendencia():
    azar = np.random.default_rng(3)
    serie = 5 + 0.02 * np.arange(60) - 0.7 * (np.arange(60) >= 48) + 0.05 * azar.standard_normal(60)
    salto = its(serie, 48)
    assert salto.valor == pytest.approx(-0.7, abs=0.1)
    assert salto.ic_alto < 0
    with pytest.raises(ValueError, match="12 meses antes"):
        its(serie, 10)
