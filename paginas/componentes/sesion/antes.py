"""Antes de la sesión: la lista que se llena sola y, debajo, las mismas láminas que saldrán en el paquete."""

from __future__ import annotations

from html import escape

import streamlit as st

from datos.tablero import recordar
from graficas.chispas import direccion
from graficas.mapas import COLOR_DE_ETIQUETA
from informes.sesion.dibujos import unidad_de
from informes.sesion.lamina import NUMERICAS, Barras, Figura, Lamina, Mapa, Serie, Tabla
from informes.sesion.lista import FALTA, LISTO, OJO, Preparada, Punto, preparar
from informes.sesion.pantalla import dibujos
from informes.sesion.pedido import Pedido
from paginas.componentes.tabla import Columna, Html, enlace, imagen, tabla

RENGLONES_A_LA_VISTA = 40
PARTES = {
    "tablero": "Tablero",
    "delito": "Los delitos que piden verse",
    "mapa": "Mapa",
    "acuerdos": "Acuerdos anteriores",
    "efecto": "Efecto, aparte del cumplimiento",
    "alertas": "Alertas del mes",
    "contexto": "El estado y el país",
    "propuestas": "Para discutir",
    "método": "Método y límites",
}
_ESTADO = {LISTO: ("✓", "Listo"), FALTA: ("✗", "Falta"), OJO: ("!", "Ojo")}


@recordar(maximo=48)
def preparada(pedido: Pedido, sello: tuple[int, int]) -> Preparada:
    """La sesión compuesta; ``sello`` (el del registro) es parte de la llave: si alguien escribe, se vuelve a componer."""
    return preparar(pedido)


def mostrar_lista(puntos: tuple[Punto, ...]) -> None:
    """Qué está listo y qué falta, con la liga a donde se arregla."""
    filas = "".join(f'<li class="{p.estado}">{_punto(p)}</li>' for p in puntos)
    st.html(f'<ul class="revision" aria-label="Lo que conviene tener antes de la sesión">{filas}</ul>')


def _punto(p: Punto) -> str:
    signo, palabra = _ESTADO[p.estado]
    que = enlace(p.que, p.pagina, **dict(p.parametros)).texto if p.pagina else escape(p.que)
    detalle = f'<br><span class="menor">{escape(p.detalle)}</span>' if p.detalle else ""
    return f'<i aria-hidden="true">{signo}</i><span><strong>{palabra}.</strong> {que}{detalle}</span>'


def mostrar_laminas(hecha: Preparada) -> None:
    """Las láminas por apartado; la portada no, que ya es el titular de la página."""
    parte = ""
    for lamina in hecha.composicion.laminas:
        if lamina.parte == "portada":
            continue
        if lamina.parte != parte:
            parte = lamina.parte
            st.subheader(PARTES[parte], anchor=parte.replace("é", "e"))
        _lamina(lamina, demostracion=hecha.composicion.demostracion)


def _lamina(x: Lamina, *, demostracion: bool) -> None:
    renglones = "".join(f"<li>{escape(t)}</li>" for t in x.cuerpo)
    cuerpo = f'<ul class="lista">{renglones}</ul>' if renglones else ""
    st.html(f'<h3 class="lamina">{escape(x.titulo)}</h3>{cuerpo}')
    f = x.figura
    if f is not None and type(f) is Tabla:
        st.html(tabla_de(f))
    elif f is not None:
        unidad = unidad_de(f) if isinstance(f, Serie) else f.unidad if isinstance(f, Barras) else ""
        dibujada = "".join(
            f'<div class="{clase}">{imagen(direccion(svg), f.alternativo).texto}</div>'
            for clase, svg in dibujos(f, demostracion=demostracion)
        )
        leyenda = _leyenda() if isinstance(f, Mapa) else ""
        st.html(f'<p class="menor">{escape(unidad)}</p><div class="dibujo-de-sesion">{dibujada}</div>{leyenda}')
        with st.expander("Ver los datos en una tabla"):
            st.html(tabla_de(f))
    if x.notas:
        with st.expander("Cómo se calculó"):
            st.html("".join(f'<p class="menor">{escape(t)}</p>' for t in x.notas))
    st.html(f'<p class="fuente">{escape(x.fuente)}</p>')


def _leyenda() -> str:
    entradas = "".join(
        f'<li><i{" class=rayado" if e == "datos insuficientes" else ""} style="background-color:{c}"></i>{e}</li>'
        for e, c in COLOR_DE_ETIQUETA.items()
    )
    return f'<ul class="leyenda">{entradas}</ul>'


def tabla_de(f: Figura) -> str:
    """La tabla de una figura, con las mismas celdas que en los demás formatos."""
    primera, *resto = f.visibles
    columnas = [
        Columna(primera.titulo, "ancha"),
        *(Columna(c.titulo, "cifra" if c.clase in NUMERICAS else "ancha", c.titulo.lower()) for c in resto),
    ]
    filas: list[list[str | Html]] = [list(fila) for fila in f.celdas()[-RENGLONES_A_LA_VISTA:]]
    return tabla(columnas, filas, f.nombre)
