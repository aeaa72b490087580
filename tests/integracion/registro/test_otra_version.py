"""El ensayo: un respaldo hecho por una versión anterior del tablero entra en una instalación vacía de la de hoy."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import text

from datos.almacen import Almacen
from datos.registro import acuerdos, evidencias, lectura, mesas, motor, respaldo
from datos.registro.apertura import donde_esta, registro_de
from datos.registro.errores import RespaldoInvalido
from datos.registro.migrar import conocidas, ultima
from datos.registro.respaldo_en_zip import forma_de
from tests.integracion.registro.conftest import ANA, IRMA, MESA, VALORES

RESPALDOS = Path(__file__).with_name("respaldos")
RAIZ = Path(__file__).resolve().parents[3]
VIEJAS = sorted(a.stem for a in RESPALDOS.glob("*.zip") if a.stem != ultima())


def test_hay_un_respaldo_hecho_por_cada_version_anterior():
    assert set(VIEJAS) == conocidas() - {ultima()}
    for revision in VIEJAS:
        assert respaldo.revisar(RESPALDOS / f"{revision}.zip").revision == revision


def test_la_forma_de_cada_revision_es_la_de_sus_migraciones():
    assert "logo" not in forma_de("0001")["mesa"]
    assert "logo" in forma_de("0002")["mesa"]


@pytest.fixture(params=["sqlite", "postgresql"])
def vacia(request, tmp_path, monkeypatch):
    """Entorno de una instalación recién puesta, en otra carpeta y sin nada."""
    entorno = {k: v for k, v in os.environ.items() if not k.startswith("TABLERO_")}
    if request.param == "postgresql":
        entorno["TABLERO_REGISTRO"] = request.getfixturevalue("base_nueva")()
        monkeypatch.setenv("TABLERO_REGISTRO", entorno["TABLERO_REGISTRO"])
    else:
        monkeypatch.delenv("TABLERO_REGISTRO", raising=False)
    monkeypatch.setenv("TABLERO_ALMACEN", str(tmp_path / "otra"))
    return entorno


def orden(entorno, *argumentos):
    """Como la teclea quien opera."""
    return subprocess.run(
        [sys.executable, "-m", "datos.acuerdos", *map(str, argumentos)],
        cwd=RAIZ,
        env=entorno,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("revision", VIEJAS)
def test_se_restaura_en_la_version_de_hoy_y_se_sigue_escribiendo(vacia, tmp_path, revision):
    archivo, otra = RESPALDOS / f"{revision}.zip", tmp_path / "otra"
    hecho = orden(vacia, "restaurar", archivo, "--almacen", otra)
    assert hecho.returncode == 0, hecho.stderr
    assert f"Venía de la revisión {revision} y quedó en la {ultima()}" in hecho.stdout
    with zipfile.ZipFile(archivo) as paquete:
        manifiesto = json.loads(paquete.read("manifiesto.json"))
        viejas = {
            t: [json.loads(r) for r in paquete.read(f"tablas/{t}.jsonl").splitlines()] for t in manifiesto["renglones"]
        }
    total = sum(map(len, viejas.values()))
    assert re.search(rf"Tardó \d+\.\d s: {total} renglones y 1 archivo\(s\) de evidencia", hecho.stdout)
    registro = donde_esta(Almacen(otra))
    with registro.leer() as sesion:
        assert sesion.execute(text("SELECT version_num FROM alembic_version")).scalar() == ultima()
        for tabla, renglones in viejas.items():
            assert sesion.execute(text(f"SELECT count(*) FROM {tabla}")).scalar() == len(renglones), tabla
        # Por otro camino: lo que escribió la versión vieja contra lo que hay, leído con SQL.
        for viejo in viejas["acuerdo"]:
            hay = sesion.execute(
                text("SELECT texto, folio, version, retirado_porque FROM acuerdo WHERE id = :i"), {"i": viejo["id"]}
            ).one()
            assert tuple(hay) == (viejo["texto"], viejo["folio"], viejo["version"], viejo["retirado_porque"])
        assert set(sesion.execute(text("SELECT logo FROM mesa")).scalars()) == {""}
    assert respaldo.comprobar(registro) == len(viejas["bitacora"])
    # Abrirlo como lo abre la aplicación no agrega ni cambia nada, y se sigue escribiendo donde iba.
    sello = registro.sello()
    registro = registro_de(Almacen(otra))
    assert registro.sello() == sello
    (suyo,) = lectura.expedientes(registro, ANA)
    assert (suyo.cumplimiento, len(suyo.reprogramaciones)) == (4, 1)
    assert evidencias.descargar(registro, ANA, suyo.evidencias[0].id)[0] == b"Asistencia"
    acuerdos.crear(registro, ANA, MESA, {**VALORES, "folio": "03/V/2026"})
    de_hoy = lectura.mesa(registro, ANA, MESA)
    mesas.editar(registro, ANA, MESA, de_hoy.version, nota="Después de restaurar")
    assert registro.sello()[1] == len(viejas["bitacora"]) + 2
    respaldo.comprobar(registro)
    # Y su respaldo de hoy vuelve a entrar en otra más.
    respaldo.respaldar(registro, IRMA, tmp_path / "de-hoy.zip")
    assert respaldo.revisar(tmp_path / "de-hoy.zip").revision == ultima()


def _cambiado(archivo, destino, cambiar):
    with zipfile.ZipFile(archivo) as viejo, zipfile.ZipFile(destino, "w") as nuevo:
        for nombre in viejo.namelist():
            cuerpo = viejo.read(nombre)
            nuevo.writestr(nombre, cambiar(cuerpo) if nombre == "manifiesto.json" else cuerpo)
    return destino


def test_uno_de_una_version_mas_nueva_pide_actualizar_y_no_toca_nada(vacia, tmp_path):
    nuevo = _cambiado(
        RESPALDOS / "0001.zip",
        tmp_path / "nuevo.zip",
        lambda c: json.dumps({**json.loads(c), "revision": "0999"}).encode(),
    )
    hecho = orden(vacia, "restaurar", nuevo, "--almacen", tmp_path / "otra")
    assert hecho.returncode == 3
    assert "revisión 0999" in hecho.stderr
    assert "actualice el programa" in hecho.stderr
    assert not (tmp_path / "otra" / "registro" / "registro.sqlite").exists()
    with motor.motor(donde_esta(Almacen(tmp_path / "aparte")).url).connect() as conexion:
        assert not conexion.dialect.has_table(conexion, "mesa")


def test_uno_viejo_que_dice_ser_de_hoy_no_pasa(tmp_path):
    """Le faltan columnas: entraría con huecos."""
    disfrazado = _cambiado(
        RESPALDOS / "0001.zip",
        tmp_path / "d.zip",
        lambda c: json.dumps({**json.loads(c), "revision": "0002"}).encode(),
    )
    with pytest.raises(RespaldoInvalido, match="columnas de la revisión 0002"):
        respaldo.revisar(disfrazado)
