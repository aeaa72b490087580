"""``python -m datos.acuerdos``: plantilla, verificar, importar, exportar, estado. Salidas: 0 hecho, 2 uso, 3 rechazado."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from datos.acuerdos import registro
from datos.acuerdos.columnas import documento
from datos.acuerdos.escritura import escribir
from datos.acuerdos.lectura import AcuerdosRechazados, leer
from datos.almacen import Almacen, almacen_por_omision

HECHO, USO, RECHAZADO = 0, 2, 3


def main(argumentos: list[str] | None = None) -> int:
    """Ejecuta un verbo y devuelve su código de salida."""
    raiz = argparse.ArgumentParser(prog="python -m datos.acuerdos", description="Plantilla y registro de acuerdos.")
    raiz.add_argument("verbo", choices=["plantilla", "verificar", "importar", "exportar", "estado", "documento"])
    raiz.add_argument("ruta", nargs="?", type=Path, help="archivo .csv o .xlsx")
    raiz.add_argument("--almacen", type=Path, help="carpeta del almacén (por omisión TABLERO_ALMACEN o datos/almacen)")
    opciones = raiz.parse_args(argumentos)
    almacen = Almacen(opciones.almacen.expanduser().resolve()) if opciones.almacen else almacen_por_omision()
    if opciones.verbo == "documento":
        Path(__file__).with_name("PLANTILLA.md").write_text(documento(), encoding="utf-8")
        return HECHO
    if opciones.verbo != "estado" and opciones.ruta is None:
        raiz.print_usage(sys.stderr)
        print(f"Falta la ruta del archivo para «{opciones.verbo}».", file=sys.stderr)
        return USO
    if opciones.verbo in ("plantilla", "exportar") and opciones.ruta.suffix.lower() not in (".csv", ".xlsx"):
        print("La ruta debe terminar en .csv o .xlsx.", file=sys.stderr)
        return USO
    try:
        print(_hacer(opciones.verbo, opciones.ruta, almacen))
    except (AcuerdosRechazados, registro.RegistroDanado) as causa:
        print(causa, file=sys.stderr)
        return RECHAZADO
    return HECHO


def _hacer(verbo: str, ruta: Path, almacen: Almacen) -> str:
    if verbo == "plantilla":
        escribir(ruta)
        return f"Plantilla escrita en {ruta}, con un renglón de ejemplo que hay que borrar."
    if verbo == "verificar":
        return f"{len(leer(ruta))} acuerdo(s) sin problemas. No se importó nada."
    if verbo == "importar":
        version = registro.importar(ruta, almacen)
        return f"{len(registro.vigentes(almacen))} acuerdo(s) importados, versión {version}. La anterior se conserva."
    vigentes = registro.vigentes(almacen)
    if verbo == "exportar":
        escribir(ruta, vigentes)
        return f"{len(vigentes)} acuerdo(s) exportados a {ruta}."
    vigente = registro.version(almacen)
    publicos = sum(a["publico"] == "sí" for a in vigentes)
    return f"Versión {vigente}: {len(vigentes)} acuerdo(s), {publicos} público(s)." if vigente else "Sin acuerdos."


if __name__ == "__main__":
    sys.exit(main())
