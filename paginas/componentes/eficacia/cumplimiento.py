"""Lo cumplido junto al efecto, en una tabla de 5 × 4: dos cosas que nunca se suman en una."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from analisis import formatos
from datos.consultas.evaluables import NIVELES_CUMPLIMIENTO
from paginas.componentes.tabla import Columna, tabla

BAJO = 2  # hasta aquí casi nada de lo acordado se hizo


def cumplimiento_y_efecto(niveles: Sequence[int], veredictos: Sequence[str], columnas: Sequence[str]) -> None:
    """La tabla con cuántos acuerdos hay en cada cruce, y cómo se lee."""
    st.subheader("Lo que se cumplió y lo que se distinguió")
    filas = []
    for nivel, nombre in reversed(list(enumerate(NIVELES_CUMPLIMIENTO, 1))):
        cuentas = [
            sum(n == nivel and v == columna for n, v in zip(niveles, veredictos, strict=True)) for columna in columnas
        ]
        filas.append([f"{nivel} {nombre}", *(formatos.entero(c) if c else "—" for c in cuentas)])
    st.html(
        tabla(
            [Columna("Cumplimiento", "ancha"), *(Columna(formatos.mayuscula(c), "cifra", c) for c in columnas)],
            filas,
            "Acuerdos por cumplimiento y veredicto",
        )
    )
    st.write(
        "El cumplimiento dice si se hizo lo acordado; el veredicto, si las carpetas se movieron distinto que en municipios "
        "comparables. «Completo, sin cambio distinguible» es un hallazgo: se hizo lo acordado y no se distingue un cambio del "
        "tamaño que se podía ver."
    )
    pocos = sum(n <= BAJO for n in niveles)
    if pocos:
        uno = pocos == 1
        st.info(
            f"En {formatos.contar(pocos, 'acuerdo')} se hizo poco o nada de lo acordado: lo que hayan hecho ahí las carpetas no "
            f"se puede leer como {'suyo' if uno else 'de ellos'}, hayan bajado o no."
        )
