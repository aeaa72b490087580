"""Entrar con cuenta contra un proveedor local: cada quien ve y escribe lo suyo, la entrada vence y se puede salir."""

import pytest

from tests.navegador.conftest import esperar_lista, puerto_libre, servir, texto_de
from tests.navegador.escritorio_del_registro import caja, elegir_de_lista, escribir, leer, picar, registro
from tests.navegador.proveedor_oidc import CLIENTE, SECRETO, proveedor_oidc

ANA = {"email": "ana@ejemplo.mx", "email_verified": True, "name": "Ana Ruiz"}
LEO = {"email": "leo@ejemplo.mx", "email_verified": True, "name": "Leo Mora"}
IRMA = {"email": "Irma@Ejemplo.mx", "email_verified": True, "name": "Irma Paz"}
GENTE = {
    "Ana": ANA,
    "Leo": LEO,
    "Irma": IRMA,
    "Ana ayer": {**ANA, "hace_horas": 13},
    "Ana sin verificar": {**ANA, "email_verified": False},
    "Ana de otra Mesa": {**ANA, "rol": "administracion", "mesas": ["demo-2"]},
}
SECRETOS = """
[auth]
redirect_uri = "{direccion}/oauth2callback"
cookie_secret = "una-cadena-larga-solo-para-esta-prueba"
client_id = "{cliente}"
client_secret = "{secreto}"
server_metadata_url = "{emisor}/.well-known/openid-configuration"

[roles]
"irma@ejemplo.mx" = "administracion"
"ana@ejemplo.mx" = {{ rol = "mesa", mesas = ["demo-1"] }}
"""


@pytest.fixture
def sitio_con_cuentas(chromium, almacen_de_practica, tmp_path):
    """La aplicación con OIDC; el modo local está encendido y no debe contar."""
    puerto = puerto_libre()
    secretos = tmp_path / "casa" / ".streamlit" / "secrets.toml"
    secretos.parent.mkdir(parents=True)
    with proveedor_oidc(GENTE) as proveedor:
        secretos.write_text(
            SECRETOS.format(
                direccion=f"http://127.0.0.1:{puerto}", cliente=CLIENTE, secreto=SECRETO, emisor=proveedor.emisor
            ),
            encoding="utf-8",
        )
        entorno = {"HOME": str(tmp_path / "casa"), "TABLERO_MODO_LOCAL": "si"}
        with servir(almacen_de_practica, puerto=puerto, TABLERO_HOY="2026-11-24", **entorno) as direccion:
            yield direccion, proveedor


def entrar(abierta, quien):
    """De la página al proveedor y de regreso."""
    abierta.get_by_role("button", name="Entrar").click()
    abierta.get_by_role("link", name=quien, exact=True).click()
    abierta.wait_for_selector("[data-testid='stAppViewContainer']")
    esperar_lista(abierta)


def salir(abierta, sitio):
    """Sale (regresa al inicio) y vuelve a una página del registro, ya sin cuenta."""
    with abierta.expect_navigation():
        abierta.get_by_role("button", name="Salir").click()
    esperar_lista(abierta)
    abierta.goto(f"{sitio}/acuerdos?mesa=demo-1&folio=01/LXXI/2026")
    esperar_lista(abierta)
    abierta.get_by_role("button", name="Entrar").wait_for()


def test_cada_quien_ve_y_escribe_lo_suyo_y_la_bitacora_lo_nombra(sitio_con_cuentas, pagina, almacen_de_practica):
    sitio, proveedor = sitio_con_cuentas
    abierta = pagina(f"{sitio}/capturar")
    esperar_lista(abierta)
    leer(abierta, "Usted ve lo público")
    leer(abierta, "Para capturar acuerdos hace falta una cuenta")
    assert "Modo local" not in texto_de(abierta)
    abierta.goto(f"{sitio}/acuerdos?mesa=demo-2&folio=01/LVI/2026")  # interno, de otra Mesa, adivinado
    esperar_lista(abierta)
    assert "Reunión interna" not in texto_de(abierta)

    # Ana: su Mesa y ninguna otra, aunque su credencial diga que administra.
    entrar(abierta, "Ana de otra Mesa")
    assert proveedor.pedidos == 1
    abierta.goto(f"{sitio}/capturar?mesa=demo-2")
    esperar_lista(abierta)
    leer(abierta, "Ana Ruiz · Mesa")
    leer(abierta, "Un acuerdo nuevo de Mesa de demostración 1")
    abierta.goto(f"{sitio}/acuerdos?mesa=demo-2&folio=01/LI/2026")
    esperar_lista(abierta)
    leer(abierta, "Iluminar y podar")
    assert abierta.get_by_text("Dar seguimiento").count() == 0
    abierta.goto(f"{sitio}/administracion")
    esperar_lista(abierta)
    leer(abierta, "Esta página es de quien administra el registro")
    abierta.goto(f"{sitio}/actualizar")
    esperar_lista(abierta)
    assert abierta.get_by_role("button", name="Buscar en la fuente").count() == 0
    abierta.goto(f"{sitio}/acuerdos?mesa=demo-1&folio=01/LXXI/2026")
    esperar_lista(abierta)
    abierta.get_by_text("Corregir el texto, los responsables o la nota").click()
    caja(abierta, "Nota").wait_for()
    escribir(abierta, "Nota", "La pidió la cámara.")
    picar(abierta, "Guardar la corrección")
    leer(abierta, "La pidió la cámara.")
    firmas = registro(almacen_de_practica, "SELECT DISTINCT quien, nombre, rol FROM bitacora WHERE quien <> 'sistema'")
    assert firmas == [("ana@ejemplo.mx", "Ana Ruiz", "mesa")]
    salir(abierta, sitio)
    leer(abierta, "Usted ve lo público")
    assert abierta.get_by_text("Dar seguimiento").count() == 0

    # Irma administra: le da a Leo una Mesa, y Leo entra a ella y a ninguna otra.
    entrar(abierta, "Leo")
    abierta.goto(f"{sitio}/mesas")
    esperar_lista(abierta)
    leer(abierta, "leo@ejemplo.mx no tiene un papel en este registro")
    salir(abierta, sitio)
    entrar(abierta, "Irma")
    abierta.goto(f"{sitio}/administracion")
    esperar_lista(abierta)
    leer(abierta, "Irma Paz · Administración")
    escribir(abierta, "Correo con que entra", "Leo@ejemplo.mx")
    elegir_de_lista(abierta, "Sus Mesas", "demostración 2", "Mesa de demostración 2")
    picar(abierta, "Guardar el papel")
    abierta.locator("table.tabla", has_text="leo@ejemplo.mx").wait_for()
    abierta.goto(f"{sitio}/mesas")
    esperar_lista(abierta)
    salir(abierta, sitio)
    entrar(abierta, "Leo")
    abierta.goto(f"{sitio}/capturar?mesa=demo-1")
    esperar_lista(abierta)
    leer(abierta, "Un acuerdo nuevo de Mesa de demostración 2")


@pytest.mark.parametrize(
    ("quien", "dice"),
    [("Ana ayer", "Su sesión venció"), ("Ana sin verificar", "Su proveedor dice que su correo no está verificado")],
)
def test_una_entrada_vencida_o_sin_verificar_solo_lee(sitio_con_cuentas, pagina, quien, dice):
    sitio, _ = sitio_con_cuentas
    abierta = pagina(f"{sitio}/mesas?mesa=demo-1")
    esperar_lista(abierta)
    entrar(abierta, quien)
    abierta.goto(f"{sitio}/mesas?mesa=demo-1")
    esperar_lista(abierta)
    leer(abierta, dice)
    assert abierta.get_by_role("link", name="Capturar un acuerdo").count() == 0
