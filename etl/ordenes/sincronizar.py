"""``sincronizar``: seguir la publicación de otra máquina y poner aquí cada versión que anuncie."""

from __future__ import annotations

import argparse
import os
import random
import signal
import time
from collections.abc import Callable

from datos.almacen import Almacen
from etl import trabajo as trabajos
from etl.desenlace import HECHO, INESPERADO, RECHAZADO, USO, Desenlace
from etl.ordenes.comun import decir
from etl.ordenes.traer import VARIABLE
from etl.pantalla import Pantalla
from etl.publicacion.puntero import CargaEnCurso
from etl.trabajo import Trabajo

VERBO = "sincronizar"
SEGUNDOS = 60.0


def registrar(verbos: argparse._SubParsersAction, comunes: argparse.ArgumentParser) -> None:
    """Las opciones del verbo."""
    analizador = verbos.add_parser(VERBO, parents=[comunes], help="sigue lo que publica otra máquina")
    analizador.add_argument("url", nargs="?", help=f"dirección de su actual.json (por omisión {VARIABLE})")
    analizador.add_argument("--una-vez", action="store_true", help="pregunta una sola vez y termina")
    analizador.add_argument("--cada", type=float, default=SEGUNDOS, metavar="SEGUNDOS", help="cada cuánto se pregunta")
    analizador.add_argument(
        "--con-demostracion", action="store_true", help="acepta una demostración, si aquí no hay datos oficiales"
    )


def correr(opciones: argparse.Namespace, almacen: Almacen) -> int:
    """Ejecuta el verbo y devuelve el código de la última pregunta."""
    from etl.fuente.ajustes import AjusteInvalido, desde_entorno
    from etl.sincronizacion import Pedido, espera

    direccion = opciones.url or os.environ.get(VARIABLE, "").strip()
    if not direccion.startswith(("http://", "https://")):
        texto = f"Falta la dirección de la ficha (actual.json): dela en la orden o en {VARIABLE}. No se cambió nada."
        decir(opciones, {"error": texto}, texto, error=True)
        return USO
    if not 1 <= opciones.cada < float("inf"):
        texto = "--cada va en segundos y debe ser 1 o más. No se cambió nada."
        decir(opciones, {"error": texto}, texto, error=True)
        return USO
    try:
        ajustes = desde_entorno()
    except AjusteInvalido as causa:
        decir(opciones, {"error": str(causa)}, f"{causa} No se cambió nada.", error=True)
        return USO
    pedido = Pedido(direccion, opciones.cada, opciones.con_demostracion)
    azar, codigo, fallas = random.Random(), HECHO, 0
    # «systemctl stop» se atiende como Ctrl-C: lo que se bajaba se anota como interrumpido y queda para seguirlo.
    if not opciones.una_vez:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        while True:
            codigo = _preguntar(opciones, almacen, ajustes, pedido)
            if opciones.una_vez:
                return codigo
            fallas = 0 if codigo == HECHO else fallas + 1
            time.sleep(espera(fallas, pedido.cada, azar))
    except KeyboardInterrupt:
        if opciones.una_vez:
            raise
        return codigo


def _preguntar(opciones: argparse.Namespace, almacen: Almacen, ajustes: object, pedido: object) -> int:
    from etl.sincronizacion import una_vez

    try:
        desenlace = una_vez(almacen, ajustes, pedido, _en_trabajo(opciones, almacen))  # type: ignore[arg-type]
    except CargaEnCurso as causa:
        decir(opciones, {"error": str(causa)}, str(causa), error=True)
        return RECHAZADO
    bien = desenlace.codigo == HECHO
    if opciones.una_vez or not (bien and desenlace.datos.get("sin_novedad")):  # sin novedad, el servicio calla
        datos = desenlace.datos if bien else {"error": desenlace.mensaje, **desenlace.datos}
        decir(opciones, datos, desenlace.mensaje, error=not bien)
    return desenlace.codigo


def _en_trabajo(
    opciones: argparse.Namespace, almacen: Almacen
) -> Callable[[Callable[[Trabajo], Desenlace]], Desenlace]:
    """Corre lo que cambia el almacén con el turno tomado y su bitácora, y deja pasar lo que lance."""

    def correr_con_turno(hacer: Callable[[Trabajo], Desenlace]) -> Desenlace:
        pantalla = Pantalla(callada=opciones.json)
        with trabajos.abrir(almacen, VERBO, pantalla, descripcion="Seguir una publicación") as trabajo:
            try:
                desenlace = hacer(trabajo)
            except Exception as causa:
                trabajo.terminar(_codigo_de(causa), f"{causa}. Lo publicado sigue igual.")
                raise
            except BaseException as causa:
                trabajo.terminar(INESPERADO, f"Se interrumpió ({type(causa).__name__}). Lo publicado sigue igual.")
                raise
            trabajo.terminar(desenlace.codigo, desenlace.mensaje, desenlace.datos)
            return desenlace

    return correr_con_turno


def _codigo_de(causa: Exception) -> int:
    from etl.desenlace import SIN_FUENTE
    from etl.fuente.fallas import FallaDeFuente
    from etl.publicacion.remoto import VersionInservible

    if isinstance(causa, FallaDeFuente):
        return SIN_FUENTE
    return RECHAZADO if isinstance(causa, (VersionInservible, CargaEnCurso)) else INESPERADO
