"""Alertas y tendencias publicadas: iguales a las que salen de las vistas por otro camino."""

import duckdb
import numpy as np
import pandas as pd
import pytest

from analisis.cambio_estimado import COLUMNAS as DEL_ESTIMADO
from analisis.rangos import rango_esperado
from datos.almacen import Almacen, publicacion_vigente
from informes.comparados import lugares_comparados

VISTA_Y_LUGAR = {"estatal": ("delitos_estatal", "cve_ent"), "municipal": ("delitos_municipal", "cve_mun")}


@pytest.fixture(scope="module", params=["almacen_espejo", "almacen_demostracion"])
def almacen(request):
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def base(almacen):
    con = duckdb.connect(str(publicacion_vigente(Almacen(almacen)).ruta), read_only=True)
    yield con
    con.close()


def _matriz(base, nivel, delito, hasta, meses):
    vista, lugar = VISTA_Y_LUGAR[nivel]
    largo = base.execute(
        f"SELECT {lugar} AS lugar, fecha, conteo::DOUBLE AS conteo FROM {vista} WHERE delito = ? AND fecha <= ? "
        f"AND right({lugar}, 3) NOT IN ('998', '999')",
        [delito, hasta],
    ).df()
    fechas = pd.date_range(end=hasta, periods=meses, freq="MS")
    return largo.pivot(index="lugar", columns="fecha", values="conteo").reindex(columns=fechas)


@pytest.mark.parametrize(
    ("nivel", "delito"), [("estatal", "homicidio_doloso"), ("estatal", "fraude"), ("municipal", "homicidio_doloso")]
)
def test_cada_alerta_es_la_del_rango_de_sus_doce_meses(base, nivel, delito):
    publicadas = base.execute(
        "SELECT * FROM alertas WHERE nivel = ? AND delito = ? ORDER BY clave", [nivel, delito]
    ).df()
    fecha = publicadas["fecha"].iloc[0]
    assert publicadas["fecha"].nunique() == 1
    vista, _ = VISTA_Y_LUGAR[nivel]
    ultimos = base.execute(f"SELECT DISTINCT fecha FROM {vista} WHERE delito = ? ORDER BY 1", [delito]).df()["fecha"]
    assert fecha in set(ultimos)
    matriz = _matriz(base, nivel, delito, fecha, 13)
    dias = matriz.columns.days_in_month.to_numpy()
    esperadas = rango_esperado(matriz.to_numpy(), dias).set_index(matriz.index).dropna(subset=["esperado"])
    assert list(publicadas["clave"]) == list(esperadas.index)
    for columna in ("conteo", "esperado", "bajo", "alto", "sorpresa", "azar_alta", "azar_baja"):
        np.testing.assert_allclose(publicadas[columna], esperadas[columna], rtol=1e-9, atol=1e-12)
    assert list(publicadas["alerta"]) == list(esperadas["alerta"])
    # y por otra vía: lo esperado es el promedio diario de los doce anteriores, con medio caso de más
    a_mano = (matriz.iloc[:, :12].sum(axis=1) + 0.5) / dias[:12].sum() * dias[12]
    np.testing.assert_allclose(publicadas["esperado"], a_mano[publicadas["clave"]])
    fuera = (publicadas["conteo"] > publicadas["alto"]) | (publicadas["conteo"] < publicadas["bajo"])
    assert (fuera == (publicadas["alerta"] != "")).all()


def test_una_alerta_es_provisional_si_su_mes_lo_es(base):
    distintas = base.execute(
        "SELECT count(*) FROM alertas AS a JOIN delitos_estatal AS d ON a.nivel = 'estatal' AND d.cve_ent = a.clave "
        "AND d.delito = a.delito AND d.fecha = a.fecha WHERE a.provisional <> d.provisional OR a.conteo <> d.conteo"
    ).fetchone()[0]
    assert distintas == 0


def test_todo_delito_y_canasta_con_trece_meses_tiene_su_rango(base):
    faltan = base.execute(
        "WITH completos AS (SELECT delito, count(*) AS meses FROM (SELECT delito, fecha FROM delitos_estatal GROUP BY ALL "
        "HAVING count(*) = 32) WHERE fecha > DATE '2015-01-01' GROUP BY delito) SELECT delito FROM completos WHERE meses > 60 "
        "EXCEPT SELECT delito FROM alertas WHERE nivel = 'estatal'"
    ).fetchall()
    assert faltan == []
    assert (
        base.execute("SELECT count(DISTINCT delito) FROM alertas WHERE starts_with(delito, 'canasta:')").fetchone()[0]
        == 3
    )


@pytest.mark.parametrize(("nivel", "delito"), [("estatal", "homicidio_doloso"), ("municipal", "homicidio_doloso")])
def test_la_tendencia_publicada_es_la_que_se_calcula_al_pedirla(base, almacen, monkeypatch, nivel, delito):
    monkeypatch.setenv("TABLERO_ALMACEN", str(almacen))
    publicada = base.execute(
        "SELECT * FROM tendencias WHERE nivel = ? AND delito = ? ORDER BY clave", [nivel, delito]
    ).df()
    calculada = lugares_comparados(nivel, delito, publicada["cierre"].iloc[0].date()).set_index("lugar")
    calculada = calculada.loc[publicada["clave"]]
    assert list(publicada["etiqueta"]) == list(calculada["etiqueta"])
    for columna in (*DEL_ESTIMADO, "razon", "valor_q"):
        np.testing.assert_allclose(publicada[columna], calculada[columna], rtol=1e-9)
