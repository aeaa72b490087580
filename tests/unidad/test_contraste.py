"""Contrastar una cifra: identidades de los porcentajes, el redondeo con que se juzga y lo que no se compara."""

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analisis import contraste as c
from analisis.periodos import Periodo, anio, doce_meses_a, en_tramos, faltantes, mover

CONTEOS = st.lists(st.integers(0, 4000), min_size=24, max_size=24)


def serie(conteos, desde="2018-01-01", personas=1_000_000.0):
    fechas = pd.date_range(desde, periods=len(conteos), freq="MS")
    return pd.DataFrame({"conteo": np.asarray(conteos, dtype=float), "personas": personas}, index=fechas)


@given(CONTEOS)
def test_el_porcentaje_rehace_el_segundo_conteo_y_al_reves_se_deshace(conteos):
    datos = serie(conteos)
    a, b = sum(conteos[:12]), sum(conteos[12:])
    ida = c.comparar(datos, anio(2018), anio(2019), c.SUMA)
    vuelta = c.comparar(datos, anio(2019), anio(2018), c.SUMA)
    assert (ida.conteo_antes, ida.conteo_despues, ida.diferencia) == (a, b, b - a)
    assert vuelta.diferencia == -ida.diferencia
    assert math.isnan(ida.cambio_pct) == (a < 20)
    if a >= 20:
        assert a * (1 + ida.cambio_pct / 100) == pytest.approx(b)
        if b >= 20:
            assert (1 + ida.cambio_pct / 100) * (1 + vuelta.cambio_pct / 100) == pytest.approx(1)
            assert ida.bajo <= ida.cambio_pct <= ida.alto
            # el intervalo de la vuelta es el de la ida, volteado
            assert (1 + ida.bajo / 100) * (1 + vuelta.alto / 100) == pytest.approx(1)


@given(CONTEOS, st.integers(2, 9))
def test_multiplicar_la_poblacion_no_mueve_el_cambio_y_duplicarla_despues_lo_parte(conteos, veces):
    if sum(conteos[:12]) < 20:
        return
    base = c.comparar(serie(conteos), anio(2018), anio(2019), c.POR_HABITANTE)
    otra = c.comparar(serie(conteos, personas=veces * 1e6), anio(2018), anio(2019), c.POR_HABITANTE)
    crecida = c.comparar(
        serie(conteos, personas=np.r_[np.full(12, 1e6), np.full(12, veces * 1e6)]), anio(2018), anio(2019), "tasa"
    )
    assert otra.cambio_pct == pytest.approx(base.cambio_pct)
    assert otra.valor_antes == pytest.approx(base.valor_antes / veces)
    assert 1 + crecida.cambio_pct / 100 == pytest.approx((1 + base.cambio_pct / 100) / veces)


def test_una_tasa_mensual_pareja_no_cambia_por_dia_aunque_los_periodos_duren_distinto():
    fechas = pd.date_range("2018-01-01", periods=24, freq="MS")
    datos = serie(fechas.days_in_month * 3)
    corto = Periodo(date(2019, 1, 1), date(2019, 3, 1))
    por_dia = c.comparar(datos, anio(2018), corto, c.POR_DIA)
    suma = c.comparar(datos, anio(2018), corto, c.SUMA)
    assert por_dia.cambio_pct == pytest.approx(0)
    assert por_dia.pareja
    assert not suma.pareja
    assert suma.cambio_pct == pytest.approx(100 * (90 / 365 - 1))


def test_el_intervalo_es_mas_ancho_si_los_meses_varian_mas_y_nunca_menos_que_poisson():
    parejo, disparejo = np.full(24, 100), np.tile([20, 180], 12)
    uno, otro = (c.comparar(serie(x), anio(2018), anio(2019), c.SUMA) for x in (parejo, disparejo))
    assert uno.dispersion == 1.0
    assert otro.dispersion > 20
    assert otro.alto - otro.bajo > 4 * (uno.alto - uno.bajo)
    # a mano: t de Student con 22 grados sobre el error de Poisson del logaritmo
    assert math.log(1 + uno.alto / 100) == pytest.approx(2.0738730679040147 * math.sqrt(2 / 1200))


@pytest.mark.parametrize("dispersion", [1.0, 6.0])
def test_donde_nada_cambio_el_intervalo_contiene_el_cero_casi_siempre(dispersion):
    """Meses independientes de la misma media: 95 % nominal; con la de Poisson sola fallaría la mitad de las veces."""
    azar = np.random.default_rng(20261126)
    media, veces = 150, 1500
    n = media / (dispersion - 1) if dispersion > 1 else None
    conteos = azar.negative_binomial(n, n / (n + media), (veces, 24)) if n else azar.poisson(media, (veces, 24))
    dentro = de_poisson = 0
    for fila in conteos:
        hecho = c.comparar(serie(fila), anio(2018), anio(2019), c.SUMA)
        dentro += hecho.bajo <= 0 <= hecho.alto
        ancho = 1.96 * math.sqrt(1 / hecho.conteo_antes + 1 / hecho.conteo_despues)
        de_poisson += abs(math.log(1 + hecho.cambio_pct / 100)) <= ancho
    print(f"\ndispersión {dispersion}: contiene el cero {dentro / veces:.1%}; Poisson, {de_poisson / veces:.1%}")
    assert 0.935 <= dentro / veces <= 0.985  # nunca menos que Poisson: sin sobredispersión es prudente
    assert dispersion == 1.0 or de_poisson / veces < 0.7


@given(st.integers(0, 2**32 - 1))
def test_un_periodo_corto_mide_su_variacion_en_los_doce_meses_que_terminan_con_el(semilla):
    conteos = np.random.default_rng(semilla).poisson(200, 36)
    datos = serie(conteos)
    marzo = Periodo(date(2020, 3, 1), date(2020, 3, 1))
    _, grados = c.dispersion_de(datos, marzo.mover(-12), marzo)
    assert grados == 22
    assert c.dispersion_de(datos.iloc[14:], marzo.mover(-12), marzo)[1] == 11  # del primero solo está su mes


@pytest.mark.parametrize(
    ("escrita", "unidad", "abarca", "no_abarca"),
    [
        ("40", "pct", [-39.5, -40.0, -40.5], [-39.4, -40.6]),
        ("40.5", "pct", [-40.45, -40.55], [-40.4, -40.6]),
        ("40 %", "pct", [-40.2], [40.0]),
        ("12,000", "carpetas", [-11_500, -12_500], [-11_499, -12_501]),
        ("1,912", "carpetas", [-1912], [-1911, -1913]),
        ("20", "carpetas", [-19, -20, -21], [-18, -22]),
        ("", "mitad", [-45.0, -55.0], [-44.9, -55.1]),
    ],
)
def test_una_cifra_coincide_con_lo_que_se_redondea_a_ella(escrita, unidad, abarca, no_abarca):
    cifra = c.leer_cifra(escrita, unidad, "baja")
    assert {cifra.juzgar(x) for x in abarca} == {c.COINCIDE}
    assert c.COINCIDE not in {cifra.juzgar(x) for x in no_abarca}


@given(st.floats(-99, 400, allow_nan=False), st.integers(0, 2))
def test_toda_cifra_escrita_como_el_cambio_redondeado_coincide_con_el(cambio, decimales):
    escrita = f"{abs(cambio):.{decimales}f}"
    if float(escrita) == 0 or (cambio < 0 and float(escrita) > 100):
        return
    cifra = c.leer_cifra(escrita, "pct", "baja" if cambio < 0 else "alza")
    assert cifra.juzgar(cambio) == c.COINCIDE
    assert cifra.juzgar(-cambio) == c.CONTRARIA


def test_cerca_es_un_decimo_y_al_reves_es_otra_direccion():
    cifra = c.leer_cifra("40", "pct", "baja")
    dichos = [cifra.juzgar(x) for x in (-43.9, -44.1, -36.1, -35.9, 0.0, 40.0, float("nan"))]
    assert dichos == [c.CERCA, c.OTRA, c.CERCA, c.OTRA, c.CONTRARIA, c.CONTRARIA, c.SIN_JUICIO]


@pytest.mark.parametrize(
    ("texto", "unidad", "direccion", "dice"),
    [
        ("", "pct", "baja", "falta la cifra"),
        ("cuarenta", "pct", "baja", "no es una cifra"),
        ("-40", "pct", "baja", "no es una cifra"),
        ("1,9", "pct", "baja", "no es una cifra"),
        ("nan", "pct", "baja", "no es una cifra"),
        ("0", "pct", "alza", "cero"),
        ("120", "pct", "baja", "más de 100"),
        ("12.5", "carpetas", "baja", "enteras"),
        ("", "mitad", "alza", "solo dice una baja"),
    ],
)
def test_lo_que_no_es_una_cifra_se_rechaza_con_su_motivo(texto, unidad, direccion, dice):
    with pytest.raises(c.CifraInvalida, match=dice):
        c.leer_cifra(texto, unidad, direccion)


def test_lo_que_falta_no_es_cero():
    datos = serie(np.full(24, 5.0))
    datos.loc["2019-04-01", "conteo"] = np.nan
    with pytest.raises(ValueError, match="no es cero"):
        c.comparar(datos, anio(2018), anio(2019), c.SUMA)
    with pytest.raises(ValueError, match="población"):
        c.comparar(serie(np.full(24, 5.0), personas=np.nan), anio(2018), anio(2019), c.POR_HABITANTE)


def test_de_cero_no_hay_porcentaje_y_a_cero_hay_cambio_sin_intervalo():
    de_cero = c.comparar(serie([0] * 12 + [9] * 12), anio(2018), anio(2019), c.SUMA)
    assert (de_cero.conteo_antes, de_cero.diferencia) == (0, 108)
    assert math.isnan(de_cero.cambio_pct)
    a_cero = c.comparar(serie([9] * 12 + [0] * 12), anio(2018), anio(2019), c.SUMA)
    assert a_cero.cambio_pct == -100
    assert math.isnan(a_cero.bajo)


def test_los_puntos_de_partida_son_los_anios_completos_anteriores():
    datos = serie(np.arange(60), desde="2015-01-01")
    partidas = c.puntos_de_partida(datos.drop(datos.index[14]), anio(2017), doce_meses_a(date(2019, 11, 1)))
    assert [p.antes for p in partidas] == [anio(2015), anio(2017)]  # a 2016 le falta un mes y 2018 toca al segundo
    assert {p.despues for p in partidas} == {doce_meses_a(date(2019, 11, 1))}


def test_los_mismos_meses_son_los_del_ultimo_anio():
    assert c.mismos_meses(anio(2018), doce_meses_a(date(2024, 11, 1))) == (
        Periodo(date(2018, 1, 1), date(2018, 11, 1)),
        Periodo(date(2024, 1, 1), date(2024, 11, 1)),
    )
    assert c.mismos_meses(Periodo(date(2018, 1, 1), date(2018, 3, 1)), anio(2024)) is None


def test_los_periodos_se_dicen_y_se_cuentan():
    assert anio(2018).texto() == "2018"
    assert doce_meses_a(date(2024, 11, 1)).texto() == "los 12 meses a noviembre de 2024"
    assert Periodo(date(2024, 11, 1), date(2025, 2, 1)).corto() == "nov 2024–feb 2025"
    assert Periodo(date(2024, 1, 1), date(2024, 3, 1)).corto() == "ene–mar 2024"
    assert anio(2024).dias == 366
    assert Periodo(date(2024, 3, 1), date(2024, 1, 1)).largo == -1
    assert faltantes(anio(2024), set(anio(2024).meses) - {date(2024, 5, 1)}) == [date(2024, 5, 1)]
    assert en_tramos([date(2024, 11, 1), date(2024, 12, 1), date(2025, 3, 1)]) == [
        (date(2024, 11, 1), date(2024, 12, 1)),
        (date(2025, 3, 1), date(2025, 3, 1)),
    ]


@given(st.dates(date(1990, 1, 1), date(2050, 1, 1)), st.integers(-500, 500))
def test_mover_meses_se_deshace(dia, meses):
    mes = dia.replace(day=1)
    assert mover(mover(mes, meses), -meses) == mes
    assert Periodo(mes, mover(mes, meses)).largo == meses + 1
