"""La binomial negativa propia contra la de scipy.stats."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analisis.binomial_negativa import acumulada, cuantil, excedente

MEDIAS = st.floats(0.02, 5_000)
DISPERSIONES = st.floats(1.0001, 60)


def _parametros(media, dispersion):
    return media / (dispersion - 1), 1 / dispersion


@given(MEDIAS, DISPERSIONES, st.sampled_from([0.025, 0.5, 0.975]))
def test_el_cuantil_es_el_menor_entero_que_llega(media, dispersion, q):
    n, p = map(np.array, _parametros(media, dispersion))
    k = cuantil(q, n, p)
    assert k == np.round(k)
    assert stats.nbinom.cdf(k, n, p) >= q - 1e-12
    assert k == 0 or stats.nbinom.cdf(k - 1, n, p) < q + 1e-12


@given(MEDIAS, DISPERSIONES, st.integers(-2, 20_000))
def test_las_colas_son_las_de_scipy(media, dispersion, k):
    n, p = map(np.array, _parametros(media, dispersion))
    assert acumulada(k, n, p) == pytest.approx(stats.nbinom.cdf(k, n, p), rel=1e-9, abs=1e-300)
    assert excedente(k, n, p) == pytest.approx(stats.nbinom.sf(k, n, p), rel=1e-7, abs=1e-300)


def test_muchos_a_la_vez_como_en_el_pais():
    rng = np.random.default_rng(7)
    media, dispersion = rng.gamma(0.3, 40, 4_000) + 0.04, 1.0001 + rng.gamma(1, 2, 4_000)
    n, p = _parametros(media, dispersion)
    for q in (0.025, 0.975):
        np.testing.assert_array_equal(cuantil(q, n, p), stats.nbinom.ppf(q, n, p))
