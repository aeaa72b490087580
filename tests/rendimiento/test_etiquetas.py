"""Etiquetas, cambio estimado y alertas de todos los lugares y delitos a la vez, contra ajustar un modelo por lugar."""

import time
from datetime import date

import numpy as np
import pytest
import statsmodels.api as sm

from analisis.cambio_estimado import estimar
from analisis.etiquetas import etiquetar
from analisis.rangos import rango_esperado
from datos.consultas.claves import claves
from datos.consultas.paneles import panel

MUESTRA = 200
DIAS = np.array([31, 30, 31, 30, 31, 31, 28, 31, 30, 31, 30, 31, 31])


@pytest.fixture
def paneles(almacen_completo, monkeypatch):
    """Los 24 meses a diciembre de 2025 de los 2,478 municipios, por cada delito y canasta."""
    monkeypatch.setenv("TABLERO_ALMACEN", str(almacen_completo))
    return [panel("municipal", clave, date(2025, 12, 1)) for clave in claves()]


def test_todo_el_pais_contra_un_modelo_por_lugar(paneles, registro):
    seccion = registro.seccion(
        "Etiquetas de todo el país",
        f"Los 2,478 municipios × {len(paneles)} delitos y canastas, ya en memoria. Al lado, lo obvio: un modelo lineal "
        f"generalizado cuasi-Poisson de statsmodels por lugar, medido en {MUESTRA} y llevado al total. Meta: menos de 2 s.",
        ("qué", "tiempo (s)"),
    )
    for nombre, calcular in (
        ("etiquetas", lambda p: etiquetar(p.conteos, p.personas)),
        ("cambio estimado", lambda p: estimar(p.conteos, p.personas)),
        ("rango esperado y alertas", lambda p: rango_esperado(p.conteos[:, -13:], DIAS)),
    ):
        inicio = time.perf_counter()
        for uno in paneles:
            calcular(uno)
        seccion.fila(nombre, f"{time.perf_counter() - inicio:.2f}")
    uno = paneles[0]
    despues = sm.add_constant(np.repeat([0.0, 1.0], 12))
    hay = np.flatnonzero(uno.conteos.sum(axis=1) >= 30)[:MUESTRA]
    inicio = time.perf_counter()
    for i in hay:
        sm.GLM(uno.conteos[i], despues, family=sm.families.Poisson(), offset=np.log(uno.personas[i])).fit(scale="X2")
    por_lugar = (time.perf_counter() - inicio) / len(hay)
    seccion.fila("un modelo por lugar (llevado al total)", f"{por_lugar * 2478 * len(paneles):.0f}")
