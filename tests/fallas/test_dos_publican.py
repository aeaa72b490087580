"""Dos que publican a la vez: uno publica, al otro se le dice quién tiene el turno y desde cuándo; nada se mezcla."""

import fcntl
import json
import os
import subprocess
import sys

import pytest

from datos.almacen import Almacen, publicacion_vigente, versiones
from tests.fallas.medios import RAIZ, etl, hasta, restos
from tests.integracion.fuente_de_prueba import NUEVO, cifra

TITULO = "Dos que publican a la vez"


@pytest.mark.fallas_cortas
def test_dos_cargas_a_la_vez(publicado, recibidos, cuaderno, veces):
    almacen = Almacen(publicado)
    total, hechas, rechazadas, dicho = veces(1, 8), 0, 0, ""
    antes = {v.version for v in versiones(almacen)}
    for _ in range(total):
        orden = [sys.executable, "-m", "etl", "cargar", str(recibidos / "nuevo")]
        orden += ["--almacen", str(publicado), "--json"]
        dos = [
            subprocess.Popen(orden, cwd=RAIZ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in "ab"
        ]
        salidas = [(p.communicate(timeout=120), p.returncode) for p in dos]
        for (salida, error), codigo in salidas:
            assert codigo in (0, 3), error
            respuesta = json.loads(salida)
            if codigo == 0:
                hechas += 1
                assert respuesta["version"] is not None
                antes.add(respuesta["version"])
            else:
                rechazadas += 1
                dicho = respuesta["error"]
                assert f"proceso {dos[0].pid}" in dicho or f"proceso {dos[1].pid}" in dicho
                assert "desde" in dicho
                assert "espere a que termine y repita" in dicho
        assert any(codigo == 0 for _, codigo in salidas)
        assert cifra(almacen) == NUEVO
        assert etl(publicado, "verificar", "--json").returncode == 0
        assert publicacion_vigente(almacen).version in antes
    assert rechazadas >= 1, "nunca coincidieron: no se probó nada"
    assert hechas + rechazadas == 2 * total
    assert restos(almacen.publicado, almacen.crudo) == []
    falla = cuaderno.falla(TITULO)
    falla.explicar(
        "Publicar pide el turno del almacén, un candado que el sistema suelta si el proceso muere. Quien llega "
        "segundo se va sin cambiar nada y con el nombre de quien lo tiene. Exportar a una misma carpeta tiene su "
        "propio candado.",
        "Esperar a que termine el otro y repetir. Si el proceso que se nombra ya no existe, repetir basta: el turno "
        "se soltó solo.",
        "dos procesos de verdad que empiezan al mismo tiempo.",
    )
    falla.apuntar(
        f"dos cargas a la vez ({hechas} publicaron, {rechazadas} se fueron con su aviso)", total, hechas + rechazadas,
        hechas + rechazadas, "no se va", dicho.split(" (")[0] + " (quién, qué proceso y desde cuándo). " + dicho.split("). ")[1],
    )  # fmt: skip


def test_el_turno_de_quien_murio_queda_libre(publicado, recibidos, cuaderno, veces):
    """Al primero lo matan con el turno tomado: el segundo publica sin que nadie borre nada."""
    almacen, total = Almacen(publicado), veces(1, 6)
    for _ in range(total):
        orden = [sys.executable, "-m", "etl", "cargar", str(recibidos / "nuevo"), "--almacen", str(publicado), "--json"]
        primero = subprocess.Popen(orden, cwd=RAIZ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        hasta(lambda: _ocupado(almacen.raiz / "carga.candado"), "que el primero tome el candado", 30, 0.01)
        primero.kill()
        primero.wait(timeout=10)
        segundo = etl(publicado, "cargar", recibidos / "nuevo", "--json")
        assert segundo.returncode == 0, segundo.stderr
        assert cifra(almacen) == NUEVO
        assert restos(almacen.publicado, almacen.crudo) == []
    falla = cuaderno.falla(TITULO)
    falla.apuntar("al primero lo matan con el turno tomado", total, total, total, "en el acto", "n. d.")


def _ocupado(ruta):
    if not ruta.exists():
        return False
    descriptor = os.open(ruta, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
