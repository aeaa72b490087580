"""Una tabla como CSV, XLSX o Parquet, con su fuente, su corte y sus definiciones dentro; sin fórmulas que se ejecuten."""

from __future__ import annotations

import io
import json
import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_NO_EN_NOMBRE = re.compile(r"[^A-Za-z0-9]+")
_ANCHO_MAXIMO = 60
ALTO_DE_RENGLON = 15.0  # puntos
LETRAS_POR_RENGLON = 95  # de la hoja de notas, en una columna de 100
SIN_HORA = datetime(2000, 1, 1)
# Ningún texto se vuelve fórmula ni liga al abrir el libro.
SEGURAS = {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": False, "in_memory": True}
TIPOS = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}


@dataclass(frozen=True)
class Ficha:
    """Lo que acompaña a una tabla: de qué es (partes del nombre del archivo), sus notas y qué dice cada columna.

    ``origen`` va como columna en los tres formatos: «SESNSP» o «DEMOSTRACIÓN», para que ningún renglón ande sin decirlo.
    """

    partes: tuple[str, ...]
    origen: str
    notas: Mapping[str, str]
    columnas: Mapping[str, str] = field(default_factory=dict)

    def nombre(self, extension: str) -> str:
        """Nombre del archivo: qué, dónde, cuándo y corte, sin acentos ni espacios."""
        partes = [*self.partes, *(["DEMOSTRACION"] if self.origen.startswith("DEMO") else [])]
        return "_".join(filter(None, map(sin_adornos, partes))) + f".{extension}"


def sin_adornos(texto: str) -> str:
    """Solo letras, números y guiones, para el nombre de un archivo."""
    plano = unicodedata.normalize("NFKD", texto).encode("ascii", "ignore").decode("ascii")
    return _NO_EN_NOMBRE.sub("-", plano).strip("-")


def exportar(tabla: pd.DataFrame, ficha: Ficha, formato: str) -> bytes:
    """La tabla en 'csv', 'xlsx' o 'parquet'. Lanza ``KeyError`` si el formato es otro."""
    completa = tabla.assign(origen=ficha.origen)
    return {"csv": _csv, "xlsx": _xlsx, "parquet": _parquet}[formato](completa, ficha)


def _csv(tabla: pd.DataFrame, ficha: Ficha) -> bytes:
    """UTF-8 con BOM, para que Excel lo abra con sus acentos; las notas no van: el nombre y ``origen`` las resumen."""
    textos = tabla.select_dtypes(include=["object", "string", "category"]).columns
    inofensiva = tabla.assign(**{c: tabla[c].map(_inofensivo, na_action="ignore") for c in textos})
    return inofensiva.to_csv(index=False, date_format="%Y-%m-%d", lineterminator="\r\n").encode("utf-8-sig")


def _inofensivo(valor: object) -> object:
    """Un texto que parezca fórmula lleva apóstrofo: la hoja de cálculo lo muestra y no lo ejecuta."""
    return f"'{valor}" if isinstance(valor, str) and valor.startswith(_FORMULA) else valor


def _xlsx(tabla: pd.DataFrame, ficha: Ficha) -> bytes:
    memoria = io.BytesIO()
    with xlsxwriter.Workbook(memoria, SEGURAS) as libro:
        # Sin la hora en que se hizo: los mismos datos dan los mismos bytes.
        libro.set_properties(
            {"created": SIN_HORA, "title": " ".join(ficha.partes), "comments": ficha.notas.get("Fuente", ficha.origen)}
        )
        hoja_de_datos(libro, "Datos", tabla)
        hoja_de_notas(libro, {"Esta tabla": ficha.notas, "Columnas": ficha.columnas})
    return memoria.getvalue()


def _de_encabezado(libro: xlsxwriter.Workbook) -> Format:
    return libro.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})


def hoja_de_datos(libro: xlsxwriter.Workbook, nombre: str, tabla: pd.DataFrame) -> Worksheet:
    """Agrega una hoja con la tabla, cada columna con su tipo y los textos como textos; la devuelve."""
    titulo = _de_encabezado(libro)
    hoja = libro.add_worksheet(nombre)
    hoja.freeze_panes(1, 0)
    formatos = {"entero": "#,##0", "decimal": "#,##0.0", "fecha": "yyyy-mm-dd"}
    formatos = {clase: libro.add_format({"num_format": texto}) for clase, texto in formatos.items()}
    for posicion, columna in enumerate(tabla.columns):
        serie = tabla[columna]
        hoja.write_string(0, posicion, str(columna), titulo)
        clase = _clase(serie)
        muestra = serie.dropna().astype(str).head(200).map(len).max() if serie.notna().any() else 0
        hoja.set_column(posicion, posicion, min(max(len(str(columna)), int(muestra or 0), 9) + 1, _ANCHO_MAXIMO))
        for renglon, valor in enumerate(serie.tolist(), 1):
            if pd.isna(valor):
                continue
            if clase == "fecha":
                hoja.write_datetime(renglon, posicion, pd.Timestamp(valor).to_pydatetime(), formatos["fecha"])
            elif clase == "booleano":
                hoja.write_boolean(renglon, posicion, bool(valor))
            elif clase == "texto":
                hoja.write_string(renglon, posicion, str(valor))
            else:
                hoja.write_number(renglon, posicion, float(valor), formatos[clase])
    if len(tabla):
        hoja.autofilter(0, 0, len(tabla), len(tabla.columns) - 1)
    return hoja


def _clase(serie: pd.Series) -> str:
    if pd.api.types.is_bool_dtype(serie):
        return "booleano"
    if pd.api.types.is_datetime64_any_dtype(serie):
        return "fecha"
    if pd.api.types.is_integer_dtype(serie):
        return "entero"
    if pd.api.types.is_float_dtype(serie):
        return "entero" if (serie.dropna() % 1 == 0).all() else "decimal"
    return "texto"


def hoja_de_notas(libro: xlsxwriter.Workbook, apartados: Mapping[str, Mapping[str, str]]) -> None:
    """Agrega la hoja «Notas»: por apartado, cada nombre con su texto."""
    titulo = _de_encabezado(libro)
    hoja = libro.add_worksheet("Notas")
    envuelto = libro.add_format({"text_wrap": True, "valign": "top"})
    hoja.set_column(0, 0, 26)
    hoja.set_column(1, 1, 100, envuelto)
    filas: list[tuple[str, str | None]] = []
    for encabezado, pares in apartados.items():
        if pares:
            filas += [(encabezado, None), *pares.items(), ("", "")]
    for renglon, (nombre, texto) in enumerate(filas):
        hoja.write_string(renglon, 0, nombre, titulo if texto is None else None)
        hoja.write_string(renglon, 1, texto or "", envuelto)
        # El alto se dice: no todos los programas lo calculan al abrir, y los renglones se encimarían.
        hoja.set_row(renglon, ALTO_DE_RENGLON * max(math.ceil(len(texto or "") / LETRAS_POR_RENGLON), 1))
    hoja.set_landscape()
    hoja.fit_to_pages(1, 0)


def _parquet(tabla: pd.DataFrame, ficha: Ficha) -> bytes:
    arrow = pa.Table.from_pandas(tabla, preserve_index=False)
    notas = {"notas": dict(ficha.notas), "columnas": dict(ficha.columnas), "origen": ficha.origen}
    metadatos = {**(arrow.schema.metadata or {}), b"delitos_a_la_baja": json.dumps(notas, ensure_ascii=False).encode()}
    memoria = io.BytesIO()
    pq.write_table(arrow.replace_schema_metadata(metadatos), memoria)
    return memoria.getvalue()
