"""De una credencial de OIDC a un papel: quién manda, qué pasa si falta algo y cuándo se acaba."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from datos.permisos import SinPermiso
from datos.registro import lectura, personas
from datos.registro.actor import PUBLICO, Rol, actor_local
from datos.registro.errores import DatoInvalido
from tests.integracion.registro.conftest import AJENA, IRMA, MESA

AHORA = datetime(2026, 9, 15, 18, tzinfo=UTC)
CREDENCIAL = {"email": "Ana@Ejemplo.mx", "email_verified": True, "name": "Ana Ruiz", "iat": AHORA.timestamp() - 60}


def identificar(registro, papeles=None, **cambios):
    return personas.identificar(registro, {**CREDENCIAL, **cambios}, papeles or {}, AHORA)


def test_manda_el_registro_y_despues_los_secretos(registro):
    assert identificar(registro).actor == PUBLICO
    assert "no tiene un papel" in identificar(registro).aviso
    de_secretos = identificar(registro, {"ana@ejemplo.mx": {"rol": "mesa", "mesas": [MESA]}}).actor
    assert (de_secretos.rol, de_secretos.mesas, de_secretos.nombre) == (Rol.MESA, {MESA}, "Ana Ruiz")
    assert identificar(registro, {"ANA@ejemplo.mx": "red"}).actor.rol is Rol.RED
    personas.poner(registro, IRMA, correo="ana@ejemplo.mx", rol="mesa", mesas=[AJENA], nombre="Ana R.")
    del_registro = identificar(registro, {"ana@ejemplo.mx": "administracion"}).actor
    assert (del_registro.rol, del_registro.mesas, del_registro.nombre) == (Rol.MESA, {AJENA}, "Ana R.")
    persona = personas.todas(registro, IRMA)[0]
    personas.quitar(registro, IRMA, "ana@ejemplo.mx", persona.version, "Dejó la Mesa")
    quitada = identificar(registro, {"ana@ejemplo.mx": "administracion"})
    assert (quitada.actor, "se retiró" in quitada.aviso) == (PUBLICO, True)


@pytest.mark.parametrize(
    ("cambios", "dice"),
    [
        ({"email": ""}, "no dio su correo"),
        ({"email": None}, "no dio su correo"),
        ({"email_verified": False}, "no está verificado"),
        ({"iat": None}, "venció"),
        ({"iat": "ayer"}, "venció"),
        ({"iat": True}, "venció"),
        ({"iat": AHORA.timestamp() - 12 * 3600}, "venció"),
    ],
)
def test_sin_correo_sin_verificar_o_vencida_es_publico(registro, cambios, dice):
    identidad = identificar(registro, {"ana@ejemplo.mx": "administracion"}, **cambios)
    assert identidad.actor == PUBLICO
    assert dice in identidad.aviso


def test_la_duracion_se_ajusta(registro, monkeypatch):
    papeles = {"ana@ejemplo.mx": "red"}
    hace_dos_horas = AHORA.timestamp() - 7_200
    assert identificar(registro, papeles, iat=hace_dos_horas).vence == AHORA + timedelta(hours=10)
    monkeypatch.setenv("TABLERO_SESION_HORAS", "1")
    assert identificar(registro, papeles, iat=hace_dos_horas).actor == PUBLICO
    monkeypatch.setenv("TABLERO_SESION_HORAS", "0")
    with pytest.raises(ValueError, match="mayor que cero"):
        identificar(registro, papeles)


@pytest.mark.parametrize("papel", ["jefa", "", 7, None, {"rol": "publico"}, {"mesas": ["x"]}, ["red"]])
def test_un_papel_que_no_se_entiende_no_da_nada(registro, papel):
    assert identificar(registro, {"ana@ejemplo.mx": papel}).actor == PUBLICO


@pytest.mark.parametrize(
    "malo",
    [
        {"correo": "no-es-correo", "rol": "red"},
        {"correo": "a@b.mx", "rol": "jefa"},
        {"correo": "a@b.mx", "rol": "mesa"},
        {"correo": "a@b.mx", "rol": "mesa", "mesas": ["no-existe"]},
    ],
)
def test_un_papel_mal_dado_no_se_guarda(registro, malo):
    with pytest.raises(DatoInvalido):
        personas.poner(registro, IRMA, **malo)
    assert personas.todas(registro, IRMA) == []


def test_quien_no_administra_no_reparte_papeles(registro):
    with pytest.raises(SinPermiso):
        personas.poner(registro, PUBLICO, correo="a@b.mx", rol="administracion")
    assert lectura.bitacora(registro, IRMA)[0].objeto != "persona"


def test_en_modo_local_se_firma_con_nombre_y_los_borradores_son_de_la_maquina():
    uno, otro = actor_local("Ana  Ruiz"), actor_local("Beto")
    assert (uno.nombre, uno.id, uno.rol) == ("Ana Ruiz", "local:ana ruiz", Rol.ADMINISTRACION)
    assert uno.cuenta == otro.cuenta == "local"
    assert uno.id != otro.id


def test_de_la_entrada_que_se_termino_no_queda_nada_y_de_las_demas_si(registro):
    papeles = {"ana@ejemplo.mx": "administracion"}
    en_la_sala, en_su_casa = {"nonce": "a", "sub": "7"}, {"nonce": "b", "sub": "7"}
    personas.salir(registro, {**CREDENCIAL, **en_la_sala}, AHORA)
    terminada = identificar(registro, papeles, **en_la_sala)
    assert (terminada.actor, "ya se salió" in terminada.aviso) == (PUBLICO, True)
    assert identificar(registro, papeles, **en_su_casa).actor.rol is Rol.ADMINISTRACION
    assert identificar(registro, papeles, **en_la_sala, iat=AHORA.timestamp() - 30).actor.rol is Rol.ADMINISTRACION
    personas.salir(registro, {**CREDENCIAL, **en_la_sala}, AHORA)  # dos veces es lo mismo


def test_las_salidas_no_se_acumulan_ni_pasan_por_la_bitacora(registro):
    def hay():
        with registro.leer() as sesion:
            return sesion.execute(text("SELECT count(*) FROM ajuste WHERE clave LIKE 'salida:%'")).scalar()

    sello = registro.sello()
    for n in range(5):
        personas.salir(registro, {**CREDENCIAL, "nonce": str(n)}, AHORA)
    assert hay() == 5
    despues = AHORA + timedelta(hours=13)
    personas.salir(registro, {**CREDENCIAL, "nonce": "vencida"}, despues)
    assert hay() == 5  # una entrada vencida no hace falta anotarla
    personas.salir(registro, {**CREDENCIAL, "nonce": "x", "iat": despues.timestamp()}, despues)
    assert hay() == 1
    assert registro.sello() == sello
