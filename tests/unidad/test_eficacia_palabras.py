"""Cuanto una evaluación o una página de eficacia puede decir: sin causas, con sus conteos y con su comparación."""

import ast
import itertools
import re
from dataclasses import fields
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analisis.eficacia import (
    AVISOS,
    BAJA,
    INSUFICIENTES,
    SIN_CAMBIO,
    VEREDICTOS,
    VERSION_DEL_METODO,
    Evaluacion,
    comparables,
    guardas,
    placebos,
    portafolio,
)
from analisis.eficacia import palabras as p
from analisis.eficacia.calibracion import INTENTOS, SUFICIENTES, Celda
from analisis.eficacia.diseno import SinAcuerdo
from analisis.eficacia.tipos import Sensibilidad

RAIZ = Path(__file__).resolve().parents[2]
PROHIBIDAS = (
    "gracias a", "provoc", "eficaz", "fracas", "delincuencia", "logró", "éxito", "por culpa", "a causa de", "debido al acuerdo",
    "efecto del acuerdo", "impacto", "funcionó", "sirvió",
)  # fmt: skip
DEL_METODO = re.compile(r"(IC )?95\s%|el 5\s%")
COMPARA = ("comparables", "placebos")
ASUNTO = p.Asunto("Robo de vehículo", "León, Guanajuato", date(2024, 3, 1), date(2025, 2, 1))
CORTE = date(2026, 8, 1)


def evaluacion(
    veredicto, base=200.0, esperado=180.0, efecto=-0.3, ancho=0.2, signo=-1, avisos=(), concordancia="4 de 6"
):
    if veredicto == INSUFICIENTES:
        motivo = "hay 4 meses cerrados después del inicio y hacen falta 6"
        return Evaluacion(INSUFICIENTES, motivo, signo=signo, avisos=tuple(avisos))
    post = esperado * np.exp(efecto)

    def pct(log):
        return float(100 * np.expm1(log))

    return Evaluacion(
        veredicto, signo=signo, obs_post=post, base=base, esperado_post=esperado, diferencia=post - esperado,
        cambio_bruto_pct=pct(np.log(post / base)), cambio_controles_pct=pct(np.log(esperado / base)), efecto_pct=pct(efecto),
        ic_bajo=pct(efecto - ancho), ic_alto=pct(efecto + ancho), p_placebo=0.03, rango=12, n_placebos=499,
        mde_pct=pct(signo * 0.35), tau=0.1, n_controles=60, meses_antes=60, meses_despues=12, concordancia=concordancia,
        avisos=tuple(avisos), efecto_log=efecto, error_log=ancho / 2,
        sensibilidad=(Sensibilidad("Base de 24 meses", -10.0, -20.0, 1.0, SIN_CAMBIO, concuerda=False),),
    )  # fmt: skip


def todo_lo_que_dice(e):
    """Cada texto que una evaluación puede producir, con el nombre de quien lo hace."""
    dichos = {
        "titular": p.titular(e, ASUNTO),
        "bajada": p.bajada(e),
        "exigencia": p.exigencia(e),
        "registro": p.para_el_registro(e, ASUNTO, CORTE),
        "nota": " ".join(p.nota_tecnica(e, 7, date(2015, 1, 1))),
        "placebos": p.entre_placebos(e),
        "lista": p.en_la_lista(e, True, 0.04),
        "lista sin sostener": p.en_la_lista(e, False, 0.4),
        "corto": p.veredicto_corto(e),
        "avisos": " ".join(texto for _, texto in p.avisos(e)),
    }
    if e.veredicto != INSUFICIENTES:
        dichos |= {
            "diferencia": p.diferencia(e),
            "detectable": p.detectable(e),
            "concordancia": p.concordancia(e),
            "sensibilidad": p.sensibilidad(-10.0, -20.0, 3.0, e.esperado_post),
        }
    return dichos


def revisar(nombre, texto):
    plano = texto.replace("\N{NO-BREAK SPACE}", " ")
    assert "nan" not in plano.split(), (nombre, plano)
    assert "inf" not in plano.split(), (nombre, plano)
    for palabra in PROHIBIDAS:
        assert palabra not in plano.lower(), (nombre, palabra, plano)
    sin_metodo = DEL_METODO.sub("", plano)
    if "%" in sin_metodo:
        assert re.search(r"\d[\d,]* (carpetas?|esperadas|observadas|ensayos?|conjuntos|menos|más)", plano), (
            nombre,
            plano,
        )


CASOS = [
    evaluacion(v, base, esperado, efecto, ancho, signo, avisos, concordancia)
    for v, (base, esperado), efecto, ancho, signo, avisos, concordancia in itertools.product(
        VEREDICTOS,
        [(200, 180), (16, 17), (24, 18), (5000, 1), (1, 25000)],
        [-1.2, -0.3, 0.0, 0.02, 0.9],
        [0.05, 0.6],
        [-1, 1],
        [(), tuple(sorted(AVISOS))],
        ["4 de 6", "1 de 1", "0 de 0", ""],
    )
]


def test_ningun_texto_dice_causas_ni_porcentajes_sin_conteos():
    for e in CASOS:
        for nombre, texto in todo_lo_que_dice(e).items():
            revisar(nombre, texto)


def test_con_base_chica_no_hay_ningun_porcentaje_del_efecto():
    for e in CASOS:
        if e.veredicto == INSUFICIENTES or (e.base >= 20 and e.esperado_post >= 20):
            continue
        for nombre in ("titular", "bajada", "registro", "diferencia", "detectable", "nota", "lista"):
            texto = DEL_METODO.sub("", todo_lo_que_dice(e)[nombre].replace("\N{NO-BREAK SPACE}", " "))
            assert "%" not in texto, (nombre, texto)
    chica = p.diferencia(evaluacion(BAJA, 24, 18))
    assert "de 24 un año antes a 13" in chica


def test_ningun_veredicto_sin_su_comparacion():
    for e in CASOS:
        for nombre in ("titular", "registro"):
            assert any(c in todo_lo_que_dice(e)[nombre] for c in COMPARA), nombre
    assert all(p.COMPARACION in p.recuento(dict.fromkeys(VEREDICTOS, n)) for n in (0, 1, 7))
    assert p.COMPARACION in p.cambio_entre_cortes(BAJA, date(2026, 5, 1), SIN_CAMBIO, CORTE)


def test_la_primera_pantalla_trae_la_duda_y_no_mas_certeza_que_el_resto():
    for e in CASOS:
        bajada = p.bajada(e)
        if e.veredicto == INSUFICIENTES:
            assert "no hay veredicto" in bajada
            continue
        assert "IC 95" in bajada
        assert all(p.EN_CORTO[a] in bajada for a in e.avisos)
        if e.veredicto == SIN_CAMBIO:
            assert "solo se detectarían" in bajada.lower()
            assert "disminuyeron" not in p.titular(e, ASUNTO)


def test_no_dice_que_disminuyeron_si_subieron_menos():
    subio_menos = evaluacion(BAJA, base=100, esperado=200, efecto=-0.3)
    assert "aumentaron menos que en municipios comparables" in p.titular(subio_menos, ASUNTO)
    bajo_mas = evaluacion(BAJA, base=300, esperado=200, efecto=-0.3)
    assert "disminuyeron más que en municipios comparables" in p.titular(bajo_mas, ASUNTO)
    assert "Es lo contrario de lo que se esperaba" in p.bajada(evaluacion(BAJA, signo=1))
    assert "Es lo contrario" not in p.bajada(evaluacion(BAJA, signo=-1))


def test_un_limite_que_se_redondea_a_cero_lleva_decimal():
    casi = evaluacion(BAJA, base=6000, esperado=6000, efecto=-0.134, ancho=0.130)
    texto = p.diferencia(casi).replace("\N{NO-BREAK SPACE}", " ")
    assert "a −0.4 %" in texto
    assert "−0 %" not in texto


def test_cada_aviso_tiene_su_texto_corto_y_su_explicacion():
    assert set(p.EN_CORTO) == set(AVISOS)


@given(
    st.integers(-90, 200).filter(bool), st.floats(0, 1e5), st.floats(-95, 300), st.sampled_from([6, 9, 12]),
    st.booleans(),
)  # fmt: skip
def test_la_clausula_y_el_disenador_dicen_sus_conteos(meta, base, mde, meses, alcanza):
    base, detectable = round(base), p.se_distinguiria(mde, base, meses)
    revisar("detectable", detectable)
    texto = p.clausula(
        p.Clausula("Extorsión", "León", meta, base, date(2025, 1, 1), date(2025, 12, 1), date(2026, 9, 1), meses, CORTE,
                   "abc", "1.0", detectable, alcanza)
    )  # fmt: skip
    revisar("cláusula", texto)
    assert "municipios comparables" in texto
    if base < 20:
        assert "%" not in texto
    fin = {6: "febrero de 2027", 9: "mayo de 2027", 12: "agosto de 2027"}[meses]
    assert fin in texto
    revisar("sin acuerdo", p.pasa_sin_acuerdo(SinAcuerdo(499, 12, 7, 1), meta))
    assert "no hay historia" in p.pasa_sin_acuerdo(SinAcuerdo(0, 0, 0, 0), meta)


def test_lo_que_se_dice_de_muchos():
    muchos = [evaluacion(BAJA, efecto=e) for e in (-0.5, -0.2, 0.1)] + [evaluacion(INSUFICIENTES)]
    for cuantos in (1, 2, 4):
        dicho = p.de_conjunto(portafolio(muchos[:cuantos]), 400, 540)
        revisar("conjunto", dicho)
    assert "540" in dicho


def test_alcanza_compara_en_razones():
    assert p.alcanza(-40, -30)
    assert not p.alcanza(-20, -30)
    assert p.alcanza(50, 30)
    assert not p.alcanza(-20, float("nan"))


def test_el_documento_del_metodo_dice_lo_que_hace_el_codigo():
    documento = (RAIZ / "docs" / "metodo.md").read_text(encoding="utf-8")
    for clave in (*AVISOS, *VEREDICTOS, *(c.name for c in fields(Celda))):
        assert clave in documento, clave
    for cifra in (
        f"los {comparables.VECINOS} más cercanos", f"{comparables.HISTORIA} meses", f"{placebos.CONJUNTOS}\nconjuntos placebo",
        f"Menos de {guardas.MESES_ANTES} meses antes o de {guardas.MESES_DESPUES} después",
        f"menos de {guardas.EVENTOS_EN_HISTORIA} carpetas", f"menos de {guardas.ESPERADO_MINIMO} esperadas",
        f"hasta {INTENTOS} conjuntos", f"al menos {SUFICIENTES}", f"**{VERSION_DEL_METODO}**",
    ):  # fmt: skip
        assert cifra in documento, cifra
    plano = documento.lower()
    for palabra in PROHIBIDAS:
        assert palabra not in plano.replace("un «éxito» cuatro veces", ""), palabra


def _literales(ruta):
    for nodo in ast.walk(ast.parse(ruta.read_text(encoding="utf-8"))):
        if isinstance(nodo, ast.Constant) and isinstance(nodo.value, str):
            yield nodo.value


@pytest.mark.parametrize(
    "ruta",
    [
        *(RAIZ / "paginas" / f"{nombre}.py" for nombre in ("eficacia", "portafolio", "disenador")),
        *(RAIZ / "paginas" / "componentes" / "eficacia").glob("*.py"),
        *(RAIZ / "analisis" / "eficacia").glob("*.py"),
        RAIZ / "graficas" / "eficacia.py",
    ],
    ids=lambda ruta: f"{ruta.parent.name}/{ruta.name}",
)
def test_ningun_texto_escrito_en_las_paginas_usa_lo_prohibido(ruta):
    for texto in _literales(ruta):
        for palabra in PROHIBIDAS:
            assert palabra not in texto.lower(), (palabra, texto)
