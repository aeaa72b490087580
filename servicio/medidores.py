"""Lo que se mide al preguntar: sesiones, fila del taller, edad de lo publicado, registro y memoria."""

from __future__ import annotations

import os
import time
from pathlib import Path

from streamlit.runtime import Runtime

from datos import salud
from informes import taller
from observacion.metricas import Medidor

SEGUNDOS_QUE_VALE = 2.0
_vista: tuple[float, salud.Salud] | None = None


def sesiones() -> int:
    """Cuántas ventanas hay abiertas en este proceso."""
    return Runtime.instance()._session_mgr.num_active_sessions() if Runtime.exists() else 0


def _salud() -> salud.Salud:
    """Una sola revisión por pregunta, aunque la usen varios medidores."""
    global _vista
    if _vista is None or time.monotonic() - _vista[0] > SEGUNDOS_QUE_VALE:
        _vista = (time.monotonic(), salud.revisar())
    return _vista[1]


def _si_hay(valor: float | None) -> dict[tuple[str, ...], float]:
    return {} if valor is None else {(): float(valor)}


def _publicacion() -> dict[tuple[str, ...], float]:
    p = _salud().publicacion
    return {} if p is None else {(p.version, "si" if p.demostracion else "no"): 1.0}


def _sincronizacion() -> tuple[float | None, float | None]:
    suya = _salud().sincronizacion
    return (None, None) if suya is None else (suya.segundos_sin_saber(_salud().ahora), float(suya.fallas_seguidas))


def _memoria() -> float | None:
    """Bytes residentes; solo donde hay ``/proc``."""
    statm = Path("/proc/self/statm")
    return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") if statm.is_file() else None


Medidor("tablero_sesiones", "Ventanas abiertas en este proceso.", lambda: {(): float(sesiones())})
Medidor(
    "tablero_taller_pendientes", "Figuras encargadas que no están listas.", lambda: {(): float(taller.pendientes())}
)
Medidor("tablero_taller_procesos", "Procesos del taller configurados.", lambda: {(): float(taller.cuantos_procesos())})
Medidor("tablero_listo", "1 si conviene mandarle visitas.", lambda: {(): float(_salud().lista)})
Medidor("tablero_registro_alcanzable", "1 si el registro contesta.", lambda: {(): float(_salud().registro.alcanzable)})
Medidor("tablero_publicacion", "La versión que se muestra (siempre 1).", _publicacion, ("version", "demostracion"))
Medidor(
    "tablero_respaldo_edad_segundos",
    "Desde el último respaldo comprobado del registro.",
    lambda: _si_hay(_salud().respaldo.edad(_salud().ahora)),
)
Medidor(
    "tablero_respaldo_atrasado",
    "1 si hay registro y su respaldo se atrasó o nunca se ha hecho.",
    lambda: {(): float(_salud().respaldo.atrasado(_salud().ahora))},
)
Medidor(
    "tablero_publicacion_edad_segundos", "Desde que se construyó.", lambda: _si_hay(_salud().edad_de_la_publicacion())
)
Medidor("tablero_corte_edad_dias", "Días desde el mes del corte.", lambda: _si_hay(_salud().edad_del_corte()))
Medidor(
    "tablero_replica_segundos_sin_confirmar", "Desde que se confirmó lo vigente.", lambda: _si_hay(_sincronizacion()[0])
)
Medidor("tablero_replica_fallas_seguidas", "Preguntas fallidas seguidas.", lambda: _si_hay(_sincronizacion()[1]))
Medidor("tablero_proceso_memoria_bytes", "Memoria residente.", lambda: _si_hay(_memoria()))
Medidor("tablero_proceso_cpu_segundos", "Procesador usado desde que arrancó.", lambda: {(): time.process_time()})
