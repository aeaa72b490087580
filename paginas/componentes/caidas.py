"""Cuando algo de la máquina se cae a media página: decirlo con palabras, y volver solo cuando se compone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from datos.almacen import PunteroInvalido
from datos.recursos import que_falto
from datos.registro.apertura import registro_vigente
from datos.registro.errores import RegistroDanado
from datos.tablero import SinPublicacion

SEGUNDOS = 5
NO_CAMBIO = "Lo que ya estaba guardado sigue igual."
_CAIDO = "registro_caido"


@contextmanager
def explicar_caidas() -> Iterator[None]:
    """Lo que una página no puede remediar, dicho para una persona; cualquier otra falla pasa de largo."""
    try:
        yield
    except RegistroDanado as causa:
        st.error(str(causa))
        volver_cuando_conteste()
    except (SinPublicacion, PunteroInvalido) as causa:
        st.warning(str(causa))
    except Exception as causa:
        falto = que_falto(causa)
        if falto is None:
            raise
        st.error(f"{falto} {NO_CAMBIO}")


def volver_cuando_conteste() -> None:
    """Un botón para intentar ya, y un sondeo que vuelve a correr la página en cuanto el registro contesta."""
    st.button("Volver a intentar", key="volver_a_intentar", icon=":material/refresh:")
    st.session_state.pop(_CAIDO, None)
    _sondear()


@st.fragment(run_every=SEGUNDOS)
def _sondear() -> None:
    try:
        registro_vigente().sello()
    except (RegistroDanado, PunteroInvalido):
        st.session_state[_CAIDO] = True
        st.html(
            '<p class="menor" role="status">Se vuelve a intentar cada pocos segundos: la página sigue sola en cuanto el '
            "registro conteste. Las páginas de cifras no lo necesitan.</p>"
        )
        return
    if st.session_state.pop(_CAIDO, False):  # contestaba desde antes: lo que falló fue otra cosa y volver no lo arregla
        st.rerun()
