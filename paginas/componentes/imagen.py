"""«Imagen»: la figura de la página en la forma y el formato que haga falta, con su hallazgo, su fuente y su huella dentro."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from urllib.parse import urlencode

import plotly.graph_objects as go
import streamlit as st

from datos.consultas.contexto import Contexto
from graficas.base import CONFIGURACION
from graficas.impresas import FORMAS, FORMATOS, Contenido, piezas
from graficas.impresas.lienzo import NoCabe
from informes.figuras import FiguraPorImprimir, PorImprimir, imagen
from informes.fuente import frases_de_fuente
from informes.tablas import Ficha
from informes.taller import TallerCaido, TallerOcupado
from paginas.componentes.descargas import ficha_de
from paginas.componentes.pedazo import medido

SOLO_DESCRIBE = "Describe las carpetas; no dice por qué."


def vista_viva() -> str:
    """La dirección de lo que se está viendo, con todo su estado."""
    direccion = str(st.context.url or "").split("?")[0]
    estado = urlencode(dict(st.query_params))
    return f"{direccion}?{estado}" if estado else direccion


def contenido_de(
    actual: Contexto,
    titulo: str,
    alterno: str,
    ambitos: Sequence[str],
    desde: date | None = None,
    hasta: date | None = None,
    notas: Sequence[str] = (),
    *,
    bajada: str = SOLO_DESCRIBE,
    unidad: str = "",
) -> Contenido:
    """Lo que lleva alrededor una figura que sale de la página: lo mismo que se lee debajo de ella en pantalla."""
    pie = [*frases_de_fuente(actual, ambitos, desde, hasta, notas), f"Vista viva: {vista_viva()}"]
    return Contenido(titulo.rstrip("."), bajada, unidad, pie, alterno, actual.demostracion)


def de_figura(figura: go.Figure, contenido: Contenido) -> Callable[[], PorImprimir]:
    """La figura lista para pedirse; se desarma solo si alguien se la lleva."""
    return lambda: FiguraPorImprimir(contenido, piezas(figura))


def mostrar_figura(
    actual: Contexto,
    figura: go.Figure,
    alterno: str,
    clave: str,
    partes: Sequence[str],
    ambitos: Sequence[str],
    *,
    titulo: str,
    bajada: str = SOLO_DESCRIBE,
    desde: date | None = None,
    hasta: date | None = None,
    notas: Sequence[str] = (),
) -> None:
    """La figura y, debajo, el botón de su imagen. ``partes`` dan nombre al archivo; ``titulo`` es lo que dice la figura sola."""
    st.plotly_chart(figura, config=CONFIGURACION, alt=alterno, key=clave)
    contenido = contenido_de(actual, titulo, alterno, ambitos, desde, hasta, notas, bajada=bajada)
    boton_de_imagen(de_figura(figura, contenido), ficha_de(actual, partes, ambitos), clave)


def boton_de_imagen(que: Callable[[], PorImprimir], ficha: Ficha, clave: str) -> None:
    """El botón que abre la hoja con las formas y los formatos; la figura se dibuja solo si alguien la abre."""
    if st.button("Imagen", key=f"{clave}_imagen", icon=":material/image:"):
        _hoja(que, ficha, clave)


@st.dialog("Llevarse la imagen", width="medium")
@medido("imagen")
def _hoja(que: Callable[[], PorImprimir], ficha: Ficha, clave: str) -> None:
    """Cómo va a salir en cada forma y los botones para bajarla."""
    formas = {k: f.nombre for k, f in FORMAS.items()}
    forma = st.selectbox("Forma", list(formas), format_func=formas.__getitem__, key=f"{clave}_forma")
    try:
        previa = imagen(que(), forma, "png")
    except NoCabe as causa:
        st.error(f"{causa} Elija otra forma.")
        return
    except (TallerOcupado, TallerCaido) as causa:
        st.error(str(causa))
        return
    with st.container(border=True, width="content"):
        st.image(previa, width=260 if FORMAS[forma].vertical else 560)
    botones = st.container(horizontal=True, gap="small")
    for formato, tipo in FORMATOS.items():
        botones.download_button(
            formato.upper(), data=partial(_bajar, que, forma, formato), file_name=ficha.nombre(formato), mime=tipo,
            key=f"{clave}_{formato}", icon=":material/download:", on_click="ignore",
        )  # fmt: skip


def _bajar(que: Callable[[], PorImprimir], forma: str, formato: str) -> bytes:
    return imagen(que(), forma, formato, 2 if formato == "png" else 1)
