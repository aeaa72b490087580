"""Ficha: un municipio, un estado o el país en una página que se imprime en dos hojas."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from analisis import formatos, frases
from analisis.medidas import MEDIDAS, medir
from datos import catalogos
from datos.consultas import fichas, lugares, poblacion
from datos.consultas.alertas import mas_inusuales
from datos.consultas.claves import claves
from datos.consultas.geometria import SinGeometria, geometria
from datos.consultas.series import nivel_de, series
from graficas.lineas import lineas
from graficas.mapas import por_etiqueta
from informes.comparados import lugares_comparados
from paginas.componentes.acuerdos import acuerdos_de, marcas_de
from paginas.componentes.alertas import lista_de_alertas
from paginas.componentes.buscador import buscar_lugar
from paginas.componentes.canasta import canasta_de, sin_renglon, tabla_de_canasta
from paginas.componentes.descargas import descargas, ficha_de
from paginas.componentes.direccion import Direccion, fijar
from paginas.componentes.embudo import posicion_en_el_embudo
from paginas.componentes.fuente import escribir_fuente
from paginas.componentes.imagen import mostrar_figura
from paginas.componentes.mapa import leyenda_de_etiquetas, mapa
from paginas.componentes.marco import abrir
from paginas.componentes.provisionales import sin_provisionales
from paginas.componentes.tabla import Columna, Html, enlace, etiqueta, tabla
from paginas.componentes.vecinas import dibujar_vecinas
from paginas.componentes.vistas.victimas import en_palabras

ALTO_DEL_MAPA = 320
INUSUALES = 5
COLUMNAS = {
    "delito": "Clave del delito",
    "nombre": "Nombre del delito",
    "cierre": "Último mes de los doce",
    "conteo": "Carpetas de investigación en 12 meses",
    "conteo_previo": "Carpetas en los 12 anteriores",
    "razon": "Razón de tasas, después entre antes",
    "ic_bajo": "Límite inferior del intervalo de 95 %",
    "ic_alto": "Límite superior",
    "valor_q": "Valor q de Benjamini–Hochberg",
    "racha": "Meses seguidos por debajo (negativo) o por encima del mismo mes un año antes",
    "etiqueta": "Etiqueta de tendencia; describe, no atribuye causas",
    "motivo": "Por qué algo no se puede decir",
}

marco = abrir()
actual = marco.actual
vista = Direccion()
catalogo, nombres = claves(), lugares.nombres()
lugar = vista.valor("lugar", nombres, "00")
nivel, nombre = nivel_de(lugar), nombres[lugar]
ambito = "municipal" if nivel == "municipal" else "estatal"

controles = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
with controles:
    buscar_lugar("Otro lugar", "ficha", lambda elegido: fijar("lugar", elegido))
canastas = dict(catalogos.canastas()[["canasta", "nombre"]].drop_duplicates().itertuples(index=False))
canasta = vista.elegir("Canasta", canastas, "canasta", omision=catalogos.CANASTA_PRINCIPAL, zona=controles, width=300)
delito = vista.elegir(
    "Serie de", {c.clave: c.nombre for c in catalogo.values() if not c.es_canasta}, "delito", zona=controles, width=300
)
vista.escribir()

filas = canasta_de(lugar, canasta)
con_cierre = filas[filas["cierre"].notna()]
anio = actual.corte_mas_reciente.year
habitantes = fichas.poblacion(lugar, anio)
descripcion = [
    {"nacional": "País", "estatal": "Entidad", "municipal": "Municipio"}[nivel],
    f"clave {lugar}" if lugar != "00" else "",
    f"{formatos.entero(habitantes)} habitantes en {anio} ({poblacion.edicion().corta})"
    if habitantes
    else "población n. d.: CONAPO no publica la de este municipio",
]
marco.situar(nombre, canastas[canasta])
if con_cierre.empty:
    marco.titular(f"{nombre}: ningún delito de esta canasta tiene 24 meses seguidos publicados")
else:
    primera = con_cierre[con_cierre["delito"] == delito]
    primera = (con_cierre if primera.empty else primera).iloc[0]
    marco.titular(
        frases.doce_meses(
            primera["conteo"], primera["conteo_previo"], primera["cierre"], catalogo[primera["delito"]].nombre, nombre
        ),
        " · ".join(filter(None, [*descripcion, sin_provisionales(lugar, primera["delito"], primera["cierre"])])),
    )

izquierda, derecha = st.columns([0.68, 0.32], gap="large")
with izquierda:
    st.html(tabla_de_canasta(lugar, canasta))
    if nota := sin_renglon(canasta):
        st.caption(nota)
    tabla_completa = filas.assign(nombre=filas["delito"].map(lambda d: catalogo[d].nombre))[list(COLUMNAS)]
    descargas(
        tabla_completa,
        ficha_de(
            actual,
            ["ficha", nombre, canastas[canasta]],
            [ambito],
            notas={"Canasta": canastas[canasta]},
            columnas=COLUMNAS,
        ),
        "ficha",
    )
with derecha:
    cve_ent = lugares.entidad_de(lugar)
    if nivel != "nacional" and not con_cierre.empty:
        cierre = primera["cierre"].date()
        comparados = lugares_comparados(nivel, primera["delito"], cierre)
        try:
            figuras = geometria(nivel, cve_ent)
            propios = comparados.set_index("lugar").reindex(figuras.claves)
            mapa(
                por_etiqueta(propios["etiqueta"]),
                figuras,
                f"Dónde está {nombre}",
                "mapa_de_ficha",
                alto=ALTO_DEL_MAPA,
                elegido=lugar,
                al_elegir=lambda elegido: fijar("lugar", elegido),
            )
            st.html(
                f'<p class="menor">{escape(catalogo[primera["delito"]].nombre)}, 12 meses a {formatos.mes(cierre)}</p>'
                + leyenda_de_etiquetas(propios["etiqueta"].value_counts())
            )
        except SinGeometria as causa:
            st.info(str(causa))
        del_embudo = posicion_en_el_embudo(comparados, lugar, "municipio" if nivel == "municipal" else "estado")
        if del_embudo:
            liga = enlace("Ver el embudo", "mapa", nivel=nivel, delito=primera["delito"], lugar=lugar, abajo="embudo")
            st.html(f'<p class="menor">{escape(del_embudo)}. {liga.texto}</p>')
        pares = fichas.pares(lugar, anio)
        if len(pares):
            por_lugar = comparados.set_index("lugar")
            renglones = []
            for par in pares.itertuples():
                suyo = por_lugar.loc[par.lugar]
                liga = Html(f"<strong>{escape(nombres[par.lugar])}</strong>")
                renglones.append(
                    [
                        liga
                        if par.lugar == lugar
                        else enlace(nombres[par.lugar], "ficha", lugar=par.lugar, delito=delito),
                        formatos.entero(suyo["conteo"]),
                        formatos.decimal(suyo["tasa"]),
                        etiqueta(suyo["etiqueta"], suyo["motivo"]),
                    ]
                )
            st.html(
                '<p class="menor"><strong>De su tamaño</strong> (no es una clasificación: con pocos casos el orden es azar)</p>'
                + tabla(
                    [
                        Columna("Lugar", "ancha"),
                        Columna("12 meses", "cifra", "12 meses"),
                        Columna("Tasa", "cifra", "por 100 mil"),
                        Columna("Tendencia", "ancha"),
                    ],
                    renglones,
                    "Lugares con población parecida",
                )
            )

serie = series([lugar], [delito])
st.subheader(f"{catalogo[delito].nombre}, mes por mes")
if serie.empty:
    st.info(
        f"Los archivos cargados no traen {catalogo[delito].nombre.lower()} {frases.en(nombre)}. No reportado no es cero."
    )
else:
    medida = MEDIDAS["conteo"]
    figura = lineas(
        medir(serie, "conteo"),
        {lugar: nombre},
        {delito: catalogo[delito].nombre},
        medida,
        marcas=marcas_de([lugar], [delito]),
        demostracion=actual.demostracion,
    )
    ultima = serie.iloc[-1]
    hallazgo = frases.un_mes(
        ultima["conteo"], ultima["fecha"], catalogo[delito].nombre, nombre, provisional=ultima["provisional"]
    )
    mostrar_figura(
        actual,
        figura,
        hallazgo,
        "ficha_serie",
        ["serie", catalogo[delito].nombre, nombre],
        [ambito],
        titulo=hallazgo,
        desde=serie["fecha"].min().date(),
        hasta=serie["fecha"].max().date(),
        notas=["Línea punteada: meses provisionales"],
    )
    escribir_fuente(
        actual,
        [ambito],
        serie["fecha"].min().date(),
        serie["fecha"].max().date(),
        notas=["Línea punteada: meses provisionales"],
    )

st.subheader("Lo inusual del último mes")
inusuales = mas_inusuales(lugar, INUSUALES)
if inusuales.empty:
    st.caption("Nada fuera de lo que se esperaba por los doce meses anteriores.")
else:
    lista_de_alertas(inusuales)
dibujar_vecinas(lugar, delito)

mitad, otra = st.columns(2, gap="large")
with mitad:
    st.subheader("Acuerdos que lo cubren")
    acuerdos = acuerdos_de([lugar]) if lugar != "00" else acuerdos_de([])
    if acuerdos.empty:
        st.caption(
            "Ningún acuerdo público registrado."
            if lugar != "00"
            else "Elija un municipio o un estado para ver sus acuerdos."
        )
    else:
        entradas = "".join(
            f"<li>{enlace(f.folio, 'acuerdos', mesa=f.mesa_clave, folio=f.folio).texto} · {escape(f.mesa)} · desde "
            f"{formatos.mes(f.inicio_mes)}<br><span class='menor'>{escape(f.texto)}</span></li>"
            for f in acuerdos.itertuples()
        )
        st.html(f'<ul class="lista">{entradas}</ul>')
    victimas = fichas.victimas(lugar, delito)
    if len(victimas):
        corte = actual.fuentes("victimas_estatal")[-1].corte
        anual = victimas[victimas["fecha"] > pd.Timestamp(corte) - pd.DateOffset(years=1)]
        if anual["fecha"].nunique() == 12:
            por_sexo = anual.groupby("grupo")["conteo"].sum().sort_values(ascending=False)
            partes = en_palabras(por_sexo)
            st.subheader("Víctimas")
            st.write(
                f"{formatos.contar(por_sexo.sum(), 'víctima')} {frases.por(catalogo[delito].nombre)} en los 12 meses a "
                f"{formatos.mes(corte)}: {partes}. Una carpeta puede tener varias víctimas."
            )
with otra:
    st.subheader("Cifras suyas que la fuente reescribió")
    revisiones = fichas.mayores_revisiones(lugar)
    if revisiones.empty:
        st.caption("Ninguna entre los cortes que conoce esta instalación.")
    else:
        st.html(
            tabla(
                [
                    Columna("Delito y mes", "ancha"),
                    Columna("Antes", "cifra", "antes"),
                    Columna("Después", "cifra", "después"),
                    Columna("Cortes", "ancha"),
                ],
                [
                    [
                        f"{catalogo[r.delito].nombre}, {formatos.mes_corto(r.fecha)}",
                        formatos.entero(r.antes),
                        formatos.entero(r.despues),
                        f"{formatos.mes_corto(r.corte_anterior)} → {formatos.mes_corto(r.corte_nuevo)}",
                    ]
                    for r in revisiones.itertuples()
                ],
                "Revisiones más grandes",
            )
        )
