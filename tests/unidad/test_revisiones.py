"""Cómo se asientan los meses y de dónde sale la ventana provisional."""

import numpy as np
import pandas as pd
import pytest

from analisis.revisiones import asentamiento, ventana_provisional


def cambios(p90_por_edad, pares=3, separacion=1, antes=10_000, delitos=11):
    """Pares de cortes en que los delitos cambian, en cada edad, justo esa proporción."""
    filas = []
    for par in range(pares):
        anterior = pd.Timestamp("2026-06-01") + pd.DateOffset(months=par * separacion)
        for edad, parte in enumerate(p90_por_edad):
            for _ in range(delitos):
                filas.append((anterior, anterior + pd.DateOffset(months=separacion), edad, antes, antes * (1 + parte)))
    return pd.DataFrame(filas, columns=["corte_anterior", "corte_nuevo", "edad", "antes", "despues"])


def test_asentamiento_da_mediana_y_percentil_90_por_edad():
    tabla = pd.DataFrame(
        {
            "edad": [0] * 5 + [1] * 5,
            "antes": [1000] * 10,
            "despues": [1000, 1010, 990, 1020, 1100] + [1000] * 4 + [1001],
        }
    )
    hallado = asentamiento(tabla).set_index("edad")
    assert hallado.loc[0, ["cifras", "cambiaron"]].tolist() == [5, 4]
    assert hallado.loc[0, "mediana_pct"] == pytest.approx(1.0)
    assert hallado.loc[0, "p90_pct"] == pytest.approx(np.quantile([0, 1, 1, 2, 10], 0.9))
    assert hallado.loc[1, "cambiaron"] == 1


def test_no_cuentan_las_cifras_chicas():
    tabla = pd.DataFrame({"edad": [0, 0], "antes": [99, 100], "despues": [150, 101]})
    assert asentamiento(tabla)["cifras"].tolist() == [1]
    assert asentamiento(tabla.assign(antes=50)).empty


@pytest.mark.parametrize(
    ("por_edad", "meses"),
    [
        ([0.002] * 8, 1),
        ([0.03, 0.002, 0.001, 0, 0, 0, 0], 1),
        ([0.05, 0.03, 0.02, 0.004, 0, 0, 0], 3),
        ([0.05, 0.03, 0.02, 0.03, 0.011, 0.009, 0, 0], 5),
        ([0.03, 0.001, 0.02, 0.001, 0, 0], 3),  # si una edad mayor vuelve a pasar, no está asentado
        ([0.05] * 9, 6),
    ],
)
def test_la_ventana_es_la_menor_edad_desde_la_que_ya_no_se_mueven(por_edad, meses):
    ventana = ventana_provisional(cambios(por_edad), fija=3)
    assert (ventana.meses, ventana.derivada) == (meses, True)
    assert str(meses) in ventana.motivo


@pytest.mark.parametrize(
    ("tabla", "motivo"),
    [
        (cambios([0.001] * 8, pares=1), "hay 1"),
        (cambios([0.001] * 8, pares=3, separacion=4), "hay 0"),
        (cambios([0.02, 0.02], pares=2), "no llega a una edad ya asentada"),
        (cambios([]), "hay 0"),
    ],
)
def test_sin_historia_suficiente_la_ventana_es_fija_y_se_dice(tabla, motivo):
    ventana = ventana_provisional(tabla, fija=3)
    assert (ventana.meses, ventana.derivada) == (3, False)
    assert "ventana fija de 3 meses" in ventana.motivo
    assert motivo in ventana.motivo
