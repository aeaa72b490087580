"""Escribir archivos de una sola vez: quien lee ve el anterior o el nuevo, nunca medio."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIJO_EN_OBRA = ".en-obra-"


def escribir_atomico(destino: Path, contenido: bytes) -> None:
    """Reemplaza un archivo de una sola vez: quien lee ve el anterior o el nuevo, nunca medio."""
    with _aparte(destino) as provisional:
        with provisional.open("wb") as archivo:
            archivo.write(contenido)
            archivo.flush()
            os.fsync(archivo.fileno())
        os.replace(provisional, destino)


def copiar_atomico(origen: Path, destino: Path) -> None:
    """Copia un archivo: en ``destino`` no hay nada hasta que está completo en el disco."""
    with _aparte(destino) as provisional:
        shutil.copyfile(origen, provisional)
        with provisional.open("rb+") as archivo:
            os.fsync(archivo.fileno())
        os.replace(provisional, destino)


@contextmanager
def _aparte(destino: Path) -> Iterator[Path]:
    """Dónde escribir antes de cambiar de nombre; si algo falla (un disco lleno) no queda la mitad ocupando lugar."""
    provisional = destino.with_name(f"{PREFIJO_EN_OBRA}{os.getpid()}-{destino.name}")
    try:
        yield provisional
    except BaseException:
        provisional.unlink(missing_ok=True)
        raise
