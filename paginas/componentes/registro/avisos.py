"""Hacer algo en el registro desde una página: si no se pudo, decir qué pasó, qué se conservó y qué sigue."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TypeVar

import pandas as pd
import streamlit as st

from datos.registro import lectura
from datos.registro.errores import Conflicto, DatoInvalido, NoEncontrado, RegistroDanado, SinPermiso
from datos.registro.modelo import Acuerdo
from paginas.componentes.registro.campos import en_palabras, nombre
from paginas.componentes.registro.historia import mostrar_historia
from paginas.componentes.registro.identidad import Abierto

T = TypeVar("T")
_CONFLICTO, _VISTA = "conflicto_de_registro", "version_vista_"


def intentar(pedir: Callable[[], T], hecho: str) -> T | None:
    """Corre una operación; dice ``hecho`` si salió y el motivo si no. Devuelve lo que dio, o ``None``.

    Un choque de versiones se muestra campo por campo y lo escrito se queda en su borrador.
    """
    try:
        resultado = pedir()
    except Conflicto as causa:
        st.session_state[_CONFLICTO] = causa
        return None
    except DatoInvalido as causa:
        faltas = "; ".join(
            f"{nombre(p.campo)}: se esperaba {en_palabras(p.esperado)}; se encontró {p.encontrado}"
            for p in causa.problemas
        )
        st.error(f"No se guardó: {faltas}. Lo escrito sigue aquí.")
        return None
    except (SinPermiso, NoEncontrado, RegistroDanado) as causa:
        st.error(str(causa))
        return None
    st.session_state.pop(_CONFLICTO, None)
    st.toast(hecho)
    return resultado


def mostrar_conflicto() -> None:
    """Si alguien guardó antes, qué cambió y qué quería guardar quien mira; se muestra una vez."""
    choque: Conflicto | None = st.session_state.pop(_CONFLICTO, None)
    if choque is None:
        return
    st.warning(en_palabras(str(choque)))
    filas = [
        {
            "Campo": nombre(d.campo),
            "Cómo estaba": _texto(d.antes),
            "Como quedó": _texto(d.ahora),
            "Lo suyo": _texto(d.lo_suyo),
        }
        for d in choque.diferencias
    ]
    if filas:
        st.dataframe(pd.DataFrame(filas), hide_index=True, width="stretch")
    suyos = "".join(f"<dt>{escape(nombre(c))}</dt><dd>{escape(_texto(v))}</dd>" for c, v in choque.lo_suyo.items())
    if suyos:
        st.html(f'<p class="menor">Lo que usted quiso guardar sigue aquí:</p><dl class="dos">{suyos}</dl>')


def version_vista(abierto: Abierto, a: Acuerdo) -> int:
    """La versión del acuerdo que la persona tiene a la vista: con esa guarda.

    Si alguien lo cambió desde que abrió la página, lo dice campo por campo; lo que se guarde en esta misma corrida todavía
    choca, y en la siguiente ya es sobre lo nuevo.
    """
    llave = f"{_VISTA}{a.id}"
    vista = int(st.session_state.setdefault(llave, a.version))
    if vista == a.version:
        return vista
    st.session_state[llave] = a.version
    if abierto.ve_lo_interno(a.mesa):
        entradas = lectura.bitacora(abierto.registro, abierto.actor, acuerdo=a.id)
        ajenas = [b for b in entradas if b.objeto == "acuerdo" and b.despues["version"] > vista]
        if ajenas and _CONFLICTO not in st.session_state:
            st.warning(
                f"{ajenas[0].nombre} cambió este acuerdo mientras usted lo tenía abierto. Lo que escribía sigue aquí."
            )
            mostrar_historia(ajenas)
    return vista


def al_dia(a: Acuerdo) -> None:
    """Después de un cambio propio: lo que se ve es lo último."""
    st.session_state.pop(f"{_VISTA}{a.id}", None)


def _texto(valor: object) -> str:
    if isinstance(valor, list):
        return ", ".join(str(v) for v in valor)
    return "" if valor is None else str(valor)
