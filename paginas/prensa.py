"""Prensa: elegir una historia, verla como va a salir y llevársela en la forma que haga falta, con sus datos y su cita."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from html import escape

import streamlit as st

from analisis import formatos
from datos import catalogos
from datos.consultas import lugares
from datos.consultas.claves import claves
from datos.consultas.geometria import SinGeometria
from datos.consultas.series import NACIONAL
from datos.consultas.ventanas import cierres
from graficas.impresas import FORMAS
from graficas.impresas.lienzo import NoCabe
from informes import prensa
from informes.prensa.armar import CAMBIOS, COMPARACION, HISTORIAS, MAPA, PERIODOS, Pedido, armar
from informes.prensa.encargos import Encargo, bajar, todo, vista_previa
from informes.taller import TallerCaido, TallerOcupado
from paginas.componentes.boletin import BOLETIN, dibujar_boletin
from paginas.componentes.botones_de_prensa import botones_de_prensa, elegir_forma
from paginas.componentes.buscador import buscar_lugar
from paginas.componentes.descargas import ficha_de
from paginas.componentes.direccion import Direccion, fijar
from paginas.componentes.imagen import vista_viva
from paginas.componentes.marco import abrir
from paginas.componentes.recientes import apuntando, mostrar_recientes
from paginas.componentes.tabla import enlace

MAXIMO_DE_LUGARES = 5
DESDE = {"todo": "Desde que hay datos", "5": "Últimos cinco años", "3": "Últimos tres años"}
MESES = {"1": "Un mes", "3": "Tres meses", "6": "Seis meses", "12": "Doce meses"}

marco = abrir()
actual = marco.actual
vista = Direccion()
catalogo = claves()
if st.context.is_embedded:
    # Insertada en otra página va sola la figura: los controles existen, para leer la dirección, y no se dibujan.
    izquierda, derecha = st.container(key="controles_ocultos"), st.container()
else:
    izquierda, derecha = st.columns([0.34, 0.66], gap="large")

with izquierda:
    historia = vista.elegir("Quiero contar", {**HISTORIAS, BOLETIN: "Boletín del mes"}, "historia")
if historia == BOLETIN:
    dibujar_boletin(marco, vista, izquierda, derecha)
    st.stop()
with izquierda:
    delito = vista.elegir("de", {c.clave: c.nombre for c in catalogo.values()}, "delito", omision="homicidio_doloso")
    elegidos, nivel, entidad, cierre, meses, desde = [NACIONAL], "estatal", NACIONAL, None, 12, None
    if historia in (MAPA, CAMBIOS):
        nivel = vista.elegir(
            "por", {"estatal": "estado", "municipal": "municipio"}, "nivel", control="segmented_control"
        )
        if nivel == "municipal":
            estados = dict(catalogos.entidades()[["cve_ent", "nombre_corto"]].itertuples(index=False))
            entidad = vista.elegir("de", {NACIONAL: "todo el país", **estados}, "entidad")
        posibles = {f"{c:%Y-%m}": c for c in cierres(nivel, delito)}
        if posibles:
            cierre = posibles[
                vista.elegir(
                    "en los 12 meses que terminan en", {k: formatos.mes(c) for k, c in posibles.items()}, "cierre"
                )
            ]
    else:
        elegidos = vista.elegir_varios(
            "en",
            lugares.nombres(),
            "lugar",
            omision=[NACIONAL],
            maximo=MAXIMO_DE_LUGARES if historia == COMPARACION else 1,
            solo_elegidas=True,
            placeholder="Busque un lugar abajo",
        ) or [NACIONAL]
        agregado = elegidos if historia == COMPARACION else []
        buscar_lugar(
            "Agregar un lugar" if historia == COMPARACION else "Otro lugar",
            "prensa",
            lambda lugar: fijar("lugar", [*[x for x in agregado if x != lugar], lugar][-MAXIMO_DE_LUGARES:]),
        )
        if historia == PERIODOS:
            meses = int(vista.elegir("con", MESES, "meses", omision="6"))
        else:
            anios = vista.elegir("en el periodo", DESDE, "periodo")
            if anios != "todo":
                desde = date(actual.corte_mas_reciente.year - int(anios), 1, 1)
    contrastar = enlace("¿Alguien declaró una cifra? Contrástela", "contrastar", delito=delito, lugar=elegidos[0])
    st.html(f'<p class="menor">{contrastar.texto}</p>')
with derecha:
    forma = elegir_forma(vista)
vista.escribir()
liga = vista_viva()
pedido = Pedido(historia, delito, tuple(elegidos), nivel, entidad, cierre, meses, desde)
donde = (
    formatos.lista([lugares.nombre(x) for x in elegidos])
    if historia not in (MAPA, CAMBIOS)
    else lugares.nombre(entidad)
)
marco.situar(donde, catalogo[delito].nombre, HISTORIAS[historia])
try:
    hecha = armar(actual, pedido, liga)
except (ValueError, SinGeometria) as causa:
    marco.titular("Esa historia no se puede contar con lo publicado")
    with derecha:
        st.info(f"{formatos.mayuscula(str(causa)).rstrip('.')}. Pruebe con otro delito, otro lugar u otra historia.")
    st.stop()
marco.titular("Una figura lista para publicar: con su hallazgo, su fuente y sus cautelas dentro")

with izquierda:
    propuesto = hecha.contenido.titulo
    editado = st.text_area(
        "Titular (puede cambiar las palabras; las cifras, no)",
        propuesto,
        key=f"titular_{propuesto}",
        max_chars=2 * prensa.MAXIMO_DE_LETRAS,
    )
    problemas = prensa.problemas_del_titular(propuesto, editado)
    if problemas:
        st.error("No se usó ese titular; sigue el propuesto. " + " ".join(problemas))
    else:
        hecha = hecha.con_titular(editado.strip())
    encargo = Encargo(pedido, liga, hecha.contenido.titulo if hecha.contenido.titulo != propuesto else None)

with derecha:
    try:
        previa = vista_previa(encargo, forma)
    except NoCabe as causa:
        st.error(f"{causa} Acorte el titular o elija otra forma.")
        st.stop()
    except (TallerOcupado, TallerCaido) as causa:
        st.error(str(causa))
        st.stop()
    figura = FORMAS[forma]
    with st.container(border=True, width="content"):
        st.image(previa, width=460 if figura.vertical else 720)
    if hecha.cautelas:
        puntos = "".join(f"<li>{escape(c)}</li>" for c in hecha.cautelas)
        st.html(f'<div class="cautelas" role="note"><p><strong>Antes de publicar</strong></p><ul>{puntos}</ul></div>')
    partes = [historia, catalogo[delito].nombre, donde, *([f"{cierre:%Y-%m}"] if cierre else [])]
    ficha = ficha_de(
        actual,
        partes,
        pedido.ambitos,
        notas={"Figura": hecha.contenido.titulo, "Vista viva": liga},
        columnas=hecha.columnas,
    )
    estado = dict(st.query_params)

    def apuntar(hacer: Callable[[], bytes], archivo: str) -> Callable[[], bytes]:
        return apuntando(hacer, hecha.contenido.titulo, archivo, "prensa", estado)

    botones_de_prensa(
        ficha,
        "prensa",
        lambda formato, escala: apuntar(partial(bajar, encargo, forma, formato, escala), ficha.nombre(formato)),
        apuntar(partial(todo, encargo, hecha, ficha), ficha.nombre("zip")),
    )
    with st.expander("Texto alternativo y enlace"):
        st.text(hecha.contenido.texto_alternativo)
        st.code(liga, language=None, wrap_lines=True)
        st.caption("Para insertarla en otra página, agregue «&embed=true» al enlace.")
    mostrar_recientes()
