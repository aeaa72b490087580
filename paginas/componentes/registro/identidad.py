"""Quién está frente a la página y qué registro se le muestra; dice siempre si es de práctica o si hay modo local."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from getpass import getuser
from hashlib import sha256
from html import escape
from ipaddress import ip_address
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from datos.almacen import RAIZ_DEL_PROYECTO
from datos.permisos import COMO_ENCENDERLO, modo_local
from datos.registro import borradores, personas
from datos.registro.actor import NOMBRE_DEL_ROL, PUBLICO, Actor, Rol, actor_local
from datos.registro.apertura import registro_vigente
from datos.registro.autorizacion import Accion, puede
from datos.registro.conexion import Registro
from datos.registro.errores import RegistroDanado
from datos.registro.personas import Identidad
from paginas.componentes.marco import Marco, abrir

ESTILOS = RAIZ_DEL_PROYECTO / "static" / "registro.css"
VARIABLE_FIRMA = "TABLERO_FIRMA"
PRACTICA = (
    "Registro de práctica: Mesas, personas y acuerdos ficticios. Lo que escriba aquí sirve para ensayar y no pasa a su "
    "registro, que sigue aparte y aparece al cargar datos oficiales."
)
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
        return personas.identificar(registro, datos, _papeles(), datetime.now(UTC))
    if not modo_local():
        return Identidad(PUBLICO)
    if not desde_esta_maquina():
        return Identidad(
            PUBLICO, "El modo local solo vale en la propia máquina: desde otra, esta página es de solo lectura."
        )
    return Identidad(actor_local(firma(registro)))


def con_oidc() -> bool:
    """Si esta instalación tiene con qué entrar."""
    return bool(_secretos().get("auth"))


def como_entrar() -> str:
    """Qué tiene que hacer quien solo ve lo público para poder escribir."""
    if con_oidc():
        return "Entre con su cuenta; si ya entró, pida el permiso a quien administra el tablero."
    return COMO_ENCENDERLO


def firma(registro: Registro) -> str:
    """Con qué nombre se firma en modo local: el último escrito en la página, ``TABLERO_FIRMA`` o el usuario de la máquina."""
    omision = os.environ.get(VARIABLE_FIRMA, "").strip() or getuser()
    escrita = borradores.leer(registro, actor_local(omision), ASUNTO_DE_LA_FIRMA)
    return str(escrita.contenido.get("nombre") or omision) if escrita else omision


def desde_esta_maquina() -> bool:
    """Si la visita viene de la propia máquina y no a través de otra que la reenvía."""
    if {"X-Forwarded-For", "Forwarded"} & set(st.context.headers):
        return False
    direccion = st.context.ip_address
    if direccion is None:  # es lo que da Streamlit a quien entra por «localhost»
        return True
    try:
        return ip_address(direccion).is_loopback
    except ValueError:  # no es una dirección de red: no se puede saber de dónde viene
        return False


def _secretos() -> Mapping[str, Any]:
    try:
        return st.secrets.to_dict()
    except StreamlitSecretNotFoundError:
        return {}


def _papeles() -> Mapping[str, Any]:
    papeles = _secretos().get("roles", {})
    return papeles if isinstance(papeles, Mapping) else {}


def _escribir_identidad(registro: Registro, identidad: Identidad) -> None:
    actor = identidad.actor
    zona = st.container(horizontal=True, vertical_alignment="center", gap="small", key="identidad")
    quien = "Usted ve lo público" if actor.rol is Rol.PUBLICO else f"{actor.nombre} · {NOMBRE_DEL_ROL[actor.rol]}"
    zona.html(f'<p class="identidad">{escape(quien)}</p>')
    if con_oidc():
        if st.user.is_logged_in:
            zona.button("Salir", key="salir", on_click=st.logout, icon=":material/logout:")
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


def _firmar(registro: Registro, actor: Actor) -> None:
    """Se recuerda en el registro, con los borradores de la máquina: la sesión del navegador no dura de una página a otra."""
    borradores.guardar(registro, actor, "", ASUNTO_DE_LA_FIRMA, {"nombre": st.session_state[_FIRMA]})


@cache
def _version_de_estilos() -> str:
    return sha256(ESTILOS.read_bytes()).hexdigest()[:10]
