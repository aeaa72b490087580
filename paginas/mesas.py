"""Mesas y acuerdos: qué se acordó, quién responde y cuántas carpetas hubo antes y después; describe, no dice por qué."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from analisis import formatos, frases
from analisis.medidas import MEDIDAS, medir
from datos import acuerdos as registro
from datos.consultas import lugares
from datos.consultas.claves import claves
from datos.plantilla.columnas import NIVELES_CUMPLIMIENTO
from graficas.base import CONFIGURACION
from graficas.lineas import Marca, lineas
from paginas.componentes.descargas import descargas, ficha_de
from paginas.componentes.direccion import Direccion
from paginas.componentes.fuente import escribir_fuente
from paginas.componentes.marco import abrir
from paginas.componentes.plantilla import revisar_plantilla
from paginas.componentes.tabla import Columna, enlace, tabla

TODAS = "todas"
CUMPLIMIENTO_Y_CAMBIO = (
    "El cumplimiento dice si se hizo lo acordado; el cambio observado, cuántas carpetas hubo: "
    "son dos cosas y no se mezclan."
)
COLUMNAS = {
    "mes": "Primer día del mes",
    "cve_mun": "Clave INEGI del municipio",
    "municipio": "Nombre del municipio",
    "delito": "Clave del delito",
    "conteo": "Carpetas de investigación del mes",
    "poblacion": "Habitantes del año (CONAPO)",
    "metodologia": "CNSP/38/15 hasta 2025, RNID desde 2026",
    "provisional": "Si la fuente suele corregir todavía ese mes",
    "fase": "Antes o después del primer mes completo del efecto, más el rezago",
}

marco = abrir()
actual = marco.actual
vista = Direccion()
catalogo, nombres = claves(), lugares.nombres()
try:
    todos = registro.acuerdos()
except registro.RegistroDanado as causa:
    marco.situar()
    marco.titular("El registro de acuerdos no se puede leer")
    st.error(str(causa))
    st.stop()

if todos.empty:
    vista.escribir()
    marco.situar("Mesas y acuerdos")
    marco.titular("Todavía no hay acuerdos registrados en esta instalación")
    st.write(
        "Llene la plantilla con los acuerdos de su Mesa, revísela aquí y cárguela con "
        "`python -m datos.acuerdos importar ARCHIVO`. Cada acuerdo se verá junto a la serie de sus delitos y municipios."
    )
    revisar_plantilla()
    st.stop()

mesas = dict(todos[["mesa_clave", "mesa"]].drop_duplicates().itertuples(index=False))
controles = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
mesa = vista.elegir("Mesa", {TODAS: "Todas las Mesas", **mesas}, "mesa", zona=controles, width=340)
visibles = todos if mesa == TODAS else todos[todos["mesa_clave"] == mesa]
folio = vista.valor("folio", set(visibles["folio"]), visibles["folio"].iloc[0])
vista.escribir()

cambios = {f: registro.cambio_observado(f) for f in visibles["folio"]}
comparados = [c for c in cambios.values() if c.motivo is None]
menos = sum(c.diferencia < 0 for c in comparados)
mas = sum(c.diferencia > 0 for c in comparados)
marco.situar(mesas.get(mesa, "Todas las Mesas"), f"acuerdo {folio}")
marco.titular(
    f"{formatos.contar(len(visibles), 'acuerdo público', 'acuerdos públicos')} de "
    f"{formatos.contar(visibles['mesa_clave'].nunique(), 'Mesa')}: en los municipios y delitos de "
    f"{formatos.entero(menos)} hubo menos carpetas que un año antes y en los de {formatos.entero(mas)}, más",
    f"{CUMPLIMIENTO_Y_CAMBIO} El cambio observado solo describe: no dice que el acuerdo lo causó.",
)


def cambio_en_palabras(suyo: registro.CambioObservado) -> str:
    """Las dos cifras y su diferencia, o por qué no se puede decir."""
    if suyo.motivo is not None:
        return suyo.motivo
    return f"De {formatos.entero(suyo.antes)} a {formatos.entero(suyo.despues)}: {frases.comparacion(suyo.despues, suyo.antes)}"


st.html(
    tabla(
        [
            Columna("Folio"),
            Columna("Mesa", "", "Mesa"),
            Columna("Acuerdo", "ancha"),
            Columna("Delitos", "", "delitos"),
            Columna("Desde", "", "desde"),
            Columna("Cumplimiento", "", "cumplimiento"),
            Columna("Cambio observado en 12 meses", "ancha", "cambio observado"),
        ],
        [
            [
                enlace(f.folio, "mesas", mesa=mesa, folio=f.folio),
                f.mesa,
                f.texto,
                formatos.lista([catalogo[d].nombre_corto for d in f.delitos]),
                formatos.mes_corto(f.inicio_mes),
                f"{f.cumplimiento} {NIVELES_CUMPLIMIENTO[f.cumplimiento - 1]}",
                cambio_en_palabras(cambios[f.folio]),
            ]
            for f in visibles.itertuples()
        ],
        "Acuerdos públicos",
    )
)

acuerdo = visibles[visibles["folio"] == folio].iloc[0]
suyo = cambios[folio]
delitos = formatos.lista([catalogo[d].nombre for d in acuerdo["delitos"]])
municipios = formatos.lista([nombres[m] for m in acuerdo["municipios"]])
st.subheader(f"Acuerdo {folio}")
st.html(f'<p class="bajada">«{escape(acuerdo["texto"])}»</p>')
datos_del_acuerdo, efecto = st.columns([0.42, 0.58], gap="large")
with datos_del_acuerdo:
    meta = (
        f"{formatos.porcentaje_con_signo(acuerdo['meta_pct'], 0)} en carpetas"
        if formatos.hay(acuerdo["meta_pct"])
        else f"{formatos.entero(acuerdo['meta_valor'])} carpetas"
        if formatos.hay(acuerdo["meta_valor"])
        else f"sin meta medible: {acuerdo['sin_meta_porque']}"
    )
    pares = {
        "Mesa": acuerdo["mesa"],
        "Fecha del acuerdo": f"{acuerdo['fecha']:%d/%m/%Y}",
        "Responde por la autoridad": acuerdo["autoridad_responsable"],
        "Responde por la ciudadanía": acuerdo["corresponsable_ciudadano"],
        "Municipios": municipios,
        "Delitos": delitos,
        "Se espera": "que bajen las carpetas"
        if acuerdo["signo_esperado"] == "baja"
        else "que suban las carpetas (más denuncia)",
        "Desde": formatos.mes(acuerdo["inicio_mes"]),
        "Meta": meta,
        "Plazo": f"{acuerdo['plazo']:%d/%m/%Y}",
        "Cumplimiento": f"{acuerdo['cumplimiento']} de 5: {NIVELES_CUMPLIMIENTO[acuerdo['cumplimiento'] - 1]}",
        "Nota": acuerdo["nota"],
        "Fuente": acuerdo["fuente"],
    }
    filas = "".join(f"<dt>{escape(k)}</dt><dd>{escape(str(v))}</dd>" for k, v in pares.items() if v)
    st.html(f'<dl class="dos">{filas}</dl>')
with efecto:
    st.html('<p class="menor"><strong>Cambio observado</strong> · mismos meses del año anterior, meses cerrados</p>')
    if suyo.motivo is not None:
        st.info(suyo.motivo)
    else:
        antes, despues = (suyo.antes_desde, suyo.antes_hasta), (suyo.despues_desde, suyo.despues_hasta)
        st.html(f"<p>{escape(frases.cambio_observado(suyo.antes, suyo.despues, antes, despues))}.</p>")
    for aviso in suyo.avisos:
        st.html(f'<p class="menor">{escape(aviso)}</p>')
    serie = registro.acuerdos_series(folio)
    if len(serie):
        conjunto = (
            serie.groupby("mes", as_index=False)
            .agg(
                conteo=("conteo", "sum"),
                provisional=("provisional", "max"),
                metodologia=("metodologia", "max"),
                n=("conteo", "size"),
            )
            .rename(columns={"mes": "fecha"})
        )
        completo = conjunto["n"] == len(acuerdo["municipios"]) * len(acuerdo["delitos"])
        conjunto = conjunto[completo].assign(lugar="acuerdo", delito="acuerdo", poblacion=float("nan"))
        if len(conjunto):
            figura = lineas(
                medir(conjunto, "conteo"),
                {"acuerdo": municipios},
                {"acuerdo": delitos},
                MEDIDAS["conteo"],
                marcas=[Marca(acuerdo["inicio_mes"], folio, "primer mes completo del efecto")],
                demostracion=actual.demostracion,
            )
            st.plotly_chart(
                figura,
                config=CONFIGURACION,
                alt=f"Carpetas mensuales por {delitos.lower()} en {municipios}, con el inicio del acuerdo {folio} señalado.",
            )
        descargas(
            serie.assign(municipio=serie["cve_mun"].map(nombres))[list(COLUMNAS)],
            ficha_de(
                actual,
                ["acuerdo", folio.replace("/", "-"), delitos],
                ["municipal"],
                notas={"Acuerdo": f"{folio}, {acuerdo['mesa']}: {acuerdo['texto']}", "Municipios": municipios},
                columnas=COLUMNAS,
            ),
            "acuerdo",
        )
        escribir_fuente(
            actual,
            ["municipal"],
            pd.Timestamp(serie["mes"].min()).date(),
            pd.Timestamp(serie["mes"].max()).date(),
            notas=["Solo meses en que reportan todos los municipios del acuerdo"],
        )
with st.expander("Revisar una plantilla de acuerdos"):
    revisar_plantilla()
