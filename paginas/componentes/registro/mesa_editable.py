"""Corregir los datos de una Mesa y quién se sienta en ella, sin salir de su página; y recuperar lo retirado."""

from __future__ import annotations

import streamlit as st

from analisis import fechas
from datos.consultas import lugares
from datos.registro import acuerdos, lectura, logos, mesas
from datos.registro.modelo import Mesa
from paginas.componentes.registro.avisos import intentar, mostrar_conflicto
from paginas.componentes.registro.borrador import EnBorrador
from paginas.componentes.registro.expediente import LADO
from paginas.componentes.registro.historia import mostrar_historia
from paginas.componentes.registro.identidad import Abierto

ENTRADAS_A_LA_VISTA = 60


def editar(abierto: Abierto, mesa: Mesa) -> None:
    """Lo que puede cambiar quien escribe en la Mesa."""
    with st.container():
        mostrar_conflicto()
    with st.expander("Corregir los datos de la Mesa"):
        _datos(abierto, mesa)
    with st.expander("Logotipo"):
        _logotipo(abierto, mesa)
    with st.expander("Cambiar quién se sienta"):
        _sentar(abierto, mesa)
        _levantar(abierto, mesa)
    retirados = lectura.retirados(abierto.registro, abierto.actor, mesa.clave)
    if retirados:
        with st.expander(f"Acuerdos retirados ({len(retirados)})"):
            for a in retirados:
                zona = st.container(horizontal=True, vertical_alignment="center", gap="small")
                zona.text(f"{a.folio}: {a.retirado_porque}")
                zona.button(
                    "Recuperar", key=f"recuperar_{a.id}", on_click=intentar,
                    args=(lambda a=a: acuerdos.recuperar_acuerdo(abierto.registro, abierto.actor, a.id), "Se recuperó."),
                )  # fmt: skip
    with st.expander("Bitácora de la Mesa"):
        entradas = lectura.bitacora(abierto.registro, abierto.actor, mesa_clave=mesa.clave, limite=ENTRADAS_A_LA_VISTA)
        mostrar_historia(entradas)
        if len(entradas) == ENTRADAS_A_LA_VISTA:
            st.caption(f"Las {ENTRADAS_A_LA_VISTA} más recientes; el respaldo las trae todas.")


def _datos(abierto: Abierto, mesa: Mesa) -> None:
    iniciales = {
        "nombre": mesa.nombre,
        "municipios": ";".join(mesa.municipios),
        "por_confirmar": "sí" if mesa.por_confirmar else "no",
        "activa_desde": mesa.activa_desde.isoformat() if mesa.activa_desde else "",
        "activa_hasta": mesa.activa_hasta.isoformat() if mesa.activa_hasta else "",
        "fuente": mesa.fuente,
        "nota": mesa.nota,
    }
    b = EnBorrador(abierto, mesa.clave, f"mesa:{mesa.clave}:{mesa.version}", iniciales)
    b.caja("nombre", "Nombre", maximo=240)
    nombres = {x: n for x, n in lugares.nombres().items() if len(x) == 5}
    municipios = b.elegir_varios("municipios", "Municipios que cubre", nombres, placeholder="Busque un municipio")
    por_confirmar = b.marcar("por_confirmar", "Los municipios están por confirmar", omision=False)
    desde, hasta = b.fecha("activa_desde", "Activa desde"), b.fecha("activa_hasta", "Activa hasta (vacía: sigue)")
    b.caja("fuente", "De dónde consta", renglones=2)
    b.caja("nota", "Nota", renglones=2)
    nuevos = {
        "nombre": b.texto("nombre"), "municipios": municipios, "por_confirmar": por_confirmar, "activa_desde": desde,
        "activa_hasta": hasta, "fuente": b.texto("fuente"), "nota": b.texto("nota"),
    }  # fmt: skip
    cambios = {c: v for c, v in nuevos.items() if getattr(mesa, c) != v}
    if st.button("Guardar la Mesa", key="guardar_mesa", type="primary", disabled=not cambios) and intentar(
        lambda: mesas.editar(abierto.registro, abierto.actor, mesa.clave, mesa.version, **cambios), "Se guardó la Mesa."
    ):
        b.olvidar()
        st.rerun()


def _logotipo(abierto: Abierto, mesa: Mesa) -> None:
    st.caption(
        "Va en el boletín y en el paquete de la sesión. PNG o JPG de hasta 2 MB; se guarda achicado y sin más datos."
    )
    actual = logos.como_imagen(mesa.logo)
    if actual:
        st.image(actual, width=180)
    subido = st.file_uploader(
        "Imagen del logotipo", type=["png", "jpg", "jpeg"], max_upload_size=2, key=f"logo_{mesa.version}"
    )
    zona = st.container(horizontal=True, gap="small")

    def guardar(contenido: bytes | None) -> Mesa:
        texto = logos.como_texto(contenido) if contenido else ""
        return mesas.editar(abierto.registro, abierto.actor, mesa.clave, mesa.version, logo=texto)

    if zona.button("Guardar el logotipo", key="guardar_logo", type="primary", disabled=subido is None) and intentar(
        lambda: guardar(subido.getvalue() if subido else None), "Se guardó el logotipo."
    ):
        st.rerun()
    if (
        actual
        and zona.button("Quitar el logotipo", key="quitar_logo")
        and intentar(lambda: guardar(None), "Se quitó el logotipo; en la bitácora queda el que había.")
    ):
        st.rerun()


def _sentar(abierto: Abierto, mesa: Mesa) -> None:
    b = EnBorrador(abierto, mesa.clave, f"sentar:{mesa.clave}", {})
    b.caja("institucion", "Institución que se suma", maximo=240)
    lado = b.elegir("lado", "De qué lado", LADO, control="pills")
    b.caja("representante", "Quién la representa", maximo=240, ayuda="El nombre solo lo ven la Mesa y la Red Nacional.")
    desde = b.fecha("desde", "Desde")
    if st.button("Agregar a la Mesa", key="sentar") and intentar(
        lambda: mesas.sentar(
            abierto.registro, abierto.actor, mesa.clave, institucion=b.texto("institucion"), lado=lado,
            representante=b.texto("representante"), desde=desde,
        ),
        "Se agregó a la Mesa.",
    ):  # fmt: skip
        b.olvidar()
        st.rerun()


def _levantar(abierto: Abierto, mesa: Mesa) -> None:
    sentados = {i.id: i for i in lectura.integrantes(abierto.registro, abierto.actor, mesa.clave)}
    if not sentados:
        return
    with st.popover("Una institución deja la Mesa", icon=":material/person_remove:"):
        cual = st.selectbox(
            "Institución", list(sentados), format_func=lambda k: sentados[k].institucion, key="levantar_cual"
        )
        b = EnBorrador(abierto, mesa.clave, f"levantar:{mesa.clave}", {})
        b.caja("porque", "Por qué", renglones=2)
        if st.button("Quitar de la Mesa", key="levantar") and intentar(
            lambda: mesas.retirar_integrante(
                abierto.registro, abierto.actor, cual, sentados[cual].version, b.texto("porque")
            ) or True,
            "Dejó la Mesa; su asistencia pasada se queda.",
        ):  # fmt: skip
            b.olvidar()
            st.rerun()


def activa(mesa: Mesa) -> str:
    """Desde cuándo y, si cerró, hasta cuándo."""
    desde = f"desde {fechas.dia(mesa.activa_desde)}" if mesa.activa_desde else "sin fecha de inicio registrada"
    return desde + (f" hasta {fechas.dia(mesa.activa_hasta)}" if mesa.activa_hasta else "")
