"""Con cientos de acuerdos la página sigue siendo leíble: enseña los primeros y lo dice, y la hoja los trae todos."""

import re

import pytest

from datos.plantilla.columnas import NIVELES_CUMPLIMIENTO
from datos.registro import acuerdos, importacion, lectura
from datos.registro.actor import PUBLICO, SISTEMA, Actor, Rol, actor_de_la_orden
from datos.registro.apertura import registro_vigente
from datos.reloj import hoy
from tests.rendimiento.crecer import renglones_de_prueba

CUANTOS = 450
QUIEN = actor_de_la_orden("prueba")


@pytest.fixture
def con_muchos(practica, monkeypatch):
    """El almacén de práctica con cientos de acuerdos más, y cuántos públicos quedaron."""
    monkeypatch.setenv("TABLERO_ALMACEN", str(practica))
    registro = registro_vigente()
    mesas = [m for m in lectura.mesas(registro, SISTEMA) if m.municipios]
    plan = importacion.planear(registro, QUIEN, renglones_de_prueba(mesas, CUANTOS))
    importacion.importar(registro, QUIEN, plan, hoy())
    return practica, len(lectura.expedientes(registro, PUBLICO))


def test_la_lista_ensena_los_primeros_y_la_hoja_trae_todos(abrir, con_muchos):
    almacen, publicos = con_muchos
    propia = abrir("acuerdos", almacen)
    assert propia.titular.startswith(f"{publicos} acuerdos de ")
    assert f"Se muestran 200 de {publicos}: primero lo que falta, por plazo" in propia.texto
    cuerpo = max((e.proto.body for e in propia.prueba.get("html")), key=len)
    assert cuerpo.count("<tr>") == 200 + 1
    # Lo que se puede pedir sin completar va antes que lo completo.
    assert len(re.findall(r"5 completo", cuerpo)) == 0
    assert len(importacion.exportar(registro_vigente(), PUBLICO)) == publicos


def test_el_tablero_dice_cuantos_hay_aunque_no_los_ensene(abrir, con_muchos):
    almacen, publicos = con_muchos
    propia = abrir("acuerdos", almacen, vista_de_acuerdos="tablero")
    titulos = rf"[1-5] (?:{'|'.join(NIVELES_CUMPLIMIENTO)}) · ([\d,]+)"
    de_cada_uno = [int(n.replace(",", "")) for n in re.findall(titulos, propia.texto)]
    assert sum(de_cada_uno) == publicos
    assert re.search(r"y \d+ más: filtre por Mesa o por delito", propia.texto)


def test_lo_recordado_no_cruza_papeles_ni_sobrevive_a_una_escritura(con_muchos):
    registro = registro_vigente()
    de_todas = lectura.expedientes(registro, SISTEMA)
    publicos = lectura.expedientes(registro, PUBLICO)
    assert {e.acuerdo.id for e in publicos} < {e.acuerdo.id for e in de_todas}
    interno = next(e for e in de_todas if not e.acuerdo.publico)
    ajena = next(m.clave for m in lectura.mesas(registro, SISTEMA) if m.clave != interno.acuerdo.mesa)
    propio, otro = (Actor("x@y.mx", "X", Rol.MESA, frozenset({m})) for m in (interno.acuerdo.mesa, ajena))
    assert interno.acuerdo.id in {e.acuerdo.id for e in lectura.expedientes(registro, propio)}
    assert interno.acuerdo.id not in {e.acuerdo.id for e in lectura.expedientes(registro, otro)}
    assert [e.acuerdo.id for e in lectura.expedientes(registro, PUBLICO)] == [e.acuerdo.id for e in publicos]
    quitado = publicos[0].acuerdo
    acuerdos.retirar_acuerdo(registro, QUIEN, quitado.id, quitado.version, "Se capturó dos veces.")
    assert quitado.id not in {e.acuerdo.id for e in lectura.expedientes(registro, PUBLICO)}
