"""Lo obvio: el mismo mapa municipal con ``go.Choroplethmap``; con MAPA_POR_DIRECCION, la geometría va por dirección."""

import json
import os
from datetime import date
from pathlib import Path

import plotly.graph_objects as go
import streamlit as st

from analisis.cambio import con_cambio
from datos.almacen import almacen_por_omision
from datos.consultas.claves import claves
from datos.consultas.ventanas import ventanas

st.set_page_config(layout="wide")
catalogo = claves()
delito = st.selectbox("Delito", list(catalogo), format_func=lambda c: catalogo[c].nombre)
tabla = con_cambio(ventanas("municipal", delito, date(2025, 12, 1)))
ficha = json.loads((almacen_por_omision().publicado / "geometria.json").read_text(encoding="utf-8"))
archivo = ficha["archivos"]["municipios"]
if os.environ.get("MAPA_POR_DIRECCION"):
    geometria = f"/app/static/geometria/{archivo}"
else:
    geometria = json.loads(Path(f"static/geometria/{archivo}").read_text(encoding="utf-8"))
figura = go.Figure(
    go.Choroplethmap(
        geojson=geometria,
        featureidkey="properties.clave",
        locations=tabla["lugar"],
        z=tabla["cambio"],
        text=tabla["nombre"],
        marker={"line": {"width": 0}},
        colorscale="PuOr_r",
        zmid=0,
    )
)
figura.update_layout(map={"style": "white-bg", "center": {"lat": 23.8, "lon": -102}, "zoom": 3.6}, height=560)
st.plotly_chart(figura, key="mapa", on_select="rerun")
