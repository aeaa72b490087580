"""Escribir la plantilla y exportar el registro: CSV en UTF-8 con BOM, o XLSX con listas y hoja de ayuda."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import xlsxwriter

from datos.acuerdos.columnas import COLUMNAS, EJEMPLO, MAXIMO_RENGLONES, NOMBRES
from datos.acuerdos.lectura import HOJA


def a_bytes(renglones: list[dict[str, str]], formato: str) -> bytes:
    """Los renglones como 'csv' o 'xlsx'. Lanza ``ValueError`` si el formato es otro."""
    if formato == "csv":
        salida = io.StringIO(newline="")
        escritor = csv.DictWriter(salida, NOMBRES, lineterminator="\r\n")
        escritor.writeheader()
        escritor.writerows(renglones)
        return salida.getvalue().encode("utf-8-sig")
    if formato == "xlsx":
        return _xlsx(renglones)
    raise ValueError(f"formato «{formato}»: se espera csv o xlsx")


def escribir(ruta: Path, renglones: list[dict[str, str]] | None = None) -> None:
    """Escribe la plantilla con un ejemplo, o los renglones dados, según la terminación de la ruta."""
    ruta.write_bytes(a_bytes([EJEMPLO] if renglones is None else renglones, ruta.suffix.lower().lstrip(".")))


def _xlsx(renglones: list[dict[str, str]]) -> bytes:
    memoria = io.BytesIO()
    opciones = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(memoria, opciones) as libro:
        titulo = libro.add_format({"bold": True, "bottom": 1})
        texto = libro.add_format({"num_format": "@"})
        hoja = libro.add_worksheet(HOJA)
        hoja.freeze_panes(1, 1)
        for posicion, columna in enumerate(COLUMNAS):
            hoja.set_column(posicion, posicion, max(14, len(columna.nombre) + 2), texto)
            hoja.write_string(0, posicion, columna.nombre, titulo)
            if columna.opciones:
                hoja.data_validation(
                    1, posicion, MAXIMO_RENGLONES, posicion,
                    {"validate": "list", "source": list(columna.opciones), "input_message": columna.descripcion[:255]},
                )  # fmt: skip
            for fila, valores in enumerate(renglones, 1):
                hoja.write_string(fila, posicion, valores[columna.nombre], texto)
        ayuda = libro.add_worksheet("Ayuda")
        ayuda.set_column(0, 3, 34)
        for posicion, rotulo in enumerate(("columna", "¿siempre?", "qué se escribe", "ejemplo")):
            ayuda.write_string(0, posicion, rotulo, titulo)
        for fila, columna in enumerate(COLUMNAS, 1):
            celdas = (columna.nombre, "sí" if columna.obligatoria else "no", columna.descripcion, columna.ejemplo)
            for posicion, celda in enumerate(celdas):
                ayuda.write_string(fila, posicion, celda)
    return memoria.getvalue()
