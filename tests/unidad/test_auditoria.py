"""Qué se entiende del informe de fallas conocidas, y que no poder preguntar nunca se lee como que no hay."""

import json
import os
import stat

import pytest

from tests import auditoria

BUENA = {"name": "pandas", "version": "3.1.1", "vulns": []}
MALA = {
    "name": "pillow",
    "version": "12.0.0",
    "vulns": [{"id": "PYSEC-2026-7", "aliases": ["CVE-2026-1"], "fix_versions": ["12.0.1"]}],
}
CALLADA = {"name": "loky", "skip_reason": "Dependency not found on PyPI"}


def informe(*dependencias):
    return json.dumps({"dependencies": list(dependencias), "fixes": []})


def test_se_dicen_las_fallas_con_su_correccion_y_las_que_no_contestaron():
    hecha = auditoria.leer(informe(BUENA, MALA, CALLADA))
    assert hecha.consultadas == 2
    assert hecha.sin_respuesta == ("loky",)
    assert hecha.fallas == ("pillow 12.0.0: PYSEC-2026-7 (corregida en 12.0.1)",)


def test_una_aceptada_por_cualquiera_de_sus_nombres_no_cuenta(monkeypatch):
    monkeypatch.setattr(auditoria, "ACEPTADAS", {"CVE-2026-1": "no se abre ese formato"})
    assert auditoria.leer(informe(BUENA, MALA)).fallas == ()


@pytest.mark.parametrize("texto", [informe(CALLADA, CALLADA), "<html>", "{}", informe(), '{"dependencies": [3]}'])
def test_lo_que_no_contesta_nada_no_es_que_no_haya_fallas(texto):
    with pytest.raises(auditoria.NoSePregunto):
        auditoria.leer(texto)


@pytest.mark.parametrize(
    ("dicho", "sale", "espera"),
    [
        (informe(BUENA), 0, 0),
        (informe(BUENA, MALA), 1, 1),
        ("", 1, 0),
        (informe(CALLADA), 0, 0),
    ],
    ids=["limpio", "con falla", "se cayó", "nadie contestó"],
)
def test_con_que_sale(monkeypatch, tmp_path, capsys, dicho, sale, espera):
    """Con un Python fingido en el entorno pasajero: instala sin decir nada y contesta lo que se le pida."""

    def entorno_fingido(carpeta, with_pip):
        bin_ = os.path.join(carpeta, "bin")
        os.makedirs(bin_)
        (tmp_path / "dicho").write_text(dicho, encoding="utf-8")
        guion = os.path.join(bin_, "python")
        with open(guion, "w", encoding="utf-8") as archivo:
            archivo.write(f'#!/bin/sh\n[ "$2" = pip ] && exit 0\ncat "{tmp_path}/dicho"\nexit {sale}\n')
        os.chmod(guion, os.stat(guion).st_mode | stat.S_IXUSR)

    monkeypatch.setattr(auditoria.venv, "create", entorno_fingido)
    monkeypatch.delenv("TABLERO_EXIGIR_AUDITORIA", raising=False)
    assert auditoria.main() == espera
    leido = capsys.readouterr().out
    pudo = dicho not in ("", informe(CALLADA))
    assert ("No se pudo preguntar" in leido) is not pudo
    if not pudo:
        monkeypatch.setenv("TABLERO_EXIGIR_AUDITORIA", "1")
        assert auditoria.main() == 1
