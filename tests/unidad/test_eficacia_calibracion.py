"""Medir el error del método, y diseñar una meta: deterministas, en conteos, y prudentes cuando no se sabe."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from analisis.eficacia import BAJA, SIN_CAMBIO, Evaluacion
from analisis.eficacia.calibracion import CONJUNTOS, TOLERADO, calibrar, factor_de_ensanche, tamano_de_conjunto
from analisis.eficacia.dibujo import PREVIOS, diferencia_acumulada
from analisis.eficacia.diseno import detectables, sin_acuerdo
from tests.unidad.test_eficacia import INICIO, hecho, pais, sembrar

INTENTOS = 12


@pytest.fixture(scope="module")
def largo():
    azar = np.random.default_rng(4)
    nivel = np.exp(azar.uniform(np.log(1), np.log(50), 250))
    paseo = np.cumsum(0.04 * azar.standard_normal((250, 108)), axis=1)
    return azar.poisson(nivel[:, None] * np.exp(paseo)).astype(float)


@pytest.fixture(scope="module")
def celdas(largo):
    return calibrar(largo, mes_inicial=INICIO, semilla=3, intentos=INTENTOS)


def test_hay_una_celda_por_tamano_y_clase_y_sus_conteos_caben(celdas):
    assert {c["municipios"] for c in celdas} == set(CONJUNTOS)
    for c in celdas:
        assert 0 < c["evaluadas"] <= INTENTOS
        assert c["falsas_ensanchadas"] <= c["falsas"] <= c["evaluadas"]
        assert c["evaluadas"] - c["cubren"] >= c["falsas"]
        assert c["vistas"] <= c["sembradas"] <= c["evaluadas"]
        assert c["mde_pct"] < 0
        for regla in ("ingenua_diez", "ingenua_poisson", "ingenua_dd", "ingenua_its"):
            assert 0 <= c[regla] <= c["evaluadas"]


def test_la_misma_semilla_da_lo_mismo_y_otra_no(largo, celdas):
    assert calibrar(largo, mes_inicial=INICIO, semilla=3, intentos=INTENTOS) == celdas
    assert calibrar(largo, mes_inicial=INICIO, semilla=4, intentos=INTENTOS) != celdas


def test_las_reglas_ingenuas_se_equivocan_mas(celdas):
    total = sum(c["evaluadas"] for c in celdas)
    propias = sum(c["falsas"] for c in celdas)
    assert propias <= 0.12 * total
    assert sum(c["ingenua_diez"] for c in celdas) > 2 * propias
    assert sum(c["ingenua_poisson"] for c in celdas) > 2 * propias


def test_una_serie_corta_no_se_calibra(largo):
    assert calibrar(largo[:, :40], mes_inicial=INICIO, semilla=1) == []
    assert calibrar(largo, mes_inicial=INICIO, semilla=1, intentos=2, hasta_mes=30) == []


def _nula(efecto, mitad, declara):
    return Evaluacion(
        BAJA if declara else SIN_CAMBIO, efecto_log=efecto, ic_alto=100 * np.expm1(efecto + mitad), ic_bajo=-99.0
    )


def test_el_ensanche_solo_va_donde_se_equivoca_de_mas_y_lo_baja_al_nominal():
    calladas = [_nula(0.0, 0.2, False)] * 90
    ruidosas = [_nula(-0.2 * (1.1 + i / 10), 0.2, True) for i in range(10)]
    factor = factor_de_ensanche(calladas + ruidosas)
    quedan = sum(abs(e.efecto_log) / 0.2 > factor for e in ruidosas)
    assert factor > 1
    assert quedan <= 5
    assert factor_de_ensanche(calladas + ruidosas[: int(TOLERADO * 90)]) == 1.0
    assert factor_de_ensanche(calladas[:10] + ruidosas[:10]) == 1.0  # con tan pocas no se sabe
    assert factor_de_ensanche([]) == 1.0


@pytest.mark.parametrize(("cuantos", "tamano"), [(1, 1), (2, 1), (3, 4), (6, 4), (7, 10), (60, 10)])
def test_cada_conjunto_se_parece_a_uno_de_los_ensayados(cuantos, tamano):
    assert tamano_de_conjunto(cuantos) == tamano


def test_la_diferencia_acumulada_acaba_en_la_del_veredicto():
    e = hecho(sembrar(pais(), (3, 40, 77, 120), -0.5))
    diferencia, bajo, alto = diferencia_acumulada(e)
    assert len(diferencia) == len(e.observado) - PREVIOS == 12
    assert diferencia[-1] == pytest.approx(e.diferencia)
    assert bajo[-1] == pytest.approx(e.esperado_post * e.ic_bajo / 100, rel=0.05)
    assert alto[-1] == pytest.approx(e.esperado_post * e.ic_alto / 100, rel=0.05)
    assert (bajo <= diferencia).all()
    assert (diferencia <= alto).all()


def test_lo_detectable_afina_con_mas_municipios_y_mas_carpetas():
    conteos = pais(medias=(8, 30))
    uno, varios = (detectables(conteos, t, mes_inicial=INICIO, signo=-1, semilla=1) for t in ([3], range(0, 100, 7)))
    assert [d.meses for d in uno] == [6, 9, 12]
    assert abs(varios[-1].mde_pct) < abs(uno[-1].mde_pct)
    assert uno[-1].esperado == conteos[3, -12:].sum()
    subir = detectables(conteos, [3], mes_inicial=INICIO, signo=1, semilla=1)
    assert subir[-1].mde_pct > 0
    corto = detectables(conteos[:, :20], [3], mes_inicial=INICIO, signo=-1, semilla=1)
    assert np.isnan(corto[0].mde_pct)
    assert corto[0].motivo


def test_sin_acuerdo_cuenta_como_una_cuenta_a_mano():
    conteos = pais(medias=(8, 30))
    s = sin_acuerdo(conteos, [3], mes_inicial=INICIO, meta_pct=-10.0, semilla=1)
    serie = conteos[3]
    anios = [(serie[f - 12 : f].sum(), serie[f - 24 : f - 12].sum()) for f in range(72, 23, -12)]
    assert s.anios == len(anios)
    assert s.propios == sum(despues <= 0.9 * antes for despues, antes in anios)
    assert 0 <= s.cambiaron <= s.conjuntos == 180
    nunca = sin_acuerdo(conteos, [3], mes_inicial=INICIO, meta_pct=-99.0, semilla=1)
    assert (nunca.cambiaron, nunca.propios) == (0, 0)


def test_un_choque_comun_baja_lo_esperado_y_no_el_efecto():
    """El país entero cae a la mitad: lo esperado cae con él."""
    quietos = [hecho(pais(s), con_sensibilidad=False) for s in range(12)]
    caidos = [hecho(pais(s, comun=-0.7), con_sensibilidad=False) for s in range(12)]
    for quieto, caido in zip(quietos, caidos, strict=True):
        assert caido.cambio_controles_pct < quieto.cambio_controles_pct - 30
    diferencia = np.mean([e.efecto_log for e in caidos]) - np.mean([e.efecto_log for e in quietos])
    assert diferencia == pytest.approx(0, abs=0.06)


def test_el_unico_de_su_tamano_se_evalua_y_su_historia_lo_ensancha():
    conteos = pais(3, medias=(1, 5))
    azar = np.random.default_rng(9)
    estable, inquieto = conteos.copy(), conteos.copy()
    estable[3] = azar.poisson(500, conteos.shape[1])
    inquieto[3] = azar.poisson(500 * np.exp(np.cumsum(0.12 * azar.standard_normal(conteos.shape[1]))))
    a, b = hecho(estable, [3]), hecho(inquieto, [3])
    assert np.isfinite(a.efecto_pct)
    assert b.ic_alto - b.ic_bajo > a.ic_alto - a.ic_bajo


def test_otros_nombres_y_otro_calendario_no_cambian_nada():
    """Correr el calendario doce años no cambia más que los avisos de fechas."""
    from analisis.eficacia import evaluar

    conteos = pais()
    uno = hecho(conteos)
    otro = evaluar(conteos, (3, 40, 77, 120), date(2008, 1, 1), mes_inicial=date(2003, 1, 1), semilla=7)
    assert replace(otro, avisos=()).efecto_pct == uno.efecto_pct
    assert otro.p_placebo == uno.p_placebo
    assert "covid" not in otro.avisos


def test_el_triple_de_antes_y_despues_no_mueve_el_efecto_ni_el_veredicto():
    for efecto in (-0.6, 0.0):
        conteos = sembrar(pais(), (3, 40, 77, 120), efecto) if efecto else pais()
        simple, triple = hecho(conteos), hecho(conteos * 3)
        assert triple.veredicto == simple.veredicto
        assert triple.efecto_pct == pytest.approx(simple.efecto_pct, abs=3)
