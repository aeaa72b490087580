"""Lo que comparten los verbos: decir el resultado, correr dentro de un trabajo y las opciones repetidas."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from datetime import date

from datos.almacen import Almacen
from datos.recursos import que_falto
from etl import trabajo as trabajos
from etl.desenlace import HECHO, IGUAL, INESPERADO, RECHAZADO, SIN_RECURSOS, USO, Desenlace
from etl.fuente.ajustes import AjusteInvalido
from etl.pantalla import Pantalla
from etl.publicacion.puntero import CargaEnCurso
from etl.retencion import RetencionInvalida
from etl.trabajo import IdInvalido, Trabajo


def decir(opciones: argparse.Namespace, datos: Mapping[str, object], texto: str, *, error: bool = False) -> None:
    """El resultado: JSON en la salida con ``--json``; si no, texto, y los errores a su salida."""
    if opciones.json:
        print(json.dumps(datos, ensure_ascii=False, default=str))
    else:
        print(texto, file=sys.stderr if error else sys.stdout)


def opcion_de_trabajo(analizador: argparse.ArgumentParser) -> None:
    """``--trabajo``: con qué nombre se anota el avance, cuando lo pide otro proceso."""
    analizador.add_argument("--trabajo", metavar="ID", help="nombre del trabajo en que se anota el avance")


def opcion_de_equivalencia(analizador: argparse.ArgumentParser) -> None:
    """``--como-sin-equivalencia`` y su nombre anterior."""
    analizador.add_argument(
        "--como-sin-equivalencia",
        "--sin-equivalencia",
        dest="sin_equivalencia",
        action="store_true",
        help="acepta categorías desconocidas, sin puente con el catálogo",
    )


def opcion_de_hoy(analizador: argparse.ArgumentParser) -> None:
    """``--hoy``: la fecha con que se decide; por omisión, la del reloj."""
    analizador.add_argument(
        "--hoy", type=date.fromisoformat, default=date.today(), metavar="AAAA-MM-DD", help="fecha con que se decide"
    )


def en_trabajo(
    opciones: argparse.Namespace,
    almacen: Almacen,
    verbo: str,
    hacer: Callable[[Trabajo], Desenlace],
    *,
    descripcion: str = "",
    con_turno: bool = True,
) -> int:
    """Corre ``hacer`` dentro de un trabajo, anota y dice en qué acabó, y devuelve el código de salida."""
    pantalla = Pantalla(callada=opciones.json)
    try:
        with trabajos.abrir(
            almacen, verbo, pantalla, id=opciones.trabajo, descripcion=descripcion, con_turno=con_turno
        ) as trabajo:
            desenlace = _correr(hacer, trabajo)
            _terminar(trabajo, desenlace)
    except CargaEnCurso as causa:
        decir(opciones, {"error": str(causa)}, str(causa), error=True)
        return RECHAZADO
    except IdInvalido as causa:
        decir(opciones, {"error": str(causa)}, str(causa), error=True)
        return USO
    datos = desenlace.datos if desenlace.codigo == HECHO else {"error": desenlace.mensaje, **desenlace.datos}
    decir(opciones, {"trabajo": trabajo.id, **datos}, desenlace.mensaje, error=desenlace.codigo != HECHO)
    return desenlace.codigo


def _terminar(trabajo: Trabajo, desenlace: Desenlace) -> None:
    """Anota en qué acabó. Si por el disco no se puede ni eso, lo que se hizo y lo que se dice en pantalla no cambian."""
    try:
        trabajo.terminar(desenlace.codigo, desenlace.mensaje, desenlace.datos)
    except OSError as causa:
        desenlace.mensaje += f"\nNo se pudo anotar en la bitácora de trabajos: {que_falto(causa) or causa}"


def _correr(hacer: Callable[[Trabajo], Desenlace], trabajo: Trabajo) -> Desenlace:
    try:
        return hacer(trabajo)
    except (AjusteInvalido, RetencionInvalida) as causa:
        return Desenlace(USO, f"{causa} No se cambió nada.")
    except CargaEnCurso as causa:
        return Desenlace(RECHAZADO, str(causa))
    except BaseException as causa:
        falto = que_falto(causa)
        if falto is not None:
            return Desenlace(SIN_RECURSOS, f"{falto} {IGUAL}")
        trabajo.terminar(INESPERADO, f"Se interrumpió ({type(causa).__name__}: {causa}). {IGUAL}")
        raise
