"""Lo que se da listo para programar pide verbos que existen y systemd lo entiende."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from datos.acuerdos.__main__ import analizador as analizador_de_acuerdos
from datos.registro.rotacion import Conservar
from etl.__main__ import analizador
from tests.certificados import certificado

DESPLIEGUE = Path(__file__).resolve().parents[2] / "despliegue"
ARCHIVOS = (
    "tablero-vigilar.service",
    "tablero-sincronizar.service",
    "tablero-sincronizar-una-vez.service",
    "cron.txt",
    "publicar.yml",
    "compose.yml",
)
UNIDADES = sorted(a.name for a in DESPLIEGUE.iterdir() if a.suffix in (".service", ".timer"))


@pytest.mark.parametrize("archivo", ARCHIVOS)
def test_las_ordenes_que_programa_existen(archivo):
    texto = (DESPLIEGUE / archivo).read_text(encoding="utf-8")
    ordenes = re.findall(r"python -m etl ([a-z][^\n|>\"]*)", texto)
    assert ordenes
    for orden in ordenes:
        analizador().parse_args(orden.split())


@pytest.mark.parametrize("archivo", ["tablero-respaldar.service", "cron.txt"])
def test_el_respaldo_programado_existe_y_pide_lo_mismo_con_systemd_y_con_cron(archivo):
    texto = (DESPLIEGUE / archivo).read_text(encoding="utf-8")
    (orden,) = re.findall(r"python -m datos\.acuerdos ([a-z][^\n|>]*)", texto)
    opciones = analizador_de_acuerdos().parse_args(orden.split())
    assert (opciones.verbo, opciones.carpeta.name) == ("respaldar", "delitos-a-la-baja-respaldos")
    assert opciones.conservar == Conservar(7, 5, 12)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no hay systemd")
def test_systemd_entiende_cada_unidad(tmp_path):
    assert len(UNIDADES) == 8
    for nombre in UNIDADES:
        texto = (DESPLIEGUE / nombre).read_text(encoding="utf-8")
        # Aquí no existen ni el usuario ni la instalación: se cambian por otros que sí.
        texto = texto.replace("/opt/delitos-a-la-baja/.venv/bin/python", "/bin/true").replace(
            "User=tablero", "User=root"
        )
        # Una plantilla se revisa con un puerto de ejemplo.
        (tmp_path / nombre.replace("@.", "@8501.")).write_text(texto, encoding="utf-8")
    hecho = subprocess.run(
        ["systemd-analyze", "verify", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (hecho.returncode, hecho.stderr) == (0, "")


def test_cada_proceso_que_se_da_listo_corre_igual():
    """La unidad, el guion y el compose piden lo mismo a uvicorn: si uno cambia, los otros también."""
    unidad = (DESPLIEGUE / "tablero@.service").read_text(encoding="utf-8")
    guion = (DESPLIEGUE / "iniciar_replicas.py").read_text(encoding="utf-8").replace('", "', " ").replace('",\n', " ")
    compose = " ".join((DESPLIEGUE / "compose.yml").read_text(encoding="utf-8").split())
    for pieza in (
        "uvicorn",
        "servidor:aplicacion",
        "--proxy-headers",
        "--no-access-log",
        "--timeout-graceful-shutdown",
    ):
        assert pieza in unidad
        assert pieza in guion
        assert pieza in compose
    assert "No se corrió aquí" in compose


def test_los_puertos_de_ejemplo_son_los_de_las_unidades():
    ejemplo = (DESPLIEGUE / "nginx" / "local.conf").read_text(encoding="utf-8")
    unidad = (DESPLIEGUE / "tablero@.service").read_text(encoding="utf-8")
    assert set(re.findall(r"127\.0\.0\.1:(\d+)", ejemplo)) == set(re.findall(r"tablero@(\d+)", unidad))


@pytest.mark.skipif(shutil.which("nginx", path="/usr/sbin:/usr/bin") is None, reason="no hay nginx")
def test_nginx_acepta_los_ejemplos_como_se_instalan_en_debian(tmp_path):
    (tmp_path / "tablero").mkdir()
    shutil.copy(DESPLIEGUE / "nginx.conf", tmp_path / "sitio.conf")
    for nombre in ("local.conf", "escucha.conf"):
        texto = (DESPLIEGUE / "nginx" / nombre).read_text(encoding="utf-8")
        # Carpetas que aquí no existen; lo demás, tal cual.
        for suya in ("/var/cache/nginx", "/var/log/nginx", "/etc/ssl/tablero"):
            texto = texto.replace(suya, str(tmp_path))
        (tmp_path / "tablero" / nombre).write_text(texto, encoding="utf-8")
    certificado(tmp_path)
    temporales = "".join(
        f"{n}_temp_path {tmp_path}/t-{n};" for n in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ {temporales} include {tmp_path}/sitio.conf; }}"
    )
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin")
    hecho = subprocess.run(
        [nginx, "-t", "-q", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (hecho.returncode, hecho.stderr) == (0, "")


def test_el_flujo_sube_la_ficha_despues_de_la_base():
    texto = (DESPLIEGUE / "publicar.yml").read_text(encoding="utf-8")
    assert texto.index("! -name actual.json") < texto.index("upload datos sitio/actual.json")
    assert texto.index("etl verificar") < texto.index("etl exportar sitio")
    assert "No se ha corrido" in texto
