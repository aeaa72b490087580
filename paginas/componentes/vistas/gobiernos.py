"""Promedio diario por periodo de gobierno; una metodología a la vez, y sin decir que un gobierno lo causó."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analisis import formatos, frases
from analisis.mandatos import por_mandato
from analisis.medidas import MEDIDAS, medir
from datos import catalogos
from datos.consultas.series import NACIONAL, series
from graficas.lineas import Marca, lineas
from paginas.componentes.descargas import descargas, ficha_de
from paginas.componentes.direccion import Direccion
from paginas.componentes.fuente import escribir_fuente
from paginas.componentes.imagen import mostrar_figura
from paginas.componentes.tabla import Columna, tabla
from paginas.componentes.vistas import Eleccion

COLUMNAS = {
    "nombre": "Titular del gobierno",
    "desde": "Primer mes completo con dato",
    "hasta": "Último mes completo con dato",
    "meses": "Meses completos con dato",
    "conteo": "Carpetas de investigación",
    "diario": "Carpetas por día en el periodo",
    "diario_inicial": "Carpetas por día en sus primeros meses, los mismos para todos",
    "meses_iniciales": "Cuántos meses iniciales se comparan",
}


def _gobiernos_de(lugar: str) -> dict[str, str]:
    """De qué gobiernos se puede mirar un lugar: el suyo, el de su estado y el federal."""
    todos = catalogos.mandatos()
    con_mandatos = set(todos["lugar"])
    posibles = {lugar: "Gobierno municipal", lugar[:2]: "Gobierno estatal", NACIONAL: "Gobierno federal"}
    if lugar == NACIONAL:
        posibles = {NACIONAL: "Gobierno federal"}
    elif len(lugar) == 2:
        posibles = {lugar: "Gobierno estatal", NACIONAL: "Gobierno federal"}
    return {k: v for k, v in posibles.items() if k in con_mandatos}


def dibujar(e: Eleccion) -> None:
    """La serie diaria con los cambios de gobierno y el promedio de cada uno."""
    propia = series([e.lugar], [e.delitos[0]])
    e.marco.situar(e.nombre, e.delito.nombre, "Por gobierno")
    if propia.empty:
        e.vista.escribir()
        e.marco.titular(f"Los archivos cargados no traen carpetas {frases.por(e.delito.nombre)} {frases.en(e.nombre)}")
        st.info("No reportado no es cero.")
        return
    gobierno, metodologia = _elegir(e.vista, e.lugar, propia)
    e.vista.escribir()
    propia = propia[propia["metodologia"] == metodologia]
    mandatos = catalogos.mandatos()
    mandatos = mandatos[mandatos["lugar"] == gobierno]
    comparados = por_mandato(propia, mandatos)
    if comparados.empty:
        e.marco.titular("Ningún periodo de gobierno tiene meses completos en esta serie")
        return
    dichos = [f"{formatos.decimal(f.diario, 1)} con {f.nombre}" for f in comparados.itertuples()]
    e.marco.titular(
        f"Carpetas por día {frases.por(e.delito.nombre)} {frases.en(e.nombre)}: {formatos.lista(dichos)}",
        "Cada promedio usa los meses completos de cada periodo. Un gobierno recibe una tendencia, y muchas cosas cambian a la "
        "vez: esto describe, no dice quién la causó.",
    )
    inicios = [
        Marca(f.desde.date(), f.nombre, "toma posesión")
        for f in mandatos.itertuples()
        if propia["fecha"].min() <= f.desde <= propia["fecha"].max()
    ]
    figura = lineas(
        medir(propia, "diario"),
        {e.lugar: e.nombre},
        {e.delitos[0]: e.delito.nombre},
        MEDIDAS["diario"],
        marcas=inicios,
        demostracion=e.marco.actual.demostracion,
    )
    mostrar_figura(
        e.marco.actual,
        figura,
        "Carpetas por día, con los cambios de gobierno señalados sobre el eje.",
        "figura_gobiernos",
        ["por-gobierno", e.delito.nombre, e.nombre],
        e.ambitos(),
        titulo=e.marco.dicho,
        notas=["▲ cambio de gobierno: describe, no dice quién causó la tendencia"],
    )
    iguales = int(comparados["meses_iniciales"].iloc[0])
    filas = [
        [
            f.nombre,
            f"{formatos.mes_corto(f.desde)} a {formatos.mes_corto(f.hasta)}",
            formatos.entero(f.meses),
            formatos.entero(f.conteo),
            formatos.decimal(f.diario, 1),
            formatos.decimal(f.diario_inicial, 1),
        ]
        for f in comparados.itertuples()
    ]
    encabezados = [
        Columna("Gobierno", "ancha"),
        Columna("Meses completos con dato", "ancha"),
        Columna("Meses", "cifra", "meses"),
        Columna("Carpetas", "cifra", "carpetas"),
        Columna("Por día", "cifra", "por día"),
        Columna(f"Por día, primeros {iguales} meses", "cifra", f"primeros {iguales} meses"),
    ]
    st.html(tabla(encabezados, filas, "Promedio diario por gobierno"))
    descargas(
        comparados,
        ficha_de(e.marco.actual, ["por-gobierno", e.delito.nombre, e.nombre], e.ambitos(), columnas=COLUMNAS),
        "gobiernos",
    )
    escribir_fuente(
        e.marco.actual,
        e.ambitos(),
        propia["fecha"].min().date(),
        propia["fecha"].max().date(),
        notas=["▲ cambio de gobierno. Fechas de los periodos: catálogo del tablero, las estatales por confirmar"],
    )


def _elegir(vista: Direccion, lugar: str, propia: pd.DataFrame) -> tuple[str, str]:
    zona = st.container(horizontal=True, gap="small")
    gobiernos = _gobiernos_de(lugar)
    gobierno = vista.elegir("Gobierno", gobiernos, "gobierno", zona=zona, control="segmented_control")
    metodologias = {m: m for m in propia["metodologia"].unique()}
    omision = propia["metodologia"].value_counts().idxmax()
    if len(metodologias) == 1:
        return gobierno, omision
    return gobierno, vista.elegir(
        "Metodología", metodologias, "metodologia", omision=omision, zona=zona, control="segmented_control"
    )
