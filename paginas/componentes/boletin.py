"""El boletín del mes dentro de Prensa: de quién y de cuándo, cómo se lee, y un solo botón que lo trae todo."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analisis import formatos
from analisis.periodos import MESES_DEL_ANIO, Periodo, mover
from datos.consultas import lugares
from datos.registro.errores import RegistroDanado
from informes import boletin
from informes.boletin.paquete import ficha_de
from informes.boletin.pdf import celdas
from informes.prensa.encargos import bajar_historia
from informes.taller import TallerCaido, TallerOcupado, encargar
from paginas.componentes.buscador import buscar_lugar
from paginas.componentes.direccion import Direccion, fijar
from paginas.componentes.marco import Marco
from paginas.componentes.tabla import Columna, tabla

BOLETIN = "boletin"
UN_LUGAR = "lugar"


def dibujar_boletin(marco: Marco, vista: Direccion, izquierda: DeltaGenerator, derecha: DeltaGenerator) -> None:
    """Los controles a la izquierda; a la derecha, el boletín como va a salir y su descarga."""
    with izquierda:
        donde = _de_quien(vista)
        meses = {f"{m:%Y-%m}": m for m in boletin.meses_con_cifra(donde)}
        mes = None
        if meses:
            mes = meses[vista.elegir("del mes", {k: formatos.mes(m) for k, m in meses.items()}, "mes_del_boletin")]
        st.caption(
            "Lleva los delitos que reportan las Mesas. También se hace por lotes: python -m informes boletin --todas"
        )
    vista.escribir()
    marco.situar(donde.nombre, "Lo que reportan las Mesas", formatos.mes(mes) if mes else "")
    try:
        hecho = boletin.componer(donde, mes)
    except boletin.SinBoletin as causa:
        marco.titular("De ese lugar todavía no se puede hacer un boletín")
        derecha.info(str(causa))
        return
    marco.titular(hecho.titulo, hecho.bajada)
    with derecha:
        st.html(_tabla(hecho))
        _puntos("Delito por delito", hecho.puntos)
        _puntos("Lo inusual del mes", hecho.inusual)
        for figura in hecho.figuras:
            try:
                previa = bajar_historia(figura, "horizontal")
            except (TallerOcupado, TallerCaido) as causa:
                st.error(str(causa))
                continue
            with st.container(border=True, width="content"):
                st.image(previa, width=720)
        faltan = "".join(f"<li>{escape(c)}</li>" for c in hecho.cautelas)
        st.html(
            f'<div class="cautelas" role="note"><p><strong>Lo que todavía no se puede decir</strong></p><ul>{faltan}</ul></div>'
        )
        st.download_button(
            "Boletín completo: PDF, texto, cifras y figuras (zip)",
            data=lambda: encargar(boletin.paquete, hecho)(),
            file_name=ficha_de(hecho).nombre("zip"),
            mime="application/zip",
            key="boletin_zip",
            icon=":material/folder_zip:",
            type="primary",
            on_click="ignore",
        )
        st.html(f'<p class="fuente">{escape(" ".join(hecho.fuentes))}</p>')


def _de_quien(vista: Direccion) -> boletin.Donde:
    try:
        todas, _ = boletin.mesas()
    except RegistroDanado as causa:
        st.warning(f"No se pueden leer las Mesas: {causa}")
        todas = []
    por_clave = {d.clave: d for d in todas}
    opciones = {UN_LUGAR: "un lugar", **{c: d.nombre for c, d in por_clave.items()}}
    clave = vista.elegir("de", opciones, "mesa_del_boletin")
    if clave != UN_LUGAR:
        return por_clave[clave]
    lugar = vista.valor("lugar", lugares.nombres(), "00")
    st.html(f'<p class="menor">Lugar: <strong>{escape(lugares.nombre(lugar))}</strong></p>')
    buscar_lugar("Otro lugar", "boletin", lambda elegido: fijar("lugar", elegido))
    return boletin.de_lugar(lugar)


def _tabla(hecho: boletin.Boletin) -> str:
    meses = [hecho.mes, mover(hecho.mes, -1), mover(hecho.mes, -2), mover(hecho.mes, -MESES_DEL_ANIO)]
    anios = [Periodo(date(m.year, 1, 1), m).corto() for m in (meses[0], meses[-1])]
    titulos = [*map(formatos.mes_corto, meses), *anios, "Cambio"]
    columnas = [Columna("Delito", "ancha"), *(Columna(t, "cifra", t) for t in titulos)]
    return tabla(columnas, [[d.nombre, *celdas(d.renglon)] for d in hecho.delitos], hecho.titulo)


def _puntos(titulo: str, textos: Sequence[str]) -> None:
    st.subheader(titulo)
    st.html("<ul>" + "".join(f"<li>{escape(t)}</li>" for t in textos) + "</ul>")
