"""Escribir la plantilla y exportar acuerdos: CSV en UTF-8 con BOM, o XLSX con listas y hoja de ayuda."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from datos import catalogos
from datos.plantilla.columnas import COLUMNAS, EJEMPLO, MAXIMO_RENGLONES, NOMBRES, NUMERICAS
from datos.plantilla.lectura import FORMULA, HOJA

_LISTAS = "Catálogos"


def a_bytes(renglones: Sequence[Mapping[str, str]], formato: str, mesas: Mapping[str, str] | None = None) -> bytes:
    """Los renglones como 'csv' o 'xlsx'. ``mesas`` (clave → nombre) se ofrece en una lista del XLSX.

    Lanza ``ValueError`` si el formato es otro.
    """
    inofensivos = [{n: _inofensivo(n, r[n]) for n in NOMBRES} for r in renglones]
    if formato == "csv":
        salida = io.StringIO(newline="")
        escritor = csv.DictWriter(salida, NOMBRES, lineterminator="\r\n")
        escritor.writeheader()
        escritor.writerows(inofensivos)
        return salida.getvalue().encode("utf-8-sig")
    if formato == "xlsx":
        return _xlsx(inofensivos, mesas or {})
    raise ValueError(f"formato «{formato}»: se espera csv o xlsx")


def escribir(ruta: Path, renglones: Sequence[Mapping[str, str]] | None = None) -> None:
    """Escribe la plantilla con un ejemplo, o los renglones dados, según la terminación de la ruta."""
    ruta.write_bytes(a_bytes([EJEMPLO] if renglones is None else renglones, ruta.suffix.lower().lstrip(".")))


def _inofensivo(columna: str, valor: str) -> str:
    """Un texto que parezca fórmula lleva apóstrofo: la hoja de cálculo lo muestra y no lo ejecuta. La lectura lo quita."""
    return f"'{valor}" if columna not in NUMERICAS and valor.lstrip("'").startswith(FORMULA) else valor


def _xlsx(renglones: Sequence[Mapping[str, str]], mesas: Mapping[str, str]) -> bytes:
    memoria = io.BytesIO()
    opciones = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(memoria, opciones) as libro:
        titulo = libro.add_format({"bold": True, "bottom": 1})
        texto = libro.add_format({"num_format": "@"})
        hoja = libro.add_worksheet(HOJA)
        hoja.freeze_panes(1, 1)
        catalogo = _de_catalogo(mesas)
        for posicion, columna in enumerate(COLUMNAS):
            hoja.set_column(posicion, posicion, max(14, len(columna.nombre) + 2), texto)
            hoja.write_string(0, posicion, columna.nombre, titulo)
            validacion = _validacion(columna.nombre, list(columna.opciones), catalogo)
            if validacion:
                hoja.data_validation(
                    1, posicion, MAXIMO_RENGLONES, posicion, {**validacion, "input_message": columna.descripcion[:255]}
                )  # fmt: skip
            for fila, valores in enumerate(renglones, 1):
                hoja.write_string(fila, posicion, valores[columna.nombre], texto)
        _hoja_de_ayuda(libro, titulo)
        _hoja_de_catalogos(libro, titulo, catalogo)
    return memoria.getvalue()


def _de_catalogo(mesas: Mapping[str, str]) -> dict[str, list[tuple[str, str]]]:
    """Columna → (clave, nombre) de lo que se puede escribir en ella."""
    delitos = catalogos.delitos()
    canastas = catalogos.canastas().drop_duplicates("canasta")
    return {
        "mesa_clave": list(mesas.items()),
        "canasta": list(zip(canastas["canasta"], canastas["nombre"], strict=True)),
        "delitos": list(zip(delitos["delito"], delitos["nombre"], strict=True)),
    }


def _validacion(
    columna: str, opciones: list[str], catalogo: Mapping[str, list[tuple[str, str]]]
) -> dict[str, Any] | None:
    """La lista que ofrece una columna. La de Mesas solo sugiere: se puede registrar una nueva."""
    if opciones:
        return {"validate": "list", "source": opciones}
    if columna in ("mesa_clave", "canasta") and catalogo[columna]:
        letra = "ABCDEF"[2 * list(catalogo).index(columna)]
        rango = f"='{_LISTAS}'!${letra}$2:${letra}${1 + len(catalogo[columna])}"
        aviso = {"error_type": "warning"} if columna == "mesa_clave" else {}
        return {"validate": "list", "source": rango, **aviso}
    return None


def _hoja_de_ayuda(libro: xlsxwriter.Workbook, titulo: object) -> None:
    ayuda = libro.add_worksheet("Ayuda")
    ayuda.set_column(0, 3, 34)
    for posicion, rotulo in enumerate(("columna", "¿siempre?", "qué se escribe", "ejemplo")):
        ayuda.write_string(0, posicion, rotulo, titulo)
    for fila, columna in enumerate(COLUMNAS, 1):
        celdas = (columna.nombre, "sí" if columna.obligatoria else "no", columna.descripcion, columna.ejemplo)
        for posicion, celda in enumerate(celdas):
            ayuda.write_string(fila, posicion, celda)


def _hoja_de_catalogos(
    libro: xlsxwriter.Workbook, titulo: object, catalogo: Mapping[str, list[tuple[str, str]]]
) -> None:
    listas = libro.add_worksheet(_LISTAS)
    listas.set_column(0, 5, 30)
    for numero, (columna, pares) in enumerate(catalogo.items()):
        listas.write_string(0, 2 * numero, columna, titulo)
        listas.write_string(0, 2 * numero + 1, "nombre", titulo)
        for fila, par in enumerate(pares, 1):
            for desfase, celda in enumerate(par):
                listas.write_string(fila, 2 * numero + desfase, _inofensivo("texto", celda))
