"""El cambio de 12 meses dice solo lo que la ventana permite."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analisis.cambio import con_cambio


def ventana(conteo, previo, meses=12, meses_previos=12, personas=1_200_000.0):
    return con_cambio(
        pd.DataFrame(
            {
                "conteo": [float(conteo)],
                "conteo_previo": [float(previo)],
                "meses": [meses],
                "meses_previos": [meses_previos],
                "personas_mes": [personas],
            }
        )
    ).iloc[0]


def test_una_ventana_completa_dice_cambio_porcentaje_y_tasa_anual():
    fila = ventana(30, 40)
    assert (fila["cambio"], fila["cambio_pct"], fila["motivo"]) == (-10, -25, "")
    assert fila["tasa"] == pytest.approx(1e5 * 30 / 100_000)


@given(st.integers(0, 10_000), st.integers(0, 19))
def test_con_menos_de_veinte_no_hay_porcentaje_pero_si_cambio(conteo, previo):
    fila = ventana(conteo, previo)
    assert pd.isna(fila["cambio_pct"])
    assert fila["cambio"] == conteo - previo
    assert "sin porcentaje" in fila["motivo"]


@given(st.integers(0, 11), st.integers(0, 12))
def test_una_ventana_incompleta_no_se_suma_ni_se_compara(meses, previos):
    fila = ventana(50, 60, meses, previos)
    assert pd.isna(fila[["conteo", "cambio", "cambio_pct", "tasa"]].astype(float)).all()
    assert fila["motivo"]


def test_sin_poblacion_la_tasa_no_se_dice_y_hay_motivo():
    fila = ventana(50, 60, personas=float("nan"))
    assert pd.isna(fila["tasa"])
    assert "CONAPO" in fila["motivo"]
