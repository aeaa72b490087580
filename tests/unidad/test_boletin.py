"""El mes de un delito en cifras y en palabras, con lo que falta, los ceros y las rachas; y el PDF que no corta nada."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analisis.boletin import renglon
from analisis.periodos import mover
from informes.boletin.donde import Donde
from informes.boletin.palabras import contar_carpetas, de_un_delito, inusual, titulo
from informes.pdf_etiquetado import PdfEtiquetado

MES = date(2025, 8, 1)
DONDE = Donde("11", "Guanajuato", ("11",))


def serie(conteos, hasta="2025-08-01", provisionales=0):
    fechas = pd.date_range(end=hasta, periods=len(conteos), freq="MS")
    return pd.DataFrame(
        {
            "conteo": np.asarray(conteos, dtype=float),
            "metodologia": np.where(fechas < "2026-01-01", "CNSP/38/15", "RNID"),
            "provisional": np.arange(len(fechas)) >= len(fechas) - provisionales,
        },
        index=fechas,
    )


def dicho(r, **mas):
    return " ".join(de_un_delito("Robo a negocio", r, **mas)).replace("\u00a0", " ")


@given(st.lists(st.integers(0, 500), min_size=24, max_size=40))
def test_cada_cifra_es_la_de_la_serie(conteos):
    r = renglon(serie(conteos), MES)
    assert r.conteo == conteos[-1]
    assert [n for _, n in r.anteriores] == [conteos[-2], conteos[-3]]
    assert [m for m, _ in r.anteriores] == [mover(MES, -1), mover(MES, -2)]
    assert r.hace_un_anio == conteos[-13]
    assert r.acumulado == sum(conteos[-8:])
    assert r.acumulado_previo == sum(conteos[-20:-12])
    assert (r.alerta == "alta") == (r.conteo > r.alto)
    assert (r.alerta == "baja") == (r.conteo < r.bajo)


@given(st.lists(st.integers(0, 3), min_size=26, max_size=40))
def test_las_rachas_se_cuentan_hacia_atras_hasta_que_se_rompen(conteos):
    r = renglon(serie(conteos), MES)
    assert set(conteos[len(conteos) - r.en_cero :]) <= {0}
    assert r.en_cero == len(conteos) or conteos[-1 - r.en_cero] != 0
    lados = [np.sign(conteos[-1 - n] - conteos[-13 - n]) for n in range(len(conteos) - 12)]
    largo = abs(r.racha)
    assert set(lados[:largo]) <= {np.sign(r.racha)}
    assert largo == len(lados) or lados[largo] != np.sign(r.racha) or r.racha == 0


def test_lo_que_falta_no_es_cero_ni_se_suma():
    datos = serie([5.0] * 24).drop(pd.Timestamp("2025-03-01"))
    r = renglon(datos, MES)
    assert r.acumulado is None
    assert r.acumulado_previo == 40
    assert r.bajo is None
    assert r.en_cero == 0
    sin_mes = renglon(datos, date(2025, 3, 1))
    assert sin_mes.conteo is None
    assert dicho(sin_mes) == ""


def test_un_delito_sin_puente_no_se_compara_a_traves_de_2026():
    datos = serie([50.0] * 27, hasta="2026-03-01")
    con, sin = (renglon(datos, date(2026, 3, 1), comparable=c) for c in (True, False))
    assert con.cruza
    assert (con.hace_un_anio, con.acumulado_previo) == (50, 150)
    assert (sin.hace_un_anio, sin.acumulado_previo, sin.bajo, sin.racha) == (None, None, None, 0)
    assert sin.acumulado == 150


def test_un_mes_contra_otro_va_solo_en_carpetas_y_lo_que_va_del_anio_con_porcentaje():
    r = renglon(serie([10] * 12 + [10] * 4 + [8, 20, 18, 9, 9, 18, 9, 19], provisionales=1), MES)
    assert dicho(r) == (
        "Robo a negocio: 19 carpetas (provisional), más que en julio (9) y en junio (18). En agosto de 2024 hubo 10. "
        "De enero a agosto de 2025 van 110, 30 más (+37.5 %) que en los mismos meses de 2024."
    )


def test_con_base_chica_no_hay_porcentaje_y_los_ceros_se_dicen_con_su_racha():
    r = renglon(serie([0, 1] * 6 + [1] * 9 + [0, 0, 0]), MES)
    texto = dicho(r)
    assert "ninguna carpeta, las mismas que en julio y en junio." in texto
    assert "Van 3 meses seguidos sin carpetas." in texto
    assert "en los mismos meses de 2024, 4." in texto
    assert "%" not in texto


def test_en_enero_no_se_repite_el_mes_como_acumulado():
    assert "van" not in dicho(renglon(serie([5.0] * 24, hasta="2025-01-01"), date(2025, 1, 1)))


def test_lo_que_se_sale_de_lo_esperado_se_dice_con_su_rango_y_si_es_provisional():
    r = renglon(serie([10] * 24 + [60], provisionales=1), MES)
    assert r.alerta == "alta"
    assert f"por encima de lo que se esperaba por sus doce meses anteriores (de {r.bajo} a {r.alto})" in dicho(r)
    assert dicho(r).endswith("y el mes todavía se corrige.")
    assert len(inusual([("Robo a negocio", r)])) == 2
    assert "Ninguno quedó fuera" in inusual([("Otro", renglon(serie([10] * 25), MES))])[0]
    assert "Se comparó 1 delito" in inusual([("Otro", renglon(serie([10] * 25), MES))])[0]
    assert "No se puede decir" in inusual([("Otro", renglon(serie([10] * 5), MES))])[0]


def test_el_rango_ya_publicado_manda():
    r = renglon(serie([10] * 25), MES, rango=(20, 30))
    assert (r.bajo, r.alto, r.alerta) == (20, 30, "baja")


@pytest.mark.parametrize(
    ("finales", "dice"),
    [
        ([(5, 9), (5, 3), (4, 4)], "más carpetas en 1 de 3 delitos, menos en 1 y las mismas en 1, contra julio"),
        ([(5, 3), (4, 4)], "menos carpetas en 1 de 2 delitos y las mismas en 1, contra julio"),
        ([(4, 4), (1, 1)], "las mismas carpetas en los 2 delitos, contra julio"),
        ([(9, 7)], "7 carpetas por robo 0, 2 menos que en julio de 2025 (9)"),
        ([(np.nan, 7), (np.nan, 1)], "2 delitos con cifra; el mes anterior no está publicado y no se compara"),
    ],
)
def test_el_titulo_cuenta_lo_que_subio_y_lo_que_bajo(finales, dice):
    pares = [(f"Robo {n}", renglon(serie([2.0] * 22 + list(dos)), MES)) for n, dos in enumerate(finales)]
    assert titulo(DONDE, MES, pares) == f"Guanajuato, agosto de 2025: {dice}"


def test_una_mesa_se_dice_por_sus_municipios():
    assert Donde("mesa-x", "La Laguna", ("05035", "10007")).en_frase == "los municipios de la Mesa La Laguna"
    assert Donde("mesa-y", "Mesa de prueba", ("05035",)).en_frase == "los municipios de la Mesa de prueba"
    assert Donde("mesa-x", "La Laguna", ("05035", "10007")).ambito == "municipal"
    assert [contar_carpetas(n) for n in (0, 1, 1205)] == ["ninguna carpeta", "1 carpeta", "1,205 carpetas"]


def test_el_pdf_etiquetado_da_siempre_los_mismos_bytes_y_no_deja_partir_un_bloque():
    def hacer():
        pdf = PdfEtiquetado("Título", "Asunto", 0.6)
        pdf.add_page()
        pdf.set_font("Atkinson", "", 10)
        with pdf.grupo("/Table"), pdf.grupo("/TR"), pdf.contenido("/TD"):
            pdf.escribir(pdf.renglones("Violencia familiar −3.2 % «n. d.» " * 9, 3), 3, 0.2)
        return pdf

    assert hacer().a_bytes() == hacer().a_bytes()
    pdf = hacer()
    with pytest.raises(AssertionError, match="cambiar de página"), pdf.contenido("/P"):
        pdf.add_page()
