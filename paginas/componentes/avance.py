"""El avance de los trabajos: una línea discreta en toda página, y el detalle en la de actualizar."""

from __future__ import annotations

from html import escape

import streamlit as st

from datos import trabajos
from datos.almacen import Publicacion, PunteroInvalido, publicacion_vigente
from paginas.componentes.pedazo import pedazo

SEGUNDOS = 2
NOMBRES = {
    "actualizar": "Buscar en la fuente",
    "cargar": "Publicar archivos",
    "exportar": "Exportar para las réplicas",
    "geometria": "Límites para los mapas",
    "recalcular": "Recalcular lo publicado",
    "revisar": "Revisar archivos",
    "sincronizar": "Seguir lo publicado en otra máquina",
    "traer": "Traer una versión ya construida",
    "vigilar": "Vigilar la fuente",
}
_VISTA = "version_a_la_vista"


def nombre_de(trabajo: trabajos.Trabajo) -> str:
    """Cómo se le dice a un trabajo."""
    return NOMBRES.get(trabajo.verbo, trabajo.verbo)


def tamano(trabajo: trabajos.Trabajo) -> str:
    """«12.4 de 132.0 MB»; vacío si no se está bajando nada."""
    if trabajo.hechos is None:
        return ""
    if not trabajo.total:
        return f"{trabajo.hechos / 1e6:,.1f} MB"
    return f"{trabajo.hechos / 1e6:,.1f} de {trabajo.total / 1e6:,.1f} MB"


def linea_de_avance() -> None:
    """Si hay un trabajo en curso, qué está probando y cuánto va; al terminar vuelve a correr la página con lo nuevo."""
    if trabajos.en_curso() is not None:
        st.session_state[_VISTA] = _version()
        _linea()
        return
    ultima = trabajos.ultima_busqueda()
    if ultima is not None and ultima.codigo not in (None, 0) and _es_demostracion():
        st.html(
            f'<p class="frescura" role="status">Se buscaron los datos oficiales ({ultima.desde:%Y-%m-%d %H:%M} UTC) y la fuente '
            'no los dio: esto sigue siendo una demostración. <a href="./actualizar">Cómo conseguirlos</a></p>'
        )


@pedazo("avance", run_every=SEGUNDOS)
def _linea() -> None:
    trabajo = trabajos.en_curso()
    if trabajo is None:
        if _version() != st.session_state.get(_VISTA):
            st.toast("Hay una versión nueva de los datos publicados.")
        st.rerun()
    partes = [nombre_de(trabajo), trabajo.paso, tamano(trabajo)]
    texto = " · ".join(escape(p) for p in partes if p)
    st.html(f'<p class="frescura" role="status">{texto} <a href="./actualizar">Ver avance</a></p>')


def _vigente() -> Publicacion | None:
    try:
        return publicacion_vigente()
    except PunteroInvalido:
        return None


def _version() -> str | None:
    vigente = _vigente()
    return vigente.version if vigente else None


def _es_demostracion() -> bool:
    vigente = _vigente()
    return vigente is not None and vigente.demostracion
