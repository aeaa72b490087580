"""Pedir un paquete, seguirlo y guardarlo: permisos, lugares, nada a medias y nada de más."""

import json
import os
import subprocess
import sys
from datetime import date
from types import SimpleNamespace

import pytest

from datos import paquetes
from datos.almacen import Almacen
from datos.paquetes import Ocupado
from datos.registro.actor import PUBLICO, Actor, Rol, actor_local
from datos.registro.errores import SinPermiso
from informes import lote
from informes.sesion.insumos import cual_sesion
from informes.sesion.pedido import Pedido, leer_mes

MES, HOY = date(2026, 8, 1), date(2026, 11, 24)
DE_LEON = Actor("ana@x.mx", "Ana", Rol.MESA, frozenset({"leon"}))


@pytest.fixture
def almacen(tmp_path, monkeypatch):
    """Un almacén vacío, y ningún proceso de verdad: se anota lo que se habría corrido."""
    corridos = []
    monkeypatch.setenv("TABLERO_ALMACEN", str(tmp_path))
    monkeypatch.setattr(paquetes.subprocess, "Popen", lambda orden, **_: corridos.append(orden))
    suyo = Almacen(tmp_path)
    return SimpleNamespace(suyo=suyo, corridos=corridos)


def test_cualquiera_pide_lo_publico_y_lo_interno_solo_quien_lo_ve(almacen):
    assert paquetes.empezar(PUBLICO, "leon", MES, publico=True, fecha=HOY)
    assert "--publico" in almacen.corridos[0]
    for actor in (PUBLICO, Actor("b@x.mx", "Beto", Rol.MESA, frozenset({"puebla"}))):
        with pytest.raises(SinPermiso):
            paquetes.empezar(actor, "leon", MES, publico=False, fecha=HOY)
    assert len(almacen.corridos) == 1
    assert paquetes.empezar(DE_LEON, "leon", MES, publico=False, fecha=HOY)
    assert "--publico" not in almacen.corridos[1]


def test_pedir_lo_mismo_dos_veces_es_el_mismo_trabajo(almacen):
    primero = paquetes.empezar(PUBLICO, "leon", MES, publico=True, fecha=HOY)
    assert paquetes.empezar(DE_LEON, "leon", MES, publico=True, fecha=HOY) == primero
    assert len(almacen.corridos) == 1
    assert paquetes.ultimo("leon", MES, publico=True).id == primero
    assert paquetes.ultimo("leon", date(2026, 7, 1), publico=True) is None


def test_a_la_vez_caben_pocos(almacen):
    for mesa in ("leon", "puebla"):
        paquetes.empezar(PUBLICO, mesa, MES, publico=True, fecha=HOY)
    with pytest.raises(Ocupado, match="vuelva a pedirlo"):
        paquetes.empezar(PUBLICO, "xalapa", MES, publico=True, fecha=HOY)
    assert len(almacen.corridos) == paquetes.A_LA_VEZ


@pytest.mark.parametrize("clave", ["../otra", "leon/..", "", "León", "a b", "-x"])
def test_una_clave_no_saca_de_la_carpeta(almacen, clave):
    with pytest.raises(ValueError, match="no es la clave"):
        paquetes.empezar(PUBLICO, clave, MES, publico=True, fecha=HOY)
    assert paquetes.hecho(clave, MES, publico=True) is None


def test_los_lugares_se_sueltan_al_terminar(almacen):
    with paquetes.lugar() as uno, paquetes.lugar() as dos, paquetes.lugar() as tres:
        assert (uno, dos, tres) == (True, True, False)
    with paquetes.lugar() as otra_vez:
        assert otra_vez


def test_la_bitacora_se_lee_mientras_corre_y_al_terminar(almacen):
    id = paquetes.empezar(PUBLICO, "leon", MES, publico=True, fecha=HOY)
    with paquetes.bitacora(id) as anota:
        anota.paso("Escribiendo PDF")
        assert (paquetes.leer(id).vivo, paquetes.leer(id).paso) == (True, "Escribiendo PDF")
        anota.terminar(3, "No se pudo.", {"archivo": "x"})
    acabado = paquetes.leer(id)
    assert (acabado.vivo, acabado.codigo, acabado.mensaje) == (False, 3, "No se pudo.")
    assert acabado.resultado["archivo"] == "x"
    assert paquetes.leer("../trabajo") is None
    with pytest.raises(ValueError, match="no es el nombre"), paquetes.bitacora("../fuera"):
        pass


def test_un_trabajo_que_muere_queda_interrumpido_y_no_vivo(almacen, monkeypatch):
    monkeypatch.undo()
    id = "20260101T000000000000-paquete-abcdef"
    carpeta = almacen.suyo.raiz / "paquetes" / "trabajos" / id
    carpeta.mkdir(parents=True)
    ficha = {
        "id": id,
        "verbo": "paquete",
        "mesa": "leon",
        "mes": "2026-08",
        "publico": True,
        "desde": "2026-01-01T00:00:00+00:00",
    }
    (carpeta / "trabajo.json").write_text(json.dumps(ficha))
    guion = (
        "import os,sys\nfrom datos import paquetes\nfrom datos.almacen import Almacen\nfrom pathlib import Path\n"
        f"with paquetes.bitacora('{id}', Almacen(Path(sys.argv[1]))) as b:\n    b.paso('x'); os._exit(9)\n"
    )
    subprocess.run(
        [sys.executable, "-c", guion, str(almacen.suyo.raiz)], check=False, env={**os.environ, "PYTHONPATH": "."}
    )
    trabajo = paquetes.leer(id, almacen.suyo)
    assert (trabajo.situacion, trabajo.codigo) == ("interrumpido", None)


def test_lo_hecho_se_reconoce_y_lo_que_cambio_no(tmp_path):
    destino = tmp_path / "a.zip"
    assert not lote.ya_hecho(destino, "h1")
    lote.guardar(destino, b"contenido", "h1", {"mes": "2026-08", "publico": False})
    assert lote.ya_hecho(destino, "h1")
    assert not lote.ya_hecho(destino, "h2")
    destino.write_bytes(b"conten")  # a medias
    assert not lote.ya_hecho(destino, "h1")
    lote.ficha_de(destino).write_text("{dañada")
    assert not lote.ya_hecho(destino, "h1")


def test_una_interrupcion_al_escribir_no_deja_nada_que_parezca_terminado(tmp_path, monkeypatch):
    destino = tmp_path / "a.zip"
    lote.guardar(destino, b"anterior", "h1", {"mes": "2026-08", "publico": False})

    def falla(_):
        raise OSError(28, "No queda espacio")

    monkeypatch.setattr(lote.os, "fsync", falla)
    with pytest.raises(OSError, match="No queda espacio"):
        lote.guardar(destino, b"nuevo", "h2", {"mes": "2026-08", "publico": False})
    assert destino.read_bytes() == b"anterior"
    assert lote.ya_hecho(destino, "h1")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.zip", "a.zip.json"]


def test_sin_su_ficha_un_zip_no_cuenta_y_se_conservan_trece_meses(tmp_path):
    (tmp_path / "suelto.zip").write_bytes(b"x")
    assert paquetes.mas_reciente(tmp_path, MES, publico=True) is None
    for n in range(20):
        mes = f"{2025 + n // 12}-{n % 12 + 1:02d}"
        lote.guardar(tmp_path / f"{mes}.zip", b"x", "h", {"mes": mes, "publico": True})
    lote.guardar(tmp_path / "interno.zip", b"x", "h", {"mes": "2025-01", "publico": False})
    propio = tmp_path / "2026-08.zip"
    paquetes.conservar(tmp_path, MES, propio, publico=True)
    quedan = sorted(p.name for p in tmp_path.glob("20*.zip"))
    assert len(quedan) == 13
    assert quedan[0] == "2025-08.zip"
    assert (tmp_path / "interno.zip").exists()
    assert paquetes.mas_reciente(tmp_path, MES, publico=True) == propio
    assert paquetes.mas_reciente(tmp_path, MES, publico=False) is None


def test_dos_procesos_no_toman_el_mismo_candado(tmp_path):
    with lote.candado(tmp_path / "c") as uno, lote.candado(tmp_path / "c") as otro:
        assert (uno, otro) == (True, False)
    with lote.candado(tmp_path / "c") as libre:
        assert libre


def _sesion(numero, fecha, estado="cerrada"):
    return SimpleNamespace(numero=numero, fecha=fecha, estado=estado)


def test_la_sesion_es_la_que_revisa_ese_mes():
    ultima, previa, vieja = (
        _sesion(n, f) for n, f in ((9, date(2026, 11, 3)), (8, date(2026, 9, 8)), (7, date(2026, 8, 4)))
    )
    todas = [ultima, previa, vieja]
    assert cual_sesion(todas, Pedido("x", date(2026, 8, 1), HOY)) is previa
    assert cual_sesion(todas, Pedido("x", date(2026, 7, 1), HOY)) is vieja
    assert cual_sesion(todas, Pedido("x", date(2026, 11, 1), HOY)) is None
    assert cual_sesion([], Pedido("x", MES, HOY)) is None
    abierta = _sesion(10, HOY, "abierta")
    assert cual_sesion([abierta, *todas], Pedido("x", MES, HOY)) is abierta
    assert cual_sesion(todas, Pedido("x", MES, HOY, sesion=7)) is vieja
    with pytest.raises(ValueError, match="número 99"):
        cual_sesion(todas, Pedido("x", MES, HOY, sesion=99))


@pytest.mark.parametrize("texto", ["2026", "2026-13", "26-08", "2026-8", "agosto", "2026-08-01", ""])
def test_un_mes_mal_escrito_no_se_adivina(texto):
    with pytest.raises(ValueError, match=r"mes|month"):
        leer_mes(texto)


def test_el_modo_local_ve_lo_interno(almacen):
    assert paquetes.empezar(actor_local("Ana"), "leon", MES, publico=False, fecha=HOY)
