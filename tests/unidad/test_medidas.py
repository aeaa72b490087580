"""Cada medida contra una cuenta hecha a mano, y lo que falta nunca se suma."""

import calendar

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analisis.medidas import MEDIDAS, medir


def serie(conteos, inicio="2019-01-01", poblacion=250_000.0, delito="fraude"):
    fechas = pd.date_range(inicio, periods=len(conteos), freq="MS")
    tabla = pd.DataFrame(
        {
            "lugar": "11",
            "delito": delito,
            "fecha": fechas,
            "conteo": conteos,
            "poblacion": poblacion,
            "metodologia": np.where(fechas < "2026-01-01", "CNSP/38/15", "RNID"),
            "provisional": fechas >= fechas[-1] - pd.DateOffset(months=2),
        }
    )
    return tabla[[c is not None for c in conteos]]


CONTEOS = st.lists(st.one_of(st.none(), st.integers(0, 500)), min_size=1, max_size=60).filter(
    lambda x: x[0] is not None and x[-1] is not None
)


@settings(deadline=None)
@given(CONTEOS)
def test_cada_medida_es_la_cuenta_a_mano(conteos):
    medidas = {m: medir(serie(conteos), m)["valor"].to_list() for m in MEDIDAS}
    for i, conteo in enumerate(conteos):
        anio, mes = 2019 + i // 12, i % 12 + 1
        ventana = conteos[max(0, i - 11) : i + 1]
        completa = len(ventana) == 12 and None not in ventana
        esperado = {
            "conteo": conteo,
            "diario": None if conteo is None else conteo / calendar.monthrange(anio, mes)[1],
            "tasa": None if conteo is None else conteo * 12 / 2.5,
            "suma12": sum(ventana) if completa else None,
            "tasa12": sum(ventana) / 2.5 if completa else None,
        }
        for medida, valor in esperado.items():
            hallado = medidas[medida][i]
            assert np.isnan(hallado) if valor is None else hallado == pytest.approx(valor)


def test_sin_poblacion_no_hay_tasa_y_si_conteo():
    tabla = serie([5] * 14, poblacion=float("nan"))
    assert medir(tabla, "tasa")["valor"].isna().all()
    assert medir(tabla, "tasa12")["valor"].isna().all()
    assert medir(tabla, "suma12")["valor"].iloc[-1] == 60


def test_una_ventana_con_dos_metodologias_no_se_suma_si_no_es_comparable():
    tabla = serie([10] * 30, inicio="2025-01-01", delito="total")
    sumas = medir(tabla, "suma12", no_comparables={"total"}).set_index("fecha")["valor"]
    assert sumas.loc["2025-12-01"] == 120
    assert sumas.loc["2026-01-01":"2026-11-01"].isna().all()
    assert sumas.loc["2026-12-01"] == 120
    assert medir(tabla, "suma12")["valor"].notna().sum() == 19


def test_una_ventana_es_provisional_si_lo_es_un_mes_suyo():
    tabla = medir(serie([1] * 20), "suma12")
    assert tabla["provisional"].tolist() == [False] * 17 + [True] * 3


def test_una_medida_desconocida_se_rechaza():
    with pytest.raises(KeyError):
        medir(serie([1]), "mediana")
