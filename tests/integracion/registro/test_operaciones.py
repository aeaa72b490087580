"""Lo que hace la secretaría técnica en un mes, en los dos motores: qué se guarda, qué se rechaza y qué queda en la bitácora."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from datos.registro import acuerdos, borradores, evidencias, hitos, lectura, mesas, respaldo, seguimientos, sesiones
from datos.registro.actor import PUBLICO
from datos.registro.errores import Conflicto, DatoInvalido, NoEncontrado, SinPermiso
from datos.registro.evidencias import Entrega
from datos.registro.modelo import Acuerdo, Bitacora
from tests.integracion.registro.conftest import ANA, BETO, HOY, IRMA, MESA, ROSA, VALORES

LIGA = Entrega("Nota de prensa", HOY, url="https://ejemplo.mx/nota")


def campos(rechazo):
    return {p.campo for p in rechazo.value.problemas}


def test_nace_con_las_mesas_del_catalogo_y_sin_ningun_acuerdo(abierto):
    nombres = {m.clave for m in lectura.mesas(abierto, PUBLICO)}
    assert {"la-laguna", "tampico-madero-altamira", "juarez"} <= nombres
    assert all(m.fuente for m in lectura.mesas(abierto, PUBLICO))
    assert lectura.mesa(abierto, PUBLICO, "la-laguna").entidades == ["05", "10"]
    assert lectura.expedientes(abierto, IRMA) == []


@pytest.mark.parametrize(
    ("cambios", "faltan"),
    [
        ({"meta_pct": ""}, {"meta_pct"}),
        ({"autoridad_responsable": ""}, {"autoridad_responsable"}),
        ({"corresponsable_ciudadano": ""}, {"corresponsable_ciudadano"}),
        ({"plazo": ""}, {"plazo"}),
        ({"texto": "", "delitos": "", "fuente": ""}, {"texto", "delitos", "fuente"}),
    ],
)
def test_no_se_guarda_sin_meta_responsables_y_plazo(registro, cambios, faltan):
    with pytest.raises(DatoInvalido) as rechazo:
        acuerdos.crear(registro, ANA, MESA, {**VALORES, **cambios})
    assert campos(rechazo) == faltan
    assert lectura.expedientes(registro, ANA) == []


@pytest.mark.parametrize(
    "cambios",
    [
        {"meta_pct": "", "sin_meta_porque": "Es una norma"},
        {"autoridad_responsable": "", "sin_responsable_porque": "Se define en la próxima sesión"},
        {"plazo": "", "sin_plazo_porque": "Lo fija el cabildo"},
    ],
)
def test_se_guarda_si_se_escribe_por_que(registro, cambios):
    guardado = acuerdos.crear(registro, ANA, MESA, {**VALORES, **cambios})
    assert lectura.expediente(registro, PUBLICO, guardado.id).acuerdo.folio == VALORES["folio"]


def test_el_folio_se_propone_y_no_se_repite_en_su_mesa(registro, acuerdo):
    assert acuerdos.proponer_folio(registro, ANA, MESA, 5, 2026) == "02/V/2026"
    assert acuerdos.proponer_folio(registro, ANA, MESA, 6, 2026) == "01/VI/2026"
    with pytest.raises(DatoInvalido) as rechazo:
        acuerdos.crear(registro, ANA, MESA, VALORES)
    assert campos(rechazo) == {"folio"}
    acuerdos.retirar_acuerdo(registro, ANA, acuerdo.id, acuerdo.version, "Se capturó dos veces")
    otro = acuerdos.crear(registro, ANA, MESA, VALORES)
    with pytest.raises(DatoInvalido) as rechazo:
        acuerdos.recuperar_acuerdo(registro, ANA, acuerdo.id)
    assert campos(rechazo) == {"folio"}
    assert [e.acuerdo.id for e in lectura.expedientes(registro, ANA)] == [otro.id]


def test_quien_guarda_despues_ve_que_cambio_y_no_pierde_lo_suyo(registro, acuerdo):
    acuerdos.editar(registro, BETO, acuerdo.id, acuerdo.version, {"texto": "Lo de Beto.", "nota": "n"})
    with pytest.raises(Conflicto) as choque:
        acuerdos.editar(registro, ANA, acuerdo.id, acuerdo.version, {"texto": "Lo de Ana."})
    hallado = choque.value
    assert (hallado.quien, hallado.lo_suyo) == ("Beto", {"texto": "Lo de Ana."})
    (del_texto,) = [d for d in hallado.diferencias if d.campo == "texto"]
    assert (del_texto.antes, del_texto.ahora, del_texto.lo_suyo) == (VALORES["texto"], "Lo de Beto.", "Lo de Ana.")
    acuerdos.editar(registro, ANA, acuerdo.id, hallado.version_actual, {"texto": "Lo de Ana."})
    assert lectura.expediente(registro, ANA, acuerdo.id).acuerdo.texto == "Lo de Ana."
    textos = [e.despues["texto"] for e in lectura.bitacora(registro, ANA, acuerdo=acuerdo.id)]
    assert textos == ["Lo de Ana.", "Lo de Beto.", VALORES["texto"]]


def test_guardar_lo_mismo_no_deja_huella(registro, acuerdo):
    antes = registro.sello()
    acuerdos.editar(registro, ANA, acuerdo.id, acuerdo.version, {"texto": VALORES["texto"]})
    assert registro.sello() == antes


def test_reprogramar_conserva_el_plazo_original_y_cada_movimiento(registro, acuerdo):
    original = date(2027, 2, 28)
    for dias in (30, 60):
        vista = lectura.expediente(registro, ANA, acuerdo.id).acuerdo
        acuerdos.reprogramar(
            registro, ANA, acuerdo.id, vista.version, original + timedelta(dias), f"Faltan {dias}", dia=HOY
        )
    visto = lectura.expediente(registro, ANA, acuerdo.id)
    assert (visto.acuerdo.plazo_original, visto.acuerdo.plazo) == (original, original + timedelta(60))
    assert [(r.de, r.a, r.motivo) for r in visto.reprogramaciones] == [
        (original, original + timedelta(30), "Faltan 30"),
        (original + timedelta(30), original + timedelta(60), "Faltan 60"),
    ]
    with pytest.raises(DatoInvalido, match="motivo"):
        acuerdos.reprogramar(registro, ANA, acuerdo.id, visto.acuerdo.version, date(2028, 1, 1), "  ", dia=HOY)
    with pytest.raises(DatoInvalido):
        acuerdos.editar(registro, ANA, acuerdo.id, visto.acuerdo.version, {"plazo": "2028-01-01"})


def test_subir_el_cumplimiento_pide_evidencia_y_bajarlo_no(registro, acuerdo):
    with pytest.raises(DatoInvalido) as rechazo:
        seguimientos.registrar(registro, ANA, acuerdo.id, acuerdo.version, cumplimiento=4, nota="", dia=HOY)
    assert campos(rechazo) == {"evidencia"}
    seguimientos.registrar(
        registro, ANA, acuerdo.id, acuerdo.version, cumplimiento=4, nota="Va", dia=HOY, entregas=[LIGA]
    )
    visto = lectura.expediente(registro, ANA, acuerdo.id)
    assert (visto.cumplimiento, visto.respaldos, visto.verificado) == (4, 1, False)
    seguimientos.registrar(registro, ANA, acuerdo.id, acuerdo.version, cumplimiento=2, nota="Se frenó", dia=HOY)
    assert lectura.expediente(registro, ANA, acuerdo.id).cumplimiento == 2


def test_la_evidencia_la_verifica_otra_persona(registro, acuerdo):
    seguimientos.registrar(
        registro, ANA, acuerdo.id, acuerdo.version, cumplimiento=3, nota="", dia=HOY, entregas=[LIGA]
    )
    (suya,) = lectura.expediente(registro, ANA, acuerdo.id).evidencias
    with pytest.raises(SinPermiso, match="distinto"):
        evidencias.verificar(registro, ANA, suya.id, suya.version)
    evidencias.verificar(registro, BETO, suya.id, suya.version, "La abrí")
    visto = lectura.expediente(registro, ANA, acuerdo.id)
    assert visto.verificado
    assert visto.evidencias[0].verificada_nombre == "Beto"
    with pytest.raises(DatoInvalido):
        evidencias.verificar(registro, ROSA, suya.id, visto.evidencias[0].version)


def test_un_seguimiento_retirado_devuelve_el_nivel_anterior(registro, acuerdo):
    hecho = seguimientos.registrar(
        registro, ANA, acuerdo.id, acuerdo.version, cumplimiento=3, nota="", dia=HOY, entregas=[LIGA]
    )
    seguimientos.retirar_seguimiento(registro, ANA, hecho.id, hecho.version, "Era de otro acuerdo")
    assert lectura.expediente(registro, ANA, acuerdo.id).cumplimiento == 1
    seguimientos.recuperar_seguimiento(registro, ANA, hecho.id)
    assert lectura.expediente(registro, ANA, acuerdo.id).cumplimiento == 3


def test_una_sesion_de_principio_a_fin(registro):
    suya = sesiones.abrir(registro, ANA, MESA, fecha=HOY)
    assert (suya.numero, suya.tipo, suya.estado) == (1, "plenaria", "abierta")
    for estado in ("ausente", "presente"):
        sesiones.pasar_lista(registro, ANA, suya.id, institucion="Policía", lado="autoridad", estado=estado)
    (lista,) = lectura.asistencias(registro, ANA, MESA)
    assert (lista.estado, lista.version) == ("presente", 2)
    tomado = acuerdos.crear(registro, ANA, MESA, {**VALORES, "folio": "01/I/2026"}, sesion_id=suya.id)
    cerrada = sesiones.cerrar(registro, ANA, suya.id, suya.version, "Minuta: un acuerdo.")
    with pytest.raises(DatoInvalido, match="cerrada"):
        sesiones.pasar_lista(registro, ANA, suya.id, institucion="Policía", lado="autoridad", estado="ausente")
    abierta = sesiones.reabrir(registro, ANA, suya.id, cerrada.version, "Faltó un asistente")
    assert abierta.estado == "abierta"
    assert lectura.expedientes(registro, ANA, sesion_id=suya.id)[0].acuerdo.id == tomado.id
    assert sesiones.abrir(registro, ANA, MESA, fecha=HOY).numero == 2
    with pytest.raises(DatoInvalido, match="número"):
        sesiones.abrir(registro, ANA, MESA, fecha=HOY, numero=2)


def test_los_hitos_se_cumplen_y_no_terminan_antes_de_empezar(registro, acuerdo):
    hito = hitos.agregar(
        registro, ANA, acuerdo.id, descripcion="Plan", lado="autoridad", inicio=HOY, fin=HOY, ponderador=40
    )
    hitos.editar(registro, ANA, hito.id, hito.version, cumplido_en=HOY)
    assert lectura.expediente(registro, PUBLICO, acuerdo.id).hitos[0].cumplido_en == HOY
    with pytest.raises(DatoInvalido, match="fin"):
        hitos.editar(registro, ANA, hito.id, hito.version + 1, fin=HOY - timedelta(1))
    with pytest.raises(DatoInvalido, match="ponderador"):
        hitos.agregar(registro, ANA, acuerdo.id, descripcion="x", lado="autoridad", inicio=HOY, fin=HOY, ponderador=101)


def test_el_borrador_junta_lo_de_dos_ventanas_y_se_desecha_al_guardar(registro):
    borradores.guardar(registro, ANA, MESA, "acuerdo", {"texto": "Cerrar"})
    borradores.guardar(registro, ANA, MESA, "acuerdo", {"plazo": "2027-01-01"})
    suyo = borradores.leer(registro, ANA, "acuerdo")
    assert suyo.contenido == {"texto": "Cerrar", "plazo": "2027-01-01"}
    assert borradores.leer(registro, BETO, "acuerdo") is None
    assert borradores.leer(registro, PUBLICO, "acuerdo") is None
    with pytest.raises(DatoInvalido):
        acuerdos.crear(registro, ANA, MESA, {**VALORES, "plazo": ""}, borrador=suyo.id)
    assert borradores.leer(registro, ANA, "acuerdo") is not None
    acuerdos.crear(registro, ANA, MESA, VALORES, borrador=suyo.id)
    assert borradores.propios(registro, ANA) == []


def test_cambiar_de_que_es_el_acuerdo_pide_motivo(registro, acuerdo):
    with pytest.raises(DatoInvalido, match="alcance"):
        acuerdos.editar(registro, ANA, acuerdo.id, acuerdo.version, {"delitos": "robo_negocio"})
    acuerdos.editar(registro, ANA, acuerdo.id, acuerdo.version, {"delitos": "robo_negocio"}, "La Mesa lo corrigió")
    (ultima, *_) = lectura.bitacora(registro, ANA, acuerdo=acuerdo.id)
    assert ultima.motivo == "La Mesa lo corrigió"
    assert ultima.antes["delitos"] == ["robo_vehiculo"]


def test_la_bitacora_no_se_cambia_ni_se_borra(registro, acuerdo):
    for orden in (
        "UPDATE bitacora SET quien = 'nadie'",
        "DELETE FROM bitacora",
        "INSERT INTO bitacora SELECT * FROM bitacora WHERE id = 1",
        "INSERT OR REPLACE INTO bitacora SELECT * FROM bitacora WHERE id = 1"
        if registro.url.get_backend_name() == "sqlite"
        else "TRUNCATE bitacora",
    ):
        with pytest.raises((DBAPIError, IntegrityError)), registro.escribir(IRMA) as sesion:
            sesion.execute(text(orden))
    with registro.leer() as sesion:
        quienes = {e.quien for e in sesion.scalars(select(Bitacora))}
    assert quienes == {"sistema", ROSA.id, ANA.id}
    assert respaldo.comprobar(registro) == len(lectura.bitacora(registro, IRMA, limite=10_000))


def test_nada_auditado_se_borra_ni_se_escribe_sin_firma(registro, acuerdo):
    with pytest.raises(RuntimeError, match="nunca se borra"), registro.escribir(ANA) as sesion:
        sesion.delete(sesion.get(Acuerdo, acuerdo.id))
    with registro.leer() as sesion:
        sesion.get(Acuerdo, acuerdo.id).texto = "sin firma"
        with pytest.raises((KeyError, DBAPIError)):
            sesion.flush()
    assert lectura.expediente(registro, ANA, acuerdo.id).acuerdo.texto == VALORES["texto"]


def test_lo_que_falla_a_la_mitad_no_deja_nada(registro, acuerdo):
    antes = registro.sello()
    entregas = [LIGA, Entrega("Archivo", HOY, archivo="x.exe", contenido=b"MZ\x00\x01")]
    with pytest.raises(DatoInvalido):
        seguimientos.registrar(
            registro, ANA, acuerdo.id, acuerdo.version, cumplimiento=3, nota="", dia=HOY, entregas=entregas
        )
    assert registro.sello() == antes


def test_una_mesa_se_edita_con_version_y_se_retira_con_razon(registro):
    suya = lectura.mesa(registro, ANA, MESA)
    editada = mesas.editar(registro, ANA, MESA, suya.version, municipios=["01001", "14039"])
    assert editada.entidades == ["01", "14"]
    with pytest.raises(Conflicto):
        mesas.editar(registro, ANA, MESA, suya.version, nota="tarde")
    with pytest.raises(SinPermiso):
        mesas.retirar_mesa(registro, ANA, MESA, editada.version, "cerró")
    mesas.retirar_mesa(registro, ROSA, MESA, editada.version, "cerró")
    with pytest.raises(NoEncontrado):
        lectura.mesa(registro, IRMA, MESA)
    mesas.recuperar_mesa(registro, ROSA, MESA)
    assert lectura.mesa(registro, PUBLICO, MESA).nombre == suya.nombre


def test_un_texto_con_controles_o_sin_fin_no_se_guarda(registro):
    for malo in ("a\x00b", "x" * 2_001, "\ud800"):
        with pytest.raises(DatoInvalido):
            acuerdos.crear(registro, ANA, MESA, {**VALORES, "texto": malo})
    guardado = acuerdos.crear(registro, ANA, MESA, {**VALORES, "texto": "=SUMA(A1) <b>ñ</b> 😀"})
    assert lectura.expediente(registro, PUBLICO, guardado.id).acuerdo.texto == "=SUMA(A1) <b>ñ</b> 😀"
