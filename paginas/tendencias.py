"""Tendencias: la serie de uno o varios lugares y delitos, con lo provisional, el quiebre y lo que falta a la vista."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from analisis import formatos, frases
from analisis.medidas import CON_POBLACION, DE_DOCE_MESES, MEDIDAS, medir
from datos.consultas import lugares, poblacion
from datos.consultas.claves import claves, no_comparables
from datos.consultas.series import NACIONAL, nivel_de, series
from graficas.base import CONFIGURACION
from graficas.lineas import lineas
from paginas.componentes.acuerdos import marcas_de
from paginas.componentes.buscador import buscar_lugar
from paginas.componentes.descargas import descargas, ficha_de
from paginas.componentes.direccion import Direccion, fijar
from paginas.componentes.fuente import escribir_fuente
from paginas.componentes.marco import abrir
from paginas.componentes.tabla_de_datos import mostrar

MAXIMO_DE_LUGARES = 5
MAXIMO_DE_DELITOS = 4
COLUMNAS = {
    "lugar": "Clave de INEGI; 00 es el país",
    "nombre": "Nombre del lugar",
    "delito": "Clave del delito o de la canasta",
    "nombre_delito": "Nombre del delito",
    "fecha": "Primer día del mes en que se abrieron las carpetas",
    "conteo": "Carpetas de investigación del mes; vacío si no se reportó, que no es cero",
    "valor": "La medida elegida, en su unidad",
    "medida": "Nombre y unidad de la medida",
    "poblacion": "Habitantes a mitad de año",
    "metodologia": "CNSP/38/15 hasta 2025, RNID desde 2026",
    "provisional": "Si la fuente suele corregir todavía ese mes",
}

marco = abrir()
actual = marco.actual
vista = Direccion()
catalogo, nombres = claves(), lugares.nombres()

controles = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
delitos = vista.elegir_varios(
    "Delitos",
    {c.clave: c.nombre for c in catalogo.values()},
    "delito",
    omision=["homicidio_doloso"],
    maximo=MAXIMO_DE_DELITOS,
    zona=controles,
    placeholder="Elija un delito",
    width=420,
)
elegidos = vista.elegir_varios(
    "Lugares",
    nombres,
    "lugar",
    omision=[NACIONAL],
    maximo=MAXIMO_DE_LUGARES,
    solo_elegidas=True,
    zona=controles,
    placeholder="Busque abajo un lugar",
    width=420,
)
medida = vista.elegir("Medida", {k: m.nombre for k, m in MEDIDAS.items()}, "medida_serie", control="pills")
comparar = medida in CON_POBLACION and vista.marcar(
    "Comparar con su estado y con el país",
    "comparar",
    omision=True,
    help="Solo en tasas: los conteos no son comparables.",
)
vista.escribir()


def agregar(lugar: str) -> None:
    """Suma un lugar a los elegidos; si ya no caben, sale el más antiguo."""
    otros = [e for e in elegidos if e != lugar and not (e == NACIONAL and len(elegidos) == 1)]
    fijar("lugar", [*otros, lugar][-MAXIMO_DE_LUGARES:])


with controles:
    buscar_lugar("Agregar un lugar", "tendencias", agregar)
if not elegidos or not delitos:
    marco.situar()
    marco.titular("Elija al menos un delito y un lugar")
    st.stop()


def hallazgo(propia: pd.DataFrame, lugar: str) -> tuple[str, str]:
    """El titular del primer delito con datos: su último mes, o sus últimos doce si la medida es de doce."""
    delito = next(d for d in delitos if (propia["delito"] == d).any())
    propia = propia[propia["delito"] == delito]
    nombre_del_delito = catalogo[delito].nombre
    if medida in DE_DOCE_MESES:
        sumas = medir(propia, "suma12", no_comparables()).set_index("fecha")["valor"]
        cierre = sumas.last_valid_index()
        previo = sumas.get(cierre - pd.DateOffset(years=1))
        return frases.doce_meses(sumas[cierre], previo, cierre, nombre_del_delito, nombres[lugar]), ""
    ultimo = propia.iloc[-1]
    anterior = propia[propia["fecha"] == ultimo["fecha"] - pd.DateOffset(years=1)]
    cruza = delito in no_comparables() and len(anterior) and anterior["metodologia"].iloc[0] != ultimo["metodologia"]
    hay = len(anterior) > 0 and not cruza
    frase = frases.un_mes(
        ultimo["conteo"],
        ultimo["fecha"],
        nombre_del_delito,
        nombres[lugar],
        previo=anterior["conteo"].iloc[0] if hay else None,
        provisional=bool(ultimo["provisional"]),
    )
    if hay:
        return frase, ""
    motivo = "la metodología cambió y este delito no es comparable" if cruza else "falta el mismo mes del año anterior"
    return frase, f"No hay con qué comparar: {motivo}."


contexto = [c for e in elegidos for c in ([e[:2]] if len(e) == 5 else [])] + [NACIONAL] if comparar else []
visibles = list(dict.fromkeys([*elegidos, *contexto]))
crudas = series(visibles, delitos)
tabla = medir(crudas, medida, no_comparables())
con_dato = set(tabla.loc[tabla["valor"].notna(), "lugar"])
marco.situar(
    formatos.lista([nombres[e] for e in elegidos]),
    formatos.lista([catalogo[d].nombre_corto for d in delitos]),
    MEDIDAS[medida].nombre,
)
if not con_dato & set(elegidos):
    marco.titular(
        f"Los archivos cargados no traen {MEDIDAS[medida].nombre.lower()} {frases.por(catalogo[delitos[0]].nombre)} "
        f"{frases.en(nombres[elegidos[0]])}"
    )
    st.info(
        "No reportado no es cero. "
        + ("Las tasas necesitan población. " if medida in CON_POBLACION else "")
        + "Pruebe con otro delito, otro lugar u otra medida."
    )
    escribir_fuente(actual, ["municipal" if nivel_de(e) == "municipal" else "estatal" for e in elegidos[:1]])
    st.stop()

principal = next(e for e in elegidos if e in con_dato)
marco.titular(*hallazgo(crudas[crudas["lugar"] == principal], principal))
faltan = [nombres[e] for e in elegidos if e not in con_dato]
if faltan:
    st.info(f"Sin datos de {formatos.lista(faltan)} en los archivos cargados. No reportado no es cero.")

marcas = marcas_de(elegidos, delitos)
figura = lineas(
    tabla,
    {v: nombres[v] for v in visibles},
    {d: catalogo[d].nombre for d in delitos},
    MEDIDAS[medida],
    marcas=marcas,
    demostracion=actual.demostracion,
)
alterno = (
    f"{MEDIDAS[medida].nombre} {frases.por(catalogo[delitos[0]].nombre)} {frases.en(nombres[elegidos[0]])}, "
    f"{formatos.tramo(tabla['fecha'].min(), tabla['fecha'].max())}. Los datos se descargan abajo."
)
st.plotly_chart(figura, config=CONFIGURACION, alt=alterno)
if marcas:
    lineas_de_marcas = "".join(
        f"<li>▲ {escape(m.rotulo)}, {formatos.mes(m.fecha)}: {escape(m.detalle)}</li>" for m in marcas
    )
    st.html(f'<ul class="leyenda">{lineas_de_marcas}</ul>')

descarga = tabla.assign(
    nombre=tabla["lugar"].map(nombres),
    nombre_delito=tabla["delito"].map(lambda d: catalogo[d].nombre),
    medida=f"{MEDIDAS[medida].nombre} ({MEDIDAS[medida].unidad})",
)[list(COLUMNAS)]
desde, hasta = tabla["fecha"].min().date(), tabla["fecha"].max().date()
descargas(
    descarga,
    ficha_de(
        actual,
        [
            "-".join(catalogo[d].nombre for d in delitos),
            "-".join(nombres[e] for e in elegidos),
            MEDIDAS[medida].nombre,
            f"{desde:%Y-%m} a {hasta:%Y-%m}",
        ],
        list(dict.fromkeys("municipal" if nivel_de(v) == "municipal" else "estatal" for v in visibles)),
        notas={
            "Filtros": f"{formatos.lista([nombres[v] for v in visibles])}; {MEDIDAS[medida].nombre}",
            **{catalogo[d].nombre: catalogo[d].definicion for d in delitos},
        },
        columnas=COLUMNAS,
    ),
    "tendencias",
)
with st.expander("Ver los datos"):
    mostrar(descarga, alto=360, rotulos={"valor": MEDIDAS[medida].nombre})
notas = ["Línea punteada: meses provisionales"]
if medida in CON_POBLACION:
    notas.append(f"{poblacion.edicion().nota}; la tasa mensual se multiplica por 12")
escribir_fuente(
    actual,
    list(dict.fromkeys("municipal" if nivel_de(v) == "municipal" else "estatal" for v in visibles)),
    desde,
    hasta,
    notas=notas,
)
