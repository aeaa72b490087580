"""Lo que se da listo para programar pide verbos que existen y systemd lo entiende."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from etl.__main__ import analizador

DESPLIEGUE = Path(__file__).resolve().parents[2] / "despliegue"
ARCHIVOS = ("tablero-vigilar.service", "cron.txt", "publicar.yml")


@pytest.mark.parametrize("archivo", ARCHIVOS)
def test_las_ordenes_que_programa_existen(archivo):
    texto = (DESPLIEGUE / archivo).read_text(encoding="utf-8")
    ordenes = re.findall(r"python -m etl ([a-z][^\n|>]*)", texto)
    assert ordenes
    for orden in ordenes:
        analizador().parse_args(orden.split())


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no hay systemd")
def test_systemd_entiende_el_servicio_y_su_reloj(tmp_path):
    servicio = (DESPLIEGUE / "tablero-vigilar.service").read_text(encoding="utf-8")
    # Aquí no existen ni el usuario ni la instalación: se cambian por otros que sí.
    servicio = servicio.replace("/opt/delitos-a-la-baja/.venv/bin/python", "/bin/true").replace(
        "User=tablero", "User=root"
    )
    (tmp_path / "tablero-vigilar.service").write_text(servicio, encoding="utf-8")
    shutil.copy(DESPLIEGUE / "tablero-vigilar.timer", tmp_path)
    hecho = subprocess.run(
        ["systemd-analyze", "verify", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (hecho.returncode, hecho.stderr) == (0, "")


def test_el_flujo_sube_la_ficha_despues_de_la_base():
    texto = (DESPLIEGUE / "publicar.yml").read_text(encoding="utf-8")
    assert texto.index('upload datos "almacen/publicado/$base"') < texto.index(
        "upload datos almacen/publicado/actual.json"
    )
    assert "No se ha corrido" in texto
