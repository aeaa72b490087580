"""Víctimas por sexo y por grupo de edad, donde la fuente las publica: los estados y el país."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analisis import formatos, frases
from analisis.medidas import Medida, medir
from datos.consultas.fichas import victimas
from datos.consultas.series import nivel_de
from graficas.lineas import lineas
from paginas.componentes.descargas import descargas, ficha_de
from paginas.componentes.fuente import escribir_fuente
from paginas.componentes.imagen import mostrar_figura
from paginas.componentes.vistas import Eleccion

GRUPOS = {
    "Hombre": "hombres",
    "Mujer": "mujeres",
    "No identificado": "sin identificar",
    "No especificado": "sin especificar",
}
DESGLOSES = {"sexo": "Por sexo", "edad": "Por grupo de edad"}
VICTIMAS_POR_MES = Medida("Víctimas por mes", "víctimas por mes", 0)
COLUMNAS = {
    "fecha": "Primer día del mes",
    "grupo": "Sexo o grupo de edad, como lo publica la fuente",
    "conteo": "Víctimas",
    "metodologia": "CNSP/38/15 hasta 2025, RNID desde 2026",
}


def en_palabras(por_grupo: pd.Series) -> str:
    """«2,709 hombres, 368 mujeres y 185 sin identificar»; un grupo desconocido se dice como viene."""
    return formatos.lista(
        [
            f"{formatos.entero(n)} {GRUPOS.get(str(g), str(g)[:1].lower() + str(g)[1:])}"
            for g, n in por_grupo.items()
            if n
        ]
    )


def dibujar(e: Eleccion) -> None:
    """Una línea por grupo; los grupos de edad cambian entre metodologías y no se encadenan."""
    desglose = e.vista.elegir("Desglose", DESGLOSES, "desglose", control="segmented_control")
    e.vista.escribir()
    e.marco.situar(e.nombre, e.delito.nombre, f"Víctimas {DESGLOSES[desglose].lower()}")
    tabla = victimas(e.lugar, e.delitos[0], desglose)
    if tabla.empty:
        e.marco.titular(f"No hay víctimas publicadas {frases.por(e.delito.nombre)} {frases.en(e.nombre)}")
        motivo = "por estado" if nivel_de(e.lugar) == "municipal" else "de parte de los delitos"
        st.info(f"La fuente publica víctimas {motivo}. No publicado no es cero.")
        return
    corte = e.marco.actual.fuentes("victimas_estatal")[-1].corte
    del_anio = tabla[
        (tabla["fecha"] > pd.Timestamp(corte) - pd.DateOffset(years=1)) & (tabla["fecha"] <= pd.Timestamp(corte))
    ]
    orden = tabla.groupby("grupo")["conteo"].sum().sort_values(ascending=False).index[:6]
    if del_anio["fecha"].nunique() == 12 and del_anio["conteo"].sum():
        por_grupo = del_anio.groupby("grupo")["conteo"].sum().reindex(orden).dropna()
        partes = en_palabras(por_grupo)
        total = formatos.contar(del_anio["conteo"].sum(), "víctima")
        frase = f"{total} {frases.por(e.delito.nombre)} {frases.en(e.nombre)} en los 12 meses a {formatos.mes(corte)}: {partes}"
    else:
        ultimo = tabla[tabla["fecha"] == tabla["fecha"].max()]
        total = formatos.contar(ultimo["conteo"].sum(), "víctima")
        frase = f"{total} {frases.por(e.delito.nombre)} {frases.en(e.nombre)} en {formatos.mes(tabla['fecha'].max())}"
    e.marco.titular(frase, "Una carpeta puede tener varias víctimas; víctimas y carpetas no se comparan entre sí.")
    largo = tabla.rename(columns={"grupo": "lugar"}).assign(
        delito="victimas", poblacion=float("nan"), provisional=False
    )
    figura = lineas(
        medir(largo, "conteo"),
        {str(g): str(g) for g in orden},
        {"victimas": e.delito.nombre},
        VICTIMAS_POR_MES,
        demostracion=e.marco.actual.demostracion,
    )
    mostrar_figura(
        e.marco.actual,
        figura,
        f"{frase}. Una línea por grupo.",
        "figura_victimas",
        ["victimas", e.delito.nombre, e.nombre, desglose],
        ["victimas_estatal"],
        titulo=frase,
        bajada="Una carpeta puede tener varias víctimas; víctimas y carpetas no se comparan entre sí.",
    )
    descargas(
        tabla,
        ficha_de(
            e.marco.actual, ["victimas", e.delito.nombre, e.nombre, desglose], ["victimas_estatal"], columnas=COLUMNAS
        ),
        "victimas",
    )
    escribir_fuente(
        e.marco.actual,
        ["victimas_estatal"],
        notas=["Hasta 2025 la fuente da dos grupos de edad y desde 2026, seis: no se encadenan"]
        if desglose == "edad"
        else [],
    )
