"""Correr una orden en un proceso propio y saber cuánto tardó y cuánta memoria llegó a usar."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

RAIZ = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Corrida:
    """Una corrida: segundos de reloj y de procesador, memoria máxima en MB y lo que escribió."""

    segundos: float
    procesador: float
    memoria_mb: float
    salida: str


@dataclass(frozen=True)
class Medicion:
    """Varias corridas de lo mismo."""

    corridas: list[Corrida]

    @property
    def mediana(self) -> float:
        """Segundos de reloj de la corrida de en medio."""
        return statistics.median(c.segundos for c in self.corridas)

    @property
    def mejor(self) -> float:
        """Segundos de reloj de la más rápida: la que menos estorbaron otros procesos."""
        return min(c.segundos for c in self.corridas)

    @property
    def procesador(self) -> float:
        """Segundos de procesador, sumados los núcleos, de la corrida de en medio."""
        return statistics.median(c.procesador for c in self.corridas)

    @property
    def memoria_mb(self) -> float:
        """La memoria máxima de todas las corridas."""
        return max(c.memoria_mb for c in self.corridas)


def correr(*argumentos: object) -> Corrida:
    """Corre este mismo Python con los argumentos, desde la raíz. Lanza ``RuntimeError`` si sale con error."""
    orden = [sys.executable, *map(str, argumentos)]
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as salida,
        tempfile.TemporaryFile("w+", encoding="utf-8") as error,
    ):
        inicio = time.perf_counter()
        proceso = subprocess.Popen(orden, cwd=RAIZ, stdout=salida, stderr=error)
        _, estado, uso = os.wait4(proceso.pid, 0)  # así la memoria es la de este proceso y no la de todos los hijos
        segundos = time.perf_counter() - inicio
        proceso.returncode = os.waitstatus_to_exitcode(estado)
        salida.seek(0)
        error.seek(0)
        if proceso.returncode:
            raise RuntimeError(f"{' '.join(orden)} salió con {proceso.returncode}:\n{error.read()}")
        return Corrida(segundos, uso.ru_utime + uso.ru_stime, uso.ru_maxrss / 1024, salida.read())
