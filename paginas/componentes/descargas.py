"""La barra de descargas debajo de una figura o tabla: los mismos datos en CSV, XLSX y Parquet, con sus notas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import pandas as pd
import streamlit as st

from datos.consultas import poblacion
from datos.consultas.contexto import PAGINA_DE_LA_FUENTE, Contexto
from informes.fuente import CIFRA_NEGRA, QUIEBRE, texto_de_fuente
from informes.tablas import TIPOS, Ficha, exportar


def ficha_de(
    actual: Contexto,
    partes: Sequence[str],
    ambitos: Sequence[str],
    *,
    notas: Mapping[str, str] | None = None,
    columnas: Mapping[str, str] | None = None,
) -> Ficha:
    """La ficha de una descarga: fuente con sus cortes y huellas, versión de la base y advertencias."""
    fijas = {
        "Fuente": texto_de_fuente(actual, ambitos),
        "Página de la fuente": "" if actual.demostracion else PAGINA_DE_LA_FUENTE,
        "Base": f"versión {actual.publicacion.version}, SHA-256 {actual.publicacion.sha256}",
        "Población": poblacion.edicion().fuente,
        "Metodologías": QUIEBRE,
        "Carpetas": CIFRA_NEGRA,
    }
    origen = "DEMOSTRACIÓN" if actual.demostracion else "SESNSP"
    return Ficha(
        (*partes, f"corte {actual.corte_mas_reciente:%Y-%m}"),
        origen,
        {**(notas or {}), **{k: v for k, v in fijas.items() if v}},
        columnas or {},
    )


def descargas(tabla: pd.DataFrame, ficha: Ficha, clave: str) -> None:
    """Tres botones; el archivo se hace al pedirlo."""
    zona = st.container(horizontal=True, gap="small")
    for formato, tipo in TIPOS.items():
        zona.download_button(
            formato.upper() if formato != "parquet" else "Parquet",
            data=partial(exportar, tabla, ficha, formato),
            file_name=ficha.nombre(formato),
            mime=tipo,
            key=f"{clave}_{formato}",
            icon=":material/download:",
            on_click="ignore",
        )
