"""La bitácora en pantalla: quién, cuándo, qué y cómo estaba."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from datos.registro.modelo import Bitacora
from paginas.componentes.registro.campos import nombre

MAXIMO_DE_TEXTO = 160
_NOMBRE = {
    "mesa": "la Mesa", "persona": "una persona", "integrante": "quién se sienta", "sesion": "una sesión",
    "asistencia": "la asistencia", "acuerdo": "el acuerdo", "hito": "un paso", "seguimiento": "un seguimiento",
    "evidencia": "una evidencia", "reprogramacion": "el plazo", "evaluacion": "una evaluación",
}  # fmt: skip
_SENAS = ("folio", "correo", "institucion", "titulo", "descripcion", "numero", "nombre")
_IMAGENES = {"logo"}
_CALLADOS = {"version", "creado_en", "retirado_en"}


def mostrar_historia(entradas: Sequence[Bitacora]) -> None:
    """Las entradas, de la más reciente a la más vieja."""
    if not entradas:
        st.caption("Sin movimientos.")
        return
    filas = []
    for e in entradas:
        cambios = "".join(
            f"<br><span class='menor'>{escape(nombre(campo))}: {_valor(campo, antes)} → {_valor(campo, despues)}</span>"
            for campo, antes, despues in ((c, antes, e.despues.get(c)) for c, antes in (e.antes or {}).items())
            if campo not in _CALLADOS
        )
        motivo = f"<br><span class='menor'>Motivo: {escape(e.motivo)}</span>" if e.motivo else ""
        filas.append(
            f"<li><strong>{escape(e.nombre)}</strong> · {escape(e.accion)} de {_NOMBRE[e.objeto]}{_cual(e)}"
            f"<br><span class='menor'>{e.cuando:%d/%m/%Y %H:%M} UTC</span>{cambios}{motivo}</li>"
        )
    st.html(f'<ol class="lista historia">{"".join(filas)}</ol>')


def _cual(e: Bitacora) -> str:
    """Con qué se reconoce lo que cambió: su folio, su correo, su institución…"""
    valor = next((e.despues[c] for c in _SENAS if e.despues.get(c)), None)
    return "" if valor is None else f" ({_corto(valor)})"


def _valor(campo: str, valor: object) -> str:
    return "una imagen" if campo in _IMAGENES and valor else _corto(valor)


def _corto(valor: object) -> str:
    texto = ", ".join(map(str, valor)) if isinstance(valor, list) else "—" if valor in (None, "") else str(valor)
    return escape(texto if len(texto) <= MAXIMO_DE_TEXTO else texto[:MAXIMO_DE_TEXTO] + "…")
