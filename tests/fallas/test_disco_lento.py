"""Un disco que tarda: nada se pierde ni se rechaza de más; todo tarda, y quien lee no espera a quien escribe."""

import json
import os
import subprocess
import sys
import time

import pytest

from datos.almacen import Almacen
from datos.registro import acuerdos, lectura, mesas, respaldo
from datos.registro.apertura import registro_de
from datos.registro.modelo import Acuerdo
from tests.fallas.medios import RAIZ, etl, lamina, restos
from tests.integracion.fuente_de_prueba import NUEVO, VIEJO, cifra
from tests.integracion.registro.conftest import ANA, IRMA, MESA, ROSA, VALORES

TITULO = "Disco lento"
ESCRITOR = """
import sys
from datos.almacen import almacen_por_omision
from datos.registro import acuerdos
from datos.registro.apertura import registro_de
from datos.registro.errores import Conflicto
from datos.registro.modelo import Acuerdo
from tests.integracion.registro.conftest import ANA
registro = registro_de(almacen_por_omision())
clave, marca, veces = sys.argv[1], sys.argv[2], int(sys.argv[3])
for n in range(veces):
    while True:
        with registro.leer() as sesion:
            version = sesion.get(Acuerdo, clave).version
        try:
            acuerdos.editar(registro, ANA, clave, version, {"nota": f"{marca}-{n}"})
        except Conflicto:
            continue
        break
    print(f"{marca}-{n}", flush=True)
"""


@pytest.fixture(scope="module")
def lenta(tmp_path_factory):
    return lamina("disco_lento", tmp_path_factory.mktemp("lamina"))


def explicar(cuaderno):
    falla = cuaderno.falla(TITULO)
    falla.explicar(
        "Guardar espera su turno hasta 20 segundos; leer no espera a nadie. Una carga tarda más y publica igual, de "
        "una sola vez: mientras, se sirve la versión anterior.",
        "Nada urgente. Si guardar llega a decir que otra persona está guardando, volver a intentar; si es de "
        "siempre, mover el almacén a otro disco o el registro a PostgreSQL.",
        "cada escritura y cada espera al disco (`write`, `fsync`…) con una demora añadida por una lámina sobre la "
        "biblioteca del sistema (LD_PRELOAD); no es un disco lento de verdad: el núcleo de esta máquina no trae "
        "dm-delay.",
    )
    return falla


def _con(lenta, ms):
    return {"LD_PRELOAD": str(lenta), "DISCO_LENTO_MS": str(ms)}


@pytest.mark.fallas_cortas
def test_la_carga_tarda_y_publica(publicado, recibidos, cuaderno, veces, lenta):
    almacen = Almacen(publicado)
    empezo = time.monotonic()
    assert etl(publicado, "cargar", recibidos / "viejo", "--json").returncode == 0
    normal, tardo, lecturas = time.monotonic() - empezo, [], 0
    for ms in veces([3], [5, 20, 40]):
        proceso = subprocess.Popen(
            [sys.executable, "-m", "etl", "cargar", str(recibidos / "nuevo"), "--almacen", str(publicado), "--json"],
            cwd=RAIZ, env={**os.environ, **_con(lenta, ms)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        empezo = time.monotonic()
        while proceso.poll() is None:
            assert cifra(almacen) in (VIEJO, NUEVO)
            lecturas += 1
            assert time.monotonic() - empezo < 150
            time.sleep(0.2)
        salida, error = proceso.communicate()
        assert proceso.returncode == 0, error
        assert json.loads(salida)["version"]
        tardo.append(time.monotonic() - empezo)
    assert cifra(almacen) == NUEVO
    assert restos(almacen.publicado, almacen.crudo) == []
    explicar(cuaderno).apuntar(
        f"una carga que toma {normal:.0f} s tomó hasta {max(tardo):.0f} s; lecturas mientras tanto, ninguna a medias", len(tardo),
        lecturas, lecturas, "no se va", "n. d.",
    )  # fmt: skip


def test_cuatro_escriben_en_el_registro(tmp_path, cuaderno, veces, lenta, monkeypatch):
    """Cuatro procesos contra el mismo SQLite, con esperas de 80 ms por confirmación: todo entra."""
    monkeypatch.setenv("TABLERO_ALMACEN", str(tmp_path))
    monkeypatch.delenv("TABLERO_REGISTRO", raising=False)
    registro = registro_de(Almacen(tmp_path))
    mesas.crear(registro, ROSA, clave=MESA, nombre="Mesa", municipios=["01001"], fuente="x")
    clave = acuerdos.crear(registro, ANA, MESA, VALORES).id
    por_proceso = veces(5, 15)
    procesos = [
        subprocess.Popen(
            [sys.executable, "-c", ESCRITOR, clave, f"p{n}", str(por_proceso)], cwd=RAIZ, stdout=subprocess.PIPE, text=True,
            stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(RAIZ), **_con(lenta, 20)},
        )
        for n in range(4)
    ]  # fmt: skip
    confirmadas, esperas = [], []
    while any(p.poll() is None for p in procesos):
        empezo = time.monotonic()
        with registro.leer() as sesion:
            assert sesion.get(Acuerdo, clave) is not None
        esperas.append(time.monotonic() - empezo)
        time.sleep(0.1)
    for proceso in procesos:
        salida, error = proceso.communicate(timeout=10)
        assert proceso.returncode == 0, error
        confirmadas += salida.split()
    entradas = lectura.bitacora(registro, IRMA, acuerdo=clave, limite=100_000)
    en_bitacora = [e.despues["nota"] for e in entradas if e.accion == "cambio"]
    assert sorted(en_bitacora) == sorted(confirmadas)
    assert len(confirmadas) == 4 * por_proceso
    respaldo.comprobar(registro)
    explicar(cuaderno).apuntar(
        f"cuatro procesos guardan a la vez (leer tomó a lo más {1000 * max(esperas):.0f} ms)", 1, len(confirmadas),
        len(en_bitacora), "no se va", "n. d.",
    )  # fmt: skip
