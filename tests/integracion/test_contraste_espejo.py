"""Contrastar con cifras oficiales: cada manera, rehecha por fuera con SQL y pandas."""

from datetime import date

import pandas as pd
import pytest

from analisis.contraste import COINCIDE, POR_DIA, POR_HABITANTE, SUMA
from analisis.periodos import Periodo, anio, doce_meses_a
from datos.almacen import Almacen
from datos.consultas.contexto import contexto
from graficas.impresas import FORMAS
from informes.contraste import Declaracion, NoSeContrasta, contrastar, historia
from informes.contraste.palabras import cautelas, de_partida, titulo, veredicto
from informes.fuente import frases_de_fuente
from tests.integracion.base import consulta


@pytest.fixture
def almacen(almacen_espejo, monkeypatch):
    monkeypatch.setenv("TABLERO_ALMACEN", str(almacen_espejo))
    return Almacen(almacen_espejo)


def declaracion(antes=None, despues=None, cifra="40", **mas):
    base = {
        "delito": "homicidio_doloso",
        "lugar": "00",
        "antes": antes or anio(2018),
        "despues": despues or doce_meses_a(date(2024, 11, 1)),
        "direccion": "baja",
        "unidad": "pct",
        "cifra": cifra,
        "desde_un_anio": antes is None,
    }
    return Declaracion(**{**base, **mas})


def por_mes(almacen, tabla="delitos_estatal"):
    filas = consulta(
        almacen,
        f"SELECT fecha, sum(conteo) FROM {tabla} WHERE delito = 'homicidio_doloso' GROUP BY fecha ORDER BY fecha",
    )
    return pd.Series({pd.Timestamp(f): int(n) for f, n in filas})


def test_cada_manera_de_contar_el_homicidio_desde_2018(almacen):
    hecho = contrastar(declaracion())
    carpetas, victimas = por_mes(almacen), por_mes(almacen, "victimas_estatal")
    poblacion = dict(consulta(almacen, "SELECT anio, sum(poblacion) FROM poblacion GROUP BY anio"))
    doce = slice("2023-12-01", "2024-11-01")
    a, b = carpetas["2018"].sum(), carpetas[doce].sum()
    habitantes = (poblacion[2023] + 11 * poblacion[2024]) / 12
    esperado = {
        ("carpetas", SUMA, "2018", "12 meses a nov 2024"): b / a,
        ("carpetas", POR_DIA, "2018", "12 meses a nov 2024"): (b / 366) / (a / 365),
        ("carpetas", POR_HABITANTE, "2018", "12 meses a nov 2024"): (b / habitantes) / (a / poblacion[2018]),
        ("carpetas", SUMA, "2018", "2023"): carpetas["2023"].sum() / a,
        ("carpetas", POR_HABITANTE, "2018", "2023"): (carpetas["2023"].sum() / poblacion[2023]) / (a / poblacion[2018]),
        ("carpetas", SUMA, "ene–nov 2018", "ene–nov 2024"): carpetas["2024"].sum()
        / carpetas["2018-01-01":"2018-11-01"].sum(),
        ("víctimas", SUMA, "2018", "12 meses a nov 2024"): victimas[doce].sum() / victimas["2018"].sum(),
        ("víctimas", SUMA, "2018", "2023"): victimas["2023"].sum() / victimas["2018"].sum(),
    }
    hallado = {
        (m.unidad, m.comparacion.medida, m.comparacion.antes.corto(), m.comparacion.despues.corto()): 1
        + m.comparacion.cambio_pct / 100
        for m in hecho.maneras
    }
    assert hallado == pytest.approx(esperado)
    assert len(carpetas["2024"]) == 11  # a 2024 le falta diciembre: por eso el último año completo es 2023
    assert veredicto(hecho).replace("\u00a0", " ") == (
        "Ninguna forma de contar da una baja de 40 %: van de −10.8 % a −16.5 %. La dirección coincide, la magnitud no"
    )


def test_la_dispersion_es_la_de_pearson_de_los_meses(almacen):
    manera = contrastar(declaracion()).maneras[0].comparacion
    carpetas = por_mes(almacen)
    pearson = 0.0
    for meses in (carpetas["2018"], carpetas["2023-12-01":"2024-11-01"]):
        dias = meses.index.days_in_month.to_numpy()
        esperado = meses.sum() * dias / dias.sum()
        pearson += ((meses - esperado) ** 2 / esperado).sum()
    assert manera.dispersion == pytest.approx(pearson / 22)


def test_los_puntos_de_partida_son_los_totales_de_cada_anio(almacen):
    hecho = contrastar(declaracion())
    anuales = consulta(
        almacen,
        "SELECT year(fecha), sum(conteo) FROM delitos_estatal WHERE delito = 'homicidio_doloso' AND year(fecha) < 2023 "
        "GROUP BY 1 ORDER BY 1",
    )
    assert [(p.antes.desde.year, p.conteo_antes) for p in hecho.partidas] == [(a, int(n)) for a, n in anuales]
    assert "2018 es el 2.º más alto de los 8" in de_partida(hecho)  # el mayor es 2019


def test_la_cifra_que_sale_de_una_sola_manera_se_dice_con_cual(almacen):
    carpetas = por_mes(almacen)
    diferencia = int(carpetas["2018"].sum() - carpetas["2023"].sum())
    hecho = contrastar(declaracion(anio(2018), anio(2023), f"{diferencia:,}", unidad="carpetas"))
    assert [m.nombre for m in hecho.maneras if m.juicio == COINCIDE] == ["Carpetas: 2018 y 2023"]
    assert veredicto(hecho).startswith(
        f"La cifra, una baja de {diferencia:,} carpetas, coincide con contar las carpetas"
    )


def test_las_revisiones_son_las_de_la_base(almacen):
    (revision,) = [r for r in contrastar(declaracion()).revisiones if r.periodo == anio(2018)]
    ((neto,),) = consulta(
        almacen,
        "SELECT sum(despues - antes) FROM revisiones WHERE delito = 'homicidio_doloso' AND year(fecha) = 2018 "
        "AND cve_mun IS NULL",
    )
    assert revision.despues - revision.antes == neto
    assert revision.despues == por_mes(almacen)["2018"].sum()


def test_lo_provisional_y_el_cambio_de_metodologia_se_dicen(almacen):
    hecho = contrastar(
        declaracion(Periodo(date(2024, 1, 1), date(2024, 3, 1)), Periodo(date(2026, 1, 1), date(2026, 3, 1)))
    )
    avisos = " ".join(cautelas(hecho))
    assert "3 meses así" in avisos
    assert "cruza enero de 2026" in avisos
    assert "pasó de 1,369 a 1,392 (+23)" in avisos
    assert any("12 meses a mar 2026" in s and "9 meses por publicar" in s for s in hecho.sin_contar)


@pytest.mark.parametrize(
    ("mas", "dicen"),
    [
        ({"despues": anio(2024)}, ["el mes de diciembre de 2024"]),
        ({"despues": anio(2025)}, ["de enero a diciembre de 2025"]),
        ({"despues": anio(2017)}, ["intercámbielos"]),
        ({"despues": anio(2018)}, ["se enciman de enero a diciembre de 2018"]),
        ({"despues": Periodo(date(2024, 3, 1), date(2024, 1, 1))}, ["está al revés"]),
        (
            {"despues": Periodo(date(2026, 1, 1), date(2026, 6, 1))},
            ["todavía no se publican (de abril a junio de 2026)"],
        ),
        ({"lugar": "20001", "delito": "robo_vehiculo", "despues": anio(2023)}, ["por municipio en Abejones"]),
        (
            {"delito": "total", "despues": Periodo(date(2026, 1, 1), date(2026, 6, 1)), "cifra": "120"},
            ["más de 100", "todavía no se publican", "no se compara a través de enero de 2026"],
        ),
    ],
)
def test_lo_que_no_se_puede_contrastar_se_rechaza_con_todos_sus_motivos(almacen, mas, dicen):
    with pytest.raises(NoSeContrasta) as causa:
        contrastar(declaracion(anio(2018), **mas))
    problemas = causa.value.problemas
    assert len(problemas) == len(dicen)
    for dice in dicen:
        assert any(dice in p.replace("\u00a0", " ") for p in problemas), problemas


def test_con_base_chica_solo_se_dicen_los_dos_conteos(almacen):
    hecho = contrastar(declaracion(anio(2018), anio(2023), "", lugar="06", delito="secuestro", unidad="mitad"))
    ((a, b),) = consulta(
        almacen,
        "SELECT sum(conteo) FILTER (year(fecha) = 2018), sum(conteo) FILTER (year(fecha) = 2023) FROM delitos_estatal "
        "WHERE delito = 'secuestro' AND cve_ent = '06'",
    )
    assert 0 < a < 20
    assert f"{a} carpetas en 2018 y {b} en 2023" in titulo(hecho)
    assert "%" not in titulo(hecho)


@pytest.mark.parametrize("forma", FORMAS.values(), ids=FORMAS)
@pytest.mark.parametrize("unidad", ["pct", "carpetas"])
def test_la_figura_cabe_en_toda_forma_con_sus_fuentes(almacen, forma, unidad):
    hecho = contrastar(declaracion(unidad=unidad))
    pie = [
        *frases_de_fuente(contexto(), hecho.ambitos, hecho.desde, hecho.hasta),
        "Vista viva: http://ejemplo/contrastar?x",
    ]
    lienzo = historia(hecho, pie=pie, demostracion=False).en(forma)
    textos = " ".join(t.get_text() for t in lienzo.textos)
    assert "se dijo: una baja de 40" in textos
    assert "25,574" in textos or unidad == "carpetas"
