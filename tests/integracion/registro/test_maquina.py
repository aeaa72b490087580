"""Varias personas y papeles contra un modelo en memoria: nada se pierde, nada prohibido entra y la bitácora lo reconstruye."""

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule, run_state_machine_as_test

from datos.registro import acuerdos, lectura, mesas, respaldo, seguimientos
from datos.registro.actor import PUBLICO, Actor, Rol
from datos.registro.errores import Conflicto, NoEncontrado, SinPermiso
from datos.registro.evidencias import Entrega
from tests.integracion.registro.conftest import HOY, IRMA, ROSA, VALORES

TEXTOS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=40).filter(
    str.strip
)
LIGA = Entrega("Nota", HOY, url="https://ejemplo.mx")


class RegistroConGente(RuleBasedStateMachine):
    """``esperado`` es lo que debe haber: id → (mesa, texto, plazo, nivel, retirado, versión)."""

    registro = None
    vivos = Bundle("vivos")
    vistas = Bundle("vistas")

    def __init__(self):
        super().__init__()
        marca = uuid4().hex[:10]
        self.mesas = [f"uno-{marca}", f"dos-{marca}"]
        for clave in self.mesas:
            mesas.crear(self.registro, ROSA, clave=clave, nombre=clave, municipios=["01001"], fuente="x")
        ana = Actor("ana@x.mx", "Ana", Rol.MESA, frozenset(self.mesas[:1]))
        leo = Actor("leo@x.mx", "Leo", Rol.MESA, frozenset(self.mesas[1:]))
        self.gente = {"ana": ana, "leo": leo, "rosa": ROSA, "irma": IRMA, "publico": PUBLICO}
        self.esperado = {}
        self.folios = 0

    def puede(self, quien, mesa):
        actor = self.gente[quien]
        return actor.rol in (Rol.RED, Rol.ADMINISTRACION) or mesa in actor.mesas

    def intentar(self, quien, clave, pedir):
        """Corre lo pedido si se puede; si no, exige el rechazo. Dice si entró."""
        suyo = self.esperado[clave]
        if not self.puede(quien, suyo["mesa"]):
            with pytest.raises((SinPermiso, NoEncontrado)):
                pedir(self.gente[quien])
            return False
        pedir(self.gente[quien])
        return True

    quienes = st.sampled_from(["ana", "leo", "rosa", "irma", "publico"])

    @rule(target=vivos, quien=quienes, cual=st.integers(0, 1), texto=TEXTOS, publico=st.booleans())
    def tomar(self, quien, cual, texto, publico):
        mesa = self.mesas[cual]
        self.folios += 1
        valores = {
            **VALORES,
            "folio": f"{self.folios:02d}/V/2026",
            "texto": texto,
            "publico": "sí" if publico else "no",
        }
        if not self.puede(quien, mesa):
            with pytest.raises(SinPermiso):
                acuerdos.crear(self.registro, self.gente[quien], mesa, valores)
            quien = "irma"
        hecho = acuerdos.crear(self.registro, self.gente[quien], mesa, valores)
        self.esperado[hecho.id] = {
            "mesa": mesa, "texto": texto.strip(), "plazo": hecho.plazo, "original": hecho.plazo, "nivel": 1,
            "movidas": 0, "seguimientos": 0, "retirado": False, "version": 1, "publico": publico,
        }  # fmt: skip
        return hecho.id

    @rule(target=vistas, clave=vivos)
    def abrir_la_pagina(self, clave):
        """Alguien abre el acuerdo y se queda con esa versión en pantalla."""
        return clave, self.esperado[clave]["version"]

    @rule(vista=vistas, quien=quienes, texto=TEXTOS)
    def editar_lo_que_se_veia(self, vista, quien, texto):
        clave, version = vista
        suyo = self.esperado[clave]
        pedir = lambda actor: acuerdos.editar(self.registro, actor, clave, version, {"texto": texto})  # noqa: E731
        if suyo["retirado"] or not self.puede(quien, suyo["mesa"]):
            with pytest.raises((SinPermiso, NoEncontrado)):
                pedir(self.gente[quien])
        elif version != suyo["version"]:
            with pytest.raises(Conflicto) as choque:
                pedir(self.gente[quien])
            assert choque.value.lo_suyo == {"texto": texto}
            assert choque.value.version_actual == suyo["version"]
        else:
            pedir(self.gente[quien])
            if texto.strip() != suyo["texto"]:
                suyo["texto"], suyo["version"] = texto.strip(), version + 1

    @rule(clave=vivos, quien=quienes, dias=st.integers(1, 400))
    def reprogramar(self, clave, quien, dias):
        suyo = self.esperado[clave]
        if suyo["retirado"]:
            return
        nuevo = suyo["plazo"] + timedelta(dias)
        pedir = lambda actor: acuerdos.reprogramar(  # noqa: E731
            self.registro, actor, clave, suyo["version"], nuevo, "porque sí", dia=HOY
        )
        if self.intentar(quien, clave, pedir):
            suyo.update(plazo=nuevo, movidas=suyo["movidas"] + 1, version=suyo["version"] + 1)

    @rule(clave=vivos, quien=quienes, nivel=st.integers(1, 5))
    def dar_seguimiento(self, clave, quien, nivel):
        suyo = self.esperado[clave]
        if suyo["retirado"]:
            return
        pedir = lambda actor: seguimientos.registrar(  # noqa: E731
            self.registro, actor, clave, suyo["version"], cumplimiento=nivel, nota="", dia=HOY, entregas=[LIGA]
        )
        if self.intentar(quien, clave, pedir):
            suyo.update(nivel=nivel, seguimientos=suyo["seguimientos"] + 1)

    @rule(clave=vivos, quien=quienes)
    def retirar(self, clave, quien):
        suyo = self.esperado[clave]
        if suyo["retirado"]:
            return
        pedir = lambda actor: acuerdos.retirar_acuerdo(self.registro, actor, clave, suyo["version"], "x")  # noqa: E731
        if self.intentar(quien, clave, pedir):
            suyo.update(retirado=True, version=suyo["version"] + 1)

    @rule(clave=vivos, quien=quienes)
    def recuperar(self, clave, quien):
        suyo = self.esperado[clave]
        pedir = lambda actor: acuerdos.recuperar_acuerdo(self.registro, actor, clave)  # noqa: E731
        if self.intentar(quien, clave, pedir) and suyo["retirado"]:
            suyo.update(retirado=False, version=suyo["version"] + 1)

    @rule(clave=consumes(vivos))
    def olvidar(self, clave):
        """Deja de tocarse, pero tiene que seguir ahí."""

    @invariant()
    def hay_exactamente_lo_esperado(self):
        vigentes = {c: e for c, e in self.esperado.items() if not e["retirado"]}
        vistos = {e.acuerdo.id: e for m in self.mesas for e in lectura.expedientes(self.registro, IRMA, mesa_clave=m)}
        assert set(vistos) == set(vigentes)
        for clave, suyo in vigentes.items():
            hallado = vistos[clave]
            a = hallado.acuerdo
            assert (a.texto, a.plazo, a.plazo_original, a.version) == (
                suyo["texto"], suyo["plazo"], suyo["original"], suyo["version"],
            )  # fmt: skip
            assert (hallado.cumplimiento, len(hallado.reprogramaciones), len(hallado.seguimientos)) == (
                suyo["nivel"], suyo["movidas"], suyo["seguimientos"],
            )  # fmt: skip
        publicos = {e.acuerdo.id for m in self.mesas for e in lectura.expedientes(self.registro, PUBLICO, mesa_clave=m)}
        assert publicos == {c for c, e in vigentes.items() if e["publico"]}

    def teardown(self):
        respaldo.comprobar(self.registro)


@pytest.mark.parametrize("cuantos", [12])
def test_nada_se_pierde_ni_entra_lo_prohibido(abierto, cuantos):
    maquina = type("Maquina", (RegistroConGente,), {"registro": abierto})
    ajustes = settings(
        max_examples=cuantos,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    run_state_machine_as_test(maquina, settings=ajustes)
