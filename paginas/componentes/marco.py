"""El marco de toda página: banda de demostración, línea de contexto, titular y aviso de que no hay datos."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analisis import formatos, frases
from datos.almacen import RAIZ_DEL_PROYECTO, PunteroInvalido
from datos.consultas.contexto import Contexto, contexto
from datos.reloj import hoy
from datos.tablero import SinPublicacion
from paginas.componentes.avance import linea_de_avance
from paginas.componentes.entrada import modo_local_vigente
from paginas.componentes.frescura import escribir_frescura

ESTILOS = RAIZ_DEL_PROYECTO / "static" / "estilos.css"
MODO_LOCAL = "Modo local: desde esta máquina se pueden cambiar los datos y el registro, sin cuenta."
DEMOSTRACION = "DEMOSTRACIÓN · Cifras inventadas para mostrar el tablero; no dicen nada de ningún lugar."


@dataclass
class Marco:
    """Lo que una página llena al final aunque vaya arriba: la línea de contexto y el titular."""

    actual: Contexto
    _linea: DeltaGenerator
    _titular: DeltaGenerator
    dicho: str = ""

    def situar(self, *partes: str) -> None:
        """Escribe la línea de contexto: lugar, delito y periodo a la izquierda; los cortes a la derecha."""
        izquierda = " · ".join(escape(p) for p in partes if p)
        derecha = " · ".join(escape(p) for p in cortes_en_palabras(self.actual))
        self._linea.html(f'<p class="contexto"><span>{izquierda}</span><span>{derecha}</span></p>')

    def titular(self, frase: str, bajada: str = "") -> None:
        """El hallazgo de la página en una frase y, si hace falta, otra que la precisa."""
        self.dicho = frase
        with self._titular:
            st.html(f"<h1>{escape(frase)}</h1>" + (f'<p class="bajada">{escape(bajada)}</p>' if bajada else ""))


@cache
def _version_de_estilos() -> str:
    return sha256(ESTILOS.read_bytes()).hexdigest()[:10]


def cortes_en_palabras(actual: Contexto) -> list[str]:
    """«Corte marzo de 2026», lo provisional, las metodologías y los huecos cargados."""
    partes = [f"Corte {formatos.mes(actual.corte_mas_reciente)}"]
    if actual.provisional_desde is not None:
        partes.append(f"provisional desde {formatos.mes(actual.provisional_desde)}")
    partes.append("dos metodologías" if len(actual.metodologias) > 1 else f"metodología {actual.metodologias[0]}")
    hueco = frases.huecos(actual.huecos_estatales, "estatales")
    return [*partes, hueco] if hueco else partes


def abrir() -> Marco:
    """Prepara la página; si no hay datos publicados, lo explica y la detiene."""
    marco = abrir_aunque_falten_datos()
    if marco is None:
        st.stop()
    return marco


def abrir_aunque_falten_datos() -> Marco | None:
    """Prepara la página; si no hay datos publicados lo dice y devuelve ``None``."""
    # Por dirección y no completos: así no viajan en cada corrida y el navegador los guarda.
    st.html(f'<style>@import url("./app/static/estilos.css?v={_version_de_estilos()}");</style>')
    if modo_local_vigente():
        st.html(f'<p class="modo-local" role="note">{MODO_LOCAL}</p>')
    try:
        actual = contexto()
    except (SinPublicacion, PunteroInvalido) as causa:
        st.warning(f"{causa}")
        linea_de_avance()
        return None
    if actual.demostracion:
        st.html(f'<p class="banda" role="note">{DEMOSTRACION}</p>')
    else:
        escribir_frescura(actual.corte_mas_reciente, hoy())
    linea_de_avance()
    return Marco(actual, st.empty(), st.container())
