"""Mostrar una tabla de datos: fechas sin hora, encabezados en palabras y lo que falta como «n. d.»."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from analisis.formatos import SIN_DATO

ROTULOS = {
    "metodologia": "Metodología",
    "ambito": "Ámbito",
    "archivo": "Archivo",
    "sha256": "SHA-256",
    "bytes": "Bytes",
    "renglones": "Renglones",
    "corte": "Corte",
    "cargado_en": "Cargado (UTC)",
    "vigente": "Vigente",
    "provisional_desde": "Provisional desde",
    "regla": "Comprobación",
    "nivel": "Resultado",
    "casos": "Casos",
    "detalle": "Qué se encontró",
    "corte_anterior": "Corte anterior",
    "corte_nuevo": "Corte nuevo",
    "cifras": "Cifras que cambiaron",
    "de_anios_cerrados": "De años cerrados",
    "neto": "Carpetas, neto",
    "anio": "Año",
    "cve_ent": "Entidad",
    "cve_mun": "Municipio",
    "tipo": "Tipo",
    "subtipo": "Subtipo",
    "modalidad": "Modalidad",
    "bien_juridico": "Bien jurídico",
    "celdas": "Celdas que difieren",
    "estatal": "Archivo estatal",
    "municipal": "Suma municipal",
    "delito": "Delito",
    "primer_mes": "Primer mes",
    "ultimo_mes": "Último mes",
    "meses": "Meses",
    "municipios_maximo": "Municipios, máximo",
    "municipios_minimo": "Municipios, mínimo",
    "fecha": "Mes",
    "conteo": "Carpetas",
    "provisional": "Provisional",
    "poblacion": "Habitantes",
    "nombre": "Nombre",
    "autor": "Autor",
    "fuente": "Fuente",
    "orden": "Orden",
    "entidad": "Nombre de la entidad",
    "lat": "Latitud",
    "lon": "Longitud",
}


def mostrar(tabla: pd.DataFrame, *, alto: int | str = "content", rotulos: Mapping[str, str] | None = None) -> None:
    """La tabla con encabezados en palabras; un encabezado desconocido se muestra como viene."""
    fechas = {
        c: tabla[c].dt.date
        for c in tabla.columns
        if pd.api.types.is_datetime64_any_dtype(tabla[c])
        and (tabla[c].dropna().dt.normalize() == tabla[c].dropna()).all()
    }
    enteras = {
        c: st.column_config.NumberColumn(format="localized")
        for c in tabla.columns
        if pd.api.types.is_integer_dtype(tabla[c]) and c != "anio"
    }
    nombres = {**ROTULOS, **(rotulos or {})}
    st.dataframe(
        tabla.assign(**fechas).rename(columns=nombres),
        hide_index=True,
        width="stretch",
        height=alto,
        placeholder=SIN_DATO,
        column_config={nombres.get(c, c): config for c, config in enteras.items()},
    )
