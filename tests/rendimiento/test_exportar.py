"""Cuánto tarda lo que sale del tablero, junto a exportarlo con un navegador; y si exportar detiene a quien explora."""

import asyncio
import json
import os
import statistics
import time

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import psutil
import pytest

from analisis.medidas import MEDIDAS
from datos.almacen import RAIZ_DEL_PROYECTO
from graficas.impresas import FORMAS, Contenido, de_pantalla, mapa, piezas
from graficas.impresas.leyendas import Clase
from graficas.impresas.mapa import trazado
from graficas.lineas import lineas
from tests.corrutinas import correr
from tests.navegador.conftest import servir
from tests.rendimiento.visitante import Visitante

VECES = 8
PERSONAS = 20
SEGUNDOS = 60
PAUSA = 10.0  # entre lo que hace cada persona
EXPLORAR = (
    ("inicio", {}),
    ("mapa", {"nivel": "municipal", "entidad": "11", "delito": "fraude"}),
    ("tendencias", {"lugar": "11", "delito": "homicidio_doloso"}),
    ("ficha", {"lugar": "11020"}),
    ("mapa", {}),
)


def _veces(hacer):
    hacer()  # la primera abre letras y cachés
    tiempos = []
    for _ in range(VECES):
        inicio = time.perf_counter()
        cuerpo = hacer()
        tiempos.append(time.perf_counter() - inicio)
    return statistics.median(tiempos), max(tiempos), len(cuerpo)


def _serie():
    fechas = pd.date_range("2015-01-01", "2026-08-01", freq="MS")
    conteo = np.random.default_rng(5).poisson(200, len(fechas)).astype(float)
    tabla = pd.DataFrame(
        {"lugar": "11", "delito": "a", "fecha": fechas, "conteo": conteo, "valor": conteo, "provisional": False}
    )
    return lineas(tabla, {"11": "Guanajuato"}, {"a": "Homicidio doloso"}, MEDIDAS["conteo"])


def test_una_figura_y_un_mapa_junto_a_un_navegador(con_limites, registro, monkeypatch):
    kaleido = pytest.importorskip("kaleido", reason="kaleido no está instalado")
    from datos.consultas.geometria import figuras, geometria

    monkeypatch.setenv("TABLERO_ALMACEN", str(con_limites))
    seccion = registro.seccion(
        "Exportar una figura",
        f"La misma figura, ya con sus datos, a PNG de 1200 × 675, SVG y PDF; mediana de {VECES} veces. «Navegador» es kaleido "
        "con su Chromium abierto, sobre la figura de la pantalla, sin título ni pie. Metas: 0.5 s una gráfica y un mapa "
        "municipal del país.",
        ("qué", "cómo", "mediana (s)", "peor (s)", "kB"),
    )
    contenido = Contenido(
        "Un hallazgo con su cifra, 1,234", "No dice por qué.", "", ["Fuente: SESNSP."] * 4, "Figura.", False
    )
    figura = _serie()
    hecha = geometria("municipal", None)
    contornos = trazado(*figuras(hecha.ruta))
    clases = [
        Clase("#542788", "a la baja: 800"),
        Clase("#e9e1cb", "sin cambio: 1,200"),
        Clase("#B8BEC6", "n. d.: 478", rayada=True),
    ]
    de_cada_uno = {c: i % 3 for i, c in enumerate(contornos.claves)}
    horizontal = FORMAS["horizontal"]

    def fila(que, como, hacer):
        mediana, peor, tamano = _veces(hacer)
        seccion.fila(que, como, f"{mediana:.2f}", f"{peor:.2f}", f"{tamano / 1000:,.0f}")

    for formato in ("png", "svg", "pdf"):
        fila(
            f"gráfica, {formato.upper()}",
            "tablero",
            lambda f=formato: de_pantalla(horizontal, contenido, piezas(figura)).guardar(f),
        )
        fila(
            f"mapa municipal del país, {formato.upper()}", "tablero",
            lambda f=formato: mapa(horizontal, contenido, contornos, de_cada_uno, clases).guardar(f),
        )  # fmt: skip
    geojson = json.loads((RAIZ_DEL_PROYECTO / hecha.ruta.split("?")[0].split("app/")[-1]).read_text())
    plano = go.Figure(
        go.Choroplethmap(
            geojson=geojson, locations=list(hecha.claves), z=[i % 3 for i in range(len(hecha.claves))], showscale=False
        ),
        {"map": {"style": "white-bg", "center": {"lat": 24, "lon": -102}, "zoom": 3.4}},
    )
    kaleido.start_sync_server(path=os.environ.get("BROWSER_PATH") or "/usr/bin/chromium", silence_warnings=True)
    try:
        for nombre, cual in (("gráfica", figura), ("mapa municipal del país", plano)):
            opciones = {"format": "png", "width": 1200, "height": 675}
            fila(f"{nombre}, PNG", "navegador", lambda c=cual, o=opciones: kaleido.calc_fig_sync(c, opts=o))
    finally:
        kaleido.stop_sync_server(silence_warnings=True)


def _memoria(proceso):
    return sum(p.memory_info().rss for p in (proceso, *proceso.children(recursive=True))) / 1e6


async def _explorar(direccion, numero, hasta, esperas):
    async with Visitante(direccion) as yo:
        vuelta = numero
        await asyncio.sleep(PAUSA * numero / PERSONAS)  # no llegan todos en el mismo instante
        while time.monotonic() < hasta:
            pagina, parametros = EXPLORAR[vuelta % len(EXPLORAR)]
            esperas.append(await yo.abrir(pagina, **parametros))
            vuelta += 1
            await asyncio.sleep(PAUSA * (0.6 + 0.08 * (numero % 10)))


async def _exportar(direccion, numero, hasta, hechos):
    async with Visitante(direccion) as yo:
        vuelta = numero
        await asyncio.sleep(PAUSA * (numero + 0.5) / PERSONAS)
        while time.monotonic() < hasta:
            historia = ("evolucion", "mapa", "periodos", "cambios")[vuelta % 4]
            await yo.abrir(
                "prensa", historia=historia, delito="homicidio_doloso", lugar=f"{1 + vuelta % 32:02d}", nivel="estatal"
            )
            rotulo = next(r for r in yo.botones if r.startswith("Todo") == (vuelta % 5 == 0))
            segundos, cuerpo = await yo.bajar(rotulo)
            hechos.append((segundos, len(cuerpo)))
            vuelta += 1
            await asyncio.sleep(PAUSA)


async def _jornada(direccion, exportan):
    esperas, hechos = [], []
    hasta = time.monotonic() + SEGUNDOS
    await asyncio.gather(
        *(_explorar(direccion, i, hasta, esperas) for i in range(PERSONAS)),
        *(_exportar(direccion, i, hasta, hechos) for i in range(exportan)),
    )
    return esperas, hechos


def _p95(valores):
    return statistics.quantiles(valores, n=20)[-1]


def test_exportar_no_detiene_a_quien_explora(con_limites, registro):
    seccion = registro.seccion(
        f"{PERSONAS} exportan mientras {PERSONAS} exploran",
        f"Sesiones de verdad por websocket contra un proceso, {SEGUNDOS} s. Quien explora cambia de página cada {PAUSA:.0f} s; "
        "quien exporta arma una historia de Prensa y baja su figura (una de cada cinco veces, el zip con todo). «Sin taller» "
        "dibuja en el proceso de las páginas. Meta: p95 de explorar menor de 1 s.",
        (
            "cómo",
            "páginas",
            "explorar, mediana (s)",
            "explorar, p95 (s)",
            "exportadas",
            "exportar, p95 (s)",
            "memoria (MB)",
        ),
    )
    for nombre, exportan, taller in (
        ("nadie exporta", 0, "1"),
        ("con taller", PERSONAS, "1"),
        ("sin taller", PERSONAS, "0"),
    ):
        with servir(con_limites, TABLERO_TALLER=taller) as direccion:
            correr(_calentar(direccion))
            (proceso,) = [p for p in psutil.Process().children() if "uvicorn" in " ".join(p.cmdline())]
            esperas, hechos = correr(_jornada(direccion, exportan))
            memoria = _memoria(proceso)
        de_exportar = f"{_p95([s for s, _ in hechos]):.1f}" if len(hechos) > 1 else "—"
        seccion.fila(
            nombre, f"{len(esperas)}", f"{statistics.median(esperas):.2f}", f"{_p95(esperas):.2f}", f"{len(hechos)}", de_exportar,
            f"{memoria:,.0f}",
        )  # fmt: skip


async def _calentar(direccion):
    async with Visitante(direccion) as yo:
        for pagina, parametros in EXPLORAR:
            await yo.abrir(pagina, **parametros)
        await yo.abrir("prensa", lugar="11")
