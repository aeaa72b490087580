"""Cada frase dice solo lo que hay en los datos, con gramática de uno y de muchos y sin palabras que atribuyan causas."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analisis import frases

PROHIBIDAS = ("gracias a", "provocó", "eficaz", "fracasó", "delincuencia", "nan", "None", "inf")
CONTEO = st.one_of(st.none(), st.integers(0, 300_000))
FECHA = st.dates(date(2015, 1, 1), date(2030, 12, 1))
DELITO = st.sampled_from(["Homicidio doloso", "Total de delitos", "Canasta «Once delitos ciudadanos»", "Extorsión"])
LUGAR = st.sampled_from(["México", "Estado de México", "León, Guanajuato", "Ciudad de México"])


PORCENTAJE = re.compile(r"[+−]?[\d,]+\.\d\s%")


def numeros(frase):
    return {int(n.replace(",", "")) for n in re.findall(r"\d[\d,]*", PORCENTAJE.sub("", frase))}


def exigir(frase, permitidos):
    assert not [p for p in PROHIBIDAS if p in frase.lower() or p in frase]
    assert numeros(frase) <= permitidos, frase
    assert "  " not in frase
    assert not re.search(r"(?<![\d,])1 (carpetas|meses|estados)\b", frase), frase


@given(CONTEO, CONTEO, FECHA, DELITO, LUGAR)
def test_doce_meses_solo_dice_sus_numeros(conteo, previo, cierre, delito, lugar):
    frase = frases.doce_meses(conteo, previo, cierre, delito, lugar)
    permitidos = {12, cierre.year} | {n for n in (conteo, previo) if n is not None}
    if conteo is not None and previo is not None:
        permitidos.add(abs(conteo - previo))
    exigir(frase, permitidos)
    assert ("%" in frase) <= (conteo is not None and previo is not None and previo >= 20 and conteo != previo)


@given(st.integers(0, 5000), CONTEO, FECHA, DELITO, LUGAR, st.booleans())
def test_un_mes_solo_dice_sus_numeros(conteo, previo, fecha, delito, lugar, provisional):
    frase = frases.un_mes(conteo, fecha, delito, lugar, previo=previo, provisional=provisional)
    permitidos = {conteo, fecha.year} | ({previo, abs(conteo - previo)} if previo is not None else set())
    exigir(frase, permitidos)
    assert ("provisional" in frase) == provisional
    assert ("%" in frase) <= (previo is not None and previo >= 20)


@given(st.lists(st.integers(0, 2478), min_size=4, max_size=4))
def test_el_reparto_cuenta_a_todos(cuentas):
    por_etiqueta = dict(zip(frases.ETIQUETAS, cuentas, strict=True))
    frase = frases.reparto(por_etiqueta, "estado", "estados")
    exigir(frase, {*cuentas, sum(cuentas)})
    if any(cuentas[:3]):
        assert sum(int(n.replace(",", "")) for n in re.findall(r"en ([\d,]*\d)", frase)) == sum(cuentas)


@given(*[st.integers(0, 2478)] * 4)
def test_subieron_y_bajaron_cuenta_a_todos(bajaron, subieron, iguales, sin_comparar):
    frase = frases.subieron_y_bajaron(bajaron, subieron, iguales, sin_comparar, "municipio", "municipios")
    exigir(frase, {bajaron, subieron, iguales, sin_comparar})
    if bajaron + subieron + iguales:
        assert sum(int(n.replace(",", "")) for n in re.findall(r"en ([\d,]*\d)", frase)) == (
            bajaron + subieron + iguales + sin_comparar
        )


@pytest.mark.parametrize(
    ("conteo", "previo", "dicho"),
    [
        (25_574, 25_480, "94 más (+0.4\N{NO-BREAK SPACE}%)"),
        (20, 40, "20 menos (−50.0\N{NO-BREAK SPACE}%)"),
        (9, 4, "de 4 a 9"),
        (0, 12, "de 12 a 0"),
        (7, 7, "las mismas"),
        (300, 300, "las mismas"),
    ],
)
def test_la_comparacion_cuida_las_bases_chicas(conteo, previo, dicho):
    assert frases.comparacion(conteo, previo) == dicho


@pytest.mark.parametrize(
    ("conteo", "dicho"),
    [
        (0, "no se abrió ninguna carpeta"),
        (1, "se abrió 1 carpeta"),
        (2345, "se abrieron 2,345 carpetas"),
    ],
)
def test_abrir_concuerda(conteo, dicho):
    assert frases.abiertas(conteo) == dicho


@pytest.mark.parametrize(
    ("meses", "dicho"),
    [
        (-7, "7 meses seguidos por debajo del mismo mes del año anterior"),
        (3, "3 meses seguidos por encima del mismo mes del año anterior"),
        (1, ""),
        (0, ""),
        (None, ""),
    ],
)
def test_la_racha_se_cuenta_desde_dos(meses, dicho):
    assert frases.racha(meses) == dicho


def test_los_lugares_con_articulo():
    assert frases.en("Estado de México") == "en el Estado de México"
    assert frases.en("Hidalgo") == "en Hidalgo"
    assert frases.por("Total de delitos") == "por todos los delitos"
    assert frases.por("Extorsión") == "por extorsión"


@given(st.integers(0, 5000), st.integers(0, 4000), st.integers(0, 500), FECHA, DELITO, LUGAR, st.booleans())
def test_fuera_de_rango_dice_el_conteo_y_el_rango(conteo, bajo, ancho, fecha, delito, lugar, provisional):
    frase = frases.fuera_de_rango(conteo, bajo, bajo + ancho, fecha, delito, lugar, provisional=provisional)
    exigir(frase, {conteo, fecha.year, bajo, bajo + ancho})
    assert ("provisional" in frase) == provisional
    assert frase.endswith(f"de {bajo:,} a {bajo + ancho:,}" if ancho else f" {bajo:,}")


@given(st.integers(0, 60_000), st.integers(0, 900), st.integers(0, 900), st.floats(0, 900), st.floats(0, 900))
def test_el_recuento_de_alertas_pone_el_azar_al_lado(comparadas, altas, bajas, azar_altas, azar_bajas):
    frase = frases.recuento_de_alertas(comparadas, altas, bajas, azar_altas, azar_bajas)
    exigir(frase, {comparadas, altas, bajas, 1, int(f"{azar_altas:.0f}"), int(f"{azar_bajas:.0f}")})
    assert ("sin nada raro" in frase) == (comparadas > 0)


@given(st.integers(1, 3), FECHA, CONTEO, CONTEO)
def test_sin_provisionales_solo_dice_sus_numeros(cuantos, cierre, conteo, previo):
    frase = frases.sin_provisionales(cuantos, cierre, conteo, previo)
    hay = conteo is not None and previo is not None
    exigir(frase, {cuantos, 12, cierre.year} | ({conteo, previo, abs(conteo - previo)} if hay else set()))
    assert ("%" in frase) <= (hay and previo >= 20)


@given(st.integers(1, 300), st.floats(0, 40), st.floats(0, 40))
def test_cuanto_se_mueve_un_mes_dice_de_cuantas_cifras_sale(cifras, mediana, mas):
    frase = frases.cuanto_se_mueve(cifras, mediana, mediana + mas)
    assert f"{mediana:.1f}" in frase
    assert (f"{cifras:,} cifras" in frase) == (cifras > 1)
    assert not [p for p in PROHIBIDAS if p in frase]


@given(st.floats(0.01, 50), st.floats(0.01, 50), st.floats(0.01, 50), st.floats(0, 1))
def test_el_cambio_estimado_trae_su_intervalo_y_nunca_la_certeza(razon, bajo, alto, prob):
    frase = frases.estimado(razon, bajo, alto, prob)
    assert "IC 95" in frase
    assert not re.search(r"\b(100|0)\N{NO-BREAK SPACE}%$", frase)
    assert not [p for p in PROHIBIDAS if p in frase]


@given(st.floats(0, 900), st.floats(0, 400), st.floats(0, 400), st.sampled_from(["estado", "municipio"]))
def test_el_lugar_en_el_embudo_se_dice_con_su_rango(tasa, bajo, ancho, que):
    frase = frases.lugar_en_el_embudo(tasa, bajo, bajo + ancho, que)
    assert ("dentro" in frase) == (bajo <= tasa <= bajo + ancho)
    assert f"{bajo:,.1f} a {bajo + ancho:,.1f}" in frase


def test_las_oraciones_seguidas_no_repiten_punto_ni_dejan_huecos():
    assert (
        frases.seguidas(["a la baja en 3 estados", "", "No dice por qué."])
        == "A la baja en 3 estados. No dice por qué."
    )
