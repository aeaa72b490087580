"""El taller: devuelve lo que hace la tarea, repone a quien muere, no deja crecer la fila y usa el almacén de quien pide."""

import operator
import os
import signal
import time

import pytest

from informes import taller
from informes.prensa.armar import EVOLUCION, Pedido
from informes.prensa.encargos import Encargo, bajar, dibujar


@pytest.fixture(autouse=True)
def un_proceso(monkeypatch, tmp_path):
    """Un taller de un proceso, sobre un almacén propio, que se cierra al terminar."""
    monkeypatch.setenv("TABLERO_TALLER", "1")
    monkeypatch.setenv("TABLERO_ALMACEN", str(tmp_path))
    yield
    taller.cerrar()


def _morir_la_primera_vez(seña):
    """Muere si la seña existe, y la borra: la segunda vez ya no está."""
    if os.path.exists(seña):
        os.unlink(seña)
        os.kill(os.getpid(), signal.SIGKILL)
    return "hecho"


def test_se_hace_en_otro_proceso_y_sobre_el_mismo_almacen(tmp_path):
    assert taller.encargar(os.getpid)() != os.getpid()
    assert taller.encargar(os.getenv, "TABLERO_ALMACEN")() == str(tmp_path)


def test_lo_que_lanza_la_tarea_llega_a_quien_la_pidio():
    with pytest.raises(ZeroDivisionError):
        taller.encargar(operator.floordiv, 1, 0)()


def test_si_el_proceso_muere_se_repone_y_se_intenta_otra_vez(tmp_path):
    seña = tmp_path / "seña"
    seña.touch()
    assert taller.encargar(_morir_la_primera_vez, str(seña))() == "hecho"


def test_si_muere_dos_veces_lo_dice_y_el_taller_sigue_sirviendo():
    with pytest.raises(taller.TallerCaido, match="Nada se perdió"):
        taller.encargar(os._exit, 3)()
    assert taller.encargar(operator.add, 1, 2)() == 3


def test_la_fila_no_crece_sin_limite_y_se_vacia(monkeypatch):
    monkeypatch.setattr(taller, "MAXIMO_EN_ESPERA", 2)
    primeros = [taller.encargar(time.sleep, 0.5) for _ in range(2)]
    with pytest.raises(taller.TallerOcupado, match="2 figuras en espera"):
        taller.encargar(time.sleep, 0.5)
    for esperar in primeros:
        esperar()
    assert taller.encargar(operator.add, 1, 2)() == 3


def test_lo_que_tarda_de_mas_se_deja(monkeypatch):
    monkeypatch.setattr(taller, "SEGUNDOS_DE_PACIENCIA", 0.2)
    with pytest.raises(taller.TallerOcupado, match="de nuevo"):
        taller.encargar(time.sleep, 2)()


@pytest.mark.parametrize("pedido", ["-1", "dos", "1.5"])
def test_un_numero_de_procesos_que_no_lo_es_se_rechaza(monkeypatch, pedido):
    monkeypatch.setenv("TABLERO_TALLER", pedido)
    with pytest.raises(ValueError, match="TABLERO_TALLER"):
        taller.cuantos_procesos()


def test_el_taller_dibuja_los_mismos_bytes_que_la_pagina(monkeypatch, almacen_espejo):
    monkeypatch.setenv("TABLERO_ALMACEN", str(almacen_espejo))
    encargo = Encargo(
        Pedido(EVOLUCION, "homicidio_doloso", ("11",), "estatal", "00", None, 12, None), "http://x/prensa"
    )
    assert bajar(encargo, "horizontal", "svg", 1) == dibujar(encargo, "horizontal", (("svg", 1),))["svg", 1]
