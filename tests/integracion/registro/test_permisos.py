"""Cada operación, pedida por cada papel, sobre la Mesa propia y la ajena: quien no puede recibe un no y nada cambia."""

from datetime import date

import pytest
from sqlalchemy import select

from datos.registro import (
    acuerdos,
    borradores,
    evaluaciones,
    evidencias,
    hitos,
    importacion,
    json_publico,
    lectura,
    mesas,
    personas,
    respaldo,
    seguimientos,
    sesiones,
)
from datos.registro.actor import PUBLICO, Actor, Rol, actor_local
from datos.registro.errores import NoEncontrado, SinPermiso
from datos.registro.evidencias import Entrega
from datos.registro.modelo import Acuerdo, Bitacora, Evidencia, Hito, Integrante, Mesa, Persona, Seguimiento, Sesion
from tests.integracion.registro.conftest import AJENA, ANA, HOY, IRMA, LEO, MESA, ROSA, VALORES

LIGA = Entrega("Nota", HOY, url="https://ejemplo.mx")
VACIA = Actor("nueva@ejemplo.mx", "Sin Mesas", Rol.MESA)
NADIE, SUYA, RED, TODO = "nadie", "su Mesa", "red", "administración"


@pytest.fixture
def cosas(registro, tmp_path):
    """Una de cada cosa en la Mesa de Ana, escrita por Ana."""
    integrante = mesas.sentar(registro, ANA, MESA, institucion="Policía", lado="autoridad", representante="Luis")
    sesion = sesiones.abrir(registro, ANA, MESA, fecha=HOY)
    sesion = sesiones.editar(registro, ANA, sesion.id, sesion.version, notas="Nota interna")
    sesiones.pasar_lista(
        registro, ANA, sesion.id, institucion="Policía", lado="autoridad", estado="presente", representante="Luis"
    )
    publico = acuerdos.crear(registro, ANA, MESA, VALORES, sesion_id=sesion.id)
    interno = acuerdos.crear(registro, ANA, MESA, {**VALORES, "folio": "02/V/2026", "publico": "no"})
    hito = hitos.agregar(
        registro, ANA, publico.id, descripcion="Plan", lado="autoridad", inicio=HOY, fin=HOY, ponderador=50
    )
    archivo = Entrega("Lista", HOY, archivo="lista.txt", contenido=b"Lista de asistencia")
    seguimiento = seguimientos.registrar(
        registro, ANA, publico.id, publico.version, cumplimiento=3, nota="Nota interna", dia=HOY, entregas=[archivo]
    )
    evidencia = lectura.expediente(registro, ANA, publico.id).evidencias[0]
    personas.poner(registro, IRMA, correo="otra@ejemplo.mx", rol="red")
    return {
        "integrante": integrante, "sesion": sesion, "publico": publico, "interno": interno, "hito": hito,
        "seguimiento": seguimiento, "evidencia": evidencia, "carpeta": tmp_path,
    }  # fmt: skip


def _v(registro, modelo, llave):
    with registro.leer() as sesion:
        return sesion.get(modelo, llave).version


# nombre → (quién puede, qué se pide)
OPERACIONES = {
    "registrar una Mesa": (
        RED,
        lambda r, a, c: mesas.crear(r, a, clave="nueva", nombre="Nueva", municipios=[], fuente="x"),
    ),
    "editar la Mesa": (SUYA, lambda r, a, c: mesas.editar(r, a, MESA, _v(r, Mesa, MESA), nota="n")),
    "sentar a alguien": (SUYA, lambda r, a, c: mesas.sentar(r, a, MESA, institucion="Otra", lado="ciudadania")),
    "editar a quien se sienta": (
        SUYA,
        lambda r, a, c: mesas.editar_integrante(r, a, c["integrante"].id, c["integrante"].version, representante="Eva"),
    ),
    "abrir una sesión": (SUYA, lambda r, a, c: sesiones.abrir(r, a, MESA, fecha=HOY)),
    "editar una sesión": (
        SUYA,
        lambda r, a, c: sesiones.editar(r, a, c["sesion"].id, _v(r, Sesion, c["sesion"].id), lugar="Sala"),
    ),
    "pasar lista": (
        SUYA,
        lambda r, a, c: sesiones.pasar_lista(
            r, a, c["sesion"].id, institucion="Cámara", lado="ciudadania", estado="ausente"
        ),
    ),
    "proponer folio": (SUYA, lambda r, a, c: acuerdos.proponer_folio(r, a, MESA, 5, 2026)),
    "crear un acuerdo": (SUYA, lambda r, a, c: acuerdos.crear(r, a, MESA, {**VALORES, "folio": "09/V/2026"})),
    "editar un acuerdo": (
        SUYA,
        lambda r, a, c: acuerdos.editar(r, a, c["publico"].id, _v(r, Acuerdo, c["publico"].id), {"nota": "n"}),
    ),
    "editar uno interno": (
        SUYA,
        lambda r, a, c: acuerdos.editar(r, a, c["interno"].id, _v(r, Acuerdo, c["interno"].id), {"nota": "n"}),
    ),
    "reprogramar": (
        SUYA,
        lambda r, a, c: acuerdos.reprogramar(
            r, a, c["publico"].id, _v(r, Acuerdo, c["publico"].id), date(2028, 1, 1), "x", dia=HOY
        ),
    ),
    "ver lo retirado": (SUYA, lambda r, a, c: lectura.retirados(r, a, MESA)),
    "agregar un hito": (
        SUYA,
        lambda r, a, c: hitos.agregar(
            r, a, c["publico"].id, descripcion="Otro", lado="ciudadania", inicio=HOY, fin=HOY, ponderador=10
        ),
    ),
    "editar un hito": (
        SUYA,
        lambda r, a, c: hitos.editar(r, a, c["hito"].id, _v(r, Hito, c["hito"].id), cumplido_en=HOY),
    ),
    "dar seguimiento": (
        SUYA,
        lambda r, a, c: seguimientos.registrar(
            r, a, c["publico"].id, _v(r, Acuerdo, c["publico"].id), cumplimiento=4, nota="", dia=HOY, entregas=[LIGA]
        ),
    ),
    "entregar evidencia": (SUYA, lambda r, a, c: evidencias.entregar(r, a, c["publico"].id, LIGA)),
    "publicar evidencia": (
        SUYA,
        lambda r, a, c: evidencias.publicar(r, a, c["evidencia"].id, _v(r, Evidencia, c["evidencia"].id), True),
    ),
    "descargar evidencia": (SUYA, lambda r, a, c: evidencias.descargar(r, a, c["evidencia"].id)),
    "guardar un borrador": (SUYA, lambda r, a, c: borradores.guardar(r, a, MESA, "asunto", {"a": "b"})),
    "importar": (
        SUYA,
        lambda r, a, c: importacion.importar(
            r,
            a,
            importacion.planear(r, a, [{**VALORES, "mesa_clave": MESA, "mesa": "Mesa-Propia", "folio": "08/V/2026"}]),
            HOY,
        ),
    ),
    "aceptar una importación ajena": (
        SUYA,
        lambda r, a, c: importacion.importar(
            r,
            a,
            importacion.planear(
                r, ROSA, [{**VALORES, "mesa_clave": MESA, "mesa": "Mesa-Propia", "folio": "07/V/2026"}]
            ),
            HOY,
        ),
    ),
    "leer la bitácora de la Mesa": (SUYA, lambda r, a, c: lectura.bitacora(r, a, mesa_clave=MESA)),
    "leer la historia de un acuerdo": (SUYA, lambda r, a, c: lectura.bitacora(r, a, acuerdo=c["publico"].id)),
    "leer toda la bitácora": (RED, lambda r, a, c: lectura.bitacora(r, a)),
    "guardar una evaluación": (
        RED,
        lambda r, a, c: evaluaciones.guardar(r, a, c["publico"].id, HOY, "1", {"veredicto": "x"}),
    ),
    "dar papeles": (TODO, lambda r, a, c: personas.poner(r, a, correo="x@ejemplo.mx", rol="administracion")),
    "quitar papeles": (
        TODO,
        lambda r, a, c: personas.quitar(r, a, "otra@ejemplo.mx", _v(r, Persona, "otra@ejemplo.mx"), "x"),
    ),
    "ver quién entra": (TODO, lambda r, a, c: personas.todas(r, a)),
    "respaldar": (TODO, lambda r, a, c: respaldo.respaldar(r, a, c["carpeta"] / "r.zip")),
    "restaurar": (TODO, lambda r, a, c: respaldo.restaurar(r, a, c["carpeta"] / "no-existe.zip")),
    "cerrar una sesión": (
        SUYA,
        lambda r, a, c: sesiones.cerrar(r, a, c["sesion"].id, _v(r, Sesion, c["sesion"].id), "Minuta"),
    ),
    "retirar una sesión": (
        SUYA,
        lambda r, a, c: sesiones.retirar_sesion(r, a, c["sesion"].id, _v(r, Sesion, c["sesion"].id), "x"),
    ),
    "recuperar una sesión": (SUYA, lambda r, a, c: sesiones.recuperar_sesion(r, a, c["sesion"].id)),
    "retirar evidencia": (
        SUYA,
        lambda r, a, c: evidencias.retirar_evidencia(r, a, c["evidencia"].id, _v(r, Evidencia, c["evidencia"].id), "x"),
    ),
    "retirar un seguimiento": (
        SUYA,
        lambda r, a, c: seguimientos.retirar_seguimiento(
            r, a, c["seguimiento"].id, _v(r, Seguimiento, c["seguimiento"].id), "x"
        ),
    ),
    "recuperar un seguimiento": (
        SUYA,
        lambda r, a, c: seguimientos.recuperar_seguimiento(r, a, c["seguimiento"].id),
    ),
    "retirar un hito": (
        SUYA,
        lambda r, a, c: hitos.retirar_hito(r, a, c["hito"].id, _v(r, Hito, c["hito"].id), "x"),
    ),
    "retirar un acuerdo": (
        SUYA,
        lambda r, a, c: acuerdos.retirar_acuerdo(r, a, c["interno"].id, _v(r, Acuerdo, c["interno"].id), "x"),
    ),
    "recuperar un acuerdo": (SUYA, lambda r, a, c: acuerdos.recuperar_acuerdo(r, a, c["interno"].id)),
    "levantar a quien se sienta": (
        SUYA,
        lambda r, a, c: mesas.retirar_integrante(
            r, a, c["integrante"].id, _v(r, Integrante, c["integrante"].id), "se fue"
        ),
    ),
    "retirar la Mesa": (RED, lambda r, a, c: mesas.retirar_mesa(r, a, MESA, _v(r, Mesa, MESA), "x")),
    "recuperar la Mesa": (RED, lambda r, a, c: mesas.recuperar_mesa(r, a, MESA)),
}
ACTORES = {"público": PUBLICO, "de otra Mesa": LEO, "de ninguna Mesa": VACIA, "suya": ANA, "red": ROSA, "admin": IRMA}
PUEDEN = {SUYA: {"suya", "red", "admin"}, RED: {"red", "admin"}, TODO: {"admin"}}


MODULOS = (
    acuerdos,
    borradores,
    evaluaciones,
    evidencias,
    hitos,
    importacion,
    lectura,
    mesas,
    personas,
    respaldo,
    seguimientos,
    sesiones,
)
EXENTAS = {
    "verificar": "test_verificar_la_evidencia_ajena",
    "reabrir": "test_reabrir",
    "leer": "un borrador ajeno no existe: test_operaciones",
    "propios": "solo devuelve lo propio: test_operaciones",
    "desechar": "solo borra lo propio: test_un_borrador_ajeno_no_se_desecha",
    "planear_archivo": "pasa por planear",
    "planear_bytes": "pasa por planear",
    "exportar": "test_cada_quien_exporta_lo_que_puede_ver",
    "mesas": "test_las_mesas_de_quien_no_tiene_ninguna_son_las_publicas",
    "mesa": "test_adivinar_identificadores_no_da_nada",
    "integrantes": "test_el_publico_no_ve_lo_interno",
    "sesiones": "test_el_publico_no_ve_lo_interno",
    "sesion_de": "test_adivinar_identificadores_no_da_nada",
    "asistencias": "test_el_publico_no_ve_lo_interno",
    "expedientes": "test_el_publico_no_ve_lo_interno",
    "expediente": "test_lo_ajeno_y_lo_inexistente_se_contestan_igual",
}


def test_estan_todas_las_operaciones_que_reciben_un_actor():
    probadas = {nombre for _, pedir in OPERACIONES.values() for nombre in pedir.__code__.co_names}
    for modulo in MODULOS:
        for nombre, cosa in vars(modulo).items():
            if getattr(cosa, "__module__", "") == modulo.__name__ and hasattr(cosa, "__code__"):
                recibe = cosa.__code__.co_varnames[:2] == ("registro", "actor")
                if recibe and not nombre.startswith("_"):
                    assert nombre in probadas or nombre in EXENTAS, f"{modulo.__name__}.{nombre}"


@pytest.mark.parametrize("quien", ACTORES)
def test_cada_papel_hace_lo_suyo_y_nada_mas(registro, cosas, quien):
    actor = ACTORES[quien]
    for nombre, (de_quien, pedir) in OPERACIONES.items():
        antes = registro.sello()
        if nombre == "restaurar" and quien in PUEDEN[de_quien]:
            with pytest.raises(respaldo.RespaldoInvalido):
                pedir(registro, actor, cosas)
        elif quien in PUEDEN[de_quien]:
            pedir(registro, actor, cosas)
        else:
            with pytest.raises((SinPermiso, NoEncontrado)):
                pedir(registro, actor, cosas)
            assert registro.sello() == antes, nombre
            assert quien in PUEDEN[SUYA] or borradores.propios(registro, actor) == [], nombre


def test_la_red_y_la_administracion_alcanzan_las_mesas_de_todos(registro):
    for actor in (ROSA, IRMA, actor_local("Eva")):
        for mesa in (MESA, AJENA):
            assert sesiones.abrir(registro, actor, mesa, fecha=HOY).mesa == mesa
    with registro.leer() as sesion:
        assert {b.nombre for b in sesion.scalars(select(Bitacora).where(Bitacora.objeto == "sesion"))} == {
            "Rosa", "Irma", "Eva",
        }  # fmt: skip


def test_el_publico_no_ve_lo_interno(registro, cosas):
    assert [e.acuerdo.id for e in lectura.expedientes(registro, PUBLICO)] == [cosas["publico"].id]
    visto = lectura.expediente(registro, PUBLICO, cosas["publico"].id)
    assert visto.evidencias == []
    assert (visto.respaldos, visto.cumplimiento) == (1, 3)
    assert (visto.seguimientos[0].nota, visto.seguimientos[0].quien) == ("", "")
    assert lectura.sesiones(registro, PUBLICO, MESA)[0].notas == ""
    assert lectura.integrantes(registro, PUBLICO, MESA)[0].representante == ""
    assert lectura.asistencias(registro, PUBLICO, MESA)[0].representante == ""
    assert lectura.sesiones(registro, ANA, MESA)[0].notas == "Nota interna"
    assert lectura.integrantes(registro, ANA, MESA)[0].representante == "Luis"
    with registro.leer() as sesion:
        assert sesion.get(Seguimiento, cosas["seguimiento"].id).nota == "Nota interna"


def test_adivinar_identificadores_no_da_nada(registro, cosas):
    for actor in ACTORES.values():
        for llave in ("", "x", "' OR 1=1 --", "0" * 32, cosas["publico"].id[:-1]):
            for pedir in (
                lambda a, k: evidencias.descargar(registro, a, k),
                lambda a, k: lectura.expediente(registro, a, k),
                lambda a, k: lectura.sesion_de(registro, a, k),
                lambda a, k: lectura.mesa(registro, a, k),
                lambda a, k: lectura.bitacora(registro, a, acuerdo=k),
                lambda a, k: acuerdos.editar(registro, a, k, 1, {}),
                lambda a, k: evidencias.verificar(registro, a, k, 1),
            ):
                with pytest.raises((NoEncontrado, SinPermiso)):
                    pedir(actor, llave)


def test_lo_ajeno_y_lo_inexistente_se_contestan_igual(registro, cosas):
    respuestas = set()
    for llave in (cosas["interno"].id, "f" * 32):
        for actor in (PUBLICO, LEO):
            with pytest.raises(NoEncontrado) as rechazo:
                lectura.expediente(registro, actor, llave)
            respuestas.add(str(rechazo.value))
            with pytest.raises((NoEncontrado, SinPermiso)) as rechazo:
                acuerdos.editar(registro, LEO, llave, 1, {"nota": "x"})
            respuestas.add(str(rechazo.value))
    assert len(respuestas) == 2


def test_la_evidencia_se_entrega_solo_a_quien_puede_verla(registro, cosas):
    suya = cosas["evidencia"]
    for actor in (PUBLICO, LEO, VACIA):
        with pytest.raises(NoEncontrado):
            evidencias.descargar(registro, actor, suya.id)
    contenido, nombre, tipo = evidencias.descargar(registro, ANA, suya.id)
    assert (contenido.decode(), nombre, tipo) == ("Lista de asistencia", "lista.txt", "text/plain")
    evidencias.publicar(registro, ANA, suya.id, suya.version, True)
    assert evidencias.descargar(registro, PUBLICO, suya.id)[0] == contenido
    mesas.editar(registro, ROSA, MESA, _v(registro, Mesa, MESA), publica=False)
    with pytest.raises(NoEncontrado):
        evidencias.descargar(registro, PUBLICO, suya.id)
    assert evidencias.descargar(registro, ANA, suya.id)[0] == contenido
    evidencias.retirar_evidencia(registro, ANA, suya.id, suya.version + 1, "x")
    with pytest.raises(NoEncontrado):
        evidencias.descargar(registro, ANA, suya.id)


def test_verificar_la_evidencia_ajena(registro, cosas):
    suya = cosas["evidencia"]
    for actor in (PUBLICO, LEO, VACIA, ANA):
        with pytest.raises((SinPermiso, NoEncontrado)):
            evidencias.verificar(registro, actor, suya.id, suya.version)
    assert evidencias.verificar(registro, ROSA, suya.id, suya.version).verificada_nombre == "Rosa"


def test_reabrir(registro, cosas):
    cerrada = sesiones.cerrar(registro, ANA, cosas["sesion"].id, cosas["sesion"].version, "Minuta")
    for actor in (PUBLICO, LEO, VACIA):
        with pytest.raises((SinPermiso, NoEncontrado)):
            sesiones.reabrir(registro, actor, cerrada.id, cerrada.version, "x")
    assert sesiones.reabrir(registro, ROSA, cerrada.id, cerrada.version, "x").estado == "abierta"


def test_un_borrador_ajeno_no_se_desecha(registro):
    borradores.guardar(registro, ANA, MESA, "asunto", {"texto": "mío"})
    for actor in (PUBLICO, LEO, ROSA, IRMA):
        borradores.desechar(registro, actor, "asunto")
        assert borradores.leer(registro, actor, "asunto") is None
    assert borradores.leer(registro, ANA, "asunto").contenido == {"texto": "mío"}


def test_cada_quien_exporta_lo_que_puede_ver(registro, cosas):
    for actor, cuantos in ((PUBLICO, 1), (LEO, 1), (ANA, 2), (ROSA, 2)):
        assert len(importacion.exportar(registro, actor)) == cuantos
    cuerpo = json_publico.a_json(registro, PUBLICO).decode()
    for secreto in ("Luis", "Nota interna", "ana@ejemplo.mx", "02/V/2026"):
        assert secreto not in cuerpo
        assert secreto in json_publico.a_json(registro, ANA).decode() or "@" in secreto or secreto == "Luis"


def test_las_mesas_de_quien_no_tiene_ninguna_son_las_publicas(registro, cosas):
    mesas.editar(registro, ROSA, AJENA, _v(registro, Mesa, AJENA), publica=False)
    visibles = {q: {m.clave for m in lectura.mesas(registro, a)} & {MESA, AJENA} for q, a in ACTORES.items()}
    assert visibles == {
        "público": {MESA}, "de otra Mesa": {MESA, AJENA}, "de ninguna Mesa": {MESA}, "suya": {MESA},
        "red": {MESA, AJENA}, "admin": {MESA, AJENA},
    }  # fmt: skip
