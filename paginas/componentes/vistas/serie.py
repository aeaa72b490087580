"""La serie mensual en la medida elegida, con rango esperado si es una sola y la línea sin estación si se pide."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from analisis import formatos, frases
from analisis.indices import sin_estacion
from analisis.medidas import CON_POBLACION, DE_DOCE_MESES, MEDIDAS, medir
from analisis.rangos import banda
from datos.consultas import lugares
from datos.consultas.claves import claves, no_comparables
from datos.consultas.poblacion import edicion
from datos.consultas.series import NACIONAL, series
from graficas.lineas import Banda, lineas
from paginas.componentes.acuerdos import marcas_de
from paginas.componentes.descargas import descargas, ficha_de
from paginas.componentes.fuente import escribir_fuente
from paginas.componentes.imagen import mostrar_figura
from paginas.componentes.tabla_de_datos import mostrar
from paginas.componentes.vistas import Eleccion

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


def dibujar(e: Eleccion) -> None:
    """Una línea por lugar, un panel por delito."""
    medida = e.vista.elegir("Medida", {k: m.nombre for k, m in MEDIDAS.items()}, "medida_serie", control="pills")
    interruptores = st.container(horizontal=True, gap="medium")
    comparar = medida in CON_POBLACION and e.vista.marcar(
        "Comparar con su estado y con el país", "comparar", omision=True, zona=interruptores
    )
    una_sola = len(e.delitos) == len(e.lugares) == 1 and medida == "conteo"
    con_banda = una_sola and e.vista.marcar("Rango esperado", "rango", omision=True, zona=interruptores)
    plana = una_sola and e.vista.marcar("Sin estación", "sin_estacion", zona=interruptores)
    e.vista.escribir()

    catalogo, nombres = claves(), lugares.nombres()
    contexto = [*(x[:2] for x in e.lugares if len(x) == 5), NACIONAL] if comparar else []
    visibles = list(dict.fromkeys([*e.lugares, *contexto]))
    crudas = series(visibles, e.delitos)
    tabla = medir(crudas, medida, no_comparables())
    con_dato = set(tabla.loc[tabla["valor"].notna(), "lugar"])
    e.marco.situar(
        formatos.lista([nombres[x] for x in e.lugares]),
        formatos.lista([catalogo[d].nombre_corto for d in e.delitos]),
        MEDIDAS[medida].nombre,
    )
    if not con_dato & set(e.lugares):
        _sin_datos(e, medida)
        return
    principal = next(x for x in e.lugares if x in con_dato)
    e.marco.titular(*_hallazgo(e, crudas[crudas["lugar"] == principal], principal, medida))
    faltan = [nombres[x] for x in e.lugares if x not in con_dato]
    if faltan:
        st.info(f"Sin datos de {formatos.lista(faltan)} en los archivos cargados. No reportado no es cero.")

    marcas = marcas_de(e.lugares, e.delitos)
    figura = lineas(
        tabla,
        {x: nombres[x] for x in visibles},
        {d: catalogo[d].nombre for d in e.delitos},
        MEDIDAS[medida],
        marcas=marcas,
        bandas=_bandas(tabla) if con_banda else (),
        planas=_planas(tabla) if plana else (),
        demostracion=e.marco.actual.demostracion,
    )
    desde, hasta = tabla["fecha"].min().date(), tabla["fecha"].max().date()
    alterno = (
        f"{MEDIDAS[medida].nombre} {frases.por(e.delito.nombre)} {frases.en(e.nombre)}, {formatos.tramo(desde, hasta)}."
    )
    notas = ["Línea punteada: meses provisionales"]
    if con_banda:
        notas.append("Banda gris: donde cae 95 % de los meses si nada cambia respecto de los doce anteriores")
    if plana:
        notas.append("Línea gris: sin la estación del año (STL), solo para mirar")
    if medida in CON_POBLACION:
        notas.append(f"{edicion().nota}; la tasa mensual se multiplica por 12")
    mostrar_figura(
        e.marco.actual,
        figura,
        f"{alterno} Los datos se descargan abajo.",
        "figura_serie",
        ["tendencias", e.delito.nombre, e.nombre, medida],
        e.ambitos(visibles),
        titulo=e.marco.dicho,
        desde=desde,
        hasta=hasta,
        notas=[*notas, *(f"▲ {m.rotulo}, {formatos.mes(m.fecha)}: {m.detalle}" for m in marcas)],
    )
    if marcas:
        entradas = "".join(
            f"<li>▲ {escape(m.rotulo)}, {formatos.mes(m.fecha)}: {escape(m.detalle)}</li>" for m in marcas
        )
        st.html(f'<ul class="leyenda">{entradas}</ul>')
    _llevarse(e, tabla, medida, visibles)
    escribir_fuente(e.marco.actual, e.ambitos(visibles), desde, hasta, notas=notas)


def _sin_datos(e: Eleccion, medida: str) -> None:
    e.marco.titular(
        f"Los archivos cargados no traen {MEDIDAS[medida].nombre.lower()} {frases.por(e.delito.nombre)} {frases.en(e.nombre)}"
    )
    poblacion = "Las tasas necesitan población. " if medida in CON_POBLACION else ""
    st.info(f"No reportado no es cero. {poblacion}Pruebe con otro delito, otro lugar u otra medida.")
    escribir_fuente(e.marco.actual, e.ambitos())


def _hallazgo(e: Eleccion, propia: pd.DataFrame, lugar: str, medida: str) -> tuple[str, str]:
    """El titular del primer delito con datos: su último mes, o sus últimos doce si la medida es de doce."""
    delito = next(d for d in e.delitos if (propia["delito"] == d).any())
    propia = propia[propia["delito"] == delito]
    nombre_del_delito, nombre = claves()[delito].nombre, lugares.nombre(lugar)
    if medida in DE_DOCE_MESES:
        sumas = medir(propia, "suma12", no_comparables()).set_index("fecha")["valor"]
        cierre = sumas.last_valid_index()
        previo = sumas.get(cierre - pd.DateOffset(years=1))
        return frases.doce_meses(sumas[cierre], previo, cierre, nombre_del_delito, nombre), ""
    ultimo = propia.iloc[-1]
    anterior = propia[propia["fecha"] == ultimo["fecha"] - pd.DateOffset(years=1)]
    cruza = delito in no_comparables() and len(anterior) and anterior["metodologia"].iloc[0] != ultimo["metodologia"]
    hay = len(anterior) > 0 and not cruza
    frase = frases.un_mes(
        ultimo["conteo"],
        ultimo["fecha"],
        nombre_del_delito,
        nombre,
        previo=anterior["conteo"].iloc[0] if hay else None,
        provisional=bool(ultimo["provisional"]),
    )
    if hay:
        return frase, ""
    motivo = "la metodología cambió y este delito no es comparable" if cruza else "falta el mismo mes del año anterior"
    return frase, f"No hay con qué comparar: {motivo}."


def _bandas(tabla: pd.DataFrame) -> list[Banda]:
    """El rango esperado de cada mes de la única serie."""
    rango = banda(tabla["conteo"].to_numpy(), tabla["fecha"].dt.days_in_month.to_numpy())
    return [Banda(tabla["fecha"].to_list(), rango["bajo"].to_list(), rango["alto"].to_list())]


def _planas(tabla: pd.DataFrame) -> list[pd.Series]:
    return [sin_estacion(tabla.set_index("fecha")["valor"])]


def _llevarse(e: Eleccion, tabla: pd.DataFrame, medida: str, visibles: list[str]) -> None:
    catalogo, nombres = claves(), lugares.nombres()
    descarga = tabla.assign(
        nombre=tabla["lugar"].map(nombres),
        nombre_delito=tabla["delito"].map(lambda d: catalogo[d].nombre),
        medida=f"{MEDIDAS[medida].nombre} ({MEDIDAS[medida].unidad})",
    )[list(COLUMNAS)]
    desde, hasta = tabla["fecha"].min().date(), tabla["fecha"].max().date()
    ficha = ficha_de(
        e.marco.actual,
        [
            "-".join(catalogo[d].nombre for d in e.delitos),
            "-".join(nombres[x] for x in e.lugares),
            MEDIDAS[medida].nombre,
            f"{desde:%Y-%m} a {hasta:%Y-%m}",
        ],
        e.ambitos(visibles),
        notas={
            "Filtros": f"{formatos.lista([nombres[v] for v in visibles])}; {MEDIDAS[medida].nombre}",
            **{catalogo[d].nombre: catalogo[d].definicion for d in e.delitos},
        },
        columnas=COLUMNAS,
    )
    descargas(descarga, ficha, "tendencias")
    with st.expander("Ver los datos"):
        mostrar(descarga, alto=360, rotulos={"valor": MEDIDAS[medida].nombre})
