"""Bajar la plantilla de acuerdos y revisar una llena: dice todo lo que no pasa y no guarda nada."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from datos.acuerdos import AcuerdosRechazados, a_bytes, leer_bytes
from datos.plantilla.columnas import EJEMPLO
from informes.tablas import TIPOS


def revisar_plantilla() -> None:
    """Botones con la plantilla vacía, caja para soltar una llena y el resultado de su revisión."""
    zona = st.container(horizontal=True, gap="small")
    for formato in ("xlsx", "csv"):
        zona.download_button(
            f"Plantilla en {formato.upper()}",
            data=a_bytes([EJEMPLO], formato),
            file_name=f"plantilla-de-acuerdos.{formato}",
            mime=TIPOS[formato],
            key=f"plantilla_{formato}",
            icon=":material/download:",
            on_click="ignore",
        )
    subida = st.file_uploader("Plantilla llena, en CSV o XLSX", type=["csv", "xlsx"], key="plantilla_llena")
    if subida is None:
        return
    try:
        renglones = leer_bytes(subida.getvalue())
    except AcuerdosRechazados as causa:
        st.error(f"{len(causa.problemas)} problema(s). No se guardó nada: corríjalos y vuelva a subir el archivo.")
        st.dataframe(
            pd.DataFrame([vars(p) for p in causa.problemas]).rename(columns={"renglon": "renglón"}),
            hide_index=True,
            width="stretch",
        )
        return
    st.success(
        f"{len(renglones)} acuerdo(s) sin problemas. Aquí solo se revisa: para guardarlos, quien administra el tablero corre "
        "«python -m datos.acuerdos importar ARCHIVO»."
    )
    st.dataframe(pd.DataFrame(renglones), hide_index=True, width="stretch")
