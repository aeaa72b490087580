"""Tiempo de servidor de cada página con la historia completa: la primera vez y repetida, sin navegador."""

import statistics
import time

import pytest
from streamlit.testing.v1 import AppTest

from datos.almacen import RAIZ_DEL_PROYECTO
from servidor import abrir_bibliotecas

VECES = 20
PAGINAS = {
    "Inicio": ("inicio", {}),
    "Inicio de un municipio": ("inicio", {"lugar": "11020"}),
    "Mapa de estados": ("mapa", {"nivel": "estatal"}),
    "Mapa de los municipios del país": ("mapa", {"nivel": "municipal", "entidad": "00", "delito": "fraude"}),
    "Mapa de los municipios de un estado": ("mapa", {"nivel": "municipal", "entidad": "20", "delito": "fraude"}),
    "Tendencias, dos delitos y dos lugares": ("tendencias", {"delito": "fraude,amenazas", "lugar": "11,11020"}),
    "Tendencias, todos los delitos": ("tendencias", {"lugar": "11020", "vista_de_tendencias": "delitos"}),
    "Tendencias, todos los estados": ("tendencias", {"vista_de_tendencias": "estados"}),
    "Ficha de un municipio": ("ficha", {"lugar": "11020"}),
    "Alertas por estado": ("alertas", {"nivel": "estatal"}),
    "Alertas por municipio": ("alertas", {"nivel": "municipal"}),
    "Datos y método": ("datos_y_metodo", {}),
}


@pytest.mark.parametrize("nombre", PAGINAS)
def test_pagina(con_limites, registro, monkeypatch, nombre):
    seccion = registro.seccion(
        "Páginas",
        "Tiempo de servidor de una corrida completa de cada página (AppTest, en este proceso), con la historia completa: la "
        f"primera, con nada recordado de esa página, y {VECES} repeticiones. Meta: p95 de las repetidas menor de 150 ms.",
        ("página", "primera (ms)", "repetida, mediana (ms)", "repetida, p95 (ms)"),
    )
    monkeypatch.setenv("TABLERO_ALMACEN", str(con_limites))
    abrir_bibliotecas()  # como el servidor al arrancar
    archivo, parametros = PAGINAS[nombre]
    prueba = AppTest.from_file(str(RAIZ_DEL_PROYECTO / "paginas" / f"{archivo}.py"), default_timeout=120)
    for clave, valor in parametros.items():
        prueba.query_params[clave] = valor
    tiempos = []
    for _ in range(VECES + 1):
        inicio = time.perf_counter()
        prueba.run()
        tiempos.append(1000 * (time.perf_counter() - inicio))
        assert not prueba.exception
    primera, *repetidas = tiempos
    p95 = statistics.quantiles(repetidas, n=20)[-1]
    seccion.fila(nombre, f"{primera:.0f}", f"{statistics.median(repetidas):.0f}", f"{p95:.0f}")
