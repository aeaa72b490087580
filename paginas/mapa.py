"""Mapa: un delito en los estados, en los municipios del país o en los de un estado, con la tabla al lado."""

from __future__ import annotations

import html

import pandas as pd
import streamlit as st

from analisis.cambio import con_cambio
from datos import catalogos
from datos.consultas.geometria import SinGeometria, direccion
from datos.consultas.ventanas import cierres, ventanas
from graficas.mapas import mapa
from paginas.componentes.marco import abrir, cerrar, mes

PAIS = "Todo el país"
NIVELES = {"estatal": "Estados", "municipal": "Municipios"}
MEDIDAS = {
    "conteo": ("Carpetas en 12 meses", "carpetas"),
    "tasa": ("Tasa anual por 100 mil habitantes", "por 100 mil"),
    "cambio": ("Cambio en carpetas", "carpetas"),
    "cambio_pct": ("Cambio en porcentaje", "%"),
}


def elegir(columna, rotulo: str, opciones: dict, clave: str) -> str:
    """Selector cuyo valor es la clave que viaja en la dirección."""
    pedida = st.query_params.get(clave, "")
    porteada = pedida if pedida in opciones else {v: k for k, v in opciones.items()}.get(pedida, next(iter(opciones)))
    if st.session_state.get(f"mapa_{clave}") not in opciones:
        st.session_state[f"mapa_{clave}"] = porteada
    valor = columna.selectbox(rotulo, list(opciones), format_func=opciones.__getitem__, key=f"mapa_{clave}")
    st.query_params[clave] = valor
    return valor


def renglon(fila: pd.Series) -> str:
    """Lo que se lee al pasar el puntero, escapado: los nombres vienen de archivos."""
    previo = f" (antes {fila['conteo_previo']:,.0f})" if pd.notna(fila["conteo_previo"]) else ""
    cifra = f"{fila['conteo']:,.0f} carpetas{previo}" if pd.notna(fila["conteo"]) else "n. d."
    tasa = f"<br>{fila['tasa']:,.1f} por 100 mil al año" if pd.notna(fila["tasa"]) else ""
    motivo = f"<br>{fila['motivo']}" if fila["motivo"] else ""
    return f"<b>{html.escape(fila['nombre'])}</b><br>{cifra}{tasa}{motivo}"


actual = abrir()
delitos = dict(zip(catalogos.delitos()["delito"], catalogos.delitos()["nombre"], strict=True))
estados = dict(zip(catalogos.entidades()["cve_ent"], catalogos.entidades()["nombre_corto"], strict=True))
encabezado = st.container()
columnas = st.columns(5)
delito = elegir(columnas[0], "Delito", delitos, "delito")
medida = elegir(columnas[1], "Medida", {k: v[0] for k, v in MEDIDAS.items()}, "medida")
nivel = elegir(columnas[2], "Nivel", NIVELES, "nivel")
entidad = elegir(columnas[3], "Entidad", {"00": PAIS, **estados}, "entidad") if nivel == "municipal" else "00"
posibles = cierres(nivel, delito)
if not posibles:
    st.info(
        f"El archivo cargado no tiene 24 meses seguidos de {delitos[delito].lower()} por "
        f"{'municipio' if nivel == 'municipal' else 'estado'}. No reportado no es cero."
    )
    cerrar(actual)
    st.stop()
cierre = elegir(columnas[4], "12 meses que terminan en", {f"{c:%Y-%m}": mes(c) for c in posibles}, "cierre")
fecha = next(c for c in posibles if f"{c:%Y-%m}" == cierre)

cve_ent = None if entidad == "00" else entidad
tabla = con_cambio(ventanas(nivel, delito, fecha, cve_ent))
tabla["texto"] = tabla.apply(renglon, axis=1)
donde = estados.get(entidad, "México")
lugares = "municipios" if nivel == "municipal" else "estados"
sin_comparar = len(tabla) - int(tabla["cambio"].notna().sum())
encabezado.header(
    f"{donde}, {delitos[delito].lower()}: en los 12 meses a {mes(fecha)} bajaron las carpetas en "
    f"{int((tabla['cambio'] < 0).sum()):,} {lugares} y subieron en {int((tabla['cambio'] > 0).sum()):,}"
    + (f"; en {sin_comparar:,} no se puede comparar" if sin_comparar else "")
)
if delito == "total" and fecha.year >= 2026:
    st.warning("«Total» no es comparable a través de enero de 2026: la metodología nueva agrega subtipos.")
try:
    geometria = direccion(nivel, cve_ent)
    figura = mapa(tabla, medida, MEDIDAS[medida][1], geometria.url, geometria.clave_propiedad, f"{nivel}-{entidad}")
    if cve_ent:
        figura.update_layout(map={"center": {"lat": tabla["lat"].mean(), "lon": tabla["lon"].mean()}, "zoom": 6})
    st.plotly_chart(
        figura,
        width="stretch",
        config={"displaylogo": False},
        alt=f"Mapa de {MEDIDAS[medida][0].lower()} por {delitos[delito].lower()}; la tabla siguiente trae lo mismo.",
    )
    st.caption(
        ("Límites municipales esquemáticos. " if geometria.esquematica else "")
        + f"Gris: no se puede decir. Límites: {geometria.fuente}."
    )
except SinGeometria as causa:
    st.info(str(causa))

visible = tabla[["lugar", "nombre", "entidad", "conteo", "conteo_previo", "cambio", "cambio_pct", "tasa", "motivo"]]
st.dataframe(
    visible,
    hide_index=True,
    width="stretch",
    column_config={
        "lugar": "Clave",
        "nombre": "Lugar",
        "entidad": "Entidad",
        "conteo": st.column_config.NumberColumn("12 meses", format="%,.0f"),
        "conteo_previo": st.column_config.NumberColumn("12 anteriores", format="%,.0f"),
        "cambio": st.column_config.NumberColumn("Cambio", format="%+,.0f"),
        "cambio_pct": st.column_config.NumberColumn("Cambio %", format="%+.1f %%"),
        "tasa": st.column_config.NumberColumn("Tasa anual por 100 mil", format="%.1f"),
        "motivo": "Lo que no se puede decir",
    },
)
st.download_button(
    "Descargar CSV",
    visible.assign(delito=delito, cierre=cierre).to_csv(index=False).encode("utf-8-sig"),
    file_name=f"mapa_{delito}_{nivel}_{entidad}_{cierre}_corte-{actual.corte_mas_reciente:%Y-%m}"
    f"{'_DEMOSTRACION' if actual.demostracion else ''}.csv",
    mime="text/csv",
)
cerrar(actual)
