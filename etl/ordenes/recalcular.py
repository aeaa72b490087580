"""``recalcular``: volver a construir lo publicado con los catálogos y las vistas de hoy, sin pedir ningún archivo."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from datos.almacen import Almacen, publicacion_vigente
from etl.desenlace import HECHO, USO, Desenlace, datos_de, lineas_de
from etl.ordenes.comun import en_trabajo, opcion_de_trabajo
from etl.problemas import EntradaRechazada

if TYPE_CHECKING:
    from etl.trabajo import Trabajo

VERBO = "recalcular"


def registrar(verbos: argparse._SubParsersAction, comunes: argparse.ArgumentParser) -> None:
    """Las opciones del verbo."""
    ayuda = "rehace lo publicado con los catálogos y las vistas de hoy, desde los archivos ya recibidos"
    opcion_de_trabajo(verbos.add_parser(VERBO, parents=[comunes], help=ayuda))


def correr(opciones: argparse.Namespace, almacen: Almacen) -> int:
    """Ejecuta el verbo y devuelve su código de salida."""
    return en_trabajo(
        opciones, almacen, VERBO, lambda trabajo: _recalcular(almacen, trabajo), descripcion="Con lo ya recibido"
    )


def _recalcular(almacen: Almacen, trabajo: Trabajo) -> Desenlace:
    from etl import demostracion  # aquí: tardan en abrirse
    from etl.actualizacion import rechazo
    from etl.publicacion.cargar import recalcular

    vigente = publicacion_vigente(almacen)
    if vigente is None:
        return Desenlace(USO, "Nada publicado que recalcular. Cargue antes archivos con «python -m etl cargar RUTA».")
    try:
        if vigente.demostracion:
            hecho = demostracion.construir(almacen, avance=trabajo.paso)
        else:
            hecho = recalcular(almacen, avance=trabajo.paso)
    except EntradaRechazada as causa:
        return rechazo(causa, [], "python -m etl recalcular", trabajo)
    return Desenlace(HECHO, "\n".join(lineas_de(hecho)), datos_de(hecho))
