"""``retencion``: qué archivos recibidos sobran según la regla; con ``--aplicar``, los quita."""

from __future__ import annotations

import argparse

from datos.almacen import Almacen, publicacion_vigente
from etl.desenlace import HECHO, USO
from etl.ordenes.comun import decir

VERBO = "retencion"


def registrar(verbos: argparse._SubParsersAction, comunes: argparse.ArgumentParser) -> None:
    """Las opciones del verbo."""
    analizador = verbos.add_parser(VERBO, parents=[comunes], help="qué cortes recibidos sobran según la regla")
    analizador.add_argument("--cortes", type=int, help="cortes por producto (por omisión TABLERO_RETENCION)")
    analizador.add_argument("--aplicar", action="store_true", help="quita los archivos; su ficha se queda")


def correr(opciones: argparse.Namespace, almacen: Almacen) -> int:
    """Ejecuta el verbo y devuelve su código de salida."""
    from etl.retencion import RetencionInvalida, aplicar, configurada, sobrantes

    try:
        cortes = configurada() if opciones.cortes is None else opciones.cortes
    except RetencionInvalida as causa:
        decir(opciones, {"error": str(causa)}, str(causa), error=True)
        return USO
    if cortes is not None and cortes < 1:
        texto = "--cortes debe ser 1 o más; no se quitó nada."
        decir(opciones, {"error": texto}, texto, error=True)
        return USO
    hallados = (aplicar if opciones.aplicar else sobrantes)(almacen, publicacion_vigente(almacen), cortes)
    regla = "se conservan todos los cortes" if cortes is None else f"se conservan {cortes} cortes de cada producto"
    verbo = "Se quitó" if opciones.aplicar else "Sobra"
    lineas = [f"Regla: {regla}, y siempre los que alimentan lo publicado."]
    lineas += [f"{verbo}: {s.producto}, corte {s.corte[:7]}, {s.archivo} ({s.bytes / 1e6:,.1f} MB)" for s in hallados]
    lineas += [] if hallados else ["Nada sobra."]
    datos = {"cortes": cortes, "aplicado": opciones.aplicar, "sobrantes": [vars(s) for s in hallados]}
    decir(opciones, datos, "\n".join(lineas))
    return HECHO
