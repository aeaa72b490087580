"""Etiquetas de tendencia contra el GLM de statsmodels y en sus bordes."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analisis import etiquetas
from analisis.etiquetas import etiquetar


@settings(max_examples=25, deadline=None)
@given(semilla=st.integers(0, 10_000), media=st.floats(3, 200))
def test_razon_varianza_y_dispersion_son_las_del_glm_cuasi_poisson(semilla, media):
    azar = np.random.default_rng(semilla)
    conteos = azar.poisson(media, (1, 24)).astype(float)
    personas = azar.uniform(9e4, 1.1e5, (1, 24))
    despues = np.repeat([0.0, 1.0], 12)
    ajuste = sm.GLM(conteos[0], sm.add_constant(despues), family=sm.families.Poisson(), offset=np.log(personas[0])).fit(
        scale="X2", tol=1e-12
    )
    log_razon, varianza, dispersion = etiquetas._ajustar(conteos, personas)
    assert log_razon[0] == pytest.approx(ajuste.params[1], abs=1e-6)
    assert np.sqrt(varianza[0] * dispersion[0]) == pytest.approx(ajuste.bse[1], rel=1e-6)


def test_un_mes_sin_dato_no_es_cero_y_dice_por_que():
    conteos = np.full((1, 24), 10.0)
    conteos[0, 3] = np.nan
    fila = etiquetar(conteos, np.ones((1, 24))).iloc[0]
    assert fila.etiqueta == "datos insuficientes"
    assert fila.motivo == "faltan 1 de 24 meses"
    assert np.isnan(fila.conteo_previo)
    assert fila.conteo == 120


def test_pocos_casos_no_llevan_etiqueta():
    fila = etiquetar(np.ones((1, 24)), np.ones((1, 24))).iloc[0]
    assert fila.etiqueta == "datos insuficientes"
    assert "24 carpetas" in fila.motivo


def test_caida_y_alza_claras_se_distinguen_y_la_racha_se_cuenta():
    baja = np.r_[np.full(12, 100.0), np.full(12, 50.0)]
    tabla = etiquetar(np.vstack([baja, baja[::-1]]), np.ones((2, 24)))
    assert list(tabla.etiqueta) == ["a la baja", "al alza"]
    assert list(tabla.racha) == [-12, 12]
    assert tabla.razon[0] == pytest.approx(0.5)


def test_de_muchos_casos_a_ninguno_es_a_la_baja():
    fila = etiquetar(np.r_[np.full(12, 5.0), np.zeros(12)][None, :], np.ones((1, 24))).iloc[0]
    assert fila.etiqueta == "a la baja"


def test_sin_cambio_verdadero_pocas_etiquetas_falsas():
    azar = np.random.default_rng(11)
    conteos = azar.poisson(azar.uniform(2, 60, (2478, 1)), (2478, 24)).astype(float)
    tabla = etiquetar(conteos, np.ones_like(conteos))
    assert tabla.etiqueta.isin(["a la baja", "al alza"]).mean() < 0.01


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_los_valores_q_son_los_de_scipy(valores_p):
    calculados = etiquetas.valores_q(np.array(valores_p))
    assert calculados == pytest.approx(stats.false_discovery_control(valores_p), abs=1e-12)


def test_dimensiones_equivocadas_se_rechazan():
    with pytest.raises(ValueError, match="24"):
        etiquetar(np.ones((2, 23)), np.ones((2, 23)))


def test_sin_poblacion_se_compara_por_conteos():
    conteos = np.vstack([np.r_[np.full(12, 100.0), np.full(12, 50.0)]] * 2)
    personas = np.vstack([np.full(24, 1e5), np.full(24, np.nan)])
    tabla = etiquetar(conteos, personas)
    assert tabla.razon[0] == tabla.razon[1] == pytest.approx(0.5)
