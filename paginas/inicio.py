"""Inicio: en diez segundos, qué dice el último corte del país o del último lugar mirado."""

from __future__ import annotations

from html import escape

import streamlit as st

from analisis import formatos, frases
from datos import catalogos
from datos.consultas import calidad, lugares
from datos.consultas.alertas import mas_inusuales
from datos.consultas.claves import claves
from datos.consultas.geometria import SinGeometria, geometria
from datos.consultas.series import nivel_de
from graficas.mapas import Numero, Texto, por_etiqueta
from paginas.componentes.alertas import lista_de_alertas
from paginas.componentes.buscador import buscar_lugar
from paginas.componentes.canasta import canasta_de, tabla_de_canasta
from paginas.componentes.direccion import Direccion, fijar
from paginas.componentes.fuente import escribir_fuente
from paginas.componentes.mapa import leyenda_de_etiquetas, mapa
from paginas.componentes.marco import abrir
from paginas.componentes.provisionales import sin_provisionales
from paginas.componentes.tabla import enlace

TITULAR = "homicidio_doloso"
ALTO_DEL_MAPA = 300
INUSUALES = 3

marco = abrir()
actual = marco.actual
vista = Direccion()
lugar = vista.valor("lugar", lugares.nombres(), "00")
vista.escribir()
nivel, nombre = nivel_de(lugar), lugares.nombre(lugar)
ambito = "municipal" if nivel == "municipal" else "estatal"

filas = canasta_de(lugar, catalogos.CANASTA_PRINCIPAL)
con_cierre = filas[filas["cierre"].notna()]
if con_cierre.empty:
    marco.situar(nombre)
    marco.titular(f"Todavía no se pueden comparar dos años {frases.en(nombre)}: ningún delito tiene 24 meses seguidos")
else:
    es_titular = con_cierre["delito"] == TITULAR
    titular = con_cierre[es_titular if es_titular.any() else con_cierre.index == con_cierre.index[0]].iloc[0]
    delito = claves()[titular["delito"]].nombre
    marco.situar(nombre, delito, f"12 meses a {formatos.mes(titular['cierre'])}")
    estados = calidad.tendencias("estatal", titular["delito"])["etiqueta"].value_counts()
    reparto = frases.reparto(estados, "estado", "estados")
    de_provisionales = sin_provisionales(lugar, titular["delito"], titular["cierre"])
    bajada = [de_provisionales, "Es una descripción de las carpetas: no dice por qué."]
    marco.titular(
        frases.doce_meses(titular["conteo"], titular["conteo_previo"], titular["cierre"], delito, nombre),
        frases.seguidas([reparto if nivel == "nacional" else "", *bajada]),
    )

izquierda, derecha = st.columns([0.68, 0.32], gap="large")
with izquierda:
    st.html(tabla_de_canasta(lugar, catalogos.CANASTA_PRINCIPAL))
    escribir_fuente(
        actual,
        [ambito],
        notas=(
            "«12 meses» termina en el último mes con 24 seguidos. Miniatura desde cero: hueco donde falta dato, más clara "
            "donde es provisional",
        ),
    )
with derecha:
    buscar_lugar("Explorar un lugar", "inicio", lambda elegido: fijar("lugar", elegido))
    ligas = [
        enlace(f"Ficha de {nombre}", "ficha", lugar=lugar).texto,
        enlace("Ver el mapa", "mapa").texto,
        enlace("Preparar una sesión: Mesas y acuerdos", "mesas").texto,
        enlace("Contrastar una declaración", "contrastar", lugar=lugar).texto,
        enlace("Descargar los datos y leer el método", "datos").texto,
    ]
    if lugar != "00":
        ligas.insert(0, enlace("Volver a México", "", lugar="00").texto)
    st.html('<ul class="puertas">' + "".join(f"<li>{liga}</li>" for liga in ligas) + "</ul>")
    if not con_cierre.empty:
        estatales = calidad.tendencias("estatal", titular["delito"]).sort_values("clave")
        st.html(f'<p class="menor"><strong>{escape(delito)} por estado</strong></p>')
        pintura = por_etiqueta(
            estatales["etiqueta"],
            [
                Numero("12 meses: ", estatales["conteo"], unidad=" carpetas"),
                Numero("12 anteriores: ", estatales["conteo_previo"]),
                Texto("", estatales["etiqueta"]),
            ],
        )
        try:
            mapa(
                pintura,
                geometria("estatal"),
                f"Mapa por estado de {delito.lower()}. {reparto}.",
                "mapa_de_inicio",
                alto=ALTO_DEL_MAPA,
            )
        except SinGeometria as causa:
            st.info(str(causa))
        st.html(leyenda_de_etiquetas(estatales["etiqueta"].value_counts()))
    frescura = [
        f"<dt>{formatos.mayuscula(nombre_del_ambito)}</dt><dd>"
        + escape(
            formatos.lista([f"{formatos.mes(f.corte)} ({f.metodologia})" for f in actual.fuentes(clave)])
            or "no cargado"
        )
        + "</dd>"
        for clave, nombre_del_ambito in (("estatal", "archivo estatal"), ("municipal", "archivo municipal"))
    ]
    st.html(
        f'<p class="menor"><strong>Hasta dónde llegan los datos</strong></p><dl class="dos">{"".join(frescura)}</dl>'
    )
    inusuales = mas_inusuales(lugar, INUSUALES)
    st.html('<p class="menor"><strong>Lo más inusual del último mes</strong></p>')
    if inusuales.empty:
        st.caption("Nada fuera de lo que se esperaba por los doce meses anteriores.")
    else:
        lista_de_alertas(inusuales)
    for revision in calidad.resumen_de_revisiones().head(2).itertuples():
        st.html(
            f'<p class="menor">Entre el corte de {formatos.mes(revision.corte_anterior)} y el de '
            f"{formatos.mes(revision.corte_nuevo)} la fuente reescribió {formatos.contar(revision.cifras, 'cifra')} del archivo "
            f"{revision.ambito}, {formatos.entero(revision.de_anios_cerrados)} de años ya cerrados.</p>"
        )
