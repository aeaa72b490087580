"""Eficacia, portafolio y diseñador: sus números son los de una consulta directa y su veredicto, el del cálculo aparte."""

import re
import shutil
from datetime import date

import numpy as np
import pytest

from analisis.eficacia import SIN_CAMBIO, evaluar, portafolio
from datos.consultas.cerrados import cerrados
from datos.consultas.evaluables import acuerdos_evaluables, evaluaciones_de, guardar_evaluacion
from etl.demostracion.mesas import ACUERDOS
from informes.eficacia.servicio import Pregunta, evaluar_acuerdo, responder
from tests.paginas.conftest import uno

LUGARES = ["24028", "24035"]


@pytest.fixture
def copia(almacen_demostracion, tmp_path, monkeypatch):
    destino = tmp_path / "almacen"
    shutil.copytree(almacen_demostracion, destino)
    monkeypatch.setenv("TABLERO_ALMACEN", str(destino))
    return destino


def _suma(almacen, lugares, delito, desde, hasta):
    return uno(
        almacen,
        "SELECT sum(conteo) FROM delitos_municipal WHERE list_contains(?::VARCHAR[], cve_mun) AND delito = ? "
        "AND fecha BETWEEN ? AND ?",
        [lugares, delito, desde, hasta],
    )


def test_lo_observado_es_la_suma_y_lo_esperado_el_del_calculo(abrir, almacen_demostracion):
    abierta = abrir("eficacia", almacen_demostracion, folio="03/XXX/2024")
    observadas = _suma(almacen_demostracion, LUGARES, "robo_vehiculo", "2024-07-01", "2025-06-01")
    hecha = next(
        evaluar_acuerdo(a, acuerdos_evaluables()).hecha for a in acuerdos_evaluables() if a.folio == "03/XXX/2024"
    )
    assert (
        f"hubo {observadas:,} y, de haberse movido como ellos, se esperaban {hecha.evaluacion.esperado_post:,.0f}"
        in (abierta.titular)
    )
    base = _suma(almacen_demostracion, LUGARES, "robo_vehiculo", "2023-07-01", "2024-06-01")
    assert f"De {base:,} carpetas en los mismos meses del año anterior a {observadas:,}" in " ".join(
        t.value for t in abierta.prueba.text
    )
    assert f"{observadas:,} carpetas en 12 meses" in abierta.texto
    assert f"{hecha.evaluacion.concordancia} maneras de comprobarlo" in abierta.texto
    assert "no dice por qué" in abierta.texto
    assert "Sin el acuerdo, estos municipios se habrían movido como los comparables." in abierta.texto


def test_la_primera_pantalla_no_afirma_mas_que_la_pagina(abrir, almacen_demostracion):
    for acuerdo in ("01/IV/2019", "01/I/2021", "02/XXII/2023"):
        abierta = abrir("eficacia", almacen_demostracion, folio=acuerdo)
        titular, texto = abierta.titular, abierta.texto
        assert "comparables" in titular
        if "Datos insuficientes" in titular:
            assert "no hay veredicto, ni a favor ni en contra" in texto
            continue
        assert texto.index("IC 95 %") < texto.index("¿Con quién se compara?") or "IC 95 %" in texto
        if "No se distingue" in titular:
            assert "Solo se detectarían cambios mayores" in texto


def test_un_placebo_se_anuncia_y_coincide_con_un_calculo_aparte(abrir, almacen_espejo):
    abierta = abrir(
        "eficacia",
        almacen_espejo,
        evaluar="placebo",
        conjunto="11007,11020",
        delito_placebo="violencia_familiar",
        inicio_placebo="2021-07",
    )
    assert abierta.titular.startswith("Placebo. ")
    assert "No es un acuerdo de ninguna Mesa" in abierta.texto
    observadas = _suma(almacen_espejo, ["11007", "11020"], "violencia_familiar", "2021-07-01", "2022-06-01")
    assert f"{observadas:,}" in abierta.titular
    panel = cerrados(("violencia_familiar",))
    semilla = int(re.search(r"Semilla: (\d+)", " ".join(t.value for t in abierta.prueba.text)).group(1))
    e = evaluar(
        panel.conteos, [panel.posiciones[m] for m in ("11007", "11020")], panel.meses[78], mes_inicial=panel.mes_inicial,
        contiguos=[panel.posiciones[m] for m in _contiguos(["11007", "11020"])], semilla=semilla,
    )  # fmt: skip
    assert f"esperaban {e.esperado_post:,.0f}" in abierta.titular
    assert f"{abs(round(e.diferencia)):,} carpetas" in abierta.texto


def test_sortear_otro_placebo_cambia_municipios_y_fecha_y_se_anuncia(abrir, almacen_espejo):
    abierta = abrir("eficacia", almacen_espejo, evaluar="placebo", delito_placebo="violencia_familiar")
    vistos = set()
    for _ in range(3):
        prueba = abierta.prueba.button(key="sortear_placebo").click().run()
        assert not prueba.exception
        vistos.add((prueba.query_params["conjunto"], prueba.query_params["inicio_placebo"]))
        assert abierta.titular.startswith("Placebo. ")
    assert len(vistos) == 3


def test_un_municipio_que_la_base_no_conoce_se_dice(copia):
    hecha = responder(Pregunta(("11020", "99001"), ("robo_vehiculo",), date(2024, 1, 1)))
    assert hecha.evaluacion.motivo == "la base publicada no conoce a 99001"
    assert "99001" in hecha.asunto.lugar


def _contiguos(municipios):
    from datos.consultas.geometria import vecinos

    return {v for m in municipios for v in vecinos()[m]} - set(municipios)


def test_sin_acuerdos_solo_se_ofrece_el_placebo(abrir, almacen_espejo):
    abierta = abrir("eficacia", almacen_espejo)
    assert abierta.titular.startswith("Placebo. ")
    assert "no tiene acuerdos registrados" in abierta.texto
    assert "Todavía no hay acuerdos que evaluar" in abrir("portafolio", almacen_espejo).titular


def _sin_evaluaciones(copia):
    """El registro como recién instalado: lo que otras pruebas hayan evaluado no cuenta."""
    shutil.rmtree(copia / "registro", ignore_errors=True)
    clave = next(a.id for a in acuerdos_evaluables() if a.folio == "01/IV/2019")
    assert evaluaciones_de(clave) == []
    return clave


def test_se_guarda_cada_evaluacion_una_sola_vez(abrir, copia):
    clave = _sin_evaluaciones(copia)
    assert "Con el corte" not in abrir("eficacia", copia, acuerdo=clave).texto
    (guardada,) = evaluaciones_de(clave)
    assert guardada.salida["obs_post"] == _suma(copia, ["01001"], "robo_vehiculo", "2019-04-01", "2020-03-01")
    assert (guardada.corte, guardada.version_metodo) == (date(2026, 8, 1), "1.0")
    abrir("eficacia", copia, acuerdo=clave)
    assert len(evaluaciones_de(clave)) == 1


def test_se_dice_si_con_otro_corte_el_veredicto_era_distinto(abrir, copia):
    clave = _sin_evaluaciones(copia)
    assert guardar_evaluacion(clave, date(2026, 5, 1), "otra", "1.0", {"veredicto": SIN_CAMBIO})
    texto = abrir("eficacia", copia, acuerdo=clave).texto
    antes = "Con el corte mayo de 2026 el veredicto respecto de municipios comparables era «sin cambio distinguible»"
    assert antes in texto
    assert "con otro corte el veredicto era distinto" in texto
    assert [g.version == "otra" for g in evaluaciones_de(clave)] == [True, False]


def test_el_portafolio_es_el_del_calculo_y_no_mezcla_cumplimiento_con_efecto(abrir, almacen_demostracion):
    abierta = abrir("portafolio", almacen_demostracion)
    todos = acuerdos_evaluables()
    hechas = [evaluar_acuerdo(a, todos, completa=False).hecha.evaluacion for a in todos]
    conjunto = portafolio(hechas)
    n = conjunto.cuentas
    assert abierta.titular.startswith(
        f"De {len(todos)} acuerdos, {n['a la baja con evidencia']} a la baja con evidencia"
    )
    observadas = sum(e.obs_post for e in hechas if np.isfinite(e.efecto_pct))
    assert f"hubo {observadas:,.0f} carpetas" in abierta.texto
    assert "Lo que se cumplió y lo que se distinguió" in abierta.texto
    assert "es un hallazgo" in abierta.texto
    cuadro = re.search(r"5 completo (.*?) 4 sustancial", abierta.texto).group(1)
    completos = sum(a.cumplimiento == 5 for a in todos)
    assert sum(int(c) for c in re.findall(r"\d+", cuadro)) == completos
    assert "no se puede leer como" in abierta.texto


def test_el_portafolio_se_filtra_por_mesa_y_delito(abrir, almacen_demostracion):
    de_una = abrir("portafolio", almacen_demostracion, mesa="demo-2")
    suyos = [a.folio for a in ACUERDOS if a.mesa == "demo-2"]
    assert all(f in de_una.texto for f in suyos)
    otros = [a.folio for a in ACUERDOS if a.mesa != "demo-2" and a.folio not in suyos]
    assert not any(re.search(rf"(?<!\w){re.escape(f)}(?!\w)", de_una.texto) for f in otros)
    un_delito = abrir("portafolio", almacen_demostracion, delito_acordado="robo_casa_habitacion")
    assert un_delito.titular.startswith(
        f"De {sum('robo_casa_habitacion' in a.delitos for a in acuerdos_evaluables())} acuerdos"
    )
    nada = abrir("portafolio", almacen_demostracion, mesa="demo-1", delito_acordado="narcomenudeo")
    assert "Ningún acuerdo de esa Mesa" in nada.titular


def test_el_disenador_congela_la_linea_base_y_dice_si_se_puede_medir(abrir, almacen_demostracion):
    abierta = abrir(
        "disenador", almacen_demostracion, conjunto="24028,24035", delito_meta="robo_vehiculo", meta="-30", plazo="12"
    )
    base = _suma(almacen_demostracion, LUGARES, "robo_vehiculo", "2025-06-01", "2026-05-01")
    assert f"Bajar {round(0.3 * base):,} de {base:,} carpetas" in abierta.titular
    clausula = abierta.prueba.code[0].value
    assert clausula.startswith("DEMOSTRACIÓN. ")
    assert f"de {base:,} de junio de 2025 a mayo de 2026 a no más de {0.7 * base:,.0f}" in clausula
    sha = uno(
        almacen_demostracion,
        "SELECT sha256 FROM cortes WHERE vigente AND ambito = 'municipal' ORDER BY corte DESC LIMIT 1",
    )
    assert f"SHA-256 {sha[:12]}" in clausula
    assert "corte agosto de 2026" in clausula
    assert "de un año al otro" in abierta.texto


def test_una_meta_chica_no_se_puede_medir_y_se_ofrece_algo_mas_amplio(abrir, almacen_demostracion):
    abierta = abrir(
        "disenador", almacen_demostracion, conjunto="22014", delito_meta="robo_casa_habitacion", meta="-10", plazo="6"
    )
    assert "no se distinguiría respecto de municipios comparables" in abierta.titular
    assert "Con los municipios contiguos" in abierta.texto
    assert "La meta es menor que lo que se distinguiría" in abierta.prueba.code[0].value


def test_con_casi_ninguna_carpeta_se_dice_por_que_no(abrir, almacen_demostracion):
    abierta = abrir("disenador", almacen_demostracion, conjunto="20001", delito_meta="secuestro", meta="-20")
    assert "no se podría medir ninguna meta" in abierta.titular
    assert "no se redacta una cláusula" in abierta.texto


def test_un_programa_nacional_no_se_evalua_por_comparacion(abrir, almacen_espejo):
    abierta = abrir("disenador", almacen_espejo, alcance="pais")
    assert "no se puede evaluar por comparación" in abierta.titular
    assert "no queda ningún municipio sin él" in abierta.texto
    assert "describir la serie antes y después sin atribuirla" in abierta.texto


def test_sin_calibracion_se_dice_con_que_orden(abrir, almacen_demostracion):
    for pagina in ("eficacia", "datos_y_metodo"):
        texto = abrir(pagina, almacen_demostracion).texto
        assert "¿Cuánto se equivoca este método?" in texto
        assert "python -m etl calibrar" in texto


@pytest.mark.parametrize(
    ("pagina", "parametros"),
    [
        ("eficacia", {"evaluar": "otra", "acuerdo": "<script>", "folio": "99/X/1999"}),
        ("eficacia", {"evaluar": "placebo", "conjunto": "99999", "inicio_placebo": "1990-01", "delito_placebo": "x"}),
        ("portafolio", {"mesa": "ninguna", "delito_acordado": "1=1"}),
        ("disenador", {"conjunto": "x", "meta": "-99", "plazo": "0", "inicio_meta": "2020-13", "delito_meta": "z"}),
    ],
)
def test_una_direccion_que_pide_lo_que_no_existe_abre_otra_vista(abrir, almacen_demostracion, pagina, parametros):
    abierta = abrir(pagina, almacen_demostracion, **parametros)
    for parametro, valor in parametros.items():
        if valor != "placebo":
            assert abierta.prueba.query_params.get(parametro) != valor, parametro


def test_un_delito_sin_serie_cerrada_se_dice(copia):
    hecha = responder(Pregunta(("11020",), ("robo_vehiculo",), date(2026, 8, 1)))
    assert hecha.evaluacion.motivo == "hay 0 meses cerrados después del inicio y hacen falta 6"


def test_la_clausula_se_lleva_a_un_borrador_sin_pisar_lo_escrito(abrir, copia, monkeypatch):
    elegido = {"conjunto": "24028,24035", "delito_meta": "robo_vehiculo", "meta": "-30", "plazo": "12"}
    assert "Quien escribe en una Mesa" in abrir("disenador", copia, **elegido).texto
    monkeypatch.setenv("TABLERO_MODO_LOCAL", "si")
    for esperado in ("Quedó como borrador", "Ya tiene un borrador de acuerdo de esa Mesa y no se tocó"):
        abierta = abrir("disenador", copia, **elegido)
        abierta.prueba.button(key="llevar").click().run()
        assert esperado in abierta.texto
    mesa = abierta.prueba.selectbox(key="mesa_del_borrador").value
    capturar = abrir("capturar", copia, mesa=mesa, paso="donde")
    assert capturar.prueba.multiselect[0].value == ["24028", "24035"]
    meta = abrir("capturar", copia, mesa=mesa, paso="meta")
    assert [n.value for n in meta.prueba.number_input] == [-30]
