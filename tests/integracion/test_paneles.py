"""El panel, que lee la tabla ancha, contra la vista documentada: los mismos lugares, meses, carpetas y metodologías."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datos.consultas.claves import claves
from datos.consultas.paneles import panel
from datos.tablero import consultar

CASOS = st.tuples(
    st.sampled_from(["estatal", "municipal"]),
    st.integers(0, 200),
    st.dates(date(2015, 1, 1), date(2026, 12, 1)).map(lambda d: d.replace(day=1)),
    st.integers(1, 40),
)


@pytest.fixture(params=["almacen_espejo", "almacen_demostracion"])
def publicado(request, monkeypatch):
    monkeypatch.setenv("TABLERO_ALMACEN", str(request.getfixturevalue(request.param)))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CASOS)
def test_dice_lo_mismo_que_la_vista(publicado, caso):
    nivel, cual, cierre, meses = caso
    delito = list(claves())[cual % len(claves())]
    hecho = panel(nivel, delito, cierre, meses)
    canasta = delito.removeprefix("canasta:")
    vista, campo = ("canastas", "canasta") if canasta != delito else ("delitos", "delito")
    columna = "cve_mun" if nivel == "municipal" else "cve_ent"
    periodo = pd.date_range(end=pd.Timestamp(cierre), periods=meses, freq="MS")
    largo = consultar(
        f"SELECT {columna} AS lugar, fecha, conteo, metodologia FROM {vista}_{nivel} WHERE {campo} = ? AND fecha BETWEEN ? AND ?",
        [canasta, periodo[0].date(), periodo[-1].date()],
    )
    de_la_vista = largo.pivot(index="lugar", columns="fecha", values="conteo").reindex(
        index=list(hecho.lugares), columns=periodo
    )
    np.testing.assert_array_equal(hecho.conteos, de_la_vista.to_numpy(dtype="float64"))
    assert list(hecho.meses) == list(periodo)
    assert hecho.metodologias == tuple(sorted(largo["metodologia"].unique()))
    catalogo = consultar(f"SELECT DISTINCT {columna} AS lugar FROM municipios ORDER BY lugar")["lugar"]
    assert list(hecho.lugares) == list(catalogo)


def test_las_personas_son_las_de_su_anio(publicado):
    hecho = panel("municipal", "homicidio_doloso", date(2024, 3, 1), 6)
    leon = hecho.lugares.index("11020")
    habitantes = consultar(
        "SELECT anio, poblacion FROM poblacion WHERE cve_mun = '11020' AND anio IN (2023, 2024) ORDER BY anio"
    )["poblacion"]
    assert list(hecho.personas[leon]) == [habitantes[0]] * 3 + [habitantes[1]] * 3
