"""Una docena de figuras en cada forma contra su imagen de referencia: lo que cambia sin querer, se ve.

Las referencias son miniaturas en gris de ``tests/unidad/doradas/``. Si el cambio es a propósito, se rehacen con
``TABLERO_REHACER_DORADAS=1 python tareas.py probar tests/unidad/test_doradas.py`` y se miran antes de guardarlas.
"""

import io
import os
from pathlib import Path

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
import shapely
from PIL import Image

from analisis.calendario import calendario
from analisis.medidas import MEDIDAS
from graficas.anios import por_anios
from graficas.barras import contribuciones
from graficas.calendario import calendario as figura_de_calendario
from graficas.eficacia import distribucion_de_placebos, observado_y_esperado
from graficas.impresas import FORMAS, Contenido, barras, de_pantalla, mapa, piezas, serie
from graficas.impresas.barras import Barra
from graficas.impresas.leyendas import Clase
from graficas.impresas.leyendas_de_mapa import de_certeza, de_valores
from graficas.impresas.mapa import trazado
from graficas.impresas.serie import Linea, Rango
from graficas.lineas import lineas
from graficas.mapas import por_estimado, por_valor

CARPETA = Path(__file__).parent / "doradas"
REHACER = os.environ.get("TABLERO_REHACER_DORADAS") == "1"
ANCHO = 320  # pixeles de la miniatura
TOLERANCIA = 2.5  # de 255, en promedio: la misma figura con otra versión de las letras no pasa de 1
FECHAS = pd.date_range("2019-01-01", "2026-08-01", freq="MS")
ONDA = np.round(120 + 40 * np.sin(np.arange(len(FECHAS)) / 5) + np.arange(len(FECHAS)) % 7)
PROVISIONAL = np.arange(len(FECHAS)) >= len(FECHAS) - 3
CONTENIDO = Contenido(
    "En los 12 meses a agosto de 2026 se abrieron 1,234 carpetas por homicidio doloso en Guanajuato, 98 menos (−7.4 %)",
    "Describe las carpetas; no dice por qué.",
    "",
    [
        "Fuente: SESNSP, archivo estatal, corte agosto de 2026 (RNID, SHA-256 0123abcd).",
        "Provisional desde junio de 2026.",
    ],
    "Figura de prueba.",
    False,
)
CELDAS = trazado(
    [f"{k:05d}" for k in range(80)],
    [shapely.box(-110 + i, 16 + j, -109 + i, 17 + j) for i in range(10) for j in range(8)],
)


def _tabla(lugar, factor=1.0):
    valores = np.round(ONDA * factor)
    return pd.DataFrame(
        {
            "lugar": lugar,
            "delito": "a",
            "fecha": FECHAS,
            "conteo": valores,
            "valor": valores,
            "provisional": PROVISIONAL,
        }
    )


def _linea(rotulo, factor=1.0):
    return Linea(rotulo, FECHAS.to_numpy(), ONDA * factor, PROVISIONAL)


def _una(forma):
    rango = Rango(FECHAS.to_numpy(), ONDA * 0 + 70, ONDA * 0 + 150, "rango esperado")
    return serie(forma, CONTENIDO, [_linea("Guanajuato")], rango=rango)


def _tres(forma):
    nombres = ("Guanajuato", "Querétaro de Arteaga", "San Luis Potosí")
    return serie(forma, CONTENIDO, [_linea(n, f) for n, f in zip(nombres, (1, 0.5, 0.3), strict=True)])


def _barras(forma):
    filas = [("Zacatecas", -395), ("Guanajuato", -123), ("Morelos", 99), ("Tabasco", 436)]
    return barras(forma, CONTENIDO, [Barra(n, v, f"{v:+,}", "#542788" if v < 0 else "#e08214") for n, v in filas])


def _de_etiquetas(forma):
    clases = [Clase("#542788", "a la baja: 20"), Clase("#e9e1cb", "sin cambio distinguible: 40")]
    clases.append(Clase("#B8BEC6", "datos insuficientes: 20", rayada=True))
    de_cada_uno = {c: (0, 1, 1, 2)[i % 4] for i, c in enumerate(CELDAS.claves)}
    return mapa(forma, CONTENIDO, CELDAS, de_cada_uno, clases, nombrar=[("00012", "León"), ("00045", "Celaya")])


def _de_pintura(forma, pintura, leyenda):
    clases = [Clase(color, "", rayada=i == pintura.rayada) for i, color in enumerate(pintura.paleta)]
    de_cada_uno = dict(zip(CELDAS.claves, map(int, pintura.clases), strict=True))
    contornos = set() if pintura.contornos is None else set(np.asarray(CELDAS.claves)[pintura.contornos])
    return mapa(forma, CONTENIDO, CELDAS, de_cada_uno, clases, leyenda=leyenda, con_contorno=contornos)


def _de_valores(forma):
    pintura = por_valor([np.nan, *np.linspace(0, 300, 79)], divergente=False, decimales=1)
    return _de_pintura(forma, pintura, de_valores(pintura, "por 100 mil habitantes"))


def _de_certeza(forma):
    razones, baja = np.geomspace(0.4, 2.2, 80), np.tile([0.5, 0.2, 0.9, 0.99], 20)
    etiquetas = ["a la baja" if i % 9 == 0 else "sin cambio distinguible" for i in range(80)]
    return _de_pintura(forma, por_estimado(razones, baja, etiquetas), de_certeza(pd.Series(etiquetas).value_counts()))


def _lineas():
    tabla = pd.concat([_tabla("11"), _tabla("22", 0.5)])
    return lineas(tabla, {"11": "León", "22": "Celaya"}, {"a": "Robo"}, MEDIDAS["conteo"])


def _quien():
    cambio = np.array([-120, -30, 15, 80])
    tabla = pd.DataFrame({"nombre": ["León", "Celaya", "Irapuato", "San Miguel de Allende"], "cambio": cambio})
    tabla = tabla.assign(conteo_previo=500, conteo=500 + cambio, aporte_pct=cambio / 5)
    return contribuciones(tabla, demostracion=False)


def _observado():
    banda = np.where(np.arange(len(FECHAS)) < 60, np.nan, 25.0)
    esperado = ONDA * 0 + 120
    inicio = pd.Timestamp("2024-01-01")
    return observado_y_esperado(FECHAS, ONDA, esperado, esperado - banda, esperado + banda, inicio, demostracion=False)


def _pantalla(figura: go.Figure):
    return lambda forma: de_pantalla(forma, CONTENIDO, piezas(figura))


FIGURAS = {
    "serie": _una,
    "series": _tres,
    "barras": _barras,
    "mapa-de-etiquetas": _de_etiquetas,
    "mapa-de-valores": _de_valores,
    "mapa-de-certeza": _de_certeza,
    "lineas": _pantalla(_lineas()),
    "mismos-meses": _pantalla(por_anios(_tabla("11"), demostracion=False)),
    "calendario": _pantalla(figura_de_calendario(calendario(_tabla("11")), demostracion=False)),
    "quien": _pantalla(_quien()),
    "observado": _pantalla(_observado()),
    "placebos": _pantalla(distribucion_de_placebos(np.round(60 * np.sin(np.arange(900.0)) ** 3), -21.0, demostracion=False)),
}  # fmt: skip


def _miniatura(lienzo):
    imagen = Image.open(io.BytesIO(lienzo.guardar("png"))).convert("L")
    return imagen.resize((ANCHO, round(ANCHO * imagen.height / imagen.width)), Image.Resampling.LANCZOS)


@pytest.mark.parametrize("forma", FORMAS)
@pytest.mark.parametrize("cual", FIGURAS)
def test_se_ve_como_la_referencia(cual, forma):
    hecha = _miniatura(FIGURAS[cual](FORMAS[forma]))
    referencia = CARPETA / f"{cual}_{forma}.png"
    if REHACER:
        hecha.quantize(24).save(referencia, optimize=True)
    esperada = Image.open(referencia).convert("L")
    assert esperada.size == hecha.size
    diferencia = np.abs(np.asarray(hecha, dtype=float) - np.asarray(esperada, dtype=float))
    assert diferencia.mean() < TOLERANCIA


def test_una_figura_distinta_si_se_nota():
    """La tolerancia no deja pasar otra figura: la serie contra las tres series."""
    una, otra = (np.asarray(_miniatura(FIGURAS[n](FORMAS["horizontal"])), dtype=float) for n in ("serie", "series"))
    assert np.abs(una - otra).mean() > TOLERANCIA
