"""Las revisiones de los pares reales, contra los archivos leídos aparte con pandas; y la ventana que sale de la historia."""

from datetime import date

import duckdb
import numpy as np
import pandas as pd
import pytest

from datos import catalogos
from datos.almacen import Almacen, publicacion_vigente
from datos.consultas import revisiones
from datos.esquema import MESES
from etl.__main__ import main
from tests import fabrica

PARES = {
    "CNSP/38/15": ("IDEFC_NM_ago23.csv", "Estatal-Delitos-2015-2025_nov2024.csv", date(2023, 8, 1), date(2024, 11, 1)),
    "RNID": (
        "RNID-Delitos_Estatal-2026-ene2026.csv",
        "RNID-Delitos_Estatal-2026-mar2026.csv",
        date(2026, 1, 1),
        date(2026, 3, 1),
    ),
}


@pytest.fixture
def publicado(almacen_espejo, monkeypatch):
    monkeypatch.setenv("TABLERO_ALMACEN", str(almacen_espejo))


@pytest.fixture(scope="module")
def aparte(espejo):
    """Por metodología, los dos cortes en largo (cve_ent, delito, fecha, conteo), leídos con pandas y el puente."""
    return {
        m: tuple(_largo(espejo / "sesnsp" / archivo, m, anterior) for archivo in (viejo, nuevo))
        for m, (viejo, nuevo, anterior, _) in PARES.items()
    }


def _largo(ruta, metodologia, hasta):
    tabla = pd.read_csv(ruta, encoding="cp1252", dtype=str, keep_default_na=False)
    tabla.columns = [catalogos.normalizar(c) for c in tabla.columns]
    claves = {"ano": "anio", "clave ent": "cve_ent", "tipo de delito": "tipo", "subtipo de delito": "subtipo"}
    tabla = tabla.rename(columns=claves)
    largo = tabla.melt(
        ["anio", "cve_ent", "tipo", "subtipo", "modalidad"], list(MESES), var_name="mes", value_name="conteo"
    )
    largo = largo[largo["conteo"] != ""]
    numero = largo["mes"].map({m: i for i, m in enumerate(MESES, 1)})
    largo["fecha"] = pd.to_datetime(dict(year=largo["anio"].astype(int), month=numero, day=1))
    largo = largo[largo["fecha"] <= pd.Timestamp(hasta)]
    largo["conteo"] = largo["conteo"].str.replace(",", "").astype(float)
    puente = catalogos.puente().query("metodologia == @metodologia")
    for columna in ("tipo", "subtipo", "modalidad"):
        largo[columna] = largo[columna].map(catalogos.normalizar)
        puente = puente.assign(**{columna: puente[columna].map(catalogos.normalizar)})
    unido = largo.merge(puente, on=["tipo", "subtipo", "modalidad"])
    unido["cve_ent"] = unido["cve_ent"].str.zfill(2)
    return unido.groupby(["cve_ent", "delito", "fecha"])["conteo"].sum()


@pytest.mark.parametrize("metodologia", PARES)
def test_cada_cifra_reescrita_es_la_de_los_archivos(publicado, aparte, metodologia, almacen_espejo):
    viejo, nuevo = aparte[metodologia]
    juntos = pd.DataFrame({"antes": viejo, "despues": nuevo})
    esperadas = juntos[juntos["antes"] != juntos["despues"]]
    _, _, anterior, corte = PARES[metodologia]
    con = duckdb.connect(str(publicacion_vigente(Almacen(almacen_espejo)).ruta), read_only=True)
    halladas = con.execute(
        "SELECT cve_ent, delito, fecha, antes, despues FROM revisiones WHERE cve_mun IS NULL AND corte_anterior = ? "
        "AND corte_nuevo = ?",
        [anterior, corte],
    ).df()
    con.close()
    halladas = halladas.set_index(["cve_ent", "delito", "fecha"])[["antes", "despues"]].astype(float).sort_index()
    pd.testing.assert_frame_equal(halladas, esperadas.sort_index(), check_index_type=False)
    assert len(esperadas) > 40


@pytest.mark.parametrize("metodologia", PARES)
@pytest.mark.parametrize("delito", ["homicidio_doloso", "extorsion", "total"])
def test_el_pais_mes_por_mes(publicado, aparte, metodologia, delito):
    par = next(p for p in revisiones.pares() if p.metodologia == metodologia and p.ambito == "estatal")
    hallado = revisiones.por_mes("00", delito, par).set_index("fecha")
    for columna, tabla in zip(("antes", "despues"), aparte[metodologia], strict=True):
        esperado = tabla.xs(delito, level="delito").groupby("fecha").sum()
        assert np.array_equal(hallado[columna].to_numpy(), esperado.to_numpy())
        assert list(hallado.index) == list(esperado.index)


def test_un_estado_mes_por_mes(publicado, aparte):
    par = next(p for p in revisiones.pares() if p.metodologia == "CNSP/38/15")
    hallado = revisiones.por_mes("08", "homicidio_doloso", par).set_index("fecha")
    for columna, tabla in zip(("antes", "despues"), aparte["CNSP/38/15"], strict=True):
        esperado = tabla.loc["08", "homicidio_doloso"]
        assert hallado[columna].tolist() == esperado.tolist()
    assert (hallado["antes"] != hallado["despues"]).sum() == 11


def test_los_estados_suman_el_pais(publicado):
    for par in revisiones.pares():
        por_entidad = revisiones.por_entidad("homicidio_doloso", par)
        tabla = revisiones.por_mes("00", "homicidio_doloso", par)
        assert por_entidad["neto"].sum() == (tabla["despues"] - tabla["antes"]).sum()


def test_con_los_pares_reales_la_ventana_sigue_fija_y_lo_dice(publicado):
    motivos = revisiones.ventanas()
    assert "y hay 0" in motivos["CNSP/38/15"]
    assert "y hay 1" in motivos["RNID"]


def test_con_tres_cortes_mensuales_la_ventana_sale_de_la_historia(tmp_path, capsys):
    """El último mes llega siempre corto 10 % y se corrige al siguiente corte: un solo mes es provisional."""
    almacen = Almacen(tmp_path / "almacen")
    for mes in (5, 6, 7):
        archivo = fabrica.estatal(
            tmp_path, f"corte{mes}.csv", anio=2026, meses=mes, valor=lambda e, c, m, u=mes: 90 if m == u else 100
        )
        assert main(["cargar", str(archivo), "--almacen", str(almacen.raiz), "--json"]) == 0
    con = duckdb.connect(str(publicacion_vigente(almacen).ruta), read_only=True)
    publicado = dict(con.execute("SELECT clave, valor FROM publicacion").fetchall())
    assert publicado["meses_provisionales_RNID"] == "1"
    assert "según 2 pares de cortes" in publicado["ventana_provisional_RNID"]
    assert con.execute("SELECT DISTINCT provisional_desde FROM cortes WHERE vigente").fetchall() == [
        (date(2026, 7, 1),)
    ]
    provisionales = con.execute("SELECT DISTINCT fecha FROM delitos_estatal WHERE provisional").fetchall()
    assert provisionales == [(date(2026, 7, 1),)]
    # La vista recompone lo que decía cada corte aunque después se haya vuelto a corregir.
    filas = con.execute(
        "SELECT corte_anterior, edad, antes, despues FROM revisiones_nacionales WHERE delito = 'homicidio_doloso' "
        "AND edad <= 1 ORDER BY ALL"
    ).fetchall()
    con.close()
    completo = 32 * 4 * 100
    assert filas == [
        (date(2026, 5, 1), 0, completo * 0.9, completo),
        (date(2026, 5, 1), 1, completo, completo),
        (date(2026, 6, 1), 0, completo * 0.9, completo),
        (date(2026, 6, 1), 1, completo, completo),
    ]
