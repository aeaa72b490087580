"""El cambio estimado: contra statsmodels, en sus bordes y sin contradecir nunca a la etiqueta."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.meta_analysis import combine_effects

from analisis.cambio_estimado import estimar
from analisis.etiquetas import A_LA_BAJA, AL_ALZA, etiquetar
from analisis.metaanalisis import paule_mandel


def panel(azar, lugares, cambio=0.0, tau=0.3, medias=(0.05, 40)):
    """Conteos Poisson con nivel propio y cambio propio alrededor de uno común."""
    nivel = np.exp(azar.uniform(*np.log(medias), lugares))
    propio = np.exp(cambio + tau * azar.standard_normal(lugares))
    media = np.c_[np.repeat(nivel[:, None], 12, axis=1), np.repeat((nivel * propio)[:, None], 12, axis=1)]
    return azar.poisson(media).astype(float), propio


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(3, 40), st.floats(0.05, 2))
def test_tau2_es_la_de_paule_y_mandel_de_statsmodels(semilla, lugares, tau):
    azar = np.random.default_rng(semilla)
    varianza = azar.uniform(0.01, 1, lugares)
    observado = azar.normal(0.2, np.sqrt(varianza + tau**2))
    con_statsmodels = combine_effects(observado, varianza, method_re="iterated").tau2
    assert paule_mandel(observado, varianza) == pytest.approx(con_statsmodels, abs=1e-4)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 100_000), st.floats(-1, 1), st.floats(0, 1))
def test_nunca_contradice_a_la_etiqueta(semilla, cambio, tau):
    conteos, _ = panel(np.random.default_rng(semilla), 120, cambio, tau)
    personas = np.full_like(conteos, 1e5)
    etiquetas, estimados = etiquetar(conteos, personas)["etiqueta"], estimar(conteos, personas)
    assert (estimados["prob_baja"][etiquetas == A_LA_BAJA] > 0.5).all()
    assert (estimados["prob_baja"][etiquetas == AL_ALZA] < 0.5).all()


def test_de_ninguno_a_muchos_no_contradice_a_la_etiqueta():
    azar = np.random.default_rng(2)
    conteos = azar.poisson(azar.gamma(2, 20, (32, 24)), (32, 24)).astype(float)
    conteos[5] = np.r_[np.zeros(12), azar.poisson(20, 12)]
    conteos[9] = np.r_[azar.poisson(20, 12), np.zeros(12)]
    personas = np.full_like(conteos, 1e5)
    assert etiquetar(conteos, personas)["etiqueta"][[5, 9]].tolist() == [AL_ALZA, A_LA_BAJA]
    assert estimar(conteos, personas)["prob_baja"][5] < 0.5 < estimar(conteos, personas)["prob_baja"][9]


def test_de_cuatro_a_ninguno_no_se_llama_caida():
    azar = np.random.default_rng(2)
    conteos, _ = panel(azar, 200, medias=(2, 40))
    conteos[7] = 0
    conteos[7, [1, 4, 6, 9]] = 1
    assert 0.3 < estimar(conteos, np.full_like(conteos, 1e5))["prob_baja"][7] < 0.9


def test_se_acerca_mas_donde_hay_menos_casos():
    azar = np.random.default_rng(4)
    conteos, _ = panel(azar, 400)
    tabla = estimar(conteos, np.full_like(conteos, 1e5))
    crudo = np.log((conteos[:, 12:].sum(axis=1) + 0.5) / (conteos[:, :12].sum(axis=1) + 0.5))
    acercado = np.log(tabla["estimado"]) / crudo
    casos = conteos.sum(axis=1)
    lejos = np.abs(crudo) > 0.1
    assert np.median(acercado[lejos & (casos > 500)]) > 0.85
    assert np.median(acercado[lejos & (casos < 40)]) < 0.6


def test_los_intervalos_cubren_el_cambio_verdadero():
    azar = np.random.default_rng(9)
    cubiertos, total = 0, 0
    for _ in range(20):
        conteos, propio = panel(azar, 300, cambio=-0.1)
        tabla = estimar(conteos, np.full_like(conteos, 1e5))
        cubiertos += int(((tabla["estimado_bajo"] <= propio) & (propio <= tabla["estimado_alto"])).sum())
        total += len(tabla)
    assert 0.92 <= cubiertos / total <= 0.98


def test_si_los_lugares_no_difieren_todos_siguen_al_pais():
    conteos = np.tile(np.r_[np.full(12, 20.0), np.full(12, 15.0)], (50, 1))
    tabla = estimar(conteos, np.full_like(conteos, 1e5))
    assert tabla["estimado"].to_numpy() == pytest.approx(0.75, abs=0.01)
    assert (tabla["estimado_alto"] - tabla["estimado_bajo"]).max() < 0.2


def test_sin_lugares_con_casos_no_se_estima():
    conteos = np.ones((40, 24))
    assert estimar(conteos, np.full_like(conteos, 1e5)).isna().all(axis=None)
    assert estimar(np.empty((0, 24)), np.empty((0, 24))).empty


def test_un_mes_faltante_deja_solo_a_ese_lugar_sin_estimado():
    conteos, _ = panel(np.random.default_rng(1), 60, medias=(5, 40))
    conteos[3, 20] = np.nan
    tabla = estimar(conteos, np.full_like(conteos, 1e5))
    assert tabla["estimado"].isna().tolist() == [i == 3 for i in range(60)]


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_el_orden_de_los_lugares_no_importa(semilla):
    azar = np.random.default_rng(semilla)
    conteos, _ = panel(azar, 80)
    personas = azar.uniform(5e4, 2e5, (80, 1)) * np.ones((1, 24))
    orden = azar.permutation(80)
    directo = estimar(conteos, personas).to_numpy()[orden]
    assert estimar(conteos[orden], personas[orden]).to_numpy() == pytest.approx(directo, nan_ok=True, rel=0.05)


def test_dimensiones_equivocadas_se_rechazan():
    with pytest.raises(ValueError, match="pares"):
        estimar(np.ones((2, 23)), np.ones((2, 23)))
