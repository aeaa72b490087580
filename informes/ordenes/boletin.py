"""``boletin``: escribe el boletín del mes de un lugar, de una Mesa o de todas las Mesas del registro."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from datos.almacen import PunteroInvalido, almacen_por_omision
from datos.consultas import lugares
from datos.registro.errores import NoEncontrado, RegistroDanado
from datos.tablero import SinPublicacion
from informes import lote
from informes.boletin.donde import Donde, MesaSinMunicipios, de_lugar, de_mesa, mesas
from informes.boletin.lote import escribir_todos
from informes.lote import HECHO, RECHAZADO

VERBO = "boletin"
CARPETA = "boletines"


def agregar(verbos: argparse._SubParsersAction) -> None:
    """Las opciones del verbo."""
    verbo = verbos.add_parser(VERBO, help="el boletín del mes: PDF, texto, cifras y figura")
    de_quien = verbo.add_mutually_exclusive_group(required=True)
    de_quien.add_argument("--lugar", metavar="CLAVE", help="00 (el país), la clave de un estado o la de un municipio")
    de_quien.add_argument("--mesa", metavar="CLAVE", help="una Mesa del registro")
    de_quien.add_argument("--todas", action="store_true", help="cada Mesa del registro")
    verbo.add_argument("--mes", type=_mes, metavar="AAAA-MM", help="por omisión, el último publicado de cada lugar")
    verbo.add_argument("--salida", type=Path, metavar="DIR", help="por omisión, «boletines» dentro del almacén")
    lote.comunes(verbo)
    verbo.set_defaults(correr=ejecutar)


def _mes(texto: str) -> date:
    try:
        return date.fromisoformat(f"{texto}-01")
    except ValueError:
        raise argparse.ArgumentTypeError(f"«{texto}» no es un mes: se espera AAAA-MM, como 2026-03") from None


def ejecutar(opciones: argparse.Namespace) -> int:
    """Escribe los boletines y dice cuáles; 3 si alguno se pidió y no se pudo hacer."""
    lote.usar_almacen(opciones)
    try:
        pedidos, sin_municipios = _pedidos(opciones)
        salida = (opciones.salida or almacen_por_omision().raiz / CARPETA).expanduser().resolve()
        resultados = escribir_todos(pedidos, opciones.mes, salida)
    except (SinPublicacion, PunteroInvalido, RegistroDanado, NoEncontrado, MesaSinMunicipios) as causa:
        lote.decir(opciones, {"error": str(causa)}, str(causa), error=True)
        return RECHAZADO
    for nombre in sin_municipios:
        lote.avisar(opciones, f"Se omite {nombre}: no se sabe qué municipios cubre.")
    codigo = max((r.codigo for r in resultados), default=HECHO)
    datos = {"boletines": [{"lugar": r.clave, "codigo": r.codigo, "mensaje": r.mensaje, **r.datos} for r in resultados]}
    lote.decir(opciones, datos, "\n".join(r.mensaje for r in resultados), error=codigo != HECHO)
    return codigo


def _pedidos(opciones: argparse.Namespace) -> tuple[list[Donde], list[str]]:
    if opciones.todas:
        return mesas()
    if opciones.mesa is not None:
        return [de_mesa(opciones.mesa)], []
    if opciones.lugar not in lugares.nombres():
        raise NoEncontrado(f"No hay un lugar con la clave «{opciones.lugar}»: se espera 00, dos dígitos o cinco.")
    return [de_lugar(opciones.lugar)], []
