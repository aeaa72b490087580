"""Quién mueve el cambio del país o de un estado: sus partes, de modo que sumen exactamente lo mismo, y cuántas lo concentran."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analisis import formatos, frases
from analisis.contribuciones import contribuciones, cuantas_suman
from datos.consultas.series import NACIONAL, nivel_de
from datos.consultas.ventanas import cierres, ventanas_con_seudomunicipios
from graficas.barras import contribuciones as dibujo
from paginas.componentes.descargas import descargas, ficha_de
from paginas.componentes.fuente import escribir_fuente
from paginas.componentes.imagen import mostrar_figura
from paginas.componentes.vistas import Eleccion

CUANTAS = 14
COLUMNAS = {
    "nombre": "Estado o municipio",
    "conteo": "Carpetas de 12 meses",
    "conteo_previo": "Carpetas de los 12 anteriores",
    "cambio": "Diferencia; la columna suma exactamente el cambio total",
    "aporte_pct": "Puntos porcentuales que aporta al cambio total",
}


def dibujar(e: Eleccion) -> None:
    """Barras de la parte que más resta a la que más suma."""
    nivel = nivel_de(e.lugar)
    e.marco.situar(e.nombre, e.delito.nombre, "Quién mueve el cambio")
    if nivel == "municipal":
        e.vista.escribir()
        e.marco.titular(
            "Esta vista reparte el cambio del país entre sus estados, o el de un estado entre sus municipios"
        )
        st.info("Elija México o un estado.")
        return
    de_partes = "estatal" if e.lugar == NACIONAL else "municipal"
    opciones = {f"{c:%Y-%m}": c for c in cierres(de_partes, e.delito.clave)}
    if not opciones:
        e.vista.escribir()
        e.marco.titular(f"No hay 24 meses seguidos {frases.por(e.delito.nombre)} en los archivos cargados")
        st.info("Lo no reportado no es cero.")
        return
    rotulos = {k: formatos.mes(c) for k, c in opciones.items()}
    cierre = opciones[e.vista.elegir("12 meses que terminan en", rotulos, "cierre", width=260)]
    e.vista.escribir()
    partes = ventanas_con_seudomunicipios(de_partes, e.delito.clave, cierre, None if e.lugar == NACIONAL else e.lugar)
    completas = partes.where((partes["meses"] == 12) & (partes["meses_previos"] == 12))
    partes = partes.assign(conteo=completas["conteo"], conteo_previo=completas["conteo_previo"])
    if cierre.year >= 2026 and not e.delito.comparable_2026 and cierre.month < 12:
        e.marco.titular("«Total» no se compara a través de enero de 2026: la metodología nueva agrega subtipos")
        return
    tabla = contribuciones(partes, CUANTAS)
    singular, plural = ("estado", "estados") if de_partes == "estatal" else ("municipio", "municipios")
    if tabla.empty:
        e.marco.titular(f"Ningún {singular} tiene los 24 meses completos {frases.por(e.delito.nombre)}")
        return
    conteo, previo = tabla["conteo"].sum(), tabla["conteo_previo"].sum()
    mitad = cuantas_suman(partes["conteo"])
    faltan = int(partes["conteo"].isna().sum())
    mueve = tabla.loc[tabla["cambio"].abs().idxmax()]
    e.marco.titular(
        f"{frases.doce_meses(conteo, previo, cierre, e.delito.nombre, e.nombre)}; "
        f"quien más lo mueve es {mueve['nombre']}: {formatos.con_signo(mueve['cambio'])}",
        f"{formatos.contar(mitad, singular, plural)} {'suma' if mitad == 1 else 'suman'} la mitad de las carpetas. "
        + (
            f"En {faltan:,} {plural} no se puede comparar y no entran en la suma."
            if faltan
            else "Entran todas las partes."
        ),
    )
    mostrar_figura(
        e.marco.actual,
        dibujo(tabla, demostracion=e.marco.actual.demostracion),
        f"Cambio en carpetas por {singular}; suma {formatos.con_signo(conteo - previo)}. La tabla se descarga abajo.",
        "figura_quien",
        ["quien-mueve", e.delito.nombre, e.nombre, f"{cierre:%Y-%m}"],
        [de_partes],
        titulo=e.marco.dicho,
        hasta=cierre,
    )
    descargas(
        tabla,
        ficha_de(
            e.marco.actual,
            ["quien-mueve", e.delito.nombre, e.nombre, f"{cierre:%Y-%m}"],
            [de_partes],
            notas={"Filtros": f"12 meses a {formatos.mes(cierre)} contra los 12 anteriores"},
            columnas=COLUMNAS,
        ),
        "quien",
    )
    inicio = (pd.Timestamp(cierre) - pd.DateOffset(months=23)).date()
    nota = "Incluye «No especificado» y «Otros municipios»" if de_partes == "municipal" else "Suma de las 32 entidades"
    escribir_fuente(e.marco.actual, [de_partes], inicio, cierre, notas=[nota])
