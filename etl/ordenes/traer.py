"""``traer``: usar una versión ya construida y publicada en otra parte."""

from __future__ import annotations

import argparse
import os

from datos.almacen import Almacen
from etl.desenlace import USO
from etl.ordenes.comun import decir, en_trabajo, opcion_de_trabajo

VERBO = "traer"
VARIABLE = "TABLERO_PUBLICACION_URL"


def registrar(verbos: argparse._SubParsersAction, comunes: argparse.ArgumentParser) -> None:
    """Las opciones del verbo."""
    analizador = verbos.add_parser(VERBO, parents=[comunes], help="baja una versión ya construida y la pone en uso")
    analizador.add_argument("url", nargs="?", help=f"dirección de su actual.json (por omisión {VARIABLE})")
    opcion_de_trabajo(analizador)


def correr(opciones: argparse.Namespace, almacen: Almacen) -> int:
    """Ejecuta el verbo y devuelve su código de salida."""
    from etl.fuente.ajustes import desde_entorno
    from etl.remota import traer

    direccion = opciones.url or os.environ.get(VARIABLE, "").strip()
    if not direccion.startswith(("http://", "https://")):
        texto = f"Falta la dirección de la ficha (actual.json): dela en la orden o en {VARIABLE}. No se cambió nada."
        decir(opciones, {"error": texto}, texto, error=True)
        return USO
    return en_trabajo(
        opciones,
        almacen,
        VERBO,
        lambda trabajo: traer(direccion, almacen, desde_entorno(), trabajo),
        descripcion="Traer una versión ya construida",
    )
