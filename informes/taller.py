"""El taller: procesos aparte que dibujan lo que alguien se lleva, para que ninguna página espere a la figura de otra persona.

Un proceso de Python usa un solo núcleo: veinte personas exportando pararían a las que exploran. Aquí hay un máximo de trabajos
a la vez y en espera; los procesos tienen menos prioridad que las páginas y se cierran si nadie los usa.
"""

from __future__ import annotations

import atexit
import importlib
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from typing import ParamSpec, TypeVar

from loky import ProcessPoolExecutor

from datos.almacen import VARIABLE_ALMACEN, almacen_por_omision
from observacion import metricas

VARIABLE = "TABLERO_TALLER"
MAXIMO_EN_ESPERA = 120
SEGUNDOS_DE_OCIO = 300
SEGUNDOS_DE_PACIENCIA = 120
_MENOS_PRIORIDAD = 5

_P = ParamSpec("_P")
_R = TypeVar("_R")


class TallerOcupado(Exception):
    """Hay demasiado en espera, o lo pedido tardó de más; el mensaje dice qué hacer."""


class TallerCaido(Exception):
    """El proceso que dibujaba murió dos veces con lo mismo; el mensaje dice qué hacer."""


_candado = threading.Lock()
_abierto: ProcessPoolExecutor | None = None
_pendientes = 0


def cuantos_procesos() -> int:
    """``TABLERO_TALLER``; por omisión, uno menos que los núcleos y al menos uno. Con 0 todo se hace en este proceso.

    Lanza ``ValueError`` si no es un entero de cero en adelante.
    """
    pedido = os.environ.get(VARIABLE, "").strip()
    if not pedido:
        return max((os.cpu_count() or 2) - 1, 1)
    if not pedido.isdecimal():
        raise ValueError(f"{VARIABLE} vale «{pedido}»: se espera un entero de cero en adelante")
    return int(pedido)


def encargar(tarea: Callable[_P, _R], *args: _P.args, **kwargs: _P.kwargs) -> Callable[[], _R]:
    """Pone la tarea en la fila y devuelve con qué esperar su resultado. ``tarea`` es una función de un módulo.

    Lanza ``TallerOcupado`` si la fila está llena. Al esperar: lo que lance la tarea, ``TallerOcupado`` o ``TallerCaido``.
    """
    if not cuantos_procesos():
        return lambda: tarea(*args, **kwargs)
    completa = (str(almacen_por_omision().raiz), tarea, args, kwargs)
    futuro = _formar(completa)

    def esperar() -> _R:
        en_turno = futuro
        for ultimo in (False, True):
            try:
                return en_turno.result(SEGUNDOS_DE_PACIENCIA)
            except TimeoutError as causa:
                en_turno.cancel()
                raise TallerOcupado(
                    f"No estuvo lista en {SEGUNDOS_DE_PACIENCIA} segundos: hay mucha gente exportando. Nada se perdió; pídala "
                    "de nuevo en un minuto."
                ) from causa
            except BrokenProcessPool as causa:
                if ultimo:
                    raise TallerCaido(
                        "El proceso que la dibujaba se cerró dos veces (¿falta memoria?). Nada se perdió: pruebe otra forma o "
                        "avise a quien administra."
                    ) from causa
            # Otro trabajo pudo tirar el proceso: se intenta una vez más, en uno nuevo.
            en_turno = _formar(completa)
        raise AssertionError("el segundo intento siempre devuelve o lanza")

    return esperar


def calentar() -> None:
    """Abre los procesos con sus bibliotecas, para que la primera figura no las espere. No espera a que terminen."""
    for _ in range(cuantos_procesos()):
        _formar((str(almacen_por_omision().raiz), _abrir_bibliotecas, (), {}))


def _abrir_bibliotecas() -> None:
    importlib.import_module("informes.figuras")


def _formar(completa: tuple) -> Future:
    """La tarea en la fila, abriendo el taller si hace falta."""
    global _abierto, _pendientes
    with _candado:
        if _pendientes >= MAXIMO_EN_ESPERA:
            metricas.TALLER.sumar(resultado="rechazado")
            raise TallerOcupado(f"Hay {_pendientes} figuras en espera. Nada se perdió; pídala de nuevo en un minuto.")
        if _abierto is None:
            _abierto = _abrir()
        try:
            futuro = _abierto.submit(_hacer, *completa)
        except BrokenProcessPool:
            _abierto = _abrir()
            futuro = _abierto.submit(_hacer, *completa)
        _pendientes += 1
    empezo = time.perf_counter()
    futuro.add_done_callback(lambda terminado: _terminada(terminado, empezo))
    return futuro


def pendientes() -> int:
    """Cuántas tareas hay encargadas que no han terminado."""
    with _candado:
        return _pendientes


def _abrir() -> ProcessPoolExecutor:
    atexit.register(cerrar)  # quien se apaga no espera a que acabe lo que nadie va a recibir
    # loky y no concurrent.futures: aquel vuelve a correr el programa principal en cada proceso, y aquí es una página.
    return ProcessPoolExecutor(cuantos_procesos(), timeout=SEGUNDOS_DE_OCIO, initializer=_preparar)


def _terminada(futuro: Future, empezo: float) -> None:
    global _pendientes
    if futuro.cancelled():
        resultado = "cancelado"
    else:
        resultado = "error" if futuro.exception() is not None else "hecho"
        metricas.TALLER_SEGUNDOS.observar(time.perf_counter() - empezo)
    metricas.TALLER.sumar(resultado=resultado)
    with _candado:
        _pendientes -= 1


def _preparar() -> None:
    if hasattr(os, "nice"):
        os.nice(_MENOS_PRIORIDAD)


def _hacer(raiz: str, tarea: Callable, args: tuple, kwargs: dict) -> object:
    os.environ[VARIABLE_ALMACEN] = raiz
    return tarea(*args, **kwargs)


def cerrar() -> None:
    """Suelta los procesos; el siguiente encargo los vuelve a abrir."""
    global _abierto
    with _candado:
        abierto, _abierto = _abierto, None
    if abierto is not None:
        abierto.shutdown(kill_workers=True)
