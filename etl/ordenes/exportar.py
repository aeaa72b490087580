"""``exportar``: dejar en una carpeta lo que un sitio estático debe servir para que otras máquinas sigan lo publicado."""

from __future__ import annotations

import argparse
from pathlib import Path

from datos.almacen import Almacen
from etl.desenlace import USO
from etl.ordenes.comun import decir, en_trabajo, opcion_de_trabajo

VERBO = "exportar"


def registrar(verbos: argparse._SubParsersAction, comunes: argparse.ArgumentParser) -> None:
    """Las opciones del verbo."""
    analizador = verbos.add_parser(VERBO, parents=[comunes], help="deja en una carpeta lo que siguen las réplicas")
    analizador.add_argument("carpeta", type=Path, help="la que sirve el sitio estático, o la que se le copia")
    analizador.add_argument(
        "--conservar", type=int, default=3, metavar="N", help="punteros anteriores que se conservan"
    )
    analizador.add_argument("--con-demostracion", action="store_true", help="exporta aunque sea una demostración")
    opcion_de_trabajo(analizador)


def correr(opciones: argparse.Namespace, almacen: Almacen) -> int:
    """Ejecuta el verbo y devuelve su código de salida."""
    from etl.exportacion import exportar

    if opciones.conservar < 1:
        texto = "--conservar debe ser 1 o más. No se cambió nada."
        decir(opciones, {"error": texto}, texto, error=True)
        return USO
    carpeta = opciones.carpeta.expanduser().resolve()
    return en_trabajo(
        opciones,
        almacen,
        VERBO,
        lambda trabajo: exportar(
            carpeta,
            almacen,
            trabajo,
            con_demostracion=opciones.con_demostracion,
            conservar=opciones.conservar,
        ),
        descripcion="Para las réplicas",
    )
