"""La clave de la base y los secretos de OIDC no salen: ni en páginas, ni en mensajes, ni en bitácoras, ni en un respaldo."""

import json
import logging
import os
import shutil
import subprocess
import sys
import time
import traceback
import zipfile

import pytest

from datos.almacen import Almacen
from datos.registro import personas, respaldo
from datos.registro.actor import SISTEMA
from datos.registro.apertura import registro_de
from datos.registro.errores import RegistroDanado
from datos.registro.motor import leer_url
from tests.corrutinas import correr
from tests.integracion.atacante import PAGINAS, Atacante, pedir
from tests.navegador.conftest import RAIZ, SEGUNDOS, puerto_libre

CLAVE = "S3cretaDeLaBase"
SECRETO = "S3cretoDelCliente"
GALLETA = "S3cretoDeLaGalletaQueEsLargo0123456789"
PUERTO_CERRADO = "127.0.0.1:9"
QUE_SE_ENTIENDEN = (
    f"postgresql+psycopg://tablero:{CLAVE}@{PUERTO_CERRADO}/registro",
    f"postgresql+psycopg://tablero:a%40{CLAVE}@{PUERTO_CERRADO}/registro",
    f"postgresql+psycopg://tablero:{CLAVE}@no-existe.invalid/registro",
    f"postgresql+psycopg://tablero:{CLAVE}@{PUERTO_CERRADO}/registro?sslmode=loquesea",
)
QUE_NO = (
    f"postgresql+psycopg://tablero:a@{CLAVE}@{PUERTO_CERRADO}/registro",
    f"postgresql+psycopg://{PUERTO_CERRADO}/registro?user=tablero&password={CLAVE}",
    f"postgresql+psycopg://tablero:{CLAVE}@127.0.0.1:puerto/registro",
    f"postgresql+psycopg://tablero:{CLAVE}@[::1/registro",
    f"postgresql+noexiste://tablero:{CLAVE}@127.0.0.1/registro",
    f"mysql://tablero:{CLAVE}@127.0.0.1/registro",
    f"tablero:{CLAVE}@servidor/registro",
    f"postgresql//tablero:{CLAVE}@servidor",
)


@pytest.mark.parametrize("direccion", QUE_NO)
def test_una_direccion_que_no_se_entiende_no_se_repite(direccion):
    with pytest.raises(RegistroDanado) as rechazo:
        leer_url(direccion)
    assert CLAVE not in "".join(traceback.format_exception(rechazo.value))


@pytest.mark.parametrize("direccion", QUE_SE_ENTIENDEN)
def test_una_base_que_no_contesta_no_dice_ni_clave_ni_servidor(direccion, tmp_path, monkeypatch, caplog):
    monkeypatch.setenv("TABLERO_REGISTRO", direccion)
    with caplog.at_level(logging.DEBUG), pytest.raises(RegistroDanado) as rechazo:
        registro_de(Almacen(tmp_path))
    for de_servidor in (CLAVE, "127.0.0.1", "no-existe.invalid", "tablero"):
        assert de_servidor not in str(rechazo.value)
    assert CLAVE not in "".join(traceback.format_exception(rechazo.value))
    assert CLAVE not in caplog.text
    assert "no respondió" in caplog.text  # quien administra sí se entera


@pytest.mark.parametrize("direccion", [*QUE_SE_ENTIENDEN[:2], *QUE_NO[:3]])
@pytest.mark.parametrize("verbo", [["estado"], ["comprobar"], ["respaldar", "x.zip"]])
def test_la_linea_de_ordenes_no_la_escribe(direccion, verbo, tmp_path):
    hecho = subprocess.run(
        [sys.executable, "-m", "datos.acuerdos", *verbo],
        cwd=RAIZ,
        env={**os.environ, "TABLERO_ALMACEN": str(tmp_path), "TABLERO_REGISTRO": direccion},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert hecho.returncode == 3
    assert CLAVE not in hecho.stdout + hecho.stderr
    assert "Traceback" not in hecho.stderr


def test_el_respaldo_no_trae_secretos(tmp_path, monkeypatch):
    """Ni aunque estén en el ambiente de quien lo hace."""
    monkeypatch.setenv("TABLERO_ALMACEN", str(tmp_path))
    monkeypatch.delenv("TABLERO_REGISTRO", raising=False)
    monkeypatch.setenv("STREAMLIT_AUTH_CLIENT_SECRET", SECRETO)
    registro = registro_de(Almacen(tmp_path))
    personas.poner(registro, SISTEMA, correo="ana@ejemplo.mx", rol="red")
    respaldo.respaldar(registro, SISTEMA, tmp_path / "r.zip")
    with zipfile.ZipFile(tmp_path / "r.zip") as paquete:
        contenido = b"".join(paquete.read(n) for n in paquete.namelist())
    assert b"ana@ejemplo.mx" in contenido
    assert SECRETO.encode() not in contenido
    assert str(tmp_path).encode() not in contenido


@pytest.fixture(scope="module")
def con_secretos(almacen_demostracion, tmp_path_factory):
    """Servida con OIDC y con un PostgreSQL que no contesta: (dirección, archivo con todo lo que dice el servidor).

    Lo publicado es la demostración dicha oficial: con ella anunciada, el registro sería el de práctica y no el de la instalación.
    """
    carpeta = tmp_path_factory.mktemp("secretos")
    shutil.copytree(almacen_demostracion / "publicado", carpeta / "almacen" / "publicado")
    puntero = carpeta / "almacen" / "publicado" / "actual.json"
    puntero.write_text(json.dumps({**json.loads(puntero.read_text()), "demostracion": False}))
    secretos = carpeta / "secrets.toml"
    puerto = puerto_libre()
    direccion = f"http://127.0.0.1:{puerto}"
    secretos.write_text(
        f'[auth]\nredirect_uri = "{direccion}/oauth2callback"\ncookie_secret = "{GALLETA}"\nclient_id = "tablero"\n'
        f'client_secret = "{SECRETO}"\nserver_metadata_url = "http://127.0.0.1:9/.well-known/openid-configuration"\n'
        '[roles]\n"irma@ejemplo.mx" = "administracion"\n',
        encoding="utf-8",
    )
    dicho = carpeta / "servidor.log"
    entorno = {
        **os.environ,
        "TABLERO_ALMACEN": str(carpeta / "almacen"),
        "TABLERO_REGISTRO": QUE_SE_ENTIENDEN[0],
        "STREAMLIT_SECRETS_FILES": str(secretos),
    }
    with dicho.open("w") as salida:
        proceso = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", "servidor:aplicacion", "--port", str(puerto), "--log-level", "debug"],
            cwd=RAIZ, env=entorno, stdout=salida, stderr=subprocess.STDOUT,
        )  # fmt: skip
        plazo = time.monotonic() + SEGUNDOS
        try:
            while True:
                try:
                    pedir(direccion, "/_stcore/health")
                    break
                except OSError:
                    if proceso.poll() is not None or time.monotonic() > plazo:
                        pytest.fail(f"el servidor no abrió:\n{dicho.read_text()}")
                    time.sleep(0.1)
            yield direccion, dicho
        finally:
            proceso.terminate()
            proceso.wait(timeout=15)


def test_ninguna_pagina_ni_lo_que_dice_el_servidor_trae_un_secreto(con_secretos):
    direccion, dicho = con_secretos

    async def recorrer():
        cuerpos = b""
        for pagina in PAGINAS:
            async with Atacante(direccion) as quien:
                await quien.visitar(pagina)
                assert quien.excepciones == [], pagina
                cuerpos += quien.crudo
        return cuerpos

    cuerpos = correr(recorrer())
    for ruta in (
        "/",
        "/auth/login",
        "/oauth2callback?code=x&state=y",
        "/auth/logout",
        "/api/salud",
        "/_stcore/metrics",
    ):
        estado, cabeceras, cuerpo = pedir(direccion, ruta)
        cuerpos += f"{estado} {cabeceras}".encode() + cuerpo
    cuerpos += dicho.read_bytes()
    for secreto in (CLAVE, SECRETO, GALLETA):
        assert secreto.encode() not in cuerpos
    # sí se intentó con los dos: el registro no contestó, y la entrada va con el proveedor
    assert b"El registro de Mesas y acuerdos no se puede leer" in cuerpos
    assert b"no respondi" in dicho.read_bytes()
