"""``python -m informes`` y sus verbos. Salidas: 0 hecho, 2 uso, 3 rechazado (y nada cambió)."""

from __future__ import annotations

import argparse
import sys

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
    return int(opciones.correr(opciones))


if __name__ == "__main__":
    sys.exit(main())
