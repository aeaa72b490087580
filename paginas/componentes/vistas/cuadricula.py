"""Cuadrículas de series pequeñas: todos los delitos de un lugar, o un delito en todos los estados."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from analisis import formatos, frases
from analisis.medidas import medir
from datos import catalogos
from datos.consultas.claves import claves
from datos.consultas.series import series
from graficas.base import QUIEBRE
from graficas.chispas import cuadro, direccion
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
    _dibujar([(c.nombre_corto, de_cada_uno[c.clave], dict(lugar=e.lugar, delito=c.clave)) for c in hay], None)
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
    tope = float(tabla["valor"].max()) if misma else None
    partes = [
        (estados[str(lugar)], propia, dict(lugar=str(lugar), delito=e.delito.clave))
        for lugar, propia in tabla.groupby("lugar")
    ]
    _dibujar(partes, tope)
    _cerrar(e, tabla, ["todos-los-estados", e.delito.nombre], ["estatal"])


def _dibujar(partes: list[tuple[str, pd.DataFrame, dict[str, str]]], tope: float | None) -> None:
    meses = pd.date_range(
        min(p["fecha"].min() for _, p, _ in partes), max(p["fecha"].max() for _, p, _ in partes), freq="MS"
    )
    donde = int(meses.get_indexer([QUIEBRE])[0])
    figuras = []
    for nombre, propia, liga in partes:
        alineada = propia.set_index("fecha").reindex(meses)
        dibujo = cuadro(
            alineada["valor"].tolist(),
            alineada["provisional"].eq(True).tolist(),
            tope=tope,
            quiebre=donde if donde > 0 else None,
        )
        ultimo = propia.dropna(subset=["valor"]).iloc[-1]
        alterno = f"{nombre}: {formatos.entero(ultimo['valor'])} carpetas en {formatos.mes(ultimo['fecha'])}"
        figuras.append(
            f"<figure><figcaption>{enlace(nombre, 'tendencias', **liga).texto}<span>{formatos.entero(ultimo['valor'])} en "
            f"{formatos.mes_corto(ultimo['fecha'])}</span></figcaption>"
            f'<img src="{direccion(dibujo)}" alt="{escape(alterno)}"></figure>'
        )
    st.html(f'<div class="cuadricula">{"".join(figuras)}</div>')


def _cerrar(e: Eleccion, tabla: pd.DataFrame, partes: list[str], ambitos: list[str]) -> None:
    descargas(tabla[list(COLUMNAS)], ficha_de(e.marco.actual, partes, ambitos, columnas=COLUMNAS), "cuadricula")
    escribir_fuente(
        e.marco.actual,
        ambitos,
        notas=["Más claro donde es provisional; hueco donde falta dato; punteado, la nueva metodología"],
    )
