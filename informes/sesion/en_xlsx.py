"""La sesión como libro de cálculo: una hoja por figura con sus columnas tipadas, y su gráfica nativa al lado de los datos."""

from __future__ import annotations

import io
import re

import pandas as pd
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from graficas.base import CATEGORIAS, GRIS
from informes.sesion.fijo import fijar
from informes.sesion.lamina import DIA, MES, NUMERICAS, Barras, Composicion, Figura, Serie
from informes.tablas import SEGURAS, SIN_HORA, hoja_de_datos, hoja_de_notas

TIPO = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NO_EN_HOJA = re.compile(r"[\[\]:*?/\\']")
_LARGO = 31
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def en_xlsx(c: Composicion) -> bytes:
    """Los bytes del .xlsx; los mismos para la misma composición."""
    memoria = io.BytesIO()
    origen = "DEMOSTRACIÓN" if c.demostracion else "SESNSP y registro de la Mesa"
    usados: set[str] = set()
    indice: dict[str, str] = {}
    columnas: dict[str, str] = {}
    with xlsxwriter.Workbook(memoria, SEGURAS) as libro:
        libro.set_properties(
            {"title": c.titulo, "author": "Delitos a la baja", "comments": c.huella, "created": SIN_HORA}
        )
        for lamina, figura in c.figuras:
            nombre = _nombre(figura.nombre, usados)
            tabla = tipada(figura).assign(origen=origen)
            hoja = hoja_de_datos(libro, nombre, tabla)
            hoja.set_landscape()
            hoja.fit_to_pages(1, 0)
            if len(tabla):
                _grafica(libro, hoja, nombre, figura, tabla)
            indice[nombre] = _limpio(f"{lamina.titulo}. {lamina.fuente}")
            columnas |= {f"{nombre} · {x.titulo}": x.ayuda for x in figura.columnas if x.ayuda}
        notas = {f"Lámina {n}": _limpio(" ".join([x.titulo, *x.notas])) for n, x in enumerate(c.laminas, 1) if x.notas}
        sobre = {"Título": c.titulo, "Sesión": c.sesion, "Huella de lo que entró": c.huella}
        sobre |= {f"Aviso {n}": t for n, t in enumerate(c.rotulos, 1)} | {
            f"Fuente {n}": t for n, t in enumerate(c.cita, 1)
        }
        hoja_de_notas(
            libro,
            {
                "Este libro": {k: _limpio(v) for k, v in sobre.items()},
                "Hojas": indice,
                "Método": notas,
                "Columnas": columnas,
            },
        )
    return fijar(memoria.getvalue())


def _limpio(texto: str) -> str:
    return _CONTROL.sub(" ", texto)


def _nombre(texto: str, usados: set[str]) -> str:
    """Un nombre de hoja válido y que no se repita."""
    base = _NO_EN_HOJA.sub("-", _limpio(texto)).strip() or "Hoja"
    nombre = base[:_LARGO].strip()
    numero = 1
    while nombre.lower() in usados or nombre.lower() in ("notas", "history"):
        numero += 1
        nombre = f"{base[: _LARGO - len(str(numero)) - 1].strip()} {numero}"
    usados.add(nombre.lower())
    return nombre


def tipada(figura: Figura) -> pd.DataFrame:
    """Las columnas de la figura con su encabezado y su tipo: números, fechas y textos."""
    hecha: dict[str, pd.Series] = {}
    for columna in figura.columnas:
        serie = figura.datos[columna.clave]
        if columna.clase in NUMERICAS:
            serie = serie.astype("float64")
        elif columna.clase in (MES, DIA):
            serie = pd.to_datetime(serie)
        else:
            serie = serie.map(lambda v: "" if v is None or v is pd.NaT else _limpio(str(v)))
        titulo = columna.titulo
        while titulo in hecha:
            titulo += " "
        hecha[titulo] = serie
    return pd.DataFrame(hecha)


def _grafica(libro: xlsxwriter.Workbook, hoja: Worksheet, nombre: str, figura: Figura, tabla: pd.DataFrame) -> None:
    if isinstance(figura, Serie):
        _lineas(libro, hoja, nombre, figura, tabla)
    elif isinstance(figura, Barras):
        _barras(libro, hoja, nombre, figura, tabla)


def _lineas(libro: xlsxwriter.Workbook, hoja: Worksheet, nombre: str, figura: Serie, tabla: pd.DataFrame) -> None:
    claves = [x.clave for x in figura.columnas]
    ultimo = len(tabla)
    grafica = libro.add_chart({"type": "line"})
    de_linea = list(figura.lineas)
    for n, clave in enumerate([*de_linea, *(c for c in ("bajo", "alto") if c in claves)]):
        posicion = claves.index(clave)
        propia = clave in figura.lineas
        color = (CATEGORIAS[0], GRIS)[n % 2] if propia else "#9AA5AD"
        grafica.add_series(
            {
                "name": [nombre, 0, posicion],
                "categories": [nombre, 1, claves.index("fecha"), ultimo, claves.index("fecha")],
                "values": [nombre, 1, posicion, ultimo, posicion],
                "line": {"color": color, "width": 2.25 if propia else 1, **({} if propia and not n else {"dash_type": "dash"})},
            }
        )  # fmt: skip
    corta = len(tabla) <= 36
    grafica.set_x_axis(
        {
            "date_axis": True, "num_format": "mmm yyyy" if corta else "yyyy", "major_unit": 3 if corta else 1,
            "major_unit_type": "months" if corta else "years",
        }
    )  # fmt: skip
    grafica.set_y_axis(
        {"min": 0, "num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#E3E8EC"}}}
    )
    _poner(hoja, grafica, figura, len(tabla.columns))


def _barras(libro: xlsxwriter.Workbook, hoja: Worksheet, nombre: str, figura: Barras, tabla: pd.DataFrame) -> None:
    claves = [x.clave for x in figura.columnas]
    posicion, ultimo = claves.index("valor"), len(tabla)
    grafica = libro.add_chart({"type": "bar"})
    grafica.add_series(
        {
            "name": figura.unidad, "categories": [nombre, 1, 0, ultimo, 0], "values": [nombre, 1, posicion, ultimo, posicion],
            "points": [{"fill": {"color": str(c)}} for c in figura.datos["color"]], "gap": 45,
            "data_labels": {"value": True, "num_format": "+#,##0;−#,##0;0"},
        }
    )  # fmt: skip
    grafica.set_y_axis({"reverse": True, "label_position": "low"})
    grafica.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    _poner(hoja, grafica, figura, len(tabla.columns))


def _poner(hoja: Worksheet, grafica, figura: Figura, columna: int) -> None:  # type: ignore[no-untyped-def]
    grafica.set_title({"name": _limpio(figura.nombre), "overlay": False})
    grafica.set_legend({"position": "bottom"} if isinstance(figura, Serie) else {"none": True})
    grafica.set_size({"width": 900, "height": 420})
    hoja.insert_chart(1, columna + 1, grafica, {"description": _limpio(figura.alternativo)[:2000]})
