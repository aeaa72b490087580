"""La tarjeta de un lugar junto al mapa: sus dos conteos, su cambio, su etiqueta con el porqué y su línea miniatura."""

from __future__ import annotations

from datetime import date
from html import escape

import pandas as pd
import streamlit as st

from analisis import formatos, frases
from analisis.cambio_estimado import COLUMNAS as DEL_ESTIMADO
from analisis.medidas import medir
from datos.consultas.claves import claves
from datos.consultas.lugares import nombre
from graficas.chispas import chispa, direccion
from paginas.componentes.canasta import MESES_DE_LA_CHISPA
from paginas.componentes.provisionales import sin_provisionales
from paginas.componentes.tabla import enlace, etiqueta, imagen


def tarjeta_de_lugar(fila: pd.Series, serie: pd.DataFrame, delito: str, cierre: date) -> None:
    """``fila`` es un renglón de ``lugares_comparados``; ``serie``, la mensual de ese lugar y delito."""
    lugar = str(fila["lugar"])
    partes = [f"<h3>{escape(nombre(lugar))}</h3>", f"<p>{_frase(fila, delito, cierre)}.</p>"]
    motivo = fila["motivo"] or frases.racha(fila["racha"])
    partes.append(f"<p>{etiqueta(fila['etiqueta']).texto}</p>")
    if motivo:
        partes.append(f'<p class="menor">{escape(formatos.mayuscula(str(motivo)))}.</p>')
    if formatos.hay(fila["razon"]) and formatos.hay(fila["ic_bajo"]):
        cambio, bajo, alto = (100 * (fila[c] - 1) for c in ("razon", "ic_bajo", "ic_alto"))
        if fila["conteo_previo"] >= frases.BASE_MINIMA:
            partes.append(
                f'<p class="menor">Cambio de la tasa {formatos.porcentaje_con_signo(cambio)} (IC 95 %: '
                f"{formatos.porcentaje_con_signo(bajo)} a {formatos.porcentaje_con_signo(alto)}).</p>"
            )
    if formatos.hay(fila["estimado"]):
        partes.append(
            f'<p class="menor">{escape(frases.estimado(*(fila[c] for c in DEL_ESTIMADO)))}. Se acerca al del país tanto como '
            "sus pocos casos lo piden.</p>"
        )
    de_provisionales = sin_provisionales(lugar, delito, cierre)
    if de_provisionales:
        partes.append(f'<p class="menor">{escape(de_provisionales)}.</p>')
    partes.append(f'<p class="menor">Tasa de 12 meses: {formatos.decimal(fila["tasa"])} por 100 mil habitantes.</p>')
    if len(serie):
        completa = medir(serie, "conteo").tail(MESES_DE_LA_CHISPA)
        desde = formatos.mes_corto(completa["fecha"].iloc[0])
        hasta = formatos.mes_corto(completa["fecha"].iloc[-1])
        dibujo = chispa(completa["valor"].tolist(), completa["provisional"].tolist())
        partes.append(imagen(direccion(dibujo), f"Carpetas mensuales de {desde} a {hasta}").texto)
        partes.append(f'<p class="menor">{desde} a {hasta}</p>')
    partes.append(f"<p>{enlace('Ver ficha', 'ficha', lugar=lugar).texto} · ")
    partes.append(f"{enlace('Ver serie', 'tendencias', lugar=lugar, delito=delito).texto}</p>")
    st.html(f'<div class="tarjeta">{"".join(partes)}</div>')


def _frase(fila: pd.Series, delito: str, cierre: date) -> str:
    return escape(
        frases.doce_meses(
            fila["conteo"], fila["conteo_previo"], cierre, claves()[delito].nombre, nombre(str(fila["lugar"]))
        )
    )
