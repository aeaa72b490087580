"""Cuadrículas de series pequeñas: todos los delitos de un lugar, o un delito en todos los estados."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analisis import formatos, frases
from analisis.medidas import medir
from datos import catalogos
from datos.consultas.claves import claves
from datos.consultas.series import series
from paginas.componentes.cuadricula import Cuadro, dibujar_cuadricula
from paginas.componentes.descargas import descargas, ficha_de
from paginas.componentes.fuente import escribir_fuente
from paginas.componentes.tabla import enlace
from paginas.componentes.vistas import Eleccion, ambito_de

COLUMNAS = {
    "lugar": "Clave de INEGI",
    "delito": "Clave del delito",
    "fecha": "Primer día del mes",
    "conteo": "Carpetas de investigación del mes",
    "provisional": "Si la fuente suele corregir todavía ese mes",
}


def dibujar_delitos(e: Eleccion) -> None:
    """Cada delito con su propia escala."""
    e.vista.escribir()
    todos = [c for c in claves().values() if not c.es_canasta]
    tabla = medir(series([e.lugar], [c.clave for c in todos]), "conteo")
    de_cada_uno = dict(iter(tabla.groupby("delito")))
    hay = [c for c in todos if c.clave in de_cada_uno]
    e.marco.situar(e.nombre, "Todos los delitos")
    if not hay:
        e.marco.titular(f"Los archivos cargados no traen ningún delito {frases.en(e.nombre)}")
        st.info("No reportado no es cero.")
        return
    faltan = len(todos) - len(hay)
    e.marco.titular(
        f"{e.nombre}: {formatos.contar(len(hay), 'delito')} mes por mes, cada uno con su propia escala",
        f"{formatos.contar(faltan, 'delito')} no se {'publica' if faltan == 1 else 'publican'} aquí en los archivos cargados."
        if faltan
        else "Cada cuadro va desde cero hasta su propio tope: compare formas, no alturas.",
    )
    dibujar_cuadricula(
        [
            Cuadro(enlace(c.nombre_corto, "tendencias", lugar=e.lugar, delito=c.clave), c.nombre, de_cada_uno[c.clave])
            for c in hay
        ]
    )
    _cerrar(e, tabla, ["todos-los-delitos", e.nombre], [ambito_de(e.lugar)])


def dibujar_estados(e: Eleccion) -> None:
    """Cada estado; con la misma escala o cada uno con la suya."""
    estados = dict(catalogos.entidades()[["cve_ent", "nombre_corto"]].itertuples(index=False))
    misma = e.vista.marcar("La misma escala para todos", "misma_escala")
    e.vista.escribir()
    tabla = medir(series(list(estados), [e.delito.clave]), "conteo")
    e.marco.situar("Todos los estados", e.delito.nombre)
    if tabla.empty:
        e.marco.titular(f"El archivo estatal cargado no trae {e.delito.nombre.lower()}")
        return
    e.marco.titular(
        f"{e.delito.nombre} en {formatos.contar(tabla['lugar'].nunique(), 'estado')}, mes por mes",
        "Con la misma escala se compara el tamaño; con la propia, la forma."
        if misma
        else "Cada cuadro tiene su propia escala.",
    )
    cuadros = [
        Cuadro(
            enlace(estados[str(lugar)], "tendencias", lugar=str(lugar), delito=e.delito.clave),
            estados[str(lugar)],
            suya,
        )
        for lugar, suya in tabla.groupby("lugar")
    ]
    dibujar_cuadricula(cuadros, misma_escala=misma)
    _cerrar(e, tabla, ["todos-los-estados", e.delito.nombre], ["estatal"])


def _cerrar(e: Eleccion, tabla: pd.DataFrame, partes: list[str], ambitos: list[str]) -> None:
    descargas(tabla[list(COLUMNAS)], ficha_de(e.marco.actual, partes, ambitos, columnas=COLUMNAS), "cuadricula")
    escribir_fuente(
        e.marco.actual,
        ambitos,
        notas=["Más claro donde es provisional; hueco donde falta dato; punteado, la nueva metodología"],
    )
