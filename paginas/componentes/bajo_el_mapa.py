"""Lo que va debajo del mapa: la tabla con lo mismo, el embudo de tasas, la concentración y los cuadros para imprimir."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from html import escape

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from analisis import formatos, frases
from analisis.contribuciones import cuantas_suman, curva_de_lorenz
from analisis.tasas import embudo
from datos import catalogos
from datos.consultas.claves import Clave
from datos.consultas.contexto import Contexto
from graficas import embudo as dibujos
from graficas.chispas import direccion
from graficas.cuadros import cuadros
from graficas.mapas import Pintura
from paginas.componentes.imagen import mostrar_figura

MESES = 12


@dataclass(frozen=True)
class Vista:
    """Lo que se está viendo en el mapa."""

    tabla: pd.DataFrame
    delito: Clave
    cierre: date
    nivel: str
    donde: str
    elegido: str
    actual: Contexto

    @property
    def demostracion(self) -> bool:
        """Si lo publicado es la demostración."""
        return self.actual.demostracion

    @property
    def plural(self) -> str:
        """«municipios» o «estados»."""
        return "municipios" if self.nivel == "municipal" else "estados"


def mostrar_tabla(v: Vista, visible: pd.DataFrame) -> None:
    """Los mismos lugares y cifras, que se ordenan con un clic y llevan a su ficha."""
    columnas = [
        "nombre",
        "entidad",
        "conteo",
        "conteo_previo",
        "cambio",
        "cambio_pct",
        "tasa",
        "suavizada",
        "etiqueta",
        "motivo",
    ]
    st.dataframe(
        # Con los decimales que se ven: lo que no se lee tampoco viaja.
        visible[columnas]
        .round({"cambio_pct": 1, "tasa": 1, "suavizada": 1})
        .assign(ficha="./ficha?lugar=" + visible["lugar"]),
        hide_index=True,
        width="stretch",
        height=420,
        placeholder=formatos.SIN_DATO,
        column_config={
            "nombre": "Lugar",
            "entidad": "Entidad",
            "conteo": st.column_config.NumberColumn("12 meses", format="localized"),
            "conteo_previo": st.column_config.NumberColumn("12 anteriores", format="localized"),
            "cambio": st.column_config.NumberColumn("Cambio", format="%+d"),
            "cambio_pct": st.column_config.NumberColumn("Cambio %", format="%+.1f %%"),
            "tasa": st.column_config.NumberColumn("Tasa por 100 mil", format="%.1f"),
            "suavizada": st.column_config.NumberColumn("Tasa suavizada", format="%.1f"),
            "etiqueta": "Tendencia",
            "motivo": st.column_config.TextColumn("Lo que no se puede decir", width="medium"),
            "ficha": st.column_config.LinkColumn("Ficha", display_text="Ver ficha"),
        },
    )


def mostrar_embudo(v: Vista) -> None:
    """La tasa de cada lugar contra sus habitantes, con los límites en que cae si no difiere de los demás."""
    tabla = v.tabla.assign(poblacion=v.tabla["personas_mes"] / MESES)
    try:
        hecho = embudo(tabla["conteo"].to_numpy(), tabla["poblacion"].to_numpy())
    except ValueError as causa:
        st.info(f"No se puede dibujar el embudo: {causa}.")
        return
    fuera = int((abs(hecho.z) > 3.09).sum())
    hay = int(pd.notna(hecho.z).sum())
    st.html(
        f"<p><strong>{formatos.entero(fuera)} de {formatos.entero(hay)} {v.plural} se salen del embudo.</strong> La tasa del "
        f"conjunto es de {formatos.decimal(hecho.centro)} por 100 mil habitantes. Dentro de las curvas, la diferencia con los "
        "demás es la que se espera entre lugares de ese tamaño: no se deben poner en fila. Curva punteada, 95 %; continua, "
        "99.8 %.</p>"
    )
    figura = dibujos.embudo(
        tabla, hecho, "carpetas por 100 mil habitantes en 12 meses", elegido=v.elegido, demostracion=v.demostracion
    )
    dicho = f"{formatos.entero(fuera)} de {formatos.entero(hay)} {v.plural} se salen del embudo de tasas"
    _mostrar(
        v, figura, dicho, "embudo", ["Curva punteada, 95 %; continua, 99.8 %: dentro, la diferencia es la esperada"]
    )


def mostrar_concentracion(v: Vista) -> None:
    """Cuántos lugares suman la mitad de las carpetas."""
    conteos = v.tabla["conteo"]
    hay = int(conteos.notna().sum())
    if not conteos.sum():
        st.info("No hubo carpetas en estos doce meses: no hay qué concentrar.")
        return
    mitad, casi_todo = cuantas_suman(conteos), cuantas_suman(conteos, 0.9)
    sin_casos = int((conteos == 0).sum())
    st.html(
        f"<p><strong>{formatos.entero(mitad)} de {formatos.entero(hay)} {v.plural} {'suma' if mitad == 1 else 'suman'} la mitad "
        f"de las carpetas</strong>, y {formatos.entero(casi_todo)}, el 90 %. En {formatos.entero(sin_casos)} no se abrió "
        "ninguna. Donde vive más gente hay más carpetas: la concentración no es riesgo.</p>"
    )
    figura = dibujos.concentracion(curva_de_lorenz(conteos), demostracion=v.demostracion)
    suman = "suma" if mitad == 1 else "suman"
    dicho = f"{formatos.entero(mitad)} de {formatos.entero(hay)} {v.plural} {suman} la mitad de las carpetas"
    _mostrar(
        v, figura, dicho, "concentracion", ["Donde vive más gente hay más carpetas: la concentración no es riesgo"]
    )


def _mostrar(v: Vista, figura: go.Figure, dicho: str, que: str, notas: list[str]) -> None:
    """La figura con su imagen para llevarse."""
    mostrar_figura(
        v.actual,
        figura,
        f"{dicho}.",
        que,
        [que, v.delito.nombre, v.donde, f"{v.cierre:%Y-%m}"],
        [v.nivel],
        titulo=f"{v.delito.nombre} {frases.en(v.donde)}, 12 meses a {formatos.mes(v.cierre)}: {dicho}",
        hasta=v.cierre,
        notas=notas,
    )


def mostrar_cuadros(v: Vista, pintura: Pintura, orden: tuple[str, ...], medida: str) -> None:
    """Un cuadro por estado, para imprimir."""
    entidades = catalogos.entidades().set_index("cve_ent")
    valores = v.tabla.set_index("lugar")
    escribir = {
        "cambio": formatos.con_signo,
        "cambio_pct": lambda n: formatos.porcentaje_con_signo(n, 0),
        "estimado": lambda n: formatos.porcentaje_con_signo(100 * (n - 1), 0) if formatos.hay(n) else formatos.SIN_DATO,
        "tasa": formatos.decimal,
        "suavizada": formatos.decimal,
    }.get(medida, formatos.entero)
    columna = "conteo" if medida == "etiqueta" else medida
    cifras = {c: escribir(valores[columna].get(c)) for c in orden}
    dibujo = cuadros(pintura, orden, entidades["abreviatura"].to_dict(), cifras)
    rotulo = "<p><strong>DEMOSTRACIÓN</strong></p>" if v.demostracion else ""
    alterno = f"{v.delito.nombre} por estado, 12 meses a {formatos.mes(v.cierre)}"
    st.html(
        f'{rotulo}<img class="cuadros" src="{direccion(dibujo)}" alt="{escape(alterno)}; la tabla trae las cifras">'
    )
