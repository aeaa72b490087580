"""``cargar``: leer, validar y publicar archivos que una persona entrega; o solo revisarlos."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from datos.almacen import Almacen
from etl.desenlace import HECHO, Desenlace, datos_de, lineas_de
from etl.ordenes.comun import en_trabajo, opcion_de_equivalencia, opcion_de_trabajo
from etl.problemas import EntradaRechazada

if TYPE_CHECKING:
    from etl.trabajo import Trabajo

VERBO = "cargar"


def registrar(verbos: argparse._SubParsersAction, comunes: argparse.ArgumentParser) -> None:
    """Las opciones del verbo."""
    analizador = verbos.add_parser(VERBO, parents=[comunes], help="lee, valida y publica archivos o carpetas")
    analizador.add_argument("rutas", nargs="+", type=Path)
    analizador.add_argument(
        "--solo-revisar", action="store_true", help="valida y dice qué cambiaría, sin publicar nada"
    )
    opcion_de_equivalencia(analizador)
    opcion_de_trabajo(analizador)


def correr(opciones: argparse.Namespace, almacen: Almacen) -> int:
    """Ejecuta el verbo y devuelve su código de salida."""
    from etl.ensayo import archivos_de, ensayar

    rutas: list[Path] = opciones.rutas
    cuantos = len(archivos_de(rutas))
    descripcion = f"{cuantos} archivo{'' if cuantos == 1 else 's'}"
    if opciones.solo_revisar:
        return en_trabajo(
            opciones,
            almacen,
            "revisar",
            lambda trabajo: ensayar(rutas, almacen, trabajo, sin_equivalencia=opciones.sin_equivalencia),
            descripcion=descripcion,
            con_turno=False,
        )
    return en_trabajo(
        opciones,
        almacen,
        VERBO,
        lambda trabajo: _publicar(rutas, almacen, trabajo, opciones.sin_equivalencia),
        descripcion=descripcion,
    )


def _publicar(rutas: list[Path], almacen: Almacen, trabajo: Trabajo, sin_equivalencia: bool) -> Desenlace:
    from etl.actualizacion import despues_de_publicar, rechazo
    from etl.ensayo import archivos_de
    from etl.fuente.ajustes import desde_entorno
    from etl.publicacion.cargar import cargar

    try:
        hecho = cargar(rutas, almacen, sin_equivalencia=sin_equivalencia, avance=trabajo.paso)
    except EntradaRechazada as causa:
        return rechazo(causa, archivos_de(rutas), "python -m etl cargar", trabajo)
    despues_de_publicar(almacen, hecho, desde_entorno().pagina)
    return Desenlace(HECHO, "\n".join(lineas_de(hecho)), datos_de(hecho))
