"""La demostración publicada por el camino de los archivos reales, y sus acuerdos unidos a las series."""

from datetime import date

import duckdb
import numpy as np
import pandas as pd
import pytest

from datos import acuerdos
from datos.acuerdos import series
from datos.almacen import Almacen, publicacion_vigente
from datos.registro import avance, evidencias, lectura, respaldo
from datos.registro.actor import SISTEMA
from datos.registro.apertura import registro_vigente
from etl.demostracion.mesas import ACUERDOS, municipios_de
from etl.demostracion.modelo import Modelo
from etl.demostracion.registro import RECIENTES

REVISADOS = ("03/XXX/2024", "01/V/2021")  # congelados con un corte ficticio que después se revisó


@pytest.fixture
def publicada(almacen_demostracion, monkeypatch):
    raiz = getattr(almacen_demostracion, "raiz", almacen_demostracion)
    monkeypatch.setenv("TABLERO_ALMACEN", str(raiz))
    con = duckdb.connect(str(publicacion_vigente(Almacen(raiz)).ruta), read_only=True)
    yield con
    con.close()


def test_queda_marcada_y_completa(publicada):
    delitos, primero, ultimo = publicada.execute(
        "SELECT count(DISTINCT delito), min(fecha), max(fecha) FROM delitos_municipal"
    ).fetchone()
    assert (delitos, primero, ultimo) == (23, date(2015, 1, 1), date(2026, 8, 1))
    assert publicada.execute("SELECT count(DISTINCT metodologia) FROM delitos_estatal").fetchone() == (2,)
    assert publicada.execute("SELECT count(*) > 0 FROM victimas_estatal").fetchone() == (True,)
    assert publicada.execute("SELECT count(*) FROM demostracion_verdad").fetchone()[0] == sum(
        len(a.delitos) * len(municipios_de(a.mesa)) for a in ACUERDOS
    )


def test_lo_estatal_es_la_suma_municipal_para_todo_delito_y_mes(publicada):
    distintos = publicada.execute(
        "SELECT count(*) FROM delitos_estatal e FULL JOIN (SELECT fecha, cve_ent, delito, sum(conteo) AS conteo "
        "FROM delitos_municipal GROUP BY ALL) m USING (fecha, cve_ent, delito) WHERE e.conteo IS DISTINCT FROM m.conteo"
    ).fetchone()
    assert distintos == (0,)


def test_lo_publicado_es_lo_sorteado(publicada):
    modelo = Modelo()
    datos = modelo.conteos(2021)
    suyas = modelo.hojas["subtipo"].iloc[datos.hojas].eq("Homicidio doloso").to_numpy()
    publicado = publicada.execute(
        "SELECT sum(conteo) FROM delitos_municipal WHERE delito = 'homicidio_doloso' AND year(fecha) = 2021"
    ).fetchone()[0]
    assert publicado == datos.conteos[:, suyas].sum()


def test_la_union_de_cada_acuerdo_coincide_con_pandas(publicada):
    entidades = sorted({m[:2] for a in ACUERDOS for m in municipios_de(a.mesa)})
    municipal = publicada.execute(
        "SELECT fecha, cve_mun, delito, conteo FROM delitos_municipal WHERE list_contains(?::VARCHAR[], cve_ent)",
        [entidades],
    ).df()
    canastas = publicada.execute(
        "SELECT fecha, cve_mun, 'canasta:' || canasta AS delito, conteo FROM canastas_municipal "
        "WHERE list_contains(?::VARCHAR[], cve_ent)",
        [entidades],
    ).df()
    municipal = pd.concat([municipal, canastas], ignore_index=True)
    poblacion = publicada.execute("SELECT anio, cve_mun, poblacion FROM poblacion").df()
    tabla = acuerdos.acuerdos()
    assert len(tabla) == len(ACUERDOS) + sum(r.publico for r in RECIENTES)
    assert any(d.startswith("canasta:") for delitos in tabla["delitos"] for d in delitos)
    for suyo in tabla.itertuples():
        unida = acuerdos.acuerdos_series(suyo.folio, suyo.mesa_clave)
        assert tuple(unida) == series.NOMBRES
        aparte = municipal[municipal["cve_mun"].isin(suyo.municipios) & municipal["delito"].isin(suyo.delitos)]
        aparte = aparte.assign(anio=aparte["fecha"].dt.year).merge(poblacion, on=["anio", "cve_mun"], how="left")
        aparte = aparte.sort_values(["fecha", "cve_mun", "delito"], ignore_index=True)
        assert len(unida) == len(aparte) > 0
        assert np.array_equal(unida["conteo"], aparte["conteo"])
        assert np.array_equal(unida["poblacion"], aparte["poblacion"])
        antes = unida["mes"] < pd.Timestamp(suyo.inicio_mes)
        assert np.array_equal(unida["fase"] == "antes", antes)
        base = aparte[(aparte["fecha"] < pd.Timestamp(suyo.inicio_mes))]
        base = base[base["fecha"] >= pd.Timestamp(suyo.inicio_mes) - pd.DateOffset(years=1)]["conteo"].sum()
        if pd.notna(suyo.meta_pct) and suyo.folio not in REVISADOS:
            assert unida.loc[~antes, "meta"].to_numpy() == pytest.approx(base * (1 + suyo.meta_pct / 100) / 12)
        assert unida.loc[antes, "meta"].isna().all()


def test_el_registro_de_practica_esta_completo_y_lo_sostiene_su_bitacora(publicada):
    registro = registro_vigente()
    assert registro.practica
    assert respaldo.comprobar(registro) > 700
    todos = lectura.expedientes(registro, SISTEMA)
    assert {e.cumplimiento for e in todos} == {1, 2, 3, 4, 5}
    assert any(e.verificado for e in todos)
    assert any(e.reprogramaciones for e in todos)
    assert any(e.acuerdo.plazo is None for e in todos)
    revisados = [e.acuerdo for e in todos if e.acuerdo.folio in REVISADOS]
    hoy = avance.avances(revisados, None)
    assert all(a.base_valor != hoy[a.id].base_hoy for a in revisados)
    archivos = [v for e in todos for v in e.evidencias if v.clase == "archivo"]
    assert evidencias.descargar(registro, SISTEMA, archivos[0].id)[1] == "lista-ficticia.txt"


def test_el_cambio_observado_coincide_con_una_suma_aparte(publicada):
    calculados = 0
    for a in ACUERDOS:
        cambio = acuerdos.cambio_observado(a.folio)
        assert cambio.motivo is None
        for desde, hasta, valor in (
            (cambio.antes_desde, cambio.antes_hasta, cambio.antes),
            (cambio.despues_desde, cambio.despues_hasta, cambio.despues),
        ):
            suma = publicada.execute(
                "SELECT sum(conteo) FROM delitos_municipal WHERE fecha BETWEEN ? AND ? "
                "AND list_contains(?::VARCHAR[], cve_mun) AND list_contains(?::VARCHAR[], delito)",
                [desde, hasta, list(municipios_de(a.mesa)), list(a.delitos)],
            ).fetchone()[0]
            assert suma == valor
            calculados += 1
    assert calculados == 2 * len(ACUERDOS)


def test_un_folio_ajeno_se_dice(publicada):
    with pytest.raises(acuerdos.AcuerdoDesconocido, match="99/I/2030"):
        acuerdos.cambio_observado("99/I/2030")
