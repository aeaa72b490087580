"""Los efectos sembrados en la demostración se recuperan: cobertura, sesgo y el veredicto que cada acuerdo merece."""

import numpy as np
import pytest

from analisis.eficacia import ALZA, BAJA, INSUFICIENTES, evaluar
from datos import catalogos
from datos.consultas.cerrados import cerrados
from datos.consultas.evaluables import acuerdos_evaluables, evaluaciones_de
from etl.demostracion.mesas import ACUERDOS
from informes.eficacia.servicio import evaluar_acuerdo, pregunta_de, responder, semilla_de

ENSAYOS = 150


@pytest.fixture
def evaluados(almacen_demostracion, monkeypatch, tmp_path):
    monkeypatch.setenv("TABLERO_ALMACEN", str(almacen_demostracion))
    todos = acuerdos_evaluables()
    return {a.id: responder(pregunta_de(a, todos)) for a in todos}


def _verdad(evaluable_id, evaluados):
    pregunta = evaluados[evaluable_id].pregunta
    for a in ACUERDOS:
        if a.inicio == pregunta.inicio and tuple(sorted(a.delitos)) == pregunta.delitos:
            return a.efecto_pct
    return None


def test_cada_acuerdo_recibe_lo_que_su_verdad_merece(evaluados):
    sembrados = {k: v for k, v in evaluados.items() if _verdad(k, evaluados) is not None}
    assert len(sembrados) == len(ACUERDOS)
    dentro = evaluables = 0
    for clave, hecha in sembrados.items():
        e, verdad = hecha.evaluacion, _verdad(clave, evaluados)
        if e.veredicto == INSUFICIENTES:
            assert e.motivo
            continue
        evaluables += 1
        dentro += e.ic_bajo <= verdad <= e.ic_alto
        if verdad == 0:
            assert e.veredicto not in (BAJA, ALZA), clave
        if e.veredicto == BAJA:
            assert verdad < 0, clave
        if e.veredicto == ALZA:
            assert verdad > 0, clave
    assert evaluables >= 14
    assert dentro / evaluables >= 0.9
    assert sum(h.evaluacion.veredicto == BAJA for h in sembrados.values()) >= 6


@pytest.mark.parametrize("efecto", [-0.2, -0.4, 0.15])
def test_cobertura_y_sesgo_de_efectos_sembrados(almacen_demostracion, monkeypatch, efecto):
    """Conjuntos y fechas al azar en la demostración, lejos de sus acuerdos: 90 % de cobertura y ±3 puntos de sesgo."""
    monkeypatch.setenv("TABLERO_ALMACEN", str(almacen_demostracion))
    panel = cerrados(("robo_vehiculo",))
    con_mesa = {m for a in acuerdos_evaluables() for m in a.municipios}
    azar = np.random.default_rng(20)
    medias = np.nan_to_num(panel.conteos).mean(axis=1)
    libres = [
        i for i, m in enumerate(panel.lugares)
        if m not in con_mesa and medias[i] > 4 and not np.isnan(panel.conteos[i]).any()
    ]  # fmt: skip
    dentro, efectos = 0, []
    for numero in range(ENSAYOS):
        inicio = int(azar.integers(60, panel.conteos.shape[1] - 12))
        elegidos = azar.choice(libres, int(azar.choice([4, 10])), replace=False)
        vistos = panel.conteos[:, : inicio + 12].copy()
        propios = vistos[elegidos, inicio:].astype(int)
        vistos[elegidos, inicio:] = (
            azar.binomial(propios, 1 + efecto) if efecto < 0 else propios + azar.poisson(propios * efecto)
        )
        mes = panel.meses[inicio]
        e = evaluar(vistos, elegidos, mes, mes_inicial=panel.mes_inicial, semilla=numero, con_sensibilidad=False)
        assert e.veredicto != INSUFICIENTES
        dentro += e.ic_bajo <= 100 * efecto <= e.ic_alto
        efectos.append(e.efecto_log)
    assert dentro / ENSAYOS >= 0.9
    assert 100 * np.expm1(np.mean(efectos)) == pytest.approx(100 * efecto, abs=3)


def test_lo_contiguo_y_lo_de_otros_acuerdos_no_se_usa_de_comparacion(evaluados):
    con_otros = 0
    for hecha in evaluados.values():
        usados = {clave for clave, _ in hecha.comparables}
        assert not usados & set(hecha.contiguos)
        assert not usados & set(hecha.pregunta.excluidos)
        assert not usados & set(hecha.pregunta.municipios)
        con_otros += bool(hecha.pregunta.excluidos)
        if usados:
            assert sum(peso for _, peso in hecha.comparables) == pytest.approx(1)
    assert con_otros >= 2


def test_la_semilla_sale_de_lo_que_se_evalua_y_se_guarda_una_sola_vez(almacen_demostracion, monkeypatch, tmp_path):
    import shutil

    copia = tmp_path / "almacen"
    shutil.copytree(almacen_demostracion, copia)
    monkeypatch.setenv("TABLERO_ALMACEN", str(copia))
    todos = acuerdos_evaluables()
    uno = todos[0]
    antes = len(evaluaciones_de(uno.id))
    primera = evaluar_acuerdo(uno, todos)
    assert semilla_de(primera.hecha.pregunta) == primera.hecha.semilla
    assert evaluar_acuerdo(uno, todos).hecha.evaluacion.efecto_pct == primera.hecha.evaluacion.efecto_pct
    guardadas = evaluaciones_de(uno.id)
    assert len(guardadas) <= antes + 1
    assert guardadas[-1].salida["veredicto"] == primera.hecha.evaluacion.veredicto
    assert guardadas[-1].version_metodo == primera.hecha.evaluacion.version_metodo
    assert guardadas[-1].corte.isoformat() == "2026-08-01"


def test_los_municipios_nuevos_avisan(almacen_demostracion, monkeypatch):
    from informes.eficacia.servicio import avisos_de

    nuevos = catalogos.municipios().set_index("cve_mun")["existe_desde"].dropna().index
    assert "municipio_nuevo" in avisos_de([nuevos[0]], ["homicidio_doloso"])
    assert avisos_de(["11020"], ["homicidio_doloso"]) == set()
    assert avisos_de(["11020"], ["canasta:mesas"]) == {"subregistro"}
