"""``vigilar``: buscar el corte nuevo desde el día 15 y publicarlo cuando esté completo."""

from __future__ import annotations

import argparse
import time
from datetime import date

from datos.almacen import Almacen
from etl.ordenes.comun import en_trabajo, opcion_de_hoy, opcion_de_trabajo

VERBO = "vigilar"
HORAS = 6.0


def registrar(verbos: argparse._SubParsersAction, comunes: argparse.ArgumentParser) -> None:
    """Las opciones del verbo."""
    analizador = verbos.add_parser(VERBO, parents=[comunes], help="busca cada tanto y publica cuando esté completo")
    analizador.add_argument("--una-vez", action="store_true", help="busca una sola vez y termina")
    analizador.add_argument("--cada", type=float, default=HORAS, metavar="HORAS", help="cada cuánto se busca")
    opcion_de_hoy(analizador)
    opcion_de_trabajo(analizador)


def correr(opciones: argparse.Namespace, almacen: Almacen) -> int:
    """Ejecuta el verbo y devuelve el código de la última búsqueda."""
    from etl.fuente.ajustes import desde_entorno
    from etl.vigilancia import una_vez

    def buscar(hoy: date) -> int:
        return en_trabajo(
            opciones,
            almacen,
            VERBO,
            lambda trabajo: una_vez(almacen, desde_entorno(), trabajo, hoy),
            descripcion="Vigilar la fuente",
        )

    if opciones.una_vez:
        return buscar(opciones.hoy)
    while True:
        codigo = buscar(date.today())
        try:
            time.sleep(opciones.cada * 3600)
        except KeyboardInterrupt:
            return codigo
