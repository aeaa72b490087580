"""Tasa suavizada y embudo: acercan lo que tiene poca gente y no señalan al azar."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analisis.tasas import embudo, tasa_suavizada


def lugares(semilla, cuantos=800, entre=0.3, tasa=20e-5):
    azar = np.random.default_rng(semilla)
    personas = np.exp(azar.normal(10, 1.3, cuantos))
    propia = tasa * np.exp(entre * azar.standard_normal(cuantos) - entre**2 / 2)
    return azar.poisson(personas * propia).astype(float), personas, propia * 1e5


def test_la_suavizada_se_equivoca_menos_que_la_cruda():
    conteos, personas, verdad = lugares(1)
    cruda = 1e5 * conteos / personas
    suave = tasa_suavizada(conteos, personas)
    assert ((suave - verdad) ** 2).mean() < 0.5 * ((cruda - verdad) ** 2).mean()
    grandes = personas > 300_000
    assert suave[grandes] == pytest.approx(cruda[grandes], rel=0.25)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_la_suavizada_esta_entre_la_cruda_y_la_del_conjunto(semilla):
    conteos, personas, _ = lugares(semilla, 60)
    cruda, media = 1e5 * conteos / personas, 1e5 * conteos.sum() / personas.sum()
    suave = tasa_suavizada(conteos, personas)
    assert (suave >= np.minimum(cruda, media) - 1e-9).all()
    assert (suave <= np.maximum(cruda, media) + 1e-9).all()


def test_lo_que_falta_no_se_suaviza():
    suave = tasa_suavizada([5, np.nan, 3], [1e5, 1e5, np.nan])
    assert np.isnan(suave).tolist() == [False, True, True]
    assert np.isnan(tasa_suavizada([np.nan], [1e5])).all()
    assert tasa_suavizada([0, 0], [1e5, 2e5]).tolist() == [0, 0]


@pytest.mark.parametrize("entre", [0.0, 0.3])
def test_el_embudo_deja_fuera_a_uno_de_cada_veinte(entre):
    fuera = []
    for semilla in range(12):
        conteos, personas, _ = lugares(semilla, entre=entre, tasa=200e-5)
        fuera.append((np.abs(embudo(conteos, personas).z) > 1.96).mean())
    print(f"\nentre lugares {entre}: fuera del embudo {np.mean(fuera):.1%}")
    assert np.mean(fuera) <= 0.08


def test_los_limites_se_abren_donde_hay_menos_gente():
    conteos, personas, _ = lugares(3)
    hecho = embudo(conteos, personas)
    bajo, alto = hecho.limites(np.array([1e4, 1e5, 1e6]), 0.95)
    assert (np.diff(alto) < 0).all()
    assert (np.diff(bajo) >= 0).all()
    assert (bajo >= 0).all()
    z_de_limite = 1.96
    lugar = np.flatnonzero(np.abs(hecho.z - z_de_limite) < 0.05)
    assert len(lugar)
    _, tope = hecho.limites(personas[lugar], 0.95)
    assert 1e5 * conteos[lugar] / personas[lugar] == pytest.approx(tope, rel=0.02)


def test_sin_casos_o_sin_lugares_no_hay_embudo():
    with pytest.raises(ValueError, match="tres lugares"):
        embudo([1, 2], [1e5, 1e5])
    with pytest.raises(ValueError, match="algún caso"):
        embudo([0, 0, 0], [1e5] * 3)
