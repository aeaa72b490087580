"""Cada figura de las páginas, impresa en cada forma: nada encimado ni cortado, y los números son los de la pantalla."""

import re

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from analisis.calendario import calendario
from analisis.contribuciones import curva_de_lorenz
from analisis.medidas import MEDIDAS
from analisis.tasas import embudo
from graficas import eficacia
from graficas import embudo as de_embudo
from graficas.anios import por_anios
from graficas.barras import contribuciones
from graficas.calendario import calendario as figura_de_calendario
from graficas.cambios import barras_de_cambio
from graficas.impresas import FORMAS, de_pantalla, piezas
from graficas.impresas.lienzo import NoCabe
from graficas.impresas.trazos import color_de
from graficas.lineas import Banda, Marca, lineas
from tests.unidad.test_impresas import CADA_FORMA, LARGO, cajas, contenido, exigir_orden

AZAR = np.random.default_rng(20261126)
FECHAS = pd.date_range("2015-01-01", "2026-08-01", freq="MS")
MESES = len(FECHAS)
CONTEO = MEDIDAS["conteo"]


def serie_de(lugar, delito, media, meses=MESES):
    conteo = AZAR.poisson(media, meses).astype(float)
    provisional = np.arange(meses) >= meses - 3
    fechas = FECHAS[-meses:]
    return pd.DataFrame(
        {
            "lugar": lugar,
            "delito": delito,
            "fecha": fechas,
            "conteo": conteo,
            "valor": conteo,
            "provisional": provisional,
        }
    )


def _una():
    tabla = serie_de("11", "a", 200)
    bandas = [Banda(FECHAS.to_list(), [150.0] * len(FECHAS), [240.0] * len(FECHAS))]
    marcas = [Marca(pd.Timestamp("2022-05-01"), "01/IV/2022", "acuerdo")]
    return lineas(tabla, {"11": "Guanajuato"}, {"a": "Homicidio doloso"}, CONTEO, bandas=bandas, marcas=marcas)


def _varias(cuantas, meses=MESES):
    tabla = pd.concat([serie_de(str(i), "a", 1500, meses) for i in range(cuantas)])
    return lineas(tabla, {str(i): f"{LARGO} {i}" for i in range(cuantas)}, {"a": "Homicidio doloso"}, CONTEO)


def _paneles(cuantos):
    delitos = {f"d{i}": f"Lesiones dolosas por arma de fuego {i}" for i in range(cuantos)}
    return lineas(pd.concat([serie_de("11", d, 9) for d in delitos]), {"11": "León"}, delitos, CONTEO)


def _quien(cuantos):
    cambio = AZAR.integers(-300, 300, cuantos)
    tabla = pd.DataFrame({"nombre": [f"{LARGO} {i}" for i in range(cuantos)], "cambio": cambio, "conteo_previo": 500})
    return contribuciones(tabla.assign(conteo=500 + cambio, aporte_pct=cambio / 10), demostracion=False)


def _observado():
    meses = pd.date_range("2022-01-01", periods=42, freq="MS")
    observado, esperado = AZAR.poisson(90, 42).astype(float), np.full(42, 95.0)
    banda = np.where(np.arange(42) < 24, np.nan, 20.0)
    inicio = pd.Timestamp("2024-01-01")
    return eficacia.observado_y_esperado(
        meses, observado, esperado, esperado - banda, esperado + banda, inicio, demostracion=True
    )


def _acumulada():
    meses, suma = pd.date_range("2024-01-01", periods=18, freq="MS"), np.cumsum(AZAR.normal(-3, 9, 18))
    return eficacia.acumulada(meses, suma, suma - 40, suma + 40, demostracion=False)


def _bosque():
    veredictos = ("a la baja con evidencia", "sin cambio distinguible")
    renglones = [
        eficacia.Renglon(f"0{i}/XLIV/2025", f"Homicidio doloso en {LARGO}", x, x - 18, x + 20, veredictos[i % 2], "")
        for i, x in enumerate([-30, 5, -12, 20, -4])
    ]
    return eficacia.bosque(renglones, (-6.0, -14.0, 3.0), demostracion=False)


def _detectable():
    tabla = pd.DataFrame({"meses": [6, 12, 18, 24, 36], "mde_pct": [-41.0, -30, -26, -22, -19]})
    return eficacia.curva_de_detectable(tabla, -20.0, demostracion=False)


def _lugares():
    personas = np.exp(AZAR.normal(10.5, 1.2, 900))
    conteo = AZAR.poisson(personas * 3e-4)
    return pd.DataFrame(
        {
            "lugar": [str(i) for i in range(900)],
            "nombre": LARGO,
            "poblacion": personas,
            "conteo": conteo,
            "tasa": conteo / personas * 1e5,
        }
    )


def _embudo():
    tabla = _lugares()
    hecho = embudo(tabla["conteo"].to_numpy(), tabla["poblacion"].to_numpy())
    return de_embudo.embudo(tabla, hecho, "carpetas por 100 mil habitantes", elegido="7", demostracion=False)


def _revisiones():
    antes = AZAR.poisson(50, len(FECHAS)).astype(float)
    return barras_de_cambio(
        pd.DataFrame({"fecha": FECHAS, "antes": antes, "despues": antes + AZAR.integers(-5, 9, len(antes))})
    )


FIGURAS = {
    "una serie": _una(),
    "seis con nombres largos": _varias(6),
    "catorce meses": _varias(2, 14),
    "dos paneles": _paneles(2),
    "mismos meses": por_anios(serie_de("11", "a", 50), demostracion=False),
    "calendario": figura_de_calendario(calendario(serie_de("11", "a", 50)), demostracion=False),
    "quién mueve el cambio": _quien(9),
    "un solo renglón": _quien(1),
    "revisiones": _revisiones(),
    "observado y esperado": _observado(),
    "acumulada": _acumulada(),
    "placebos": eficacia.distribucion_de_placebos(AZAR.normal(0, 12, 1500), -21.0, demostracion=False),
    "bosque": _bosque(),
    "detectable": _detectable(),
    "embudo": _embudo(),
    "concentración": de_embudo.concentracion(curva_de_lorenz(_lugares()["conteo"]), demostracion=False),
}


@CADA_FORMA
@pytest.mark.parametrize("cual", FIGURAS)
def test_cada_figura_cabe_en_cada_forma(forma, cual):
    lienzo = de_pantalla(forma, contenido(unidad=""), piezas(FIGURAS[cual]))
    exigir_orden(lienzo)
    assert lienzo.guardar("png").startswith(b"\x89PNG")


def test_los_numeros_dibujados_son_los_de_la_pantalla():
    figura = _una()
    ejes = de_pantalla(FORMAS["horizontal"], contenido(unidad=""), piezas(figura)).figura.axes[0]
    de_pantalla_y = [np.asarray(t.y, dtype=float) for t in figura.data if t.mode == "lines" and t.line.width]
    dibujadas = [linea.get_ydata() for linea in ejes.lines if len(linea.get_ydata()) == len(FECHAS)]
    assert len(dibujadas) == len(de_pantalla_y) == 2  # lo cerrado y lo provisional
    for propia, impresa in zip(de_pantalla_y, dibujadas, strict=True):
        np.testing.assert_array_equal(propia, impresa)


def test_cada_barra_mide_lo_de_la_pantalla_y_lleva_su_cifra():
    figura = _quien(9)
    lienzo = de_pantalla(FORMAS["cuadrada"], contenido(unidad=""), piezas(figura))
    assert [b.get_width() for b in lienzo.figura.axes[0].patches] == list(figura.data[0].x)
    escritas = [t.get_text() for t, _ in cajas(lienzo)]
    assert set(figura.data[0].text) <= set(escritas)


def test_si_no_cabe_ni_con_la_letra_minima_se_dice():
    with pytest.raises(NoCabe, match="renglones no caben"):
        de_pantalla(FORMAS["horizontal"], contenido(unidad=""), piezas(_quien(40)))
    with pytest.raises(NoCabe, match="paneles no caben"):
        de_pantalla(FORMAS["media_carta"], contenido(unidad=""), piezas(_paneles(8)))


def test_lo_que_no_cabe_con_su_letra_va_con_una_menor_que_no_baja_de_nueve():
    lienzo = de_pantalla(FORMAS["cuadrada"], contenido(unidad=""), piezas(_quien(26)))
    assert lienzo.forma.texto == 9
    exigir_orden(lienzo)


def test_un_nombre_con_simbolos_se_lee_tal_cual():
    figura = go.Figure(
        {"data": [{"type": "bar", "orientation": "h", "x": [1.0, 2.0], "y": ["$a$ & <b>", "=1+1"], "text": ["1", "2"]}]}
    )
    figura.update_layout(yaxis={"type": "category"})
    lienzo = de_pantalla(FORMAS["horizontal"], contenido(unidad=""), piezas(figura))
    svg = lienzo.guardar("svg").decode()
    assert "$a$ &amp;" in re.sub(r"<[^>]+>", "", svg)


def test_un_trazo_que_no_se_conoce_se_rechaza():
    with pytest.raises(ValueError, match="no se sabe imprimir: pie"):
        de_pantalla(FORMAS["horizontal"], contenido(), {"data": [{"type": "pie", "values": [1, 2]}], "layout": {}})


@pytest.mark.parametrize("cuantos", range(1, 23))
def test_la_pantalla_admite_cualquier_numero_de_delitos(cuantos):
    figura = _paneles(cuantos)
    pisos = [figura.layout[f"yaxis{i + 1 if i else ''}"].domain[0] for i in range(cuantos)]
    assert min(pisos) == pytest.approx(0, abs=1e-12)
    assert min(pisos) >= 0


@pytest.mark.parametrize(
    ("texto", "esperado"),
    [
        ("#0072B2", (0, 114, 178, 1)),
        ("rgb(84,39,136)", (84, 39, 136, 1)),
        ("rgba(91,103,112,0.18)", (91, 103, 112, 0.18)),
    ],
)
def test_los_colores_de_la_pantalla_en_papel(texto, esperado):
    *canales, opacidad = esperado
    assert color_de(texto) == pytest.approx([*(c / 255 for c in canales), opacidad])
