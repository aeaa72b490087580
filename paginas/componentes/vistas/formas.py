"""Las vistas que cambian la forma de mirar una serie: mismos meses, índice y calendario."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from analisis import formatos, frases
from analisis.calendario import calendario
from analisis.indices import BASE, indice
from analisis.medidas import Medida, medir
from datos.consultas import lugares
from datos.consultas.claves import claves, no_comparables
from datos.consultas.series import series
from graficas.anios import por_anios
from graficas.calendario import calendario as dibujo_de_calendario
from graficas.lineas import lineas
from paginas.componentes.descargas import descargas, ficha_de
from paginas.componentes.fuente import escribir_fuente
from paginas.componentes.imagen import mostrar_figura
from paginas.componentes.vistas import Eleccion

COLUMNAS_DE_CALENDARIO = {
    "anio": "Año",
    "mes": "Mes, de 1 a 12",
    "conteo": "Carpetas de investigación del mes",
    "diario": "Carpetas por día, con los días reales del mes",
    "desvio": "Razón entre el promedio diario y el de ese mes en los demás años, menos uno",
}
COLUMNAS_DE_INDICE = {
    "nombre": "Nombre del lugar",
    "delito": "Clave del delito",
    "fecha": "Último mes de los doce",
    "valor": f"Suma de 12 meses como índice: {BASE:.0f} en la base",
}


def _sola(e: Eleccion) -> pd.DataFrame:
    """La serie del primer lugar y delito; si no hay, lo dice y devuelve una tabla vacía."""
    propia = series([e.lugar], [e.delitos[0]])
    e.marco.situar(e.nombre, e.delito.nombre)
    if propia.empty:
        e.marco.titular(f"Los archivos cargados no traen carpetas {frases.por(e.delito.nombre)} {frases.en(e.nombre)}")
        st.info("No reportado no es cero. Pruebe con otro delito u otro lugar.")
    elif e.solo_uno():
        st.caption(e.solo_uno())
    return propia


def dibujar_mismos(e: Eleccion) -> None:
    """Cada año sobre los mismos doce meses; los dos más recientes resaltan."""
    e.vista.escribir()
    propia = _sola(e)
    if propia.empty:
        return
    ultimo = propia.iloc[-1]
    del_anio = propia[propia["fecha"].dt.year == ultimo["fecha"].year]
    meses = del_anio["fecha"].dt.month
    previo = propia[(propia["fecha"].dt.year == ultimo["fecha"].year - 1) & propia["fecha"].dt.month.isin(meses)]
    cuando = formatos.tramo(del_anio["fecha"].iloc[0], ultimo["fecha"])
    conteo = del_anio["conteo"].sum()
    frase = (
        f"{formatos.mayuscula(cuando)} {frases.abiertas(conteo)} {frases.por(e.delito.nombre)} {frases.en(e.nombre)}"
    )
    comparable = len(previo) == len(del_anio) and (
        e.delito.comparable_2026 or set(previo["metodologia"]) == set(del_anio["metodologia"])
    )
    if comparable:
        frase += frases.contra(conteo, previo["conteo"].sum(), "en los mismos meses del año anterior")
    e.marco.titular(frase, "" if comparable else "No hay con qué comparar: faltan los mismos meses del año anterior.")
    figura = por_anios(propia, demostracion=e.marco.actual.demostracion)
    _mostrar(e, figura, f"{frase}. Una línea por año, de enero a diciembre.", "mismos-meses")
    _cerrar(e, propia[["fecha", "conteo", "provisional"]], "mismos-meses", {"fecha": "Mes", "conteo": "Carpetas"})


def dibujar_indice(e: Eleccion) -> None:
    """Sumas de doce meses con la misma base, para comparar formas y no tamaños."""
    crudas = series(e.lugares, e.delitos)
    sumas = medir(crudas, "suma12", no_comparables())
    hay = sumas.dropna(subset=["valor"])
    nombres, catalogo = lugares.nombres(), claves()
    e.marco.situar(formatos.lista([nombres[x] for x in e.lugares]), "Índice de 12 meses")
    if hay.empty:
        e.vista.escribir()
        e.marco.titular("No hay doce meses seguidos que poner como base")
        st.info("Lo no reportado no es cero: pruebe con otro delito u otro lugar.")
        return
    series_con_dato = hay.groupby(["lugar", "delito"]).ngroups
    comunes = hay.groupby("fecha").size()
    posibles = comunes[comunes == series_con_dato].index if (comunes == series_con_dato).any() else comunes.index
    bases = {f"{f:%Y-%m}": f"12 meses a {formatos.mes(f)}" for f in posibles}
    omision = next((b for b in bases if b.endswith("-12")), next(iter(bases)))
    base = pd.Timestamp(f"{e.vista.elegir('Base', bases, 'base', omision=omision, width=280)}-01")
    e.vista.escribir()
    tabla = indice(sumas, base)
    ultimos = tabla.dropna(subset=["valor"]).groupby(["lugar", "delito"]).tail(1)
    dichos = [
        f"{nombres[f.lugar]} está en {formatos.decimal(f.valor, 0)}"
        for f in ultimos[ultimos["delito"] == e.delitos[0]].itertuples()
    ]
    e.marco.titular(
        f"Con los 12 meses a {formatos.mes(base)} como 100, {formatos.lista(dichos)} {frases.por(e.delito.nombre)}"
        if dichos
        else f"Con esa base no se puede comparar {e.delito.nombre.lower()}",
        "Un índice compara formas, no tamaños: 100 puede ser una carpeta o mil.",
    )
    figura = lineas(
        tabla,
        {x: nombres[x] for x in e.lugares},
        {d: catalogo[d].nombre for d in e.delitos},
        Medida("Índice", f"índice, 12 meses a {formatos.mes(base)} = 100", 0),
        demostracion=e.marco.actual.demostracion,
    )
    _mostrar(e, figura, "Índice de las sumas de 12 meses. Los datos se descargan abajo.", "indice")
    descarga = tabla.assign(nombre=tabla["lugar"].map(nombres))[list(COLUMNAS_DE_INDICE)]
    _cerrar(e, descarga, "indice", COLUMNAS_DE_INDICE)


def dibujar_calendario(e: Eleccion) -> None:
    """Años por meses, con promedios diarios."""
    e.vista.escribir()
    propia = _sola(e)
    if propia.empty:
        return
    tabla = calendario(propia)
    firmes = tabla.iloc[: len(tabla) - int(propia["provisional"].sum())].dropna(subset=["desvio"])
    if firmes.empty:
        e.marco.titular(f"{e.delito.nombre} {frases.en(e.nombre)}: todavía no hay el mismo mes en dos años")
    else:
        raro = firmes.loc[firmes["desvio"].abs().idxmax()]
        fecha = pd.Timestamp(int(raro["anio"]), int(raro["mes"]), 1)
        lado = "menos" if raro["desvio"] < 0 else "más"
        e.marco.titular(
            f"El mes que más se apartó {frases.por(e.delito.nombre)} {frases.en(e.nombre)} fue {formatos.mes(fecha)}: "
            f"{formatos.decimal(raro['diario'], 1)} carpetas por día",
            f"{formatos.contar(raro['conteo'], 'carpeta')} en el mes"
            + (
                f", {formatos.porcentaje(abs(100 * raro['desvio']), 0)} {lado} que ese mes en otros años."
                if raro["conteo"] / (1 + raro["desvio"]) >= frases.BASE_MINIMA
                else f", {lado} que ese mes en otros años."
            ),
        )
    notas = ["Cada celda es el promedio diario; morado, menos que ese mes en otros años; naranja, más"]
    _mostrar(
        e,
        dibujo_de_calendario(tabla, demostracion=e.marco.actual.demostracion),
        f"Calendario de {e.delito.nombre.lower()} en {e.nombre}: promedio diario por mes y año.",
        "calendario",
        notas,
    )
    _cerrar(e, tabla, "calendario", COLUMNAS_DE_CALENDARIO, notas=notas)


def _mostrar(
    e: Eleccion,
    figura: go.Figure,
    alterno: str,
    que: str,
    notas: Sequence[str] = ("Línea punteada: meses provisionales",),
) -> None:
    mostrar_figura(
        e.marco.actual,
        figura,
        alterno,
        f"figura_{que}",
        [que, e.delito.nombre, e.nombre],
        e.ambitos(),
        titulo=e.marco.dicho,
        notas=notas,
    )


def _cerrar(
    e: Eleccion, tabla: pd.DataFrame, que: str, columnas: dict[str, str], notas: list[str] | None = None
) -> None:
    descargas(
        tabla,
        ficha_de(e.marco.actual, [que, e.delito.nombre, e.nombre], e.ambitos(), columnas=columnas),
        que,
    )
    escribir_fuente(e.marco.actual, e.ambitos(), notas=notas or ["Línea punteada: meses provisionales"])
