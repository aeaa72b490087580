"""La figura de las maneras de contar: nada se sale ni se encima en ninguna forma, y la cifra declarada queda dentro."""

import numpy as np
import pytest
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from graficas.impresas import FORMAS
from graficas.impresas.barras import DemasiadasBarras
from graficas.impresas.contraste import COLOR_DE_LO_DICHO, Fila, contraste
from tests.unidad.test_impresas import CADA_FORMA, contenido, exigir_orden

CASOS = {
    "bajas": [-12.1, -16.5, -11.4, -10.8],
    "de los dos signos": [-40.0, 3.0, 0.0, 250.0],
    "una": [5.0],
    "ocho": list(np.linspace(-20, -10, 8)),
}


def filas(valores):
    return [
        Fila(f"Carpetas por 100 mil hab.: {2010 + i} y 12 meses a nov 2024", v, v - 4, v + 4, f"{v:+.1f} %", "#0072B2")
        for i, v in enumerate(valores)
    ]


@CADA_FORMA
@pytest.mark.parametrize("caso", CASOS)
@pytest.mark.parametrize("declarada", [-40.0, 95.0, None])
def test_cabe_en_toda_forma(forma, caso, declarada):
    corto = contenido(titulo="Ninguna forma de contar da una baja de 40 %: van de −10.8 % a −16.5 %")
    lienzo = contraste(forma, corto, filas(CASOS[caso]), declarada, "se dijo: una baja de 40 %")
    exigir_orden(lienzo)
    dichas = [t for t in lienzo.textos if t.get_color() == COLOR_DE_LO_DICHO]
    assert len(dichas) == (declarada is not None)


def test_la_linea_de_lo_dicho_cae_en_su_lugar_de_la_escala():
    lienzo = contraste(FORMAS["carta"], contenido(), filas([-10.0, -20.0]), -15.0, "se dijo")
    (linea,) = [a for a in lienzo.figura.artists if isinstance(a, Line2D) and a.get_color() == COLOR_DE_LO_DICHO]
    cajas = [a for a in lienzo.figura.artists if isinstance(a, Rectangle)]
    cero = cajas[0].get_x() + cajas[0].get_width()
    de_diez, de_veinte = (caja.get_width() for caja in cajas)
    assert de_veinte == pytest.approx(2 * de_diez)
    assert cero - linea.get_xdata()[0] == pytest.approx(1.5 * de_diez)


def test_sin_maneras_o_con_demasiadas_se_rechaza():
    with pytest.raises(ValueError, match="no hay"):
        contraste(FORMAS["carta"], contenido(), [], None, "")
    with pytest.raises(DemasiadasBarras, match=r"caben \d+"):
        contraste(FORMAS["horizontal"], contenido(), filas(list(range(60))), None, "")
