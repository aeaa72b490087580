"""El rango esperado: cuántas falsas alarmas da, sus bordes y que la banda de una serie sea el mismo cálculo."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analisis.rangos import ALTA, BAJA, banda, rango_esperado

DIAS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31], dtype=float)


def simulada(azar, media, dispersion, lugares=4000):
    diaria = media * DIAS / DIAS.mean()
    forma = np.tile(diaria / max(dispersion - 1, 1e-6), (lugares, 1))
    return azar.poisson(azar.gamma(forma, max(dispersion - 1, 1e-6))).astype(float)


@pytest.mark.parametrize(("media", "dispersion"), [(0.5, 1.0001), (3, 1.2), (12, 1.5), (60, 2.0)])
def test_las_falsas_alarmas_no_pasan_de_lo_nominal(media, dispersion):
    tabla = rango_esperado(simulada(np.random.default_rng(8), media, dispersion), DIAS)
    altas, bajas = (tabla["alerta"] == ALTA).mean(), (tabla["alerta"] == BAJA).mean()
    print(f"\nmedia {media}, dispersión {dispersion}: altas {altas:.1%}, bajas {bajas:.1%} (nominal 2.5 %)")
    assert altas <= 0.03
    assert bajas <= 0.03


def test_lo_raro_se_ve_por_arriba_y_por_abajo():
    conteos = np.tile(np.r_[np.full(12, 40.0), 40.0], (3, 1))
    conteos[0, 12], conteos[1, 12] = 90, 5
    tabla = rango_esperado(conteos, DIAS)
    assert tabla["alerta"].tolist() == [ALTA, BAJA, ""]
    assert tabla["sorpresa"][0] > 4
    assert tabla["sorpresa"][1] < -4
    assert abs(tabla["sorpresa"][2]) < 0.4


def test_un_caso_despues_de_doce_ceros_no_es_alarma_y_cinco_si():
    conteos = np.zeros((3, 13))
    conteos[1, 12], conteos[2, 12] = 1, 5
    assert rango_esperado(conteos, DIAS)["alerta"].tolist() == ["", "", ALTA]


def test_un_mes_faltante_no_se_inventa():
    conteos = np.full((2, 13), 9.0)
    conteos[0, 4] = np.nan
    tabla = rango_esperado(conteos, DIAS)
    assert tabla[["esperado", "bajo", "alto", "sorpresa"]].isna().all(axis=1).tolist() == [True, False]
    assert tabla["alerta"][0] == ""


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 400), min_size=13, max_size=13))
def test_lo_esperado_esta_en_su_rango_y_la_alerta_es_salirse(conteos):
    fila = rango_esperado(np.array([conteos], dtype=float), DIAS).iloc[0]
    assert fila["bajo"] <= fila["esperado"] + 1
    assert fila["alto"] >= fila["esperado"] - 1
    assert fila["alerta"] == (ALTA if conteos[12] > fila["alto"] else BAJA if conteos[12] < fila["bajo"] else "")
    assert (fila["sorpresa"] >= -np.log10(0.025)) == (conteos[12] > fila["alto"])


def test_la_media_se_ajusta_a_los_dias_del_mes():
    dias = np.r_[np.full(12, 31.0), 28.0]
    fila = rango_esperado(np.full((1, 13), 310.0), dias).iloc[0]
    assert fila["esperado"] == pytest.approx((12 * 310 + 0.5) / (12 * 31) * 28)


def test_la_banda_de_una_serie_es_el_rango_de_cada_mes():
    azar = np.random.default_rng(5)
    serie = azar.poisson(20, 40).astype(float)
    serie[15] = np.nan
    dias = np.full(40, 30.0)
    tabla = banda(serie, dias)
    assert tabla["alto"][:12].isna().all()
    assert tabla["alto"][16:28].isna().all()
    assert not np.isnan(tabla["alto"][15])  # lo esperado se sabe aunque ese mes falte
    directo = rango_esperado(serie[None, 27:40], dias[:13]).iloc[0]
    assert tabla.loc[39, ["esperado", "bajo", "alto"]].tolist() == pytest.approx(
        directo[["esperado", "bajo", "alto"]].tolist()
    )
    assert banda(serie[:10], dias[:10]).isna().all(axis=None)


def test_los_parametros_dan_la_media_y_la_varianza_pedidas():
    from analisis.rangos import _parametros

    media, varianza = np.array([0.3, 5.0, 80.0]), np.array([0.4, 9.0, 200.0])
    n, p = _parametros(media, varianza)
    assert stats.nbinom.mean(n, p) == pytest.approx(media)
    assert stats.nbinom.var(n, p) == pytest.approx(varianza)


def test_dimensiones_equivocadas_se_rechazan():
    with pytest.raises(ValueError, match="13"):
        rango_esperado(np.ones((2, 12)), DIAS)
