"""Quién está frente a la página y qué registro se le muestra; dice siempre si es de práctica o si hay modo local."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from getpass import getuser
from hashlib import sha256
from html import escape

import streamlit as st

from datos.almacen import RAIZ_DEL_PROYECTO
from datos.permisos import modo_local
from datos.registro import borradores, personas
from datos.registro.actor import NOMBRE_DEL_ROL, PUBLICO, Actor, Rol, actor_local
from datos.registro.apertura import registro_vigente
from datos.registro.autorizacion import Accion, puede
from datos.registro.conexion import Registro
from datos.registro.errores import RegistroDanado
from datos.registro.personas import Identidad
from paginas.componentes.caidas import volver_cuando_conteste
from paginas.componentes.entrada import como_entrar, con_oidc, modo_local_vigente, papeles
from paginas.componentes.marco import Marco, abrir

_bitacora = logging.getLogger(__name__)
ESTILOS = RAIZ_DEL_PROYECTO / "static" / "registro.css"
VARIABLE_FIRMA = "TABLERO_FIRMA"
PRACTICA = "Registro de práctica: Mesas ficticias. Lo que escriba aquí es ensayo y no pasa a su registro."
ANCHO_DE_FORMULARIO = 760
_FIRMA, ASUNTO_DE_LA_FIRMA = "firma_escrita", "firma"


@dataclass(frozen=True)
class Abierto:
    """Una página del registro ya abierta: su marco, el registro y quién la mira."""

    marco: Marco
    registro: Registro
    actor: Actor

    def escribe(self, mesa: str) -> bool:
        """Si puede escribir en esa Mesa."""
        return puede(self.actor, Accion.ESCRIBIR, mesa)

    def ve_lo_interno(self, mesa: str) -> bool:
        """Si ve lo que no es público de esa Mesa."""
        return puede(self.actor, Accion.LEER_INTERNO, mesa)


def abrir_registro() -> Abierto:
    """Abre la página y su registro; si el registro no se puede leer, lo explica y la detiene."""
    marco = abrir()
    st.html(f'<style>@import url("./app/static/registro.css?v={_version_de_estilos()}");</style>')
    try:
        registro = registro_vigente()
        identidad = identificar(registro)
    except RegistroDanado as causa:
        marco.situar()
        marco.titular("El registro de Mesas y acuerdos no se puede leer")
        st.error(str(causa))
        volver_cuando_conteste()
        st.stop()
    if registro.practica:
        st.html(f'<p class="practica" role="note">{escape(PRACTICA)}</p>')
    _escribir_identidad(registro, identidad)
    return Abierto(marco, registro, identidad.actor)


def identificar(registro: Registro) -> Identidad:
    """Con OIDC, quien entró con su cuenta; sin él, en modo local y desde esta máquina, quien la usa; si no, el público."""
    if con_oidc():
        datos = st.user.to_dict() if st.user.is_logged_in else {}
        if not datos:
            return Identidad(PUBLICO)
        return personas.identificar(registro, datos, papeles(), datetime.now(UTC))
    if not modo_local():
        return Identidad(PUBLICO)
    if not modo_local_vigente():
        return Identidad(PUBLICO, como_entrar())
    return Identidad(actor_local(firma(registro)))


def firma(registro: Registro) -> str:
    """Con qué nombre se firma en modo local: el último escrito en la página, ``TABLERO_FIRMA`` o el usuario de la máquina."""
    omision = _nombre_de_la_maquina()
    escrita = borradores.leer(registro, actor_local(omision), ASUNTO_DE_LA_FIRMA)
    return str(escrita.contenido.get("nombre") or omision) if escrita else omision


def quien_publica() -> Actor:
    """Quién pide cambiar los datos publicados; sin OIDC no hace falta abrir el registro para saberlo."""
    if con_oidc():
        try:
            return identificar(registro_vigente()).actor
        except RegistroDanado:
            return PUBLICO
    return actor_local(_nombre_de_la_maquina()) if modo_local_vigente() else PUBLICO


def _nombre_de_la_maquina() -> str:
    return os.environ.get(VARIABLE_FIRMA, "").strip() or getuser()


def _escribir_identidad(registro: Registro, identidad: Identidad) -> None:
    actor = identidad.actor
    zona = st.container(horizontal=True, vertical_alignment="center", gap="small", key="identidad")
    quien = "Usted ve lo público" if actor.rol is Rol.PUBLICO else f"{actor.nombre} · {NOMBRE_DEL_ROL[actor.rol]}"
    zona.html(f'<p class="identidad">{escape(quien)}</p>')
    if con_oidc():
        if st.user.is_logged_in:
            zona.button("Salir", key="salir", on_click=_salir, args=(registro,), icon=":material/logout:")
        else:
            zona.button("Entrar", key="entrar", on_click=st.login, icon=":material/login:")
    elif actor.rol is not Rol.PUBLICO:
        with zona.popover("Firmar como…", icon=":material/edit:"):
            st.text_input(
                "Su nombre, como debe quedar en la bitácora",
                value=actor.nombre,
                key=_FIRMA,
                on_change=_firmar,
                args=(registro, actor),
                max_chars=80,
            )
    if identidad.aviso:
        st.warning(identidad.aviso)


def _salir(registro: Registro) -> None:
    """Borra la galleta de este navegador y deja sin valor la entrada, esté donde esté copiada."""
    try:
        personas.salir(registro, st.user.to_dict(), datetime.now(UTC))
    except RegistroDanado as causa:
        # Sin la base tampoco se puede escribir nada con esa entrada; y de este navegador se sale igual.
        _bitacora.warning("Se salió sin poder anotarlo en el registro: %s", causa)
    st.logout()


def _firmar(registro: Registro, actor: Actor) -> None:
    """Se recuerda en el registro, con los borradores de la máquina: la sesión del navegador no dura de una página a otra."""
    try:
        borradores.guardar(registro, actor, "", ASUNTO_DE_LA_FIRMA, {"nombre": st.session_state[_FIRMA]})
    except RegistroDanado as causa:
        st.toast(f"No se guardó su nombre: {causa}")


@cache
def _version_de_estilos() -> str:
    return sha256(ESTILOS.read_bytes()).hexdigest()[:10]
