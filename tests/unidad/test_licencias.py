"""Ningún paquete instalado trae una licencia desconocida o que obligue a más de lo aceptado, y el juicio distingue."""

import pytest

from tests import licencias


def test_todas_las_instaladas_se_pueden_usar():
    todas = licencias.instaladas()
    assert len(todas) > 50
    assert [(una.paquete, una.declarada) for una in todas if una.problema] == []


def test_cada_excepcion_sigue_haciendo_falta():
    """Una aceptada que ya no se instala, o que cambió a una licencia permisiva, se quita de la lista."""
    de = {una.paquete.lower(): una for una in licencias.instaladas()}
    assert [n for n in licencias.ACEPTADAS if n not in de or not licencias.COPYLEFT.search(de[n].declarada)] == []


@pytest.mark.parametrize(
    ("declara", "dice"),
    [
        (["MIT"], ""),
        (["Apache-2.0 OR BSD-3-Clause"], ""),
        (["MIT OR GPL-3.0-only"], ""),
        (["GPL-3.0-only"], "recíproca"),
        (["LGPL-3.0-or-later"], "recíproca"),
        (["AGPL-3.0"], "recíproca"),
        (["MIT AND GPL-2.0-only"], "recíproca"),
        ([" GNU General Public License v3 (GPLv3)"], "recíproca"),
        ([" Mozilla Public License 2.0 (MPL 2.0)"], "recíproca"),
        (["SSPL-1.0"], "recíproca"),
        (["Proprietary"], "no se reconoce"),
        (["Business Source License 1.1"], "no se reconoce"),
        ([""], "no se reconoce"),
        ([], "no se reconoce"),
    ],
)
def test_el_juicio(declara, dice):
    problema = licencias.juzgar("inventado", "1", declara).problema
    assert (dice in problema) if dice else (problema == "")
