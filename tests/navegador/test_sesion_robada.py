"""Quien ataca una entrada con cuenta: galletas plantadas, copiadas, vencidas o de otro, y papeles que se quitan."""

import json
import urllib.error
import urllib.parse
import urllib.request

import pytest
from itsdangerous import URLSafeTimedSerializer
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from datos.almacen import Almacen, publicacion_vigente
from datos.registro import personas
from datos.registro.actor import SISTEMA
from datos.registro.apertura import registro_vigente
from tests.integracion.atacante import pedir
from tests.navegador.conftest import ESCRITORIO, esperar_lista, puerto_libre, servir, texto_de
from tests.navegador.escritorio_del_registro import caja, escribir, leer
from tests.navegador.proveedor_oidc import CLIENTE, SECRETO, proveedor_oidc
from tests.navegador.test_entrar import GENTE, SECRETOS, entrar, sitio_con_cuentas  # noqa: F401

GALLETA = "_streamlit_user"
CLAVE = "una-cadena-larga-solo-para-esta-prueba"
DONDE = "acuerdos?mesa=demo-1&folio=01/LXXI/2026"


@pytest.fixture
def navegador(chromium):
    """Fábrica de navegadores limpios, cada uno con sus galletas."""
    abiertos = []

    def nuevo(sitio, galletas=(), donde=DONDE):
        contexto = chromium.new_context(viewport=ESCRITORIO, locale="es-MX")
        abiertos.append(contexto)
        if galletas:
            contexto.add_cookies(list(galletas))
        abierta = contexto.new_page()
        abierta.goto(f"{sitio}/{donde}")
        esperar_lista(abierta)
        return abierta

    yield nuevo
    for contexto in abiertos:
        contexto.close()


def suyas(abierta):
    """Las galletas con que el navegador dice quién es."""
    return [g for g in abierta.context.cookies() if g["name"].startswith(GALLETA)]


def de_ana(abierta, sitio):
    entrar(abierta, "Ana")
    abierta.goto(f"{sitio}/{DONDE}")
    esperar_lista(abierta)
    leer(abierta, "Ana Ruiz · Mesa")


def plantada(sitio, valor, nombre=GALLETA):
    return {"name": nombre, "value": valor, "url": sitio}


def firmada(datos, clave=CLAVE, nombre=GALLETA):
    return create_signed_value(clave, nombre, json.dumps(datos)).decode()


def test_una_galleta_copiada_no_sirve_despues_de_salir_y_otra_ventana_se_cierra(sitio_con_cuentas, navegador):  # noqa: F811
    sitio, _ = sitio_con_cuentas
    abierta = navegador(sitio)
    de_ana(abierta, sitio)
    copia = suyas(abierta)
    assert copia
    assert all(g["httpOnly"] and g["sameSite"] == "Lax" for g in copia)
    # Mientras no salga, la copia es ella: por eso importa que salir la mate.
    ladrona = navegador(sitio, copia)
    leer(ladrona, "Ana Ruiz · Mesa")
    otra_ventana = abierta.context.new_page()
    otra_ventana.goto(f"{sitio}/{DONDE}")
    esperar_lista(otra_ventana)
    otra_ventana.get_by_text("Dar seguimiento").wait_for()
    with abierta.expect_navigation():
        abierta.get_by_role("button", name="Salir").click()
    esperar_lista(abierta)
    assert not suyas(abierta)
    for robada in (ladrona, navegador(sitio, copia)):
        robada.goto(f"{sitio}/{DONDE}")
        esperar_lista(robada)
        leer(robada, "Usted ve lo público")
        leer(robada, "De esa entrada ya se salió")
        assert robada.get_by_text("Dar seguimiento").count() == 0
    # La ventana que se quedó abierta pierde el permiso en cuanto vuelve a correr, sin recargarla.
    otra_ventana.get_by_text("Historia: quién cambió qué y cuándo").click()
    otra_ventana.get_by_text("Dar seguimiento").click()
    caja(otra_ventana, "Qué pasó desde la última vez").fill("con la entrada terminada")
    caja(otra_ventana, "Qué pasó desde la última vez").press("Tab")
    leer(otra_ventana, "Usted ve lo público")
    assert otra_ventana.get_by_text("Dar seguimiento").count() == 0
    # Y ella puede volver a entrar.
    abierta.goto(f"{sitio}/{DONDE}")
    esperar_lista(abierta)
    de_ana(abierta, sitio)


def test_lo_plantado_antes_de_entrar_no_sobrevive_como_identidad(sitio_con_cuentas, navegador):  # noqa: F811
    sitio, proveedor = sitio_con_cuentas
    irma = {**GENTE["Irma"], "iat": 4_000_000_000, "is_logged_in": True, "origin": sitio, "provider": "default"}
    otra_firma = URLSafeTimedSerializer("otra-clave").dumps(json.dumps(irma))
    basura = [
        plantada(sitio, firmada(irma, clave="otra-clave")),
        plantada(sitio, otra_firma),
        plantada(sitio, "no-es-una-galleta"),
        # Buena firma, pero hecha para otro nombre o para otro sitio.
        plantada(sitio, firmada(irma, nombre="_streamlit_xsrf")),
        plantada(sitio, firmada({**irma, "origin": "https://otro.ejemplo.mx"})),
    ]
    for mala in basura:
        abierta = navegador(sitio, [mala, plantada(sitio, "resto", f"{GALLETA}_1")])
        leer(abierta, "Usted ve lo público")
        de_ana(abierta, sitio)
        assert "Irma" not in texto_de(abierta)
        assert mala["value"] not in {g["value"] for g in suyas(abierta)}
    assert proveedor.pedidos == len(basura)


def test_una_entrada_ajena_plantada_se_reemplaza_al_entrar(sitio_con_cuentas, navegador):  # noqa: F811
    """Quien ataca deja su propia entrada, buena, en el navegador de otra persona: al entrar, es ella y no él."""
    sitio, _ = sitio_con_cuentas
    de_leo = navegador(sitio)
    entrar(de_leo, "Leo")
    plantadas = suyas(de_leo)
    victima = navegador(sitio, plantadas)
    leer(victima, "leo@ejemplo.mx no tiene un papel")  # se ve de quién es
    with victima.expect_navigation():
        victima.get_by_role("button", name="Salir").click()
    esperar_lista(victima)
    victima.goto(f"{sitio}/{DONDE}")
    esperar_lista(victima)
    de_ana(victima, sitio)
    assert not {g["value"] for g in plantadas} & {g["value"] for g in suyas(victima)}
    # Y a quien la plantó no le sirve de nada: la suya sigue siendo la suya.
    de_leo.goto(f"{sitio}/{DONDE}")
    esperar_lista(de_leo)
    assert "Ana" not in texto_de(de_leo)


class _SinSeguir(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        """No se sigue: interesa qué galletas pone."""


def test_el_regreso_del_proveedor_que_empezo_otro_no_deja_entrar(sitio_con_cuentas):  # noqa: F811
    """El código y el estado de quien ataca, abiertos por otra persona: no le ponen la entrada de nadie."""
    sitio, proveedor = sitio_con_cuentas
    abridor = urllib.request.build_opener(_SinSeguir)
    proveedor.codigos["robado"] = {"quien": "Irma", "code_challenge": "x"}
    for consulta in ("code=robado&state=inventado", "code=robado", "state=x", "error=access_denied&state=x", ""):
        with pytest.raises(urllib.error.HTTPError) as dicho:
            abridor.open(f"{sitio}/oauth2callback?{consulta}", timeout=20)
        respuesta = dicho.value
        assert respuesta.code == 302
        assert GALLETA not in str(respuesta.headers.get_all("Set-Cookie"))
        assert urllib.parse.urlsplit(respuesta.headers["Location"]).path == "/"
    assert proveedor.pedidos == 0
    # Ni se puede entrar con la galleta en una dirección que no es del sitio.
    assert pedir(sitio, "/auth/login?provider=inventado")[0] in (302, 400)


def test_quitar_el_papel_vale_desde_el_siguiente_clic(sitio_con_cuentas, navegador, almacen_de_practica, monkeypatch):  # noqa: F811
    sitio, _ = sitio_con_cuentas
    monkeypatch.setenv("TABLERO_ALMACEN", str(almacen_de_practica))
    assert publicacion_vigente(Almacen(almacen_de_practica)).demostracion
    registro = registro_vigente()
    suya = personas.poner(registro, SISTEMA, correo="leo@ejemplo.mx", rol="mesa", mesas=["demo-1"], nombre="Leo")
    abierta = navegador(sitio)
    entrar(abierta, "Leo")
    abierta.goto(f"{sitio}/{DONDE}")
    esperar_lista(abierta)
    abierta.get_by_text("Dar seguimiento").click()
    escribir(abierta, "Qué pasó desde la última vez", "Todavía con papel")
    personas.quitar(registro, SISTEMA, "leo@ejemplo.mx", suya.version, "Se fue")
    antes = registro.sello()
    abierta.get_by_role("button", name="Guardar el seguimiento").click()
    leer(abierta, "Su permiso en este registro se retiró")
    assert abierta.get_by_text("Dar seguimiento").count() == 0
    assert registro.sello() == antes


def test_la_entrada_vence_con_la_pagina_abierta(chromium, navegador, almacen_de_practica, tmp_path):
    puerto = puerto_libre()
    secretos = tmp_path / "casa" / ".streamlit" / "secrets.toml"
    secretos.parent.mkdir(parents=True)
    with proveedor_oidc({"Ana": {**GENTE["Ana"], "hace_horas": 11.99}}) as proveedor:  # le quedan 36 segundos
        secretos.write_text(
            SECRETOS.format(
                direccion=f"http://127.0.0.1:{puerto}", cliente=CLIENTE, secreto=SECRETO, emisor=proveedor.emisor
            ),
            encoding="utf-8",
        )
        entorno = {"HOME": str(tmp_path / "casa"), "TABLERO_HOY": "2026-11-24"}
        with servir(almacen_de_practica, puerto=puerto, **entorno) as sitio:
            abierta = navegador(sitio)
            de_ana(abierta, sitio)
            copia = suyas(abierta)
            abierta.get_by_text("Dar seguimiento").click()
            abierta.wait_for_timeout(37_000)
            caja(abierta, "Qué pasó desde la última vez").fill("ya vencida")
            caja(abierta, "Qué pasó desde la última vez").press("Tab")
            leer(abierta, "Su sesión venció")
            assert abierta.get_by_text("Dar seguimiento").count() == 0
            leer(navegador(sitio, copia), "Su sesión venció")
