"""Correr una corrutina desde una prueba, haya o no un navegador abierto en el mismo proceso.

Mientras lo hay, Playwright deja su ciclo de eventos puesto en el hilo de las pruebas y ahí no se puede correr otro.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def correr(corrutina: Coroutine[Any, Any, T]) -> T:
    """El resultado de la corrutina, en un hilo y un ciclo de eventos propios. Lanza lo que ella lance."""
    with ThreadPoolExecutor(1) as hilo:
        return hilo.submit(asyncio.run, corrutina).result()
