"""Qué tan al día está lo publicado: una línea discreta en toda página, que se vuelve aviso cuando falta un corte."""

from __future__ import annotations

from datetime import date

import streamlit as st

from analisis import formatos, frescura


def texto_de_frescura(corte: date, hoy: date) -> str:
    """«El siguiente corte, abril de 2026, suele salir entre el 15 y el 23 de mayo», o qué cortes faltan."""
    faltan = frescura.meses_de_atraso(corte, hoy)
    if faltan:
        exigible = frescura.corte_exigible(hoy)
        cuantos = "" if faltan == 1 else f" ({faltan} cortes de atraso)"
        return f"Lo publicado llega a {formatos.mes(corte)} y ya debería estar el corte de {formatos.mes(exigible)}{cuantos}."
    siguiente = _mes_siguiente(corte)
    sale = _mes_siguiente(siguiente)
    return f"El siguiente corte, {formatos.mes(siguiente)}, suele salir entre el 15 y el 23 de {formatos.mes(sale)}."


def escribir_frescura(corte: date, hoy: date) -> None:
    """La línea; en aviso lleva la liga a la página donde se actualiza."""
    texto = texto_de_frescura(corte, hoy)
    if frescura.atrasado(corte, hoy):
        st.html(f'<p class="frescura atraso" role="status">{texto} <a href="./actualizar">Actualizar datos</a></p>')
    else:
        st.html(f'<p class="frescura">{texto}</p>')


def _mes_siguiente(fecha: date) -> date:
    meses = fecha.year * 12 + fecha.month
    return date(meses // 12, meses % 12 + 1, 1)
