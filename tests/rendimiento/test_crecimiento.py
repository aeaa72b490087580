"""Las mismas páginas con una, cuatro y dieciséis veces los datos: cuánto más tarda el servidor."""

from __future__ import annotations

import statistics
import time

import pytest
from streamlit.testing.v1 import AppTest

from datos.almacen import RAIZ_DEL_PROYECTO, Almacen, publicacion_vigente
from servidor import abrir_bibliotecas
from tests.rendimiento.crecer import ACUERDOS, multiplicado

VECES = (1, 4, 16)
LUGARES = ("11020", "08037", "14039", "19039", "09007", "30193", "27004", "21114", "26030", "01001")
ESTADOS = ("11", "08", "14", "19", "09", "30", "27", "21", "26", "01")
DELITOS = ("homicidio_doloso", "fraude", "extorsion", "amenazas", "robo_negocio", "narcomenudeo", "secuestro", "total",
           "robo_vehiculo", "violencia_familiar")  # fmt: skip
# Cada página con un lugar o un delito distinto cada vez: nada de lo suyo se recuerda todavía.
PAGINAS = {
    "Inicio": ("inicio", [{"lugar": x} for x in LUGARES]),
    "Mapa de los municipios del país": ("mapa", [{"nivel": "municipal", "delito": d} for d in DELITOS]),
    "Mapa de los municipios de un estado": (
        "mapa", [{"nivel": "municipal", "entidad": e, "delito": d} for e, d in zip(ESTADOS, DELITOS, strict=True)],
    ),
    "Tendencias": ("tendencias", [{"lugar": x, "delito": d} for x, d in zip(LUGARES, DELITOS, strict=True)]),
    "Tendencias, todos los estados": ("tendencias", [{"vista_de_tendencias": "estados", "delito": d} for d in DELITOS]),
    "Ficha": ("ficha", [{"lugar": x, "delito": d} for x, d in zip(LUGARES, DELITOS, strict=True)]),
    "Alertas por municipio": ("alertas", [{"nivel": "municipal", "de": e} for e in ESTADOS]),
    "Mesas": ("mesas", [{}] * 10),
    "Acuerdos": ("acuerdos", [{}] * 10),
    "Red Nacional": ("red", [{}] * 10),
}  # fmt: skip


@pytest.fixture(scope="module", params=VECES)
def crecido(request, con_limites, tmp_path_factory):
    """Las veces y el almacén con esas veces los datos."""
    return request.param, multiplicado(con_limites, tmp_path_factory.mktemp("crecido") / "almacen", request.param)


def test_paginas(crecido, registro, monkeypatch):
    veces, raiz = crecido
    monkeypatch.setenv("TABLERO_ALMACEN", str(raiz))
    publicacion = publicacion_vigente(Almacen(raiz))
    seccion = registro.seccion(
        "Con más datos",
        "Tiempo de servidor de cada página (AppTest) con las mismas series repetidas bajo delitos ficticios y acuerdos en "
        "proporción: p95 de diez visitas, cada una a otro lugar o delito, con nada suyo recordado. Las páginas del registro, "
        "que no cambian de lugar, repetidas. Meta: con 16 veces los datos, a lo más el doble.",
        ("página", *(f"{v}×, p95 (ms)" for v in VECES), "de 1× a 16×"),
    )
    abrir_bibliotecas()
    for nombre, (archivo, visitas) in PAGINAS.items():
        prueba = AppTest.from_file(str(RAIZ_DEL_PROYECTO / "paginas" / f"{archivo}.py"), default_timeout=300)
        prueba.run()  # lo que es de la página y no del lugar
        tiempos = []
        for parametros in visitas:
            for clave, valor in parametros.items():
                prueba.query_params[clave] = valor
            inicio = time.perf_counter()
            prueba.run()
            tiempos.append(1000 * (time.perf_counter() - inicio))
            assert not prueba.exception, (nombre, parametros, prueba.exception)
        MEDIDAS.setdefault(nombre, {})[veces] = statistics.quantiles(tiempos, n=20)[-1]
        print(f"\n  {veces}× · {nombre} · {MEDIDAS[nombre][veces]:.0f} ms", flush=True)
    TAMANOS[veces] = f"{veces}×: {publicacion.bytes / 1e6:,.0f} MB publicados y {ACUERDOS * veces:,} acuerdos"
    if veces == VECES[-1]:
        for nombre, de_cada in MEDIDAS.items():
            cuanto = de_cada[VECES[-1]] / de_cada[VECES[0]]
            seccion.fila(nombre, *(f"{de_cada[v]:.0f}" for v in VECES), f"{cuanto:.2f}")
        seccion.nota("; ".join(TAMANOS.values()) + ".")


MEDIDAS: dict[str, dict[int, float]] = {}
TAMANOS: dict[int, str] = {}
