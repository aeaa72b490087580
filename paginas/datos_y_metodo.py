"""Datos y método: cada corte con su huella, qué encontró cada comprobación, qué cubre, cómo se define y cómo se descarga."""

from __future__ import annotations

from functools import partial
from html import escape

import pandas as pd
import streamlit as st

from analisis import formatos
from datos import catalogos
from datos.consultas import calidad, poblacion, vistas
from datos.consultas.claves import claves
from datos.consultas.contexto import PAGINA_DE_LA_FUENTE
from datos.esquema import vista as vista_del_esquema
from informes.fuente import CIFRA_NEGRA, NOMBRE_DEL_AMBITO, QUIEBRE
from informes.tablas import TIPOS, exportar
from paginas.componentes.descargas import descargas, ficha_de
from paginas.componentes.direccion import Direccion
from paginas.componentes.eficacia.error import cuanto_se_equivoca
from paginas.componentes.marco import abrir
from paginas.componentes.tabla_de_datos import mostrar

TODOS = "todos"
RENGLONES_DE_MUESTRA = 200
METODO = f"""
**Qué es una carpeta.** {CIFRA_NEGRA} Donde la gente denuncia más, hay más carpetas sin que haya más delitos. El mes es
aquel en que se abrió la carpeta, no el del hecho.

**Qué es provisional.** La fuente corrige los últimos meses, y puede reescribir cualquier mes, también de años cerrados. Lo
provisional se dibuja punteado; abajo está lo que se reescribió entre los cortes que conoce esta instalación.

**El cambio de enero de 2026.** {QUIEBRE} Los demás delitos del tablero siguen el puente de la nota de comparabilidad
oficial: las tentativas quedan fuera, porque antes se contaban en otras categorías, y los residuales «Otros…» no se
encadenan.

**Tendencia.** Doce meses cerrados contra los doce anteriores del mismo lugar, en tasas. Razón de tasas con error estándar
cuasi-Poisson y dispersión contraída hacia la de los lugares de su tamaño; Benjamini–Hochberg con q = 0.10 entre los lugares
con 30 carpetas o más en los 24 meses. Una regla ingenua («más de 5 % menos») se equivoca 70 % de las veces en lugares
chicos cuando nada cambió; esta, 1 % si los meses son independientes y 39 % si las series vagan: por eso describe y no
atribuye causas.

**Lo que falta.** Un municipio o un mes sin reportar no es cero: no se suma, no se compara y se dice. Un delito se publica en
un municipio solo si el archivo trae todas las categorías que lo forman.

**Tasas.** Por 100 mil habitantes a mitad de año. Las mensuales se multiplican por 12. Sin población publicada
no hay tasa. Los lugares con pocos casos no se deben ordenar: el orden es azar.
"""

marco = abrir()
actual = marco.actual
vista = Direccion()
cortes, reglas = calidad.cortes(), calidad.reglas()
avisos = int((reglas["nivel"] != "correcto").sum())
marco.situar("Datos y método")
marco.titular(
    f"{formatos.contar(int(cortes['vigente'].sum()), 'archivo vigente', 'archivos vigentes')}; el más reciente, con corte "
    f"{formatos.mes(actual.corte_mas_reciente)}",
    f"{formatos.contar(avisos, 'comprobación dejó aviso', 'comprobaciones dejaron aviso')}. Toda cifra de este tablero sale "
    "de estos archivos y de nada más.",
)


def bloque(titulo: str, explicacion: str, tabla: pd.DataFrame, clave: str, *, alto: int | str = "content") -> None:
    """Un título, su explicación, la tabla y sus descargas."""
    st.subheader(titulo)
    st.write(explicacion)
    if tabla.empty:
        st.caption("Nada que mostrar.")
        return
    mostrar(tabla, alto=alto)
    descargas(tabla, ficha_de(actual, [titulo], []), clave)


bloque(
    "Cortes y huellas",
    "Cada archivo de conteos que conoce esta instalación. El SHA-256 identifica sin duda de cuál salió cada cifra.",
    cortes.assign(ambito=cortes["ambito"].map(NOMBRE_DEL_AMBITO), corte=cortes["corte"].map(formatos.mes_corto)).drop(
        columns="id"
    ),
    "cortes",
)
bloque(
    "Qué encontró cada comprobación",
    "Los avisos van primero; ninguno impide publicar.",
    reglas,
    "comprobaciones",
    alto=300,
)
bloque(
    "Lo que la fuente reescribió",
    "Cifras que cambiaron entre dos cortes del mismo archivo, y cuántas eran de años ya cerrados. [Mes por mes, por lugar y por "
    "delito](./revisiones).",
    calidad.resumen_de_revisiones(),
    "revisiones",
)
bloque(
    "Dónde no cuadran el estado y sus municipios",
    "Entidad, año y tipo de delito en que la suma municipal no da el archivo estatal. El tablero muestra cada archivo como es.",
    calidad.diferencias_por_anio(),
    "diferencias",
    alto=300,
)
bloque(
    "Qué cubre el archivo municipal",
    "Por delito: meses y municipios que reportan. Lo que no está no es cero.",
    calidad.resumen_de_cobertura(),
    "cobertura",
    alto=300,
)

st.subheader("Definiciones")
catalogo = claves()
delito = vista.elegir("Delito o canasta", {c.clave: c.nombre for c in catalogo.values()}, "delito", width=420)
elegido = catalogo[delito]
comparable = (
    "Se compara a través de enero de 2026." if elegido.comparable_2026 else "No se compara a través de enero de 2026."
)
st.write(f"{elegido.definicion} {comparable}")
if elegido.es_canasta:
    propias = catalogos.canastas()
    mostrar(propias[propias["canasta"] == delito.partition(":")[2]].drop(columns=["canasta"]))
else:
    puente = catalogos.puente()
    mostrar(puente[puente["delito"] == delito].drop(columns="delito"), alto=260)

cuanto_se_equivoca(delito, actual)

st.subheader("Llevarse los datos")
descripciones = vistas.nombres_de_vistas()
zona = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
nombre = vista.elegir("Vista", {n: n for n in descripciones}, "vista", omision="delitos_estatal", zona=zona, width=280)
de_un_delito = None
if vistas.tiene_delito(nombre):
    opciones = {TODOS: "Todos los delitos", **{c.clave: c.nombre for c in catalogo.values() if not c.es_canasta}}
    pedido = vista.elegir("De", opciones, "delito_de_vista", omision="homicidio_doloso", zona=zona, width=280)
    de_un_delito = None if pedido == TODOS else pedido
vista.escribir()
cuantos = vistas.contar(nombre, de_un_delito)
st.write(f"{descripciones[nombre]} {formatos.contar(cuantos, 'renglón', 'renglones')}.")
muestra = vistas.leer(nombre, de_un_delito, RENGLONES_DE_MUESTRA)
mostrar(muestra, alto=240)
if cuantos > vistas.MAXIMO_DE_RENGLONES:
    st.info(
        f"Son más de {vistas.MAXIMO_DE_RENGLONES:,} renglones: pida un solo delito, o abra con DuckDB la base completa, "
        f"«{actual.publicacion.ruta.name}» en la carpeta «publicado» del almacén."
    )
else:
    ficha = ficha_de(
        actual,
        [nombre, de_un_delito or ""],
        [],
        notas={"Vista": descripciones[nombre], "Filtros": catalogo[de_un_delito].nombre if de_un_delito else "todos"},
        columnas={c.nombre: c.descripcion for c in vista_del_esquema(nombre).columnas},
    )

    def archivo(formato: str) -> bytes:
        """La vista completa, hecha al pedirla."""
        return exportar(vistas.leer(nombre, de_un_delito), ficha, formato)

    botones = st.container(horizontal=True, gap="small")
    for formato, tipo in TIPOS.items():
        botones.download_button(
            "Parquet" if formato == "parquet" else formato.upper(),
            data=partial(archivo, formato),
            file_name=ficha.nombre(formato),
            mime=tipo,
            key=f"vista_{formato}",
            icon=":material/download:",
            on_click="ignore",
        )

st.subheader("Cómo se hizo")
st.markdown(METODO)
st.markdown(f"**De quién es la población.** {poblacion.edicion().fuente}.")
st.subheader("Cómo citar")
que = "DEMOSTRACIÓN, cifras inventadas" if actual.demostracion else "SESNSP, datos abiertos de incidencia delictiva"
st.code(
    f"{que}, corte {formatos.mes(actual.corte_mas_reciente)}. Delitos a la baja, versión {actual.publicacion.version} "
    f"(SHA-256 {actual.publicacion.sha256}).",
    language=None,
    wrap_lines=True,
)
if not actual.demostracion:
    st.html(
        f'<p class="fuente">Página de la fuente: <a href="{escape(PAGINA_DE_LA_FUENTE)}">{escape(PAGINA_DE_LA_FUENTE)}</a></p>'
    )
