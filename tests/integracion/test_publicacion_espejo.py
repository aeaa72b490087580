"""La publicación de los archivos oficiales: cifras de control al número, contratos y nada en cero que falte."""

import json
from datetime import date

import duckdb
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datos import catalogos
from datos.almacen import Almacen, publicacion_vigente
from datos.consultas import series as consulta_series
from datos.consultas import ventanas as consulta_ventanas
from datos.esquema import MESES, VISTAS

HOMICIDIO = {
    2015: 16119,
    2016: 20148,
    2017: 25033,
    2018: 29096,
    2019: 29500,
    2020: 28839,
    2021: 28281,
    2022: 26280,
    2023: 25290,
    2024: 23581,
}


@pytest.fixture(scope="module")
def base(almacen_espejo):
    con = duckdb.connect(str(publicacion_vigente(Almacen(almacen_espejo)).ruta), read_only=True)
    yield con
    con.close()


@pytest.fixture
def publicado(almacen_espejo, monkeypatch):
    monkeypatch.setenv("TABLERO_ALMACEN", str(almacen_espejo))


def uno(base, sql, *parametros):
    return base.execute(sql, list(parametros)).fetchone()[0]


def test_homicidio_doloso_nacional_al_numero(base):
    por_anio = base.execute(
        "SELECT year(fecha), sum(conteo) FROM delitos_estatal WHERE delito = 'homicidio_doloso' "
        "AND metodologia = 'CNSP/38/15' GROUP BY 1"
    ).fetchall()
    assert dict(por_anio) == HOMICIDIO


@pytest.mark.parametrize(
    ("delito", "cifras"),
    [("total", [154812, 150592, 175249]), ("homicidio_doloso", [1392, 1206, 1398])],
)
def test_primer_trimestre_de_rnid(base, delito, cifras):
    filas = base.execute(
        "SELECT sum(conteo) FROM delitos_estatal WHERE delito = ? AND metodologia = 'RNID' GROUP BY fecha ORDER BY fecha",
        [delito],
    ).fetchall()
    assert [f[0] for f in filas] == cifras


@pytest.mark.parametrize(
    ("delito", "trimestre"), [("homicidio_doloso", 3996), ("feminicidio", 144), ("extorsion", 2370)]
)
def test_las_tentativas_no_inflan_2026(base, delito, trimestre):
    assert (
        uno(base, "SELECT sum(conteo) FROM delitos_estatal WHERE delito = ? AND fecha >= '2026-01-01'", delito)
        == trimestre
    )


def test_total_y_victimas_de_2019(base):
    assert uno(base, "SELECT sum(conteo) FROM delitos_estatal WHERE delito = 'total' AND year(fecha) = 2019") == 2071181
    victimas = "SELECT sum(conteo) FROM victimas_estatal WHERE delito = 'homicidio_doloso' AND year(fecha) = 2019"
    assert uno(base, victimas) == 34723


def test_violencia_familiar_municipal_y_su_periodo(base):
    fila = base.execute(
        "SELECT sum(conteo), min(fecha), max(fecha) FROM delitos_municipal WHERE delito = 'violencia_familiar'"
    ).fetchone()
    assert fila == (1585964, date(2015, 1, 1), date(2022, 12, 1))


def test_un_delito_con_componentes_ausentes_no_se_publica_a_medias(base):
    """El archivo municipal trae transporte individual y no colectivo: publicar la parte como el todo sería falso."""
    presentes = {d for (d,) in base.execute("SELECT DISTINCT delito FROM delitos_municipal").fetchall()}
    assert not {"robo_transporte_publico", "total", "robo_vehiculo"} & presentes


def test_lo_no_reportado_no_tiene_renglon(base):
    assert uno(base, "SELECT count(*) FROM delitos_estatal WHERE fecha BETWEEN '2024-12-01' AND '2025-12-01'") == 0
    reportan = uno(
        base,
        "SELECT count(DISTINCT cve_mun) FROM delitos_municipal WHERE delito = 'violencia_familiar' AND year(fecha) = 2015",
    )
    assert reportan == 1931


def test_la_correccion_negativa_esta_en_el_detalle_y_no_en_los_delitos(base):
    fila = base.execute("SELECT cve_mun, fecha, conteo FROM conteos_categoria WHERE conteo < 0").fetchall()
    assert fila == [("09006", date(2017, 9, 1), -1)]
    assert uno(base, "SELECT count(*) FROM delitos_municipal WHERE conteo < 0") == 0


def test_los_provisionales_son_un_bloque_final_de_tres_meses(base):
    filas = base.execute(
        "SELECT metodologia, min(fecha) FILTER (provisional), max(fecha) FILTER (NOT provisional), max(fecha) "
        "FROM delitos_estatal GROUP BY 1 ORDER BY 1"
    ).fetchall()
    assert filas == [
        ("CNSP/38/15", date(2024, 9, 1), date(2024, 8, 1), date(2024, 11, 1)),
        ("RNID", date(2026, 1, 1), None, date(2026, 3, 1)),
    ]


def test_varios_cortes_el_ultimo_vigente_y_los_anteriores_guardados(base, almacen_espejo):
    filas = base.execute("SELECT metodologia, ambito, corte, vigente, sha256 FROM cortes ORDER BY id").fetchall()
    assert [(f[2], f[3]) for f in filas if f[:2] == ("CNSP/38/15", "estatal")] == [
        (date(2023, 8, 1), False),
        (date(2024, 11, 1), True),
    ]
    for *_, sha256 in filas:
        ficha = json.loads((almacen_espejo / "crudo" / f"{sha256}.json").read_text("utf-8"))
        assert ficha["sha256"] == sha256


def test_revisiones_entre_cortes_contra_pandas(base, espejo):
    """Guanajuato no: el conjunto de homicidio doloso revisado en el archivo estatal, contado aparte con pandas."""
    meses = [m.capitalize() for m in MESES]

    def leer(nombre):
        tabla = pd.read_csv(espejo / "sesnsp" / nombre, encoding="cp1252")
        tabla = tabla[tabla["Subtipo de delito"] == "Homicidio doloso"]
        return tabla.groupby(["Año", "Clave_Ent"])[meses].sum(min_count=1).stack()

    antes, despues = leer("IDEFC_NM_ago23.csv"), leer("Estatal-Delitos-2015-2025_nov2024.csv")
    juntas = pd.concat([antes, despues], axis=1, join="inner").dropna()
    esperadas = int((juntas[0] != juntas[1]).sum())
    assert esperadas > 0
    assert esperadas == uno(
        base,
        "SELECT count(*) FROM revisiones WHERE delito = 'homicidio_doloso' AND corte_anterior = '2023-08-01' "
        "AND corte_nuevo = '2024-11-01'",
    )


def test_estatal_contra_municipal_se_avisa_con_cifras(base):
    casos, detalle = base.execute(
        "SELECT casos, detalle FROM calidad WHERE regla = 'estatal_igual_a_suma_municipal'"
    ).fetchone()
    assert casos == uno(base, "SELECT count(*) FROM diferencias_ambito") > 0
    assert f"{casos:,}" in detalle


def test_las_vistas_cumplen_el_contrato(base):
    for vista in VISTAS:
        columnas = base.execute(f"DESCRIBE {vista.nombre}").fetchall()
        assert [(c[0], c[1]) for c in columnas] == [(c.nombre, c.tipo) for c in vista.columnas], vista.nombre


def test_el_documento_del_esquema_esta_al_dia():
    from datos.esquema import DOCUMENTO, documento

    assert DOCUMENTO.read_text(encoding="utf-8") == documento()


@pytest.fixture(scope="module")
def estatal_en_pandas(espejo):
    """Homicidio doloso por entidad y mes, leído aparte con pandas."""
    tabla = pd.read_csv(espejo / "sesnsp" / "Estatal-Delitos-2015-2025_nov2024.csv", encoding="cp1252")
    tabla = tabla[tabla["Subtipo de delito"] == "Homicidio doloso"]
    tabla = tabla.groupby(["Año", "Clave_Ent"])[[m.capitalize() for m in MESES]].sum(min_count=1)
    tabla.columns = range(1, 13)
    largo = tabla.stack().rename("conteo").reset_index()
    largo.columns = ["anio", "ent", "mes", "conteo"]
    largo["indice"] = largo["anio"] * 12 + largo["mes"] - 1
    return largo


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entidad=st.integers(1, 32), cierre=st.integers(2016 * 12 + 11, 2024 * 12 + 10))
def test_ventanas_y_tasas_contra_pandas(publicado, estatal_en_pandas, espejo, entidad, cierre):
    dia = date(cierre // 12, cierre % 12 + 1, 1)
    fila = consulta_ventanas.ventanas("estatal", "homicidio_doloso", dia).set_index("lugar").loc[f"{entidad:02d}"]
    del_lugar = estatal_en_pandas[estatal_en_pandas["ent"] == entidad].set_index("indice")["conteo"]
    assert fila["conteo"] == del_lugar.loc[cierre - 11 : cierre].sum()
    assert fila["conteo_previo"] == del_lugar.loc[cierre - 23 : cierre - 12].sum()
    habitantes = pd.read_csv(espejo / "poblacion" / "conapo_municipal_1990-2040_total.csv", dtype={"CVE": str})
    por_anio = habitantes[habitantes["CVE"].str.startswith(f"{entidad:02d}")].iloc[:, 3:].sum()
    personas = sum(por_anio[str(indice // 12)] for indice in range(cierre - 11, cierre + 1))
    assert fila["personas_mes"] == personas


def test_una_ventana_que_toca_el_hueco_no_esta_completa(publicado):
    tabla = consulta_ventanas.ventanas("estatal", "homicidio_doloso", date(2026, 3, 1))
    assert set(tabla["meses"]) == {3}
    assert consulta_ventanas.cierres("estatal", "homicidio_doloso")[0] == date(2024, 11, 1)


def test_series_nacional_estatal_y_municipal_cuadran(publicado):
    tabla = consulta_series.series(["00", "11", "11020"], ["homicidio_doloso"], date(2024, 1, 1), date(2024, 11, 1))
    nacional = tabla[tabla["lugar"] == "00"]
    assert nacional["conteo"].sum() == HOMICIDIO[2024]
    assert set(nacional["entidades"]) == {32}
    assert (
        tabla[tabla["lugar"] == "11020"]["conteo"].to_numpy() <= tabla[tabla["lugar"] == "11"]["conteo"].to_numpy()
    ).all()
    with pytest.raises(ValueError, match="clave de un lugar"):
        consulta_series.series(["abc"], ["total"])


def test_tendencias_cubre_cada_delito_estatal(base):
    filas = base.execute("SELECT delito, count(*) FROM tendencias WHERE nivel = 'estatal' GROUP BY 1").fetchall()
    assert dict(filas) == dict.fromkeys(catalogos.series()["delito"], 32)
