"""De la cláusula del diseñador a un borrador de acuerdo en el registro, sin pisar lo que alguien ya escribió."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from datos.registro import borradores, lectura
from datos.registro.apertura import registro_vigente
from datos.registro.autorizacion import Accion, puede
from datos.registro.errores import DatoInvalido, RegistroDanado, SinPermiso
from paginas.componentes.registro.identidad import identificar
from paginas.componentes.tabla import enlace

_CAMPOS = (
    *("texto", "municipios", "delitos", "canasta", "signo_esperado", "inicio_efecto", "rezago_meses", "meta_pct"),
    *("linea_base_periodo", "plazo", "nota"),
)


def llevar_al_registro(renglon: Mapping[str, str]) -> None:
    """Un botón por el que quien escribe en una Mesa se lleva la cláusula a «Capturar»; los demás ven cómo hacerlo."""
    try:
        registro = registro_vigente()
        actor = identificar(registro).actor
        propias = {m.clave: m.nombre for m in lectura.mesas(registro, actor) if puede(actor, Accion.ESCRIBIR, m.clave)}
    except RegistroDanado as causa:
        st.warning(f"No se puede llevar al registro: {causa}")
        return
    if not propias:
        st.caption(
            "Quien escribe en una Mesa puede llevar esta cláusula a un borrador de acuerdo, desde esta misma página."
        )
        return
    zona = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    mesa = zona.selectbox("Mesa", list(propias), format_func=propias.__getitem__, key="mesa_del_borrador", width=340)
    if not zona.button("Llevar a un borrador de acuerdo", key="llevar", icon=":material/edit_note:"):
        return
    asunto = f"acuerdo:{mesa}:sin-sesion"
    liga = enlace("Abrirlo en Capturar", "capturar", mesa=mesa, sesion="sin-sesion", paso="que").texto
    previo = borradores.leer(registro, actor, asunto)
    if previo is not None and str(previo.contenido.get("texto") or "").strip():
        st.warning(
            "Ya tiene un borrador de acuerdo de esa Mesa y no se tocó: termínelo o deséchelo, y vuelva a pedir este."
        )
        st.html(f"<p>{liga}</p>")
        return
    campos = {c: renglon[c] for c in _CAMPOS} | {
        "_como": "canasta" if renglon["canasta"] else "delitos",
        "_meta": "porcentaje",
    }
    try:
        borradores.guardar(registro, actor, mesa, asunto, campos)
    except (SinPermiso, DatoInvalido, RegistroDanado) as causa:
        st.error(f"No se guardó el borrador: {causa}")
        return
    st.success(
        "Quedó como borrador: falta quién responde de cada lado y el folio. La línea base se congela al guardarlo."
    )
    st.html(f"<p>{liga}</p>")
