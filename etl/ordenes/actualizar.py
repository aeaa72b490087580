"""``actualizar``: encontrar, bajar, cargar y publicar lo que haya nuevo."""

from __future__ import annotations

import argparse

from datos.almacen import Almacen
from etl.ordenes.comun import en_trabajo, opcion_de_equivalencia, opcion_de_hoy, opcion_de_trabajo

VERBO = "actualizar"


def registrar(verbos: argparse._SubParsersAction, comunes: argparse.ArgumentParser) -> None:
    """Las opciones del verbo."""
    analizador = verbos.add_parser(VERBO, parents=[comunes], help="busca, baja, valida y publica lo que haya nuevo")
    analizador.add_argument("--solo", choices=("sesnsp", "poblacion", "limites"), help="solo una parte")
    analizador.add_argument("--forzar", action="store_true", help="baja y carga aunque no haya cambiado")
    analizador.add_argument("--completo", action="store_true", help="publica solo si el conjunto está completo")
    opcion_de_equivalencia(analizador)
    opcion_de_hoy(analizador)
    opcion_de_trabajo(analizador)


def correr(opciones: argparse.Namespace, almacen: Almacen) -> int:
    """Ejecuta el verbo y devuelve su código de salida."""
    from etl.actualizacion import PARTES, Pedido, actualizar
    from etl.fuente.ajustes import desde_entorno

    pedido = Pedido(
        opciones.hoy,
        (opciones.solo,) if opciones.solo else PARTES,
        opciones.forzar,
        opciones.completo,
        opciones.sin_equivalencia,
    )
    return en_trabajo(
        opciones,
        almacen,
        VERBO,
        lambda trabajo: actualizar(almacen, desde_entorno(), trabajo, pedido),
        descripcion="Buscar en la fuente" + (f": {opciones.solo}" if opciones.solo else ""),
    )
