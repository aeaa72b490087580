"""Los verbos de ``python -m etl`` que consiguen, ensayan, vigilan y conservan: uno por módulo."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from datos.almacen import Almacen
from etl.ordenes import (
    actualizar,
    cargar,
    estado,
    exportar,
    geometria,
    recalcular,
    retencion,
    sincronizar,
    traer,
    vigilar,
)

_MODULOS = (actualizar, cargar, estado, exportar, geometria, recalcular, retencion, sincronizar, traer, vigilar)
Orden = Callable[[argparse.Namespace, Almacen], int]
ORDENES: dict[str, Orden] = {modulo.VERBO: modulo.correr for modulo in _MODULOS}


def registrar(verbos: argparse._SubParsersAction, comunes: argparse.ArgumentParser) -> None:
    """Agrega cada verbo con sus opciones."""
    for modulo in _MODULOS:
        modulo.registrar(verbos, comunes)
