"""Datos y método: cada corte con su huella, qué encontró cada comprobación, qué cubre y cómo se define cada delito."""

from __future__ import annotations

import streamlit as st

from datos import catalogos
from datos.consultas import calidad
from paginas.componentes.marco import abrir, cerrar, mes

actual = abrir()
cortes, reglas = calidad.cortes(), calidad.reglas()
avisos = int((reglas["nivel"] != "correcto").sum())
st.header(
    f"{int(cortes['vigente'].sum())} archivos vigentes, el más reciente con corte {mes(actual.corte_mas_reciente)}; "
    + (f"{avisos} comprobaciones dejaron aviso" if avisos else "ninguna comprobación dejó aviso")
)
bloques = (
    ("Cortes y huellas", "El SHA-256 identifica sin duda el archivo del que sale cada cifra.", cortes, "cortes"),
    ("Qué encontró cada comprobación", "Los avisos van primero.", reglas, "comprobaciones"),
    (
        "Qué cubre el archivo municipal",
        "Municipios que reportan cada delito cada mes, junto a la suma estatal. Lo que no está no es cero.",
        calidad.cobertura(),
        "cobertura",
    ),
    ("Definiciones", "Qué cuenta cada delito y si se puede comparar desde 2026.", catalogos.delitos(), "definiciones"),
)
for titulo, explicacion, tabla, nombre in bloques:
    st.subheader(titulo)
    st.write(explicacion)
    st.dataframe(tabla, hide_index=True, width="stretch", height=320)
    st.download_button(
        f"Descargar {titulo.lower()} (CSV)",
        tabla.to_csv(index=False).encode("utf-8-sig"),
        file_name=f"{nombre}_corte-{actual.corte_mas_reciente:%Y-%m}"
        f"{'_DEMOSTRACION' if actual.demostracion else ''}.csv",
        mime="text/csv",
        key=nombre,
    )
st.subheader("Cómo citar")
st.code(
    f"{'DEMOSTRACIÓN, cifras inventadas' if actual.demostracion else 'SESNSP'}, corte {mes(actual.corte_mas_reciente)}. "
    f"Delitos a la baja, versión {actual.publicacion.version} (SHA-256 {actual.publicacion.sha_corto}).",
    language=None,
)
cerrar(actual)
