"""Por dónde entra quien mira: con su cuenta (OIDC), en modo local desde esta máquina, o como público."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from datos.permisos import COMO_ENCENDERLO, modo_local


def con_oidc() -> bool:
    """Si esta instalación tiene con qué entrar."""
    return bool(secretos().get("auth"))


def modo_local_vigente() -> bool:
    """Si quien mira puede cambiar cosas sin cuenta: modo local encendido, sin OIDC y desde la propia máquina."""
    return modo_local() and not con_oidc() and desde_esta_maquina()


def como_entrar() -> str:
    """Qué tiene que hacer quien solo ve lo público para poder escribir."""
    if con_oidc():
        return "Entre con su cuenta; si ya entró, pida el permiso a quien administra el tablero."
    if modo_local():
        return "El modo local solo vale en la propia máquina: desde otra, el tablero es de solo lectura."
    return COMO_ENCENDERLO


def desde_esta_maquina() -> bool:
    """Si la visita viene de la propia máquina, no a través de otra que la reenvía y pidiéndola por un nombre de esta máquina.

    Lo último, porque una página ajena puede hacer que su propio nombre apunte aquí: así el navegador la trata como si fuera esta.
    """
    if {"X-Forwarded-For", "X-Real-Ip", "Forwarded", "Via"} & set(st.context.headers):
        return False
    if not _es_nombre_de_esta_maquina(st.context.headers.get("Host")):
        return False
    direccion = st.context.ip_address
    if direccion is None:  # es lo que da Streamlit a quien entra por «localhost»
        return True
    try:
        return ip_address(direccion).is_loopback
    except ValueError:  # no es una dirección de red: no se puede saber de dónde viene
        return False


def _es_nombre_de_esta_maquina(anfitrion: str | None) -> bool:
    """Si el nombre con que se pidió la página («localhost:8501») solo puede ser el de quien la pide."""
    try:
        nombre = urlsplit(f"//{anfitrion or ''}").hostname or ""
        return nombre == "localhost" or ip_address(nombre).is_loopback
    except ValueError:  # no es una dirección de red: es el nombre de otro sitio, o no se entiende
        return False


def papeles() -> Mapping[str, Any]:
    """Los papeles que reparte ``secrets.toml``: correo → papel."""
    suyos = secretos().get("roles", {})
    return suyos if isinstance(suyos, Mapping) else {}


def secretos() -> Mapping[str, Any]:
    """``secrets.toml`` completo; vacío si no hay."""
    try:
        return st.secrets.to_dict()
    except StreamlitSecretNotFoundError:
        return {}
