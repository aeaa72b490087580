"""Las figuras impresas: nada se sale, se encima ni baja de 9 puntos, con lo más difícil que puede llegar; y los mismos bytes."""

import re

import numpy as np
import pytest
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg

from graficas.impresas import FORMAS, Contenido, barras, mapa, serie
from graficas.impresas.barras import Barra, DemasiadasBarras
from graficas.impresas.formas import MINIMO_DE_LETRA
from graficas.impresas.letra import ancho, partir
from graficas.impresas.leyendas import Clase
from graficas.impresas.mapa import trazado
from graficas.impresas.serie import Linea, Rango

LARGO = "Dolores Hidalgo Cuna de la Independencia Nacional, Guanajuato"
MESES = np.arange("2015-01", "2026-09", dtype="datetime64[M]").astype("datetime64[D]")
CADA_FORMA = pytest.mark.parametrize("forma", FORMAS.values(), ids=FORMAS)


def contenido(**cambios):
    base = {
        "titulo": f"En los 12 meses a septiembre de 2026 se abrieron 1,234,567 carpetas por lesiones dolosas en {LARGO}, "
        "98,765 menos (−12.3\N{NO-BREAK SPACE}%) que en los 12 anteriores",
        "bajada": "A la baja en 20 estados, sin cambio distinguible en 12. Es una descripción de las carpetas: no dice por qué.",
        "unidad": "carpetas por 100 mil habitantes, anualizada",
        "pie": [
            "Fuente: SESNSP, archivo municipal, cortes diciembre de 2025 (CNSP/38/15, SHA-256 2589a756) y agosto de 2026.",
            "Provisional desde junio de 2026. Desde enero de 2026 la fuente cuenta con otra metodología (RNID).",
            "Una carpeta de investigación no es un delito ni una víctima.",
        ],
        "texto_alternativo": "Serie mensual.",
        "demostracion": False,
    }
    return Contenido(**{**base, **cambios})


def linea(rotulo, valores):
    return Linea(rotulo, MESES[-len(valores) :], valores, [False] * (len(valores) - 1) + [True])


def cajas(lienzo):
    """Cada texto visible con su rectángulo en pulgadas: los puestos a mano y los de los ejes."""
    FigureCanvasAgg(lienzo.figura)
    lienzo.figura.draw_without_rendering()
    resolucion = lienzo.figura.dpi
    for texto in (*lienzo.textos, *_marcas(lienzo.figura)):
        if texto.get_text() and texto.get_visible():
            caja = texto.get_window_extent()
            yield texto, np.array([caja.x0, caja.y0, caja.x1, caja.y1]) / resolucion


def _marcas(figura):
    """Los rótulos de los ejes que sí se dibujan: los de marcas dentro de sus límites."""
    for ejes in figura.axes:
        for eje in (ejes.xaxis, ejes.yaxis) if ejes.axison else ():
            desde, hasta = sorted(eje.get_view_interval())
            yield from (m.label1 for m in eje.get_major_ticks() if desde <= m.get_loc() <= hasta)


def exigir_orden(lienzo):
    """Nada fuera del lienzo, nada encimado (salvo lo girado, que cruza la cuadrícula), nada menor de 9 puntos."""
    todas = list(cajas(lienzo))
    assert todas
    forma = lienzo.forma
    for texto, (x0, y0, x1, y1) in todas:
        assert texto.get_fontsize() >= MINIMO_DE_LETRA
        assert x0 >= -0.01, texto
        assert y0 >= -0.01, texto
        assert x1 <= forma.ancho + 0.01, texto
        assert y1 <= forma.alto + 0.01, texto
    derechas = [(t, c) for t, c in todas if not t.get_rotation()]
    for i, (uno, a) in enumerate(derechas):
        for otro, b in derechas[i + 1 :]:
            encima = min(a[2], b[2]) - max(a[0], b[0]) > 0.02 and min(a[3], b[3]) - max(a[1], b[1]) > 0.05
            assert not encima, (uno, otro)


ALEATORIOS = np.random.default_rng(20261124)
SERIES = {
    "una": [linea("México", ALEATORIOS.poisson(2000, 140).astype(float))],
    "seis casi iguales y con nombres largos": [
        linea(f"{LARGO} {i}", ALEATORIOS.poisson(1500, 140).astype(float)) for i in range(6)
    ],
    "treinta y dos": [linea(f"Estado {i}", ALEATORIOS.poisson(50 * i + 1, 140).astype(float)) for i in range(32)],
    "todo cero": [linea("Guanajuato", np.zeros(140)), linea("Colima", np.zeros(140))],
    "un mes": [linea("Guanajuato", np.array([7.0]))],
    "con huecos": [linea("Guanajuato", np.where(np.arange(140) % 5 == 0, np.nan, 3.0))],
    "cifras enormes": [linea("México", np.full(30, 1_234_567.0))],
}


@CADA_FORMA
@pytest.mark.parametrize("cual", SERIES)
@pytest.mark.parametrize("demostracion", [False, True])
def test_las_series_caben_en_toda_forma(forma, cual, demostracion):
    exigir_orden(serie(forma, contenido(demostracion=demostracion), SERIES[cual]))


def test_una_serie_sin_cifras_se_rechaza():
    with pytest.raises(ValueError, match="ninguna"):
        serie(FORMAS["horizontal"], contenido(), [linea("Guanajuato", np.full(24, np.nan))])


def test_el_rango_va_detras_y_cuenta_para_el_tope():
    suya = linea("León", np.full(24, 5.0))
    lienzo = serie(
        FORMAS["horizontal"],
        contenido(),
        [suya],
        rango=Rango(suya.fechas, np.full(24, 2.0), np.full(24, 90.0), "rango"),
    )
    assert lienzo.figura.axes[0].get_ylim()[1] > 90


@CADA_FORMA
def test_las_barras_caben_con_los_dos_signos(forma):
    filas = [Barra(LARGO if i % 2 else f"Lugar {i}", v, f"{v:+,}", "#542788") for i, v in enumerate([-812, 412, 0, -3])]
    exigir_orden(barras(forma, contenido(), filas))


def test_demasiadas_barras_se_rechazan_y_dice_cuantas_caben():
    filas = [Barra(f"Lugar {i}", float(i), str(i), "#000000") for i in range(90)]
    with pytest.raises(DemasiadasBarras, match=r"caben \d+"):
        barras(FORMAS["horizontal"], contenido(), filas)
    with pytest.raises(ValueError, match="no hay barras"):
        barras(FORMAS["horizontal"], contenido(), [])


@pytest.fixture(scope="module")
def cuadricula():
    celdas = [shapely.box(-110 + i, 16 + j, -109 + i, 17 + j) for i in range(12) for j in range(9)]
    return trazado([f"{k:05d}" for k in range(len(celdas))], celdas)


@CADA_FORMA
def test_el_mapa_cabe_y_nombra_sin_encimar(forma, cuadricula):
    clases = [Clase("#542788", "a la baja: 1,234"), Clase("#e9e1cb", "sin cambio distinguible: 1,000")]
    clases.append(Clase("#B8BEC6", "datos insuficientes: 244", rayada=True))
    lienzo = mapa(
        forma,
        contenido(),
        cuadricula,
        {c: i % 3 for i, c in enumerate(cuadricula.claves)},
        clases,
        nombrar=[(c, LARGO) for c in cuadricula.claves],
    )
    exigir_orden(lienzo)
    assert sum(t.get_text() == LARGO for t in lienzo.textos) >= 1


def test_un_nombre_de_lugar_que_no_existe_no_se_escribe(cuadricula):
    lienzo = mapa(FORMAS["horizontal"], contenido(), cuadricula, {}, [Clase("#fff", "x")], nombrar=[("99999", "Nada")])
    assert all(t.get_text() != "Nada" for t in lienzo.textos)


@pytest.mark.parametrize("formato", ["png", "svg", "pdf"])
def test_el_mismo_contenido_da_los_mismos_bytes(formato):
    primera, segunda = (serie(FORMAS["horizontal"], contenido(), SERIES["una"]).guardar(formato) for _ in range(2))
    assert primera == segunda


def test_el_png_al_doble_mide_el_doble():
    lienzo = serie(FORMAS["cuadrada"], contenido(), SERIES["una"])
    for escala in (1, 2):
        ancho_y_alto = np.frombuffer(lienzo.guardar("png", escala)[16:24], dtype=">u4")
        assert tuple(ancho_y_alto) == (1080 * escala, 1080 * escala)


def test_el_svg_dice_su_idioma_titulo_y_descripcion_y_escapa_lo_escrito():
    malo = '<script>alert("x")</script> & más'
    svg = (
        serie(FORMAS["horizontal"], contenido(titulo=malo, texto_alternativo=malo), SERIES["una"])
        .guardar("svg")
        .decode()
    )
    assert 'lang="es-MX"' in svg
    assert "<script>" not in svg
    assert re.search(r"<title id=\"titulo\">&lt;script&gt;", svg)
    assert "&lt;script&gt;" in svg.split("<desc", 1)[1]


def test_partir_no_pierde_letras_ni_se_pasa():
    for texto in (LARGO, "palabralarguísimaquenocabeenningúnladodeningunamanera", "a b", ""):
        for disponible in (0.4, 1.0, 3.0):
            renglones = partir(texto, 12, disponible)
            assert re.sub(r"[\s-]", "", "".join(renglones)) == re.sub(r"[\s-]", "", texto)
            assert all(ancho(r, 12) <= disponible + 0.12 for r in renglones)


def test_una_direccion_larga_se_corta_sin_guion_y_se_puede_volver_a_juntar():
    liga = (
        "https://ejemplo.org/prensa?historia=evolucion&delito=homicidio_doloso&lugar=11&periodo=todo&forma=horizontal"
    )
    for disponible in (0.5, 1.2, 3.0):
        renglones = partir(f"Vista viva: {liga}", 9, disponible)
        assert "".join(renglones).replace(" ", "").endswith(liga)
        assert all(ancho(r, 9) <= disponible + 0.12 for r in renglones)


@pytest.mark.parametrize("formato", ["png", "svg", "pdf"])
def test_un_signo_de_pesos_se_escribe_tal_cual(formato):
    titulo = r"Robos de $\otros{$ en Guanajuato"
    lienzo = serie(FORMAS["horizontal"], contenido(titulo=titulo), SERIES["una"])
    assert lienzo.guardar(formato)
    assert titulo in " ".join(t.get_text() for t in lienzo.textos)
