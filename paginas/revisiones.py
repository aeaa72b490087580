"""Revisiones: qué meses reescribió la fuente entre dos cortes, del país o de un lugar, y cuánto tarda un mes en asentarse."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from analisis import formatos, frases
from analisis.cambio import BASE_MINIMA
from analisis.revisiones import MESES_ENTRE_CORTES, MINIMO_DE_CARPETAS, asentamiento
from datos import catalogos
from datos.consultas import lugares, revisiones
from datos.consultas.claves import claves
from datos.consultas.revisiones import Par
from datos.consultas.series import nivel_de
from datos.esquema import PRIMER_ANIO
from graficas.cambios import barras_de_cambio
from paginas.componentes.buscador import buscar_lugar
from paginas.componentes.descargas import descargas, ficha_de
from paginas.componentes.direccion import Direccion, fijar
from paginas.componentes.fuente import escribir_fuente
from paginas.componentes.imagen import mostrar_figura
from paginas.componentes.marco import abrir
from paginas.componentes.tabla_de_datos import mostrar

EDAD_MAXIMA = 12
MESES_PARA_DIBUJAR = 3
CIFRAS = {"neto": "Carpetas, neto", "cifras": "Cifras que cambiaron", "de_anios_cerrados": "De años cerrados"}
DE_ANIOS = {
    "anio": "Año",
    "antes": "Antes",
    "despues": "Después",
    "cambio": "Cambio",
    "cambio_pct": "Cambio, %",
    "meses": "Meses que cambiaron",
    "cerrado": "Ya estaba cerrado",
}
DE_EDADES = {
    "edad": "Edad del mes",
    "cifras": "Cifras comparadas",
    "cambiaron": "Cambiaron",
    "mediana_pct": "Mediana del cambio, %",
    "p90_pct": "Percentil 90 del cambio, %",
}

marco = abrir()
actual = marco.actual
vista = Direccion()
catalogo, nombres = claves(), lugares.nombres()


def rotulo(par: Par) -> str:
    """«Estatal, 2015–2025: de ago 2023 a nov 2024»."""
    anios = "2015–2025" if par.anterior.year <= 2025 else "2026"
    return (
        f"{par.ambito.capitalize()}, {anios}: de {formatos.mes_corto(par.anterior)} a {formatos.mes_corto(par.nuevo)}"
    )


def por_anio(tabla: pd.DataFrame, par: Par) -> pd.DataFrame:
    """Antes y después de cada año, en los meses que los dos cortes reportan."""
    ambos = tabla.dropna(subset=["antes", "despues"]).assign(anio=lambda t: t["fecha"].dt.year)
    anios = ambos.groupby("anio")[["antes", "despues"]].sum().reset_index()
    anios["cambio"] = anios["despues"] - anios["antes"]
    anios["cambio_pct"] = (100 * anios["cambio"] / anios["antes"].where(anios["antes"] >= BASE_MINIMA)).round(2)
    anios["meses"] = anios["anio"].map((ambos["antes"] != ambos["despues"]).groupby(ambos["anio"]).sum())
    anios["cerrado"] = ["sí" if a < par.anterior.year else "no" for a in anios["anio"]]
    enteros = dict.fromkeys(["antes", "despues", "cambio"], "int64")
    return anios.astype(enteros).sort_values("anio", ascending=False, ignore_index=True)[list(DE_ANIOS)]


lugar = vista.valor("lugar", nombres, "00")
ambito = "municipal" if nivel_de(lugar) == "municipal" else "estatal"
todos = {p.clave: p for p in revisiones.pares() if p.ambito == ambito}
nombre = nombres[lugar]
if not todos:
    vista.escribir()
    marco.situar(nombre)
    marco.titular(
        "Todavía no hay dos cortes del mismo archivo que comparar"
        if ambito == "estatal"
        else f"Todavía no hay dos cortes del archivo municipal con que comparar las cifras de {nombre}"
    )
    st.write("Cada corte que se cargue se conserva y se compara con el anterior: aquí se verá qué cambió la fuente.")
    buscar_lugar("Otro lugar", "revisiones", lambda elegido: fijar("lugar", elegido))
    st.stop()

controles = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
par = todos[vista.elegir("Cortes", {c: rotulo(p) for c, p in todos.items()}, "cortes", zona=controles, width=380)]
delito = vista.elegir(
    "Delito",
    {c.clave: c.nombre for c in catalogo.values() if not c.es_canasta},
    "delito",
    omision="homicidio_doloso",
    zona=controles,
    width=300,
)
vista.escribir()
with controles:
    buscar_lugar("Otro lugar", "revisiones", lambda elegido: fijar("lugar", elegido))

tabla = revisiones.por_mes(lugar, delito, par)
cambiados = tabla[tabla["antes"].fillna(-1) != tabla["despues"].fillna(-1)]
cerrados = int((cambiados["fecha"].dt.year < par.anterior.year).sum())
neto = float((tabla["despues"].fillna(0) - tabla["antes"].fillna(0)).sum())
del_delito = f"{catalogo[delito].nombre.lower()} {frases.en(nombre)}"
marco.situar(nombre, catalogo[delito].nombre, f"{formatos.mes(par.anterior)} a {formatos.mes(par.nuevo)}")
if tabla.empty:
    marco.titular(f"Estos cortes no traen {del_delito}")
elif cambiados.empty:
    marco.titular(f"Ninguno de los {len(tabla):,} meses de {del_delito} cambió entre estos dos cortes")
else:
    marco.titular(
        frases.revision(len(cambiados), len(tabla), cerrados, neto, catalogo[delito].nombre, nombre),
        f"Entre el corte de {formatos.mes(par.anterior)} y el de {formatos.mes(par.nuevo)}. Se comparan los meses que ya traía "
        "el corte anterior.",
    )
    if len(tabla) >= MESES_PARA_DIBUJAR:
        mostrar_figura(
            actual,
            barras_de_cambio(tabla, demostracion=actual.demostracion),
            f"Cambio de cada mes de {del_delito} entre los dos cortes. Los datos se descargan abajo.",
            "revisiones",
            ["revisiones", catalogo[delito].nombre, nombre, par.clave],
            [ambito],
            titulo=marco.dicho,
            desde=date(PRIMER_ANIO[par.metodologia], 1, 1),
            hasta=par.anterior,
        )
    descargas(
        tabla, ficha_de(actual, ["revisiones", catalogo[delito].nombre, nombre, par.clave], [ambito]), "rev_meses"
    )
escribir_fuente(actual, [ambito], date(PRIMER_ANIO[par.metodologia], 1, 1), par.anterior)

if not tabla.empty:
    st.subheader("Año por año", anchor="anios")
    anios = por_anio(tabla, par)
    mostrar(anios, rotulos=DE_ANIOS)
    descargas(
        anios,
        ficha_de(actual, ["revisiones", "anios", catalogo[delito].nombre, nombre, par.clave], [ambito]),
        "rev_anios",
    )

izquierda, derecha = st.columns(2, gap="large")
with izquierda:
    st.subheader(f"Qué delitos cambiaron {frases.en(nombre)}", anchor="delitos")
    de_delitos = revisiones.por_delito(lugar, par)
    if de_delitos.empty:
        st.caption("Ninguno.")
    else:
        con_nombre = de_delitos.assign(delito=de_delitos["delito"].map(lambda d: catalogo[d].nombre))
        mostrar(con_nombre[["delito", *CIFRAS]], alto=360 if len(con_nombre) > 9 else "content", rotulos=CIFRAS)
with derecha:
    if lugar == "00":
        st.subheader(f"En qué estados cambió {catalogo[delito].nombre.lower()}", anchor="estados")
        de_estados = revisiones.por_entidad(delito, par)
        if de_estados.empty:
            st.caption("En ninguno.")
        else:
            cortos = dict(catalogos.entidades()[["cve_ent", "nombre_corto"]].itertuples(index=False))
            con_nombre = de_estados.assign(cve_ent=de_estados["cve_ent"].map(cortos))
            rotulos = {**CIFRAS, "cve_ent": "Estado"}
            mostrar(con_nombre[["cve_ent", *CIFRAS]], alto=360 if len(con_nombre) > 9 else "content", rotulos=rotulos)

st.subheader("Cuánto tarda un mes en asentarse", anchor="asentamiento")
st.write(
    f"Delitos de la canasta ciudadana, país completo. La edad de un mes es cuántos le faltaban para el último de su corte: 0 es "
    f"el último. No cuenta lo que tenía menos de {MINIMO_DE_CARPETAS} carpetas, donde una sola pasa de 1 %."
)
del_par = revisiones.nacionales()
if ambito == "estatal":
    del_par = del_par[
        (del_par["corte_anterior"] == pd.Timestamp(par.anterior)) & (del_par["corte_nuevo"] == pd.Timestamp(par.nuevo))
    ]
edades = asentamiento(del_par).query("edad <= @EDAD_MAXIMA").round({"mediana_pct": 3, "p90_pct": 3})
if edades.empty:
    st.caption("Ningún mes con suficientes carpetas.")
else:
    mostrar(edades, rotulos=DE_EDADES)
    descargas(edades, ficha_de(actual, ["revisiones", "asentamiento", par.clave], ["estatal"]), "rev_edades")
meses_entre = (par.nuevo.year - par.anterior.year) * 12 + par.nuevo.month - par.anterior.month
if meses_entre > MESES_ENTRE_CORTES:
    st.caption(
        f"Entre estos cortes pasaron {meses_entre} meses: se ve cuánto cambió cada mes, no cuándo. Para calcular cuántos meses "
        f"son provisionales solo cuentan los pares separados por {MESES_ENTRE_CORTES} meses o menos."
    )
st.markdown(
    "\n".join(f"- **Meses provisionales, {m}:** {motivo}." for m, motivo in revisiones.ventanas().items())
    or "Esta publicación no dice cuántos meses son provisionales."
)
