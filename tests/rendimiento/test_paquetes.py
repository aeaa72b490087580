"""Cuánto tarda el paquete de evidencia de una Mesa, y el de toda la red el día del corte."""

import shutil
import threading
import time

import psutil
import pytest

from datos import catalogos
from datos.registro import lectura, mesas
from datos.registro.actor import SISTEMA
from datos.registro.apertura import registro_vigente
from tests.rendimiento.procesos import correr

MESAS = 40
MES = "2026-08"


@pytest.fixture
def con_cuarenta_mesas(almacen_demostracion, tmp_path, monkeypatch):
    """La demostración con las Mesas ficticias que faltan para 40, cada una de uno a tres municipios."""
    almacen = tmp_path / "almacen"
    shutil.copytree(almacen_demostracion, almacen)
    monkeypatch.setenv("TABLERO_ALMACEN", str(almacen))
    registro = registro_vigente()
    hay = [m for m in lectura.mesas(registro, SISTEMA) if m.activa_hasta is None]
    claves = catalogos.municipios()["cve_mun"].tolist()[:: 2_478 // (3 * MESAS)]
    for n in range(MESAS - len(hay)):
        mesas.crear(
            registro, SISTEMA, clave=f"medida-{n + 1}", nombre=f"Mesa de medida {n + 1}", fuente="ficticia, para medir",
            municipios=sorted(set(claves[n : n + 1 + n % 3])),
        )  # fmt: skip
    return almacen


class Vigia:
    """Mira cuánta memoria usan un proceso y sus hijos mientras corre."""

    def __init__(self):
        self.maximos, self._parar = [], threading.Event()
        self._hilo = threading.Thread(target=self._mirar, daemon=True)

    def __enter__(self):
        self._hilo.start()
        return self

    def __exit__(self, *_):
        self._parar.set()
        self._hilo.join()

    def _mirar(self):
        yo = psutil.Process()
        while not self._parar.wait(0.5):
            total = 0
            for proceso in yo.children(recursive=True):
                try:
                    total += proceso.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            self.maximos.append((time.monotonic(), total / 1e6))


def test_un_paquete_y_los_de_toda_la_red(con_cuarenta_mesas, registro, tmp_path):
    seccion = registro.seccion(
        "Paquetes de evidencia",
        "`python -m informes paquete` sobre la demostración: PPTX, PDF, XLSX y HTML de una sesión, desde que arranca el proceso; "
        f"y los de {MESAS} Mesas en dos procesos. Metas: 20 s uno, 8 min los {MESAS} y memoria pareja.",
        ("qué", "tiempo (s)", "procesador (s)", "memoria máxima, con sus procesos (MB)"),
    )

    def fila(nombre, *argumentos):
        with Vigia() as vigia:
            hecho = correr("-m", "informes", "paquete", "--almacen", con_cuarenta_mesas, "--mes", MES, *argumentos)
        seccion.fila(
            nombre, f"{hecho.segundos:.1f}", f"{hecho.procesador:.1f}", f"{max(m for _, m in vigia.maximos):,.0f}"
        )
        return vigia.maximos

    uno = ("--mesa", "demo-4", "--salida", tmp_path / "uno", "--fecha", "2026-11-01")
    fila("una Mesa de cuatro municipios con tres acuerdos", *uno)
    fila("la misma, ya hecha", *uno)
    memoria = fila(f"{MESAS} Mesas, dos procesos", "--todas", "--salida", tmp_path / "todas", "--fecha", "2026-11-01")
    hechos = list((tmp_path / "todas").rglob("*.zip"))
    assert len(hechos) == MESAS
    mitades = memoria[len(memoria) // 4 : len(memoria) // 2], memoria[3 * len(memoria) // 4 :]
    primera, segunda = (max(m for _, m in mitad) for mitad in mitades)
    seccion.nota(
        f"Memoria máxima en el segundo cuarto del lote, {primera:,.0f} MB, y en el último, {segunda:,.0f} MB. Un paquete pesa de "
        f"{min(h.stat().st_size for h in hechos) / 1e6:.1f} a {max(h.stat().st_size for h in hechos) / 1e6:.1f} MB."
    )
