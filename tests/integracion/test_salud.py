"""La salud de la instalación y las rutas que la dicen: a quién, con qué código y sin contar de más."""

import json
import socket
import threading
import time
from datetime import UTC, datetime

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from datos import salud, sondeo
from datos.almacen import Almacen, publicacion_vigente
from datos.registro.apertura import registro_vigente
from datos.registro.errores import RegistroDanado
from etl.__main__ import main
from observacion import metricas
from servicio import medidores
from servicio.peticiones import Peticiones
from servicio.rutas import RUTAS

AHORA = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def sin_memoria(monkeypatch):
    monkeypatch.setattr(sondeo, "_ultimos", {})
    monkeypatch.setattr(sondeo, "_en_curso", {})
    monkeypatch.setattr(medidores, "_vista", None)
    monkeypatch.delenv("TABLERO_REGISTRO", raising=False)


def cliente(desde="127.0.0.1"):
    async def falla(_peticion):
        raise ValueError("se cayó")

    app = Starlette(
        routes=[*RUTAS, Route("/falla", falla), Route("/bien", lambda _: PlainTextResponse("ok"))],
        middleware=[Middleware(Peticiones)],
    )
    return TestClient(app, client=(desde, 5000), raise_server_exceptions=False)


@pytest.fixture
def puesto(almacen, monkeypatch):
    monkeypatch.setenv("TABLERO_ALMACEN", str(almacen.raiz))
    return almacen


def test_dice_lo_mismo_la_ruta_la_orden_y_las_personas(puesto, capsys):
    respuesta = cliente().get("/api/salud")
    dicho = respuesta.json()
    vigente = publicacion_vigente(puesto)
    assert (respuesta.status_code, dicho["estado"], dicho["listo"]) == (200, "bien", True)
    assert (dicho["version"], dicho["sha256"], dicho["corte"]) == (vigente.version, vigente.sha256, "2026-02")
    assert dicho["taller"]["pendientes"] == 0
    assert main(["estado", "--almacen", str(puesto.raiz), "--json"]) == 0
    de_la_orden = json.loads(capsys.readouterr().out)["salud"]
    pasajeros = ("publicacion_edad_segundos", "registro")
    assert {c: v for c, v in de_la_orden.items() if c not in pasajeros} == {
        c: v for c, v in dicho.items() if c in de_la_orden and c not in pasajeros
    }
    assert main(["estado", "--almacen", str(puesto.raiz)]) == 0
    en_palabras = capsys.readouterr().out
    for que, como in salud.renglones(salud.revisar(puesto)):
        if que != "Publicado":
            assert f"{que}: {como.split(' en ')[0]}" in en_palabras


def test_sin_datos_esta_lista_y_lo_danado_no(tmp_path, puesto, monkeypatch):
    vacio = salud.revisar(Almacen(tmp_path / "vacio"), AHORA)
    assert (vacio.estado, vacio.lista, salud.como_datos(vacio)["version"]) == ("sin datos", True, None)
    ruta = publicacion_vigente(puesto).ruta
    bueno = ruta.read_bytes()
    ruta.write_bytes(b"no es una base")
    salud._de_la_base.cache_clear()
    assert cliente().get("/api/salud").json()["estado"] == "dañado"
    assert cliente().get("/api/salud").status_code == 503
    ruta.write_bytes(bueno)
    salud._de_la_base.cache_clear()
    monkeypatch.setattr(salud, "huella_del_esquema", lambda: "otra")
    hallada = salud.revisar(puesto, AHORA)
    assert (hallada.estado, hallada.lista) == ("otra versión", False)
    puesto.puntero.write_text("{", encoding="utf-8")
    respuesta = cliente().get("/api/salud")
    assert (respuesta.status_code, respuesta.json()["estado"]) == (503, "dañado")
    assert cliente().get("/api/vivo").status_code == 200  # reiniciar no lo arregla
    assert str(puesto.raiz) not in respuesta.text


def test_las_edades_salen_de_la_hora_que_se_le_da(puesto):
    hallada = salud.revisar(puesto, AHORA)
    publicado = datetime.fromisoformat(hallada.publicacion.publicado_en)
    assert hallada.edad_de_la_publicacion() == max(0, round((AHORA - publicado).total_seconds()))
    assert hallada.edad_del_corte() == (AHORA.date() - hallada.corte).days


def _mudo():
    """Un servidor que acepta y no contesta nunca."""
    oidos = socket.socket()
    oidos.bind(("127.0.0.1", 0))
    oidos.listen(8)
    aceptadas = []
    threading.Thread(target=lambda: aceptadas.append(oidos.accept()), daemon=True).start()
    return oidos


@pytest.mark.parametrize("caido", ["rechaza", "mudo", "mal escrito"])
def test_un_registro_que_no_contesta_se_dice_pronto_y_sin_claves(puesto, monkeypatch, caido):
    oidos = _mudo()
    servidor = {
        "rechaza": "127.0.0.1:9",
        "mudo": f"127.0.0.1:{oidos.getsockname()[1]}",
        "mal escrito": "127.0.0.1:puerto",
    }[caido]
    monkeypatch.setenv("TABLERO_REGISTRO", f"postgresql+psycopg://tablero:cl4ve-secreta@{servidor}/base_interna")
    empezo = time.monotonic()
    respuesta = cliente().get("/api/salud")
    assert time.monotonic() - empezo < sondeo.SEGUNDOS + 1
    dicho = respuesta.json()
    assert (respuesta.status_code, dicho["estado"], dicho["registro"]["alcanzable"]) == (200, "degradado", False)
    for nada in ("cl4ve", "127.0.0.1", "base_interna", str(puesto.raiz)):
        assert nada not in respuesta.text
    # Preguntar mucho no acumula intentos contra una base que no contesta.
    hilos = threading.active_count()
    for _ in range(3):
        monkeypatch.setattr(sondeo, "SEGUNDOS", 0.05)
        cliente().get("/api/salud")
    assert threading.active_count() <= hilos + 2
    oidos.close()


def test_un_registro_de_sqlite_danado_se_dice_y_uno_que_no_ha_nacido_no_es_falla(puesto, monkeypatch):
    monkeypatch.setattr(sondeo, "SEGUNDOS_QUE_VALE", 0.0)
    assert salud.revisar(puesto, AHORA).estado == "bien"
    assert not puesto.archivo_del_registro.exists()  # preguntar no lo crea
    puesto.archivo_del_registro.parent.mkdir(exist_ok=True)
    puesto.archivo_del_registro.write_bytes(b"esto no es una base" * 500)
    hallada = salud.revisar(puesto, AHORA)
    assert (hallada.estado, hallada.lista, hallada.registro.alcanzable) == ("degradado", True, False)
    assert salud.como_datos(hallada)["respaldo"] == {"edad_segundos": None, "atrasado": False}
    assert dict(salud.renglones(hallada))["Último respaldo"] == "n. d.: el registro no contesta"


def test_las_metricas_solo_se_ven_desde_la_maquina_o_con_la_clave(puesto, monkeypatch):
    monkeypatch.delenv("TABLERO_METRICAS_CLAVE", raising=False)
    assert cliente().get("/api/metricas").status_code == 200
    assert cliente("::1").get("/api/metricas").status_code == 200
    for cabecera in ("X-Forwarded-For", "Forwarded", "X-Real-IP"):
        assert cliente().get("/api/metricas", headers={cabecera: "127.0.0.1"}).status_code == 404
    assert cliente("10.0.0.5").get("/api/metricas").status_code == 404
    assert cliente("10.0.0.5").get("/api/metricas", headers={"Authorization": "Bearer "}).status_code == 404
    monkeypatch.setenv("TABLERO_METRICAS_CLAVE", "m3tricas-clave")
    assert cliente("10.0.0.5").get("/api/metricas", headers={"Authorization": "Bearer otra"}).status_code == 404
    bien = cliente("10.0.0.5").get("/api/metricas", headers={"Authorization": "Bearer m3tricas-clave"})
    assert bien.status_code == 200
    assert bien.headers["content-type"] == metricas.TIPO
    assert "tablero_corte_edad_dias " in bien.text
    assert "m3tricas-clave" not in bien.text


def test_cada_peticion_se_cuenta_y_lleva_su_identificador(puesto):
    def van(codigo):
        return metricas.PETICIONES.valor(clase="pagina", codigo=codigo)

    bien, mal = van("200"), van("500")
    suyo = cliente()
    assert suyo.get("/bien", headers={"X-Request-ID": "abc-12345"}).headers["x-request-id"] == "abc-12345"
    assert suyo.get("/bien", headers={"X-Request-ID": "<malo>"}).headers["x-request-id"] != "<malo>"
    assert suyo.get("/falla").status_code == 500
    assert (van("200"), van("500")) == (bien + 2, mal + 1)


def test_el_registro_en_postgres_contesta(puesto, monkeypatch):
    import os

    direccion = os.environ.get("TABLERO_POSTGRES", "").strip()
    if not direccion:
        if os.environ.get("TABLERO_EXIGIR_POSTGRES") == "1":
            pytest.fail("se exige un PostgreSQL y TABLERO_POSTGRES no dice dónde está")
        pytest.skip("no hay un PostgreSQL para pruebas (TABLERO_POSTGRES)")
    monkeypatch.setenv("TABLERO_REGISTRO", direccion)
    hallado = cliente().get("/api/salud").json()["registro"]
    assert (hallado["motor"], hallado["alcanzable"]) == ("postgresql", True)
    assert hallado["ms"] < sondeo.SEGUNDOS * 1000


@pytest.mark.parametrize(
    "registro",
    [
        "postgresql+psycopg://tablero:cl4ve-secreta@127.0.0.1:9/base",
        "postgresql+psycopg://tablero:cl4ve:secreta@127.0.0.1:9/base",
        "postgresql+psycopg://tablero:cl4ve/secreta@127.0.0.1/base",
        "postgresql+psycopg://tablero:cl4ve-secreta@127.0.0.1:puerto/base",
        "postgresql+psycopg:/tablero:cl4ve-secreta@127.0.0.1",
        "mysql://tablero:cl4ve-secreta@127.0.0.1/base",
    ],
)
def test_lo_que_se_dice_de_un_registro_que_no_abre_no_lleva_su_clave(puesto, monkeypatch, registro):
    monkeypatch.setenv("TABLERO_REGISTRO", registro)
    with pytest.raises(RegistroDanado) as dicho:
        registro_vigente()
    for nada in ("127.0.0.1", "base", "tablero:"):
        if registro.startswith("postgresql+psycopg://") and ":9/" in registro:
            assert nada not in str(dicho.value).replace("la base esté encendida", "")
    causa, partes = dicho.value, []
    while causa is not None:
        partes.append(str(causa))
        causa = causa.__cause__
    for nada in ("cl4ve", "secreta"):
        assert nada not in " ".join(partes)
