"""Evaluar un acuerdo: guardas, efectos sembrados, invariantes, casos difíciles y lo que nunca se dice."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analisis.eficacia import (
    ALZA,
    AVISOS,
    BAJA,
    INSUFICIENTES,
    SIN_CAMBIO,
    VEREDICTOS,
    evaluar,
    portafolio,
    primer_mes,
)

INICIO = date(2015, 1, 1)
MESES = 72


def pais(semilla=1, lugares=300, medias=(1, 60), comun=0.0, vaiven=0.10):
    """Municipios con nivel propio, estación común, vaivén propio y, si se pide, un choque común en el último año."""
    azar = np.random.default_rng(semilla)
    nivel = np.exp(azar.uniform(*np.log(medias), lugares))
    estacion = 1 + 0.1 * np.sin(2 * np.pi * np.arange(MESES) / 12)
    paseo = np.zeros((lugares, MESES))
    for mes in range(1, MESES):
        paseo[:, mes] = 0.9 * paseo[:, mes - 1] + vaiven * 0.43 * azar.standard_normal(lugares)
    media = nivel[:, None] * estacion * np.exp(paseo)
    media[:, -12:] *= np.exp(comun)
    return azar.poisson(media).astype(float)


def hecho(conteos, tratados=(3, 40, 77, 120), inicio=date(2020, 1, 1), **mas):
    return evaluar(conteos, tratados, inicio, mes_inicial=INICIO, semilla=7, **mas)


def sembrar(conteos, tratados, efecto, semilla=5):
    azar = np.random.default_rng(semilla)
    salida = conteos.copy()
    ultimos = salida[list(tratados), -12:]
    if efecto < 0:
        salida[list(tratados), -12:] = azar.binomial(ultimos.astype(int), 1 + efecto)
    else:
        salida[list(tratados), -12:] = ultimos + azar.poisson(ultimos * efecto)
    return salida


def test_una_caida_grande_se_ve_y_sus_numeros_cuadran():
    conteos = sembrar(pais(), (3, 40, 77, 120), -0.6)
    e = hecho(conteos)
    assert e.veredicto == BAJA
    assert e.obs_post == conteos[[3, 40, 77, 120], -12:].sum()
    assert e.base == conteos[[3, 40, 77, 120], -24:-12].sum()
    assert e.diferencia == pytest.approx(e.obs_post - e.esperado_post)
    assert e.cambio_bruto_pct == pytest.approx(100 * (e.obs_post / e.base - 1))
    assert e.esperado_post == pytest.approx(e.base * (1 + e.cambio_controles_pct / 100))
    assert e.ic_bajo < e.efecto_pct < e.ic_alto < 0
    assert e.p_placebo <= 0.05
    assert e.rango <= 5
    assert -100 < e.mde_pct < 0
    assert (e.meses_antes, e.meses_despues) == (60, 12)
    assert e.pesos.sum() == pytest.approx(1)
    assert not set(e.controles) & {3, 40, 77, 120}
    assert len(e.observado) == len(e.esperado) == 24
    assert e.observado[12:].sum() == e.obs_post
    assert np.nansum(e.esperado) == pytest.approx(e.esperado_post, rel=1e-6)


def test_un_alza_se_ve_y_el_signo_orienta_lo_detectable():
    e = hecho(sembrar(pais(), (3, 40, 77, 120), 0.9), signo=1)
    assert e.veredicto == ALZA
    assert e.ic_bajo > 0
    assert e.mde_pct > 0


def test_sin_nada_sembrado_no_distingue_y_dice_que_si_detectaria():
    e = hecho(pais())
    assert e.veredicto == SIN_CAMBIO
    assert e.ic_bajo < 0 < e.ic_alto
    assert np.isfinite(e.mde_pct)


def test_un_choque_comun_no_es_efecto():
    claros = [hecho(pais(semilla, comun=-0.5)).veredicto for semilla in range(12)]
    assert claros.count(SIN_CAMBIO) >= 11


def test_la_cobertura_y_el_sesgo_de_un_efecto_sembrado():
    dentro, efectos = 0, []
    for semilla in range(60):
        tratados = tuple(np.random.default_rng(semilla).choice(300, 6, replace=False))
        e = hecho(sembrar(pais(semilla), tratados, -0.3, semilla), tratados, con_sensibilidad=False)
        if e.veredicto == INSUFICIENTES:
            continue
        dentro += e.ic_bajo <= -30 <= e.ic_alto
        efectos.append(e.efecto_log)
    assert dentro / len(efectos) >= 0.90
    assert 100 * np.expm1(np.mean(efectos)) == pytest.approx(-30, abs=3)


def test_pocos_meses_antes():
    e = evaluar(pais()[:, -30:], [3], date(2020, 1, 1), mes_inicial=date(2018, 7, 1), semilla=1)
    assert (e.veredicto, e.motivo) == (INSUFICIENTES, "hay 18 meses antes del inicio y hacen falta 24")
    assert np.isnan(e.efecto_pct)


def test_pocos_meses_despues():
    assert hecho(pais()[:, :-8]).motivo == "hay 4 meses cerrados después del inicio y hacen falta 6"
    assert hecho(pais(), inicio=date(2030, 1, 1)).veredicto == INSUFICIENTES


def test_pocas_carpetas():
    conteos = pais()
    conteos[3] = 0
    conteos[3, ::12] = 1
    assert "3 carpetas en los 36 meses anteriores" in hecho(conteos, [3]).motivo
    conteos[3] = 1
    e = hecho(conteos, [3])
    assert "se esperaban" in e.motivo
    assert e.obs_post == 12


def test_un_mes_no_reportado_no_es_cero():
    conteos = pais()
    conteos[40, -3] = np.nan
    assert "no reportó todos los meses" in hecho(conteos).motivo


def test_dejar_de_reportar_no_es_bajar():
    conteos = pais(medias=(8, 60))
    conteos[40, -6:] = 0
    assert "dejó de reportar" in hecho(conteos).motivo


def test_cruzar_la_metodologia_sin_puente():
    assert "no es comparable" in hecho(pais(), cruza_sin_puente=True).motivo


def test_los_excluidos_y_contiguos_no_son_comparacion():
    libre = hecho(pais())
    fuera = libre.controles[:20]
    e = hecho(pais(), excluidos=fuera[:10], contiguos=fuera[10:])
    assert not set(e.controles) & set(fuera)


@pytest.mark.parametrize(
    ("inicio", "rezago", "mes"),
    [
        (date(2020, 1, 1), 0, date(2020, 1, 1)),
        (date(2020, 1, 2), 0, date(2020, 2, 1)),
        (date(2019, 11, 15), 1, date(2020, 1, 1)),
        (date(2019, 12, 31), 3, date(2020, 4, 1)),
    ],
)
def test_el_efecto_empieza_en_el_primer_mes_completo(inicio, rezago, mes):
    assert primer_mes(inicio, rezago) == mes


def test_la_misma_semilla_da_lo_mismo():
    una, otra = hecho(pais()), hecho(pais())
    assert una.placebos.tolist() == otra.placebos.tolist()
    for campo in ("efecto_pct", "ic_bajo", "ic_alto", "p_placebo", "concordancia", "avisos"):
        assert getattr(una, campo) == getattr(otra, campo)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000))
def test_el_orden_de_los_municipios_no_importa(semilla):
    conteos, tratados = pais(), [3, 40, 77, 120]
    orden = np.random.default_rng(semilla).permutation(300)
    donde = np.argsort(orden)
    original, revuelto = hecho(conteos, tratados), hecho(conteos[orden], donde[tratados])
    for campo in ("efecto_pct", "ic_bajo", "ic_alto", "p_placebo", "mde_pct", "n_controles"):
        assert getattr(revuelto, campo) == pytest.approx(getattr(original, campo), rel=1e-9), campo
    assert set(orden[revuelto.controles]) == set(original.controles)


def test_un_municipio_en_ceros_no_cambia_nada():
    conteos = pais()
    con_ceros = np.vstack([conteos, np.zeros((1, MESES))])
    for campo in ("efecto_pct", "ic_bajo", "ic_alto", "p_placebo", "n_controles"):
        assert getattr(hecho(con_ceros), campo) == getattr(hecho(conteos), campo)


def test_el_triple_de_todo_estrecha_el_intervalo_y_no_mueve_el_efecto():
    conteos = sembrar(pais(), (3, 40, 77, 120), -0.4)
    simple, triple = hecho(conteos), hecho(conteos * 3)
    assert triple.efecto_pct == pytest.approx(simple.efecto_pct, abs=3)
    assert triple.ic_alto - triple.ic_bajo < simple.ic_alto - simple.ic_bajo + 1


def test_lo_posterior_de_otros_no_cambia_con_quien_se_compara():
    conteos = pais()
    movido = conteos.copy()
    movido[200, -12:] *= 4
    assert set(hecho(conteos).controles) == set(hecho(movido).controles)


def test_un_brote_antes_del_inicio_avisa_de_la_racha():
    conteos = pais(medias=(15, 60))
    conteos[[3, 40, 77, 120], -18:-12] *= 2
    assert "racha_previa" in hecho(conteos).avisos
    assert "racha_previa" not in hecho(conteos, signo=1).avisos


def test_un_gigante_entre_enanos_no_se_compara_con_confianza():
    """El único de su tamaño: sus vecinos son todos chicos, y su propia historia debe ensanchar el intervalo."""
    falsos = 0
    for semilla in range(20):
        conteos = pais(semilla, medias=(0.5, 6))
        azar = np.random.default_rng(100 + semilla)
        paseo = np.cumsum(0.15 * azar.standard_normal(MESES))
        conteos[3] = azar.poisson(400 * np.exp(paseo))
        falsos += hecho(conteos, [3], con_sensibilidad=False).veredicto in (BAJA, ALZA)
    assert falsos <= 4


def test_series_llenas_de_ceros():
    conteos = pais(medias=(0.3, 2))
    e = hecho(conteos, range(0, 60, 4))
    assert e.veredicto in VEREDICTOS
    assert np.isfinite(e.efecto_pct)


def test_los_avisos_del_calendario():
    base = pais()
    assert "covid" in hecho(base, inicio=date(2020, 6, 1), horizonte=6).avisos
    de_2022 = evaluar(base, [3, 40], date(2026, 1, 1), mes_inicial=date(2021, 1, 1), semilla=1)
    assert "catalogo" in de_2022.avisos
    assert "covid" not in de_2022.avisos
    assert "pocos_controles" in hecho(base[:28], [3]).avisos
    assert set(hecho(base, avisos=["subregistro"]).avisos) >= {"subregistro"}
    assert set(AVISOS) >= set(hecho(base, avisos=["subregistro"], ensanche=1.5).avisos)


def test_el_ensanche_de_la_calibracion_abre_el_intervalo():
    conteos = sembrar(pais(), (3, 40, 77, 120), -0.5)
    normal, ancho = hecho(conteos), hecho(conteos, ensanche=1.8)
    assert ancho.ic_bajo < normal.ic_bajo
    assert ancho.ic_alto > normal.ic_alto
    assert "calibracion" in ancho.avisos
    assert ancho.p_placebo >= normal.p_placebo


def test_la_sensibilidad_dice_que_se_calculo_y_que_no():
    e = hecho(sembrar(pais(), (3, 40, 77, 120), -0.6), contiguos=[4, 41, 78, 121])
    nombres = [s.nombre for s in e.sensibilidad]
    assert len(nombres) == 6
    calculadas = [s for s in e.sensibilidad if not s.motivo]
    assert e.concordancia == f"{sum(s.concuerda for s in calculadas)} de {len(calculadas)}"
    assert sum(s.veredicto == BAJA for s in e.sensibilidad[:3]) >= 2
    assert all(s.veredicto == SIN_CAMBIO for s in e.sensibilidad[3:5])
    sin_vecinos = hecho(pais()).sensibilidad[5]
    assert sin_vecinos.motivo
    assert np.isnan(sin_vecinos.efecto_pct)


@pytest.mark.parametrize("mal", [{"tratados": []}, {"tratados": [900]}, {"rezago": 4}, {"signo": 0}])
def test_lo_mal_pedido_se_rechaza(mal):
    with pytest.raises(ValueError, match=r"."):
        hecho(pais(), **mal)


def test_el_portafolio_corrige_por_muchas_y_junta_con_heterogeneidad():
    evaluaciones = [hecho(pais(s), con_sensibilidad=False) for s in range(8)]
    evaluaciones += [hecho(sembrar(pais(s), (3, 40, 77, 120), -0.6), con_sensibilidad=False) for s in range(8, 12)]
    evaluaciones.append(hecho(pais(), inicio=date(2030, 1, 1)))
    p = portafolio(evaluaciones)
    assert p.evaluables == 12
    assert np.isnan(p.valores_q[12])
    assert sum(p.cuentas.values()) == 13
    assert p.cuentas[INSUFICIENTES] == 1
    assert p.cuentas[BAJA] >= 3
    assert p.ic_bajo < p.efecto_pct < p.ic_alto
    assert p.efecto_pct < 0
    volteada = portafolio([replace(e, signo=1) for e in evaluaciones])
    assert volteada.efecto_pct > 0
    assert np.isnan(portafolio(evaluaciones[:1]).efecto_pct)


def test_el_portafolio_no_sostiene_hallazgos_que_da_el_azar():
    nulas = [hecho(pais(s), con_sensibilidad=False) for s in range(40)]
    p = portafolio(nulas)
    assert p.cuentas[BAJA] + p.cuentas[ALZA] <= 1
    assert p.ic_bajo < 0 < p.ic_alto
