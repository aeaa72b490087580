"""Tendencias: una serie grande y varias maneras de mirarla; qué, dónde y cómo viajan en la dirección."""

from __future__ import annotations

import streamlit as st

from datos.consultas import lugares
from datos.consultas.claves import claves
from datos.consultas.series import NACIONAL
from paginas.componentes.buscador import buscar_lugar
from paginas.componentes.direccion import Direccion, fijar
from paginas.componentes.marco import abrir
from paginas.componentes.vistas import Eleccion, cuadricula, formas, gobiernos, quien, serie, victimas

MAXIMO_DE_LUGARES = 5
MAXIMO_DE_DELITOS = 4
VISTAS = {
    "serie": ("Serie", serie.dibujar),
    "mismos": ("Mismos meses", formas.dibujar_mismos),
    "indice": ("Índice", formas.dibujar_indice),
    "calendario": ("Calendario", formas.dibujar_calendario),
    "quien": ("Quién mueve el cambio", quien.dibujar),
    "delitos": ("Todos los delitos", cuadricula.dibujar_delitos),
    "estados": ("Todos los estados", cuadricula.dibujar_estados),
    "gobiernos": ("Por gobierno", gobiernos.dibujar),
    "victimas": ("Víctimas", victimas.dibujar),
}

marco = abrir()
vista = Direccion()
controles = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
delitos = vista.elegir_varios(
    "Delitos",
    {c.clave: c.nombre for c in claves().values()},
    "delito",
    omision=["homicidio_doloso"],
    maximo=MAXIMO_DE_DELITOS,
    zona=controles,
    placeholder="Elija un delito",
    width=420,
)
elegidos = vista.elegir_varios(
    "Lugares",
    lugares.nombres(),
    "lugar",
    omision=[NACIONAL],
    maximo=MAXIMO_DE_LUGARES,
    solo_elegidas=True,
    zona=controles,
    placeholder="Busque un lugar",
    width=420,
)


def agregar(lugar: str) -> None:
    """Suma un lugar a los elegidos; el país, si estaba solo, se quita; si ya no caben, sale el más antiguo."""
    otros = [x for x in elegidos if x != lugar and not (x == NACIONAL and len(elegidos) == 1)]
    fijar("lugar", [*otros, lugar][-MAXIMO_DE_LUGARES:])


with controles:
    buscar_lugar("Agregar un lugar", "tendencias", agregar)
forma = vista.elegir(
    "Vista", {k: v[0] for k, v in VISTAS.items()}, "vista_de_tendencias", control="pills", label_visibility="collapsed"
)
if not elegidos or not delitos:
    marco.situar()
    marco.titular("Elija al menos un delito y un lugar")
    st.stop()
VISTAS[forma][1](Eleccion(marco, vista, delitos, elegidos))
