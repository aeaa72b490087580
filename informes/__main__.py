"""``python -m informes`` y sus verbos. Salidas: 0 hecho, 2 uso, 3 rechazado (y nada cambió)."""

from __future__ import annotations

import argparse
import sys

from datos.recursos import que_falto
from informes import lote
from informes.ordenes import MODULOS


def analizador() -> argparse.ArgumentParser:
    """Los verbos y sus opciones."""
    raiz = argparse.ArgumentParser(prog="python -m informes", description="Documentos hechos con lo publicado.")
    verbos = raiz.add_subparsers(dest="verbo", required=True)
    for modulo in MODULOS:
        modulo.agregar(verbos)
    return raiz


def main(argumentos: list[str] | None = None) -> int:
    """Ejecuta un verbo y devuelve su código de salida."""
    opciones = analizador().parse_args(argumentos)
    try:
        return int(opciones.correr(opciones))
    except Exception as causa:
        falto = que_falto(causa)
        if falto is None:
            raise
        lote.decir(opciones, {"error": falto}, f"{falto} Lo hecho antes sigue igual.", error=True)
        return lote.INESPERADO


if __name__ == "__main__":
    sys.exit(main())
