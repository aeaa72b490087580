"""La memoria no alcanza para cargar: la versión anterior sigue, no quedan restos y se dice qué hacer."""

import json
import random
import resource
import signal
import subprocess
import sys

import pytest

from datos import trabajos
from datos.almacen import Almacen, publicacion_vigente
from datos.recursos import SIN_MEMORIA
from tests.fallas.medios import RAIZ, etl, memoria_con_tope, restos
from tests.integracion.fuente_de_prueba import NUEVO, VIEJO, cifra

TITULO = "Carga sin memoria"
MEGA = 1 << 20
# Por debajo de esto no caben ni las bibliotecas: el enlazador aborta antes de que haya quien explique nada.
MENOS, MAS = 950 * MEGA, 1_900 * MEGA


def explicar(cuaderno):
    falla = cuaderno.falla(TITULO)
    falla.explicar(
        "Si el sistema niega la memoria, la orden lo dice y sale con 5. Si el núcleo mata el proceso (lo más común), "
        "nadie de dentro puede decir nada: `tareas.py cargar` lo explica por él, la página «Actualizar datos» dice "
        "que el trabajo se interrumpió y el turno se suelta solo. En los dos casos la versión anterior sigue "
        "sirviendo y la siguiente carga borra lo que quedó a medias.",
        "Cerrar otros programas, o cargar en una máquina con más memoria y llevar lo publicado con `exportar` y "
        "`sincronizar`. Cuánta hace falta está en [rendimiento.md](rendimiento.md).",
        "un tope de memoria del proceso (`RLIMIT_AS`) al azar, y un grupo de control con el que mata el núcleo (OOM).",
    )
    return falla


@pytest.mark.fallas_cortas
def test_se_le_niega_la_memoria(publicado, recibidos, cuaderno, veces):
    almacen, azar = Almacen(publicado), random.Random(20261126)
    version, negadas, alcanzo, abortadas, dicho = publicacion_vigente(almacen).version, 0, 0, 0, ""
    topes = [1_400 * MEGA, *(azar.randrange(MENOS, MAS) for _ in range(veces(0, 7)))]
    for tope in topes:
        hecho = etl(
            publicado, "cargar", recibidos / "nuevo", "--json",
            preexec_fn=lambda t=tope: resource.setrlimit(resource.RLIMIT_AS, (t, t)),
        )  # fmt: skip
        if hecho.returncode == 0:
            alcanzo += 1
            assert cifra(almacen) == NUEVO
            version = publicacion_vigente(almacen).version
            continue
        if hecho.returncode not in (0, 5):
            # Ni para hilos alcanza: aborta la biblioteca de C, sin que Python pueda decir nada. Lo explica tareas.py.
            assert hecho.returncode in (127, -signal.SIGABRT, -signal.SIGSEGV), hecho.stderr[-800:]
            assert publicacion_vigente(almacen).version == version
            abortadas += 1
            continue
        assert hecho.returncode == 5, f"{tope / MEGA:.0f} MB: {hecho.returncode} {hecho.stdout}{hecho.stderr[-800:]}"
        assert "Traceback" not in hecho.stderr
        dicho = json.loads(hecho.stdout)["error"]
        assert dicho.startswith(SIN_MEMORIA)
        assert publicacion_vigente(almacen).version == version
        assert etl(publicado, "verificar", "--json").returncode == 0
        assert restos(almacen.publicado, almacen.crudo, almacen.trabajos) == []
        negadas += 1
    assert negadas >= 1
    assert etl(publicado, "cargar", recibidos / "nuevo", "--json").returncode == 0
    explicar(cuaderno).apuntar(
        f"se le niega la memoria ({negadas} veces lo dijo, {abortadas} abortó la biblioteca de C, {alcanzo} alcanzó)",
        negadas + abortadas,
        negadas + abortadas,
        negadas + abortadas,
        "no se va",
        dicho,
    )


def test_el_nucleo_mata_la_carga(publicado, recibidos, cuaderno, veces, capsys):
    """En cada punto de la carga: el tope va subiendo hasta que alcanza."""
    almacen = Almacen(publicado)
    version, muertes, explicadas = publicacion_vigente(almacen).version, 0, 0
    for tope in veces([90, 150], [40, 80, 100, 120, 140, 150]):
        with memoria_con_tope(tope * MEGA) as grupo:
            proceso = subprocess.Popen(
                [sys.executable, "-m", "etl", "cargar", str(recibidos / "nuevo"), "--almacen", str(publicado), "--json"],
                cwd=RAIZ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                preexec_fn=lambda g=grupo: (g / "cgroup.procs").write_text("0"),
            )  # fmt: skip
            proceso.communicate(timeout=120)
        if proceso.returncode == 0:
            break
        assert proceso.returncode == -signal.SIGKILL, proceso.returncode
        muertes += 1
        assert publicacion_vigente(almacen).version == version
        assert cifra(almacen) == VIEJO
        assert etl(publicado, "verificar", "--json").returncode == 0
        assert trabajos.en_curso(almacen) is None  # el turno quedó libre
        ultimo = trabajos.lista(1, almacen)
        explicadas += bool(ultimo and ultimo[0].situacion == trabajos.INTERRUMPIDO)
    assert muertes >= 2, "nunca faltó la memoria"
    assert etl(publicado, "cargar", recibidos / "nuevo", "--json").returncode == 0
    assert cifra(almacen) == NUEVO
    assert restos(almacen.publicado, almacen.crudo) == []
    explicar(cuaderno).apuntar(
        f"el núcleo mata la carga ({explicadas} ya anotadas: la página dice que se interrumpieron)",
        muertes, muertes, muertes, "no se va",
        "El sistema cerró la carga antes de que terminara: casi siempre porque no alcanzó la memoria.",
    )  # fmt: skip
