"""Cuántas caben, a quién se le niega y cuándo se vuelve a poder: con un reloj que se mueve a mano."""

import logging
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit.web.server.starlette.starlette_app_utils import generate_xsrf_token_string

from datos import limites
from datos.limites import Limite
from servicio.limites import Limites
from tests.corrutinas import correr


@pytest.fixture
def reloj(monkeypatch):
    """La hora que ve la biblioteca; ``reloj[0] += 60`` es esperar un minuto."""
    ahora = [1_800_000_000.0]
    monkeypatch.setattr(time, "time", lambda: ahora[0])
    return ahora


@pytest.fixture
def limite(monkeypatch):
    monkeypatch.setenv("TABLERO_LIMITE_EXPORTAR", "3/2")
    return Limite("TABLERO_LIMITE_EXPORTAR", "60/10", "Pidió demasiados", por_direccion=4)


def cuantas(limite, intentos, *quien):
    return sum(limite.pedir(*quien) is None for _ in range(intentos))


def test_quien_insiste_se_detiene_y_su_vecino_de_sala_no(limite, reloj):
    assert cuantas(limite, 50, "10.0.0.1", "uno") == 3
    assert cuantas(limite, 50, "10.0.0.1", "otra") == 3
    assert cuantas(limite, 50, "10.0.0.2", "uno de otra red") == 3


def test_inventar_navegadores_no_pasa_de_lo_que_cabe_en_la_direccion(limite, reloj):
    assert sum(cuantas(limite, 1, "10.0.0.1", f"inventado-{n}") for n in range(200)) == 12
    assert cuantas(limite, 5, "10.0.0.1") == 0
    assert cuantas(limite, 50, "10.0.0.9", "otra red") == 3


def test_la_ventana_se_vuelve_a_abrir_cuando_dice(limite, reloj):
    assert cuantas(limite, 2, "10.0.0.1", "uno") == 2
    reloj[0] += 50
    assert cuantas(limite, 9, "10.0.0.1", "uno") == 1
    negado = limite.pedir("10.0.0.1", "uno")
    assert negado.segundos == 70
    assert "en 70 segundos" in negado.en_palabras()
    assert "Nada de lo que escribió se perdió" in negado.en_palabras()
    reloj[0] += 69
    assert limite.pedir("10.0.0.1", "uno") is not None
    reloj[0] += 2
    # Las dos primeras ya no cuentan; la tercera sí, hasta que cumpla sus dos minutos.
    assert cuantas(limite, 9, "10.0.0.1", "uno") == 2


def test_lo_negado_no_cuenta(limite, reloj):
    """Si contara, quien insiste no saldría nunca, y quien comparte su red tampoco."""
    for _ in range(500):
        limite.pedir("10.0.0.1", "uno")
    assert cuantas(limite, 3, "10.0.0.1", "otra") == 3
    reloj[0] += 121
    assert cuantas(limite, 9, "10.0.0.1", "uno") == 3


def test_de_ipv6_cuenta_la_casa_y_no_cada_direccion(limite, reloj):
    assert sum(limite.pedir(f"2001:db8:0:1::{n:x}") is None for n in range(1, 100)) == 12
    assert limite.pedir("2001:db8:0:2::1") is None
    assert sum(limite.pedir(d) is None for d in ["10.0.0.5", "::ffff:10.0.0.5"] * 20) == 12
    assert sum(limite.pedir(d) is None for d in [None, "", "unix:", "no es dirección"] * 20) == 12


def test_una_sala_de_cincuenta_trabaja_sin_toparse_con_nada(reloj, monkeypatch):
    """Con los valores por omisión y una sola dirección: entran todos, capturan diez y cada quien se lleva doce archivos."""
    for variable in ("ENTRAR", "SUBIR", "EXPORTAR"):
        monkeypatch.delenv(f"TABLERO_LIMITE_{variable}")
    for uno in limites.TODOS:
        uno.olvidar()
    sala = "189.203.0.1"
    assert cuantas(limites.ENTRAR, 150, sala) == 150
    assert sum(cuantas(limites.SUBIR, 30, sala, f"p{n}") for n in range(10)) == 300
    assert sum(cuantas(limites.EXPORTAR, 12, sala, f"p{n}") for n in range(50)) == 600
    assert cuantas(limites.EXPORTAR, 60, "otra redacción", "reportera") == 60


@pytest.mark.parametrize("malo", ["", "x", "10", "0/5", "5/0", "-1/5", "1.5/2", "5/5/5", "sí"])
def test_un_ajuste_mal_escrito_no_deja_la_puerta_abierta(monkeypatch, reloj, caplog, malo):
    monkeypatch.setenv("TABLERO_LIMITE_SUBIR", malo)
    limite = Limite("TABLERO_LIMITE_SUBIR", "2/1", "x", por_direccion=10)
    with caplog.at_level(logging.WARNING):
        assert cuantas(limite, 9, "10.0.0.1", "uno") == 2
    assert (len(caplog.records) == 1) == bool(malo)


def test_se_puede_quitar(monkeypatch):
    monkeypatch.setenv("TABLERO_LIMITE_SUBIR", "No")
    assert cuantas(Limite("TABLERO_LIMITE_SUBIR", "2/1", "x", por_direccion=1), 500, "10.0.0.1") == 500


def test_con_direcciones_que_no_se_repiten_la_memoria_no_crece_sin_fin(monkeypatch, reloj):
    monkeypatch.setenv("TABLERO_LIMITE_ENTRAR", "5/1")
    limite = Limite("TABLERO_LIMITE_ENTRAR", "5/1", "x", por_direccion=1)
    for n in range(6_000):
        limite.pedir(f"10.{n >> 16}.{(n >> 8) & 255}.{n & 255}")
        reloj[0] += 0.1
    time.sleep(0.1)
    limite.pedir("10.9.9.9")
    assert len(limite._almacen.events) <= 2_700  # las de su minuto y lo que se junta entre dos limpiezas


@given(st.text(max_size=30))
def test_cualquier_texto_se_lee_o_se_rechaza(texto):
    try:
        leido = limites.leer(texto)
    except ValueError:
        return
    assert leido is None or min(leido) > 0


def _cliente(desde="10.0.0.5"):
    async def bien(_peticion):
        return PlainTextResponse("ok")

    app = Starlette(
        routes=[Route("/{ruta:path}", bien, methods=["GET", "PUT", "DELETE"])], middleware=[Middleware(Limites)]
    )
    return TestClient(app, client=(desde, 5000))


@pytest.fixture
def con_limites(monkeypatch):
    for variable in ("ENTRAR", "SUBIR"):
        monkeypatch.setenv(f"TABLERO_LIMITE_{variable}", "4/10")
    for uno in limites.TODOS:
        uno.olvidar()
    yield
    for uno in limites.TODOS:
        uno.olvidar()


def test_la_cabecera_de_un_proxy_en_el_que_nadie_confia_no_hace_otro_visitante(con_limites):
    codigos = [_cliente().get("/auth/login", headers={"X-Forwarded-For": f"1.2.3.{n}"}).status_code for n in range(20)]
    assert codigos == [200] * 4 + [429] * 16
    assert _cliente("10.0.0.6").get("/auth/login").status_code == 200


def test_ir_y_volver_del_proveedor_cuentan_juntos_y_lo_demas_no_cuenta(con_limites):
    quien = _cliente()
    codigos = [quien.get(r).status_code for r in ("/auth/login", "/oauth2callback?code=x") * 3]
    assert codigos == [200] * 4 + [429] * 2
    for ruta in ("/", "/mapa", "/auth/logout", "/_stcore/health", "/media/x.csv", "/api/salud"):
        assert {quien.get(ruta).status_code for _ in range(30)} == {200}
    assert {quien.delete("/_stcore/upload_file/s/f").status_code for _ in range(30)} == {200}


def test_lo_que_contesta_se_entiende_y_dice_cuando(con_limites):
    quien = _cliente()
    for _ in range(4):
        quien.get("/auth/login")
    pagina = quien.get("/auth/login", headers={"Accept": "text/html,*/*"})
    assert pagina.status_code == 429
    assert 590 <= int(pagina.headers["retry-after"]) <= 600
    assert pagina.headers["cache-control"] == "no-store"
    assert 'lang="es-MX"' in pagina.text
    assert "vuelva a intentarlo en 10 minutos" in pagina.text
    llano = quien.get("/auth/login")
    assert llano.headers["content-type"].startswith("text/plain")


def test_subir_cuenta_por_navegador_y_a_falta_de_galleta_por_ventana(con_limites):
    quien = _cliente()

    def subir(ventana, galleta=None):
        cabeceras = {"Cookie": f"_streamlit_xsrf={galleta}"} if galleta else {}
        return quien.put(f"/_stcore/upload_file/{ventana}/f", headers=cabeceras).status_code

    # El mismo navegador en muchas ventanas es uno.
    assert [subir(f"v{n}", "2|a|b|c") for n in range(6)] == [200] * 4 + [429] * 2
    assert [subir("v0", "2|otro|b|c") for n in range(5)] == [200] * 4 + [429]
    assert [subir("w") for n in range(5)] == [200] * 4 + [429]


def test_la_galleta_reescrita_con_otra_mascara_es_el_mismo_navegador():
    """Con la función de Streamlit, que es quien la escribe en cada respuesta."""

    def huella(*como):
        return limites.de_galletas({limites.GALLETA: generate_xsrf_token_string(*como)})

    uno, otro = b"0123456789abcdef", b"fedcba9876543210"
    assert len({huella(uno, hora) for hora in (1, 2, 3, 3, 3)}) == 1
    assert huella(uno, 1) != huella(otro, 1)
    assert limites.de_galletas({}) is None
    raras = ["2||00|1", "2|zz|00|1", "2", "x" * 10_000, "2|00|" + "00" * 16]
    assert len({limites.de_galletas({limites.GALLETA: r}) for r in raras}) == 5


def test_lo_que_cuesta_mirar_cada_peticion(record_property, monkeypatch):
    """Lo que no se limita pasa casi sin tocarse; lo que sí, en menos de lo que tarda cualquier respuesta."""

    monkeypatch.setenv("TABLERO_LIMITE_ENTRAR", "1000000/10")
    limites.ENTRAR.olvidar()

    async def nada(scope, receive, send):
        """La aplicación que sigue."""

    envuelta = Limites(nada)

    def medir(app, ruta, veces=5_000):
        scope = {"type": "http", "path": ruta, "method": "GET", "headers": [], "client": ("10.0.0.1", 1)}

        async def vueltas():
            empezo = time.perf_counter()
            for _ in range(veces):
                await app(scope, None, None)
            return (time.perf_counter() - empezo) / veces * 1e6

        return min(correr(vueltas()) for _ in range(3))

    sin, de_paso, contada = medir(nada, "/mapa"), medir(envuelta, "/mapa"), medir(envuelta, "/auth/login", 500)
    limites.ENTRAR.olvidar()
    record_property(
        "medida",
        f"límites: {de_paso - sin:.1f} µs por petición que no se cuenta, {contada:.0f} µs por una que sí",
    )
    assert de_paso - sin < 50
    assert contada < 2_000
