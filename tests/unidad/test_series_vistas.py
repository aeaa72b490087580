"""Contribuciones, calendario, índice y desestacionalizada: cada una contra la cuenta hecha a mano."""

import calendar

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analisis.calendario import calendario
from analisis.contribuciones import contribuciones, cuantas_suman, curva_de_lorenz
from analisis.indices import indice, sin_estacion
from analisis.medidas import medir

CONTEO = st.one_of(st.just(float("nan")), st.integers(0, 5000).map(float))


@given(st.lists(st.tuples(CONTEO, CONTEO), min_size=1, max_size=60), st.integers(1, 20))
def test_las_contribuciones_suman_exactamente_el_cambio(pares, cuantas):
    partes = pd.DataFrame(pares, columns=["conteo", "conteo_previo"]).assign(
        nombre=[f"l{i}" for i in range(len(pares))]
    )
    tabla = contribuciones(partes, cuantas)
    comparables = partes.dropna()
    cambio = comparables["conteo"].sum() - comparables["conteo_previo"].sum()
    assert tabla["cambio"].sum() == cambio
    previo = comparables["conteo_previo"].sum()
    if previo:
        assert tabla["aporte_pct"].sum() == pytest.approx(100 * cambio / previo)
    assert len(tabla) == min(len(comparables), cuantas) + (len(comparables) > cuantas)


def test_van_de_la_que_mas_baja_a_la_que_mas_sube_y_al_final_los_demas():
    partes = pd.DataFrame({"nombre": list("abcd"), "conteo": [10, 5, 90, 7.0], "conteo_previo": [50, 4, 30, 7.0]})
    tabla = contribuciones(partes, 2)
    assert tabla["nombre"].tolist() == ["a", "c", "los demás (2)"]
    assert tabla["cambio"].tolist() == [-40, 60, 1]


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=50), st.floats(0.1, 0.9))
def test_las_menos_que_juntan_una_parte(conteos, parte):
    serie = pd.Series(conteos, dtype=float)
    cuantas = cuantas_suman(serie, parte)
    mayores = sorted(conteos, reverse=True)
    if sum(conteos) == 0:
        assert cuantas == 0
    else:
        assert sum(mayores[:cuantas]) >= parte * sum(conteos)
        assert sum(mayores[: cuantas - 1]) < parte * sum(conteos)


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=50))
def test_la_curva_de_lorenz_sube_y_termina_en_uno(conteos):
    curva = curva_de_lorenz(pd.Series(conteos, dtype=float))
    assert curva.iloc[0].tolist() == [0, 0]
    assert curva.iloc[-1].tolist() == pytest.approx([1, 1])
    assert (curva["carpetas"].diff().dropna() >= -1e-9).all()


def mensual(valores, inicio="2015-01-01"):
    return pd.DataFrame({"fecha": pd.date_range(inicio, periods=len(valores), freq="MS"), "conteo": valores})


@given(st.lists(st.integers(0, 300), min_size=1, max_size=60))
def test_el_calendario_usa_los_dias_de_cada_mes(conteos):
    tabla = calendario(mensual(conteos))
    for fila in tabla.itertuples():
        dias = calendar.monthrange(fila.anio, fila.mes)[1]
        assert fila.diario == pytest.approx(fila.conteo / dias)
        otros = tabla[(tabla["mes"] == fila.mes) & (tabla["anio"] != fila.anio)]["diario"]
        if len(otros) and otros.mean() > 0:
            assert fila.desvio == pytest.approx(fila.diario / otros.mean() - 1, abs=1e-9)
        else:
            assert np.isnan(fila.desvio)


def serie_medida(conteos, lugar="11"):
    tabla = mensual(conteos).assign(
        lugar=lugar, delito="fraude", poblacion=1e6, metodologia="CNSP/38/15", provisional=False
    )
    return medir(tabla, "suma12")


def test_el_indice_vale_cien_en_su_base():
    sumas = pd.concat([serie_medida([10] * 12 + [20] * 12), serie_medida([3] * 24, "32")])
    tabla = indice(sumas, pd.Timestamp("2015-12-01")).set_index(["lugar", "fecha"])["valor"]
    assert tabla["11", pd.Timestamp("2015-12-01")] == tabla["32", pd.Timestamp("2015-12-01")] == 100
    assert tabla["11", pd.Timestamp("2016-12-01")] == 200
    assert indice(sumas, pd.Timestamp("2015-06-01"))["valor"].isna().all()


def test_sin_estacion_quita_lo_que_se_repite_cada_anio():
    meses = pd.date_range("2015-01-01", periods=72, freq="MS")
    onda = 100 + 30 * np.sin(2 * np.pi * np.arange(72) / 12)
    plana = sin_estacion(pd.Series(onda, index=meses))
    assert plana.std() < 1
    assert plana.mean() == pytest.approx(100, abs=1)


def test_sin_estacion_no_cruza_huecos_ni_inventa_con_pocos_meses():
    meses = pd.date_range("2015-01-01", periods=72, freq="MS")
    valores = pd.Series(50.0, index=meses)
    valores.iloc[60:66] = np.nan
    assert sin_estacion(valores).notna().sum() == 60
    assert sin_estacion(valores.iloc[:20]).isna().all()
