"""Libros de Excel: los renglones de cada hoja, leídos una sola vez aunque los miren varios lectores."""

from __future__ import annotations

import io
from typing import Any

import python_calamine

from etl.lectura.codificacion import ContenidoInesperado
from etl.lectura.recibido import Recibido


def hojas(recibido: Recibido) -> list[list[list[Any]]]:
    """Los renglones de cada hoja, en orden. Lanza ``ContenidoInesperado`` si el libro está dañado."""
    if recibido.hojas is None:
        try:
            libro = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(recibido.contenido))
            recibido.hojas = [
                libro.get_sheet_by_name(hoja).to_python(skip_empty_area=True) for hoja in libro.sheet_names
            ]
        except python_calamine.CalamineError as causa:
            raise ContenidoInesperado("un libro de Excel completo", f"un libro dañado ({causa})") from causa
    return recibido.hojas


def texto_de_celda(valor: object) -> str:
    """El valor como lo escribiría un CSV: sin el «.0» con que Excel guarda los enteros."""
    return str(int(valor)) if isinstance(valor, float) and valor.is_integer() else str(valor)
