"""El marco de toda página: banda de demostración, línea de contexto, fuente al pie y aviso de que no hay datos."""

from __future__ import annotations

from datetime import date

import streamlit as st

from datos.almacen import PunteroInvalido
from datos.consultas.contexto import Contexto, contexto
from datos.esquema import MESES
from datos.tablero import SinPublicacion

CIFRA_NEGRA = (
    "Carpeta no es delito ni víctima: 93.2 % de los delitos de 2024 no se denunció o no tuvo carpeta (ENVIPE 2025)."
)
QUIEBRE = (
    "Desde enero de 2026 la fuente cuenta con otra metodología (RNID); «Total» no es comparable a través de esa fecha."
)


def mes(fecha: date) -> str:
    """«agosto de 2026»."""
    return f"{MESES[fecha.month - 1]} de {fecha.year}"


def abrir() -> Contexto:
    """Escribe la banda y la línea de contexto y devuelve el contexto; si no hay datos, lo explica y detiene la página."""
    try:
        actual = contexto()
    except (SinPublicacion, PunteroInvalido) as causa:
        st.warning(f"{causa}")
        st.stop()
    if actual.demostracion:
        st.warning("**DEMOSTRACIÓN** · Cifras inventadas para mostrar el tablero; no dicen nada de ningún lugar.")
    partes = [f"Corte {mes(actual.corte_mas_reciente)}"]
    if actual.provisional_desde is not None:
        partes.append(f"provisional desde {mes(actual.provisional_desde)}")
    partes.append("dos metodologías" if len(actual.metodologias) > 1 else f"metodología {actual.metodologias[0]}")
    for desde, hasta in actual.huecos_estatales:
        partes.append(f"sin datos estatales cargados de {mes(desde)} a {mes(hasta)}")
    st.caption(" · ".join(partes))
    return actual


def cerrar(actual: Contexto) -> None:
    """La fuente y las advertencias que van debajo de toda cifra."""
    rotulo = "DEMOSTRACIÓN · " if actual.demostracion else ""
    st.caption(
        f"{rotulo}Fuente: {'cifras inventadas' if actual.demostracion else 'SESNSP'}, corte "
        f"{mes(actual.corte_mas_reciente)} · base {actual.publicacion.sha_corto}. {QUIEBRE} {CIFRA_NEGRA}"
    )
