"""Cuánto tarda la eficacia: un acuerdo, su batería, un portafolio, una calibración y la página; junto a otros métodos."""

import statistics
import time

import numpy as np
import pytest
from scipy import optimize
from statsmodels.regression.linear_model import OLS
from streamlit.testing.v1 import AppTest

from analisis.eficacia import evaluar, portafolio
from analisis.eficacia.acumulado import Acumulado
from analisis.eficacia.calibracion import calibrar
from datos.almacen import RAIZ_DEL_PROYECTO
from datos.consultas.cerrados import cerrados

VECES = 25
ACUERDOS = 400
SECCION = (
    "Eficacia",
    "Sobre violencia familiar en el país entero, municipios × meses cerrados, en un solo hilo y la mediana de varias veces. "
    "«Otro» son, en la misma corrida y el mismo panel, un control sintético con SciPy (pesos no negativos que suman 1, con los "
    "60 comparables como donantes y sin su inferencia) y una serie interrumpida de statsmodels con errores de Newey–West. Metas: "
    "un acuerdo, 10 ms; con su batería, 200 ms; portafolio de 400, 10 s; calibrar un delito, 2 min; página repetida, 300 ms.",
    ("qué", "mediana", "meta", "detalle"),
)


@pytest.fixture(scope="module")
def panel(almacen_completo):
    with pytest.MonkeyPatch.context() as entorno:
        entorno.setenv("TABLERO_ALMACEN", str(almacen_completo))
        yield cerrados(("violencia_familiar",))


def _mediana(hacer, veces=VECES):
    tiempos = []
    for _ in range(veces):
        inicio = time.perf_counter()
        hecho = hacer()
        tiempos.append(time.perf_counter() - inicio)
    return statistics.median(tiempos), hecho


def _ms(segundos):
    return f"{1000 * segundos:.1f} ms"


def _conjunto(panel, cuantos):
    ac = Acumulado(panel.conteos)
    inicio = panel.conteos.shape[1] - 12
    medias = ac.suma(inicio - 36, inicio) / 36
    completos = ac.completos(inicio - 36, panel.conteos.shape[1])
    return inicio, np.flatnonzero(completos & (medias > 8))[: 40 * cuantos : 40]


@pytest.mark.parametrize("cuantos", [1, 4, 10])
def test_un_acuerdo_y_su_bateria(panel, registro, cuantos):
    seccion = registro.seccion(*SECCION)
    inicio, tratados = _conjunto(panel, cuantos)
    comun = {"mes_inicial": panel.mes_inicial, "semilla": 1, "contiguos": tratados + 1}
    forma = "×".join(map(str, panel.conteos.shape))
    mes = panel.meses[inicio]
    solo, e = _mediana(lambda: evaluar(panel.conteos, tratados, mes, con_sensibilidad=False, **comun))
    seccion.fila(f"un acuerdo, {cuantos} municipio(s)", _ms(solo), "10 ms", f"{forma}; {e.n_controles} comparables")
    ac = Acumulado(panel.conteos)
    de_muchos, e = _mediana(lambda: evaluar(ac, tratados, mes, con_sensibilidad=False, **comun))
    seccion.fila(
        f"uno de varios del mismo delito, {cuantos} municipio(s)", _ms(de_muchos), "10 ms", "panel ya acumulado"
    )
    completa, e = _mediana(lambda: evaluar(panel.conteos, tratados, mes, **comun))
    seccion.fila(f"con su batería, {cuantos} municipio(s)", _ms(completa), "200 ms", f"concordancia {e.concordancia}")
    assert np.isfinite(e.efecto_pct)


def test_otros_metodos_en_el_mismo_panel(panel, registro):
    seccion = registro.seccion(*SECCION)
    inicio, tratados = _conjunto(panel, 1)
    e = evaluar(
        panel.conteos, tratados, panel.meses[inicio], mes_inicial=panel.mes_inicial, semilla=1, con_sensibilidad=False
    )
    propia = np.log(panel.conteos[tratados].sum(axis=0) + 0.5)
    donantes = np.log(panel.conteos[e.controles] + 0.5)

    def sintetico():
        previa, otros = propia[inicio - 36 : inicio], donantes[:, inicio - 36 : inicio]
        n = len(otros)
        hecho = optimize.minimize(
            lambda w: ((previa - w @ otros) ** 2).sum(), np.full(n, 1 / n), jac=lambda w: -2 * otros @ (previa - w @ otros),
            method="SLSQP", bounds=[(0, 1)] * n, constraints={"type": "eq", "fun": lambda w: w.sum() - 1},
        )  # fmt: skip
        return float((propia[inicio:] - hecho.x @ donantes[:, inicio:]).mean())

    tarda, efecto = _mediana(sintetico, 9)
    seccion.fila("otro: control sintético (SciPy)", _ms(tarda), "—", f"efecto {100 * np.expm1(efecto):+.0f} %")

    def interrumpida():
        meses = np.arange(len(propia))
        diseno = np.column_stack([np.ones(len(propia)), meses - inicio, meses >= inicio])
        return OLS(propia, diseno).fit(cov_type="HAC", cov_kwds={"maxlags": 3}).params[2]

    tarda, salto = _mediana(interrumpida)
    seccion.fila("otro: serie interrumpida (statsmodels)", _ms(tarda), "—", f"salto {100 * np.expm1(salto):+.0f} %")
    seccion.nota(
        f"Este método, en el mismo municipio y fecha: {e.efecto_pct:+.0f} %, IC 95 % de {e.ic_bajo:+.0f} a {e.ic_alto:+.0f} %."
    )
    assert np.isfinite([efecto, salto]).all()


def test_un_portafolio_de_cuatrocientos(panel, registro):
    seccion = registro.seccion(*SECCION)
    azar = np.random.default_rng(3)
    inicio, posibles = _conjunto(panel, 400)
    posibles = np.flatnonzero(np.nan_to_num(panel.conteos).mean(axis=1) > 2)
    desde = time.perf_counter()
    hechas = [
        evaluar(
            panel.conteos, azar.choice(posibles, int(azar.integers(1, 7)), replace=False),
            panel.meses[int(azar.integers(60, inicio + 1))], mes_inicial=panel.mes_inicial, semilla=n, con_sensibilidad=False,
        )
        for n in range(ACUERDOS)
    ]  # fmt: skip
    conjunto = portafolio(hechas)
    tarda = time.perf_counter() - desde
    seccion.fila(
        "portafolio de 400 acuerdos", f"{tarda:.1f} s", "10 s", f"{conjunto.evaluables} evaluables, de 1 a 6 municipios"
    )
    assert len(hechas) == ACUERDOS


def test_calibrar_un_delito(panel, registro):
    seccion = registro.seccion(*SECCION)
    desde = time.perf_counter()
    celdas = calibrar(panel.conteos, mes_inicial=panel.mes_inicial, semilla=1)
    tarda = time.perf_counter() - desde
    falsas, evaluadas = (sum(c[k] for c in celdas) for k in ("falsas", "evaluadas"))
    seccion.fila("calibrar un delito", f"{tarda:.1f} s", "2 min", f"{evaluadas:.0f} ensayos, {falsas:.0f} falsas")
    assert evaluadas > 300


def test_la_pagina_repetida(almacen_completo, registro, monkeypatch):
    seccion = registro.seccion(*SECCION)
    monkeypatch.setenv("TABLERO_ALMACEN", str(almacen_completo))
    for nombre in ("eficacia", "disenador"):
        prueba = AppTest.from_file(str(RAIZ_DEL_PROYECTO / "paginas" / f"{nombre}.py"), default_timeout=120)
        primera = time.perf_counter()
        prueba.run()
        primera = time.perf_counter() - primera
        assert not prueba.exception
        repetida, _ = _mediana(prueba.run, 7)
        seccion.fila(f"página «{nombre}», repetida", _ms(repetida), "300 ms", f"la primera vez, {primera:.1f} s")
