"""El veredicto habla de la cifra y no de quien la dijo: con qué manera sale, de cuánto a cuánto van, y sus casos límite."""

import numpy as np
import pandas as pd
import pytest

from analisis.contraste import SUMA, comparar, leer_cifra, puntos_de_partida
from analisis.periodos import anio
from informes.contraste.componer import Contraste, Manera
from informes.contraste.declaracion import Declaracion
from informes.contraste.palabras import de_partida, deja_fuera, juicio_en_palabras, titulo, veredicto

DE_PERSONAS = ("mintió", "miente", "falso", "verdad", "engaña", "autoridad", "exagera")


def contraste(totales, cifra="40", unidad="pct", direccion="baja", medidas=(SUMA, "tasa"), personas=None):
    """2018 contra 2019 (o los años que haya), con esos totales repartidos por igual entre los meses."""
    fechas = pd.date_range("2018-01-01", periods=12 * len(totales), freq="MS")
    conteos = np.concatenate([np.r_[t - 11 * (t // 12), np.full(11, t // 12)] for t in totales]).astype(float)
    habitantes = np.repeat(personas if personas is not None else np.full(len(totales), 1e6), 12)
    serie = pd.DataFrame({"conteo": conteos, "personas": habitantes}, index=fechas)
    antes, despues = anio(2018), anio(2018 + len(totales) - 1)
    leida = leer_cifra(cifra, unidad, direccion) if cifra or unidad == "mitad" else None
    maneras = []
    for medida in medidas:
        hallada = comparar(serie, antes, despues, medida)
        manera = Manera(f"Carpetas ({medida})", "carpetas", hallada, "")
        juicio = leida.juzgar(manera.hallado(leida.en_porcentaje)) if leida else "no se puede decir"
        maneras.append(Manera(manera.nombre, "carpetas", hallada, juicio))
    declaracion = Declaracion("homicidio_doloso", "11", antes, despues, direccion, unidad, cifra)
    partidas = tuple(puntos_de_partida(serie, antes, despues))
    return Contraste(declaracion, leida, tuple(maneras), partidas, (), (), 0, ("CNSP/38/15",))


def dicho(*args, **mas):
    return veredicto(contraste(*args, **mas)).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("totales", "mas", "esperado"),
    [
        (
            (1200, 720),
            {},
            "La cifra, una baja de 40 %, coincide con contar las carpetas de 2018 contra 2019 (y de 1 manera más)",
        ),
        (
            (1200, 936),
            {},
            "Ninguna forma de contar da una baja de 40 %: todas dan −22.0 %. La dirección coincide, la magnitud no",
        ),
        ((1200, 740), {}, "la más cercana, las carpetas de 2018 contra 2019, da −38.3 %"),
        (
            (1200, 1500),
            {},
            "La dirección no coincide: se dijo una baja de 40 % y, contado de 2 maneras, el cambio es +25.0 %",
        ),
        ((1200, 1200), {}, "La dirección no coincide"),
        ((1200, 600), {"cifra": "", "unidad": "mitad"}, "La cifra, una baja a la mitad, coincide"),
        ((1200, 0), {"cifra": "100"}, "La cifra, una baja de 100 %, coincide"),
        ((0, 30), {"direccion": "alza"}, "De cero no se calcula porcentaje: 0 carpetas en 2018 y 30 en 2019"),
        (
            (12, 30),
            {"direccion": "alza"},
            "Con menos de 20 carpetas de partida no se juzga un porcentaje: 12 carpetas en 2018",
        ),
        (
            (12, 30),
            {"cifra": "18", "unidad": "carpetas", "direccion": "alza"},
            "La cifra, un alza de 18 carpetas, coincide",
        ),
        ((1200, 936), {"cifra": ""}, "Homicidio doloso en Guanajuato, 2018 contra 2019: el cambio es −22.0 %"),
    ],
)
def test_cada_veredicto(totales, mas, esperado):
    assert esperado in dicho(totales, **mas)


def test_si_solo_sale_de_una_manera_dice_cual_y_de_cuanto_a_cuanto_van_las_demas():
    texto = dicho((1200, 1200), cifra="20", personas=[1e6, 1.25e6])
    assert texto == (
        "La cifra, una baja de 20 %, coincide con contar las carpetas por cada 100 mil habitantes de 2018 contra 2019; contado "
        "de otras maneras, el cambio es 0.0 %"
    )


def test_si_van_en_las_dos_direcciones_se_dice_de_una_a_otra():
    texto = dicho((1200, 1260), cifra="40", direccion="alza", personas=[1e6, 1.25e6])
    assert "no todas van en la misma dirección: van de −16.0 % a +5.0 %" in texto


def test_un_anio_escogido_por_alto_queda_a_la_vista():
    frase = de_partida(contraste((1200, 700, 690, 720)))
    assert frase == (
        "2018 es el más alto de los 3 puntos de partida posibles: desde ahí toda baja se ve más grande. La cifra declarada sale "
        "partiendo de 2018"
    )
    assert "2018 es el más bajo" in de_partida(contraste((600, 700, 690, 720)))
    assert "No hay otro punto de partida" in de_partida(contraste((1200, 720)))


@pytest.mark.parametrize("totales", [(1200, 720), (1200, 936), (0, 9), (12, 30), (1200, 1500)])
@pytest.mark.parametrize("cifra", ["40", ""])
def test_nunca_se_habla_de_quien_lo_dijo(totales, cifra):
    hecho = contraste(totales, cifra=cifra)
    todo = " ".join([titulo(hecho), *deja_fuera(hecho), *(juicio_en_palabras(m) for m in hecho.maneras)]).lower()
    assert not any(palabra in todo for palabra in DE_PERSONAS)
    assert "nan" not in todo.split()
