"""Periodos de gobierno: solo meses completos, y los arranques se comparan con los mismos meses."""

import pandas as pd
import pytest

from analisis.mandatos import por_mandato
from datos import catalogos


def serie(valores, inicio="2015-01-01"):
    return pd.DataFrame({"fecha": pd.date_range(inicio, periods=len(valores), freq="MS"), "conteo": valores})


def mandatos(*tramos):
    return pd.DataFrame(
        [(n, pd.Timestamp(d), pd.Timestamp(h) if h else pd.NaT) for n, d, h in tramos],
        columns=["nombre", "desde", "hasta"],
    )


def test_un_mes_a_medias_no_es_de_nadie():
    tabla = por_mandato(serie([31] * 36), mandatos(("a", "2012-01-01", "2015-12-15"), ("b", "2015-12-16", None)))
    assert tabla["nombre"].tolist() == ["a", "b"]
    assert tabla["hasta"].tolist()[0] == pd.Timestamp("2015-11-01")
    assert tabla["desde"].tolist()[1] == pd.Timestamp("2016-01-01")
    assert tabla["meses"].tolist() == [11, 24]


def test_el_promedio_diario_usa_los_dias_reales():
    tabla = por_mandato(serie([31, 28, 31]), mandatos(("a", "2015-01-01", "2015-03-31")))
    assert tabla["diario"][0] == pytest.approx(1)


def test_los_arranques_comparan_los_mismos_meses():
    valores = [30] * 24 + [60] * 24 + [90] * 8
    tramos = mandatos(("a", "2010-01-01", "2016-12-31"), ("b", "2017-01-01", "2018-12-31"), ("c", "2019-01-01", None))
    tabla = por_mandato(serie(valores), tramos)
    assert tabla["meses_iniciales"].tolist() == [8, 8, 8]
    assert tabla["diario_inicial"].isna().tolist() == [True, False, False]
    assert tabla["diario_inicial"][1] == pytest.approx(60 * 8 / 243)


def test_el_catalogo_no_encima_periodos_y_cubre_a_las_32_entidades():
    tabla = catalogos.mandatos()
    assert set(tabla.loc[tabla["ambito"] == "estatal", "lugar"]) == set(catalogos.entidades()["cve_ent"])
    for _, suyos in tabla.groupby("lugar"):
        fin, inicio = suyos["hasta"].iloc[:-1].to_numpy(), suyos["desde"].iloc[1:].to_numpy()
        assert (fin < inicio).all()
        assert suyos["hasta"].isna().tolist() == [False] * (len(suyos) - 1) + [True]
    assert (tabla["fuente"] != "").all()
