"""El mapa vivo: geometría y biblioteca en caché, y en cada cambio solo viajan los colores y los números de cada lugar."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path

import streamlit as st

from datos.consultas.geometria import Geometria
from graficas.mapas import COLOR_DE_ETIQUETA, Pintura

_AQUI = Path(__file__).parent
_montar = st.components.v2.component(
    "mapa_de_lugares",
    html=(_AQUI / "mapa.html").read_text(encoding="utf-8"),
    css=(_AQUI / "mapa.css").read_text(encoding="utf-8"),
    js=(_AQUI / "mapa.js").read_text(encoding="utf-8"),
)


def mapa(
    pintura: Pintura,
    geometria: Geometria,
    descripcion: str,
    clave: str,
    *,
    alto: int = 560,
    elegido: str | None = None,
    al_elegir: Callable[[str], None] | None = None,
) -> None:
    """Dibuja un mapa; un clic llama ``al_elegir`` con la clave del lugar antes de volver a correr la página.

    ``pintura`` debe estar en el orden de ``geometria.claves``. Sin ``al_elegir`` el mapa es solo para mirarse.
    """

    def tomar() -> None:
        pedido = st.session_state[clave].get("clic")
        if al_elegir is not None and pedido in geometria.claves:
            al_elegir(str(pedido))

    datos = {
        **pintura.datos(),
        "geometria": geometria.ruta,
        "bordes": geometria.bordes,
        "cuantos": len(geometria.claves),
        "elegido": elegido,
        "alto": alto,
        "interactivo": al_elegir is not None,
        "descripcion": descripcion,
    }
    _montar(key=clave, data=datos, on_clic_change=tomar)


def nota_de_limites(geometria: Geometria) -> str:
    """De quién son los límites y, si no son oficiales, que son un esquema."""
    esquema = "Límites municipales esquemáticos. " if geometria.esquematica and geometria.municipal else ""
    return f"{esquema}Límites: {geometria.fuente}"


def leyenda_de_etiquetas(cuentas: Mapping[str, int]) -> str:
    """Una entrada por etiqueta, con cuántos lugares caen en ella."""
    entradas = []
    for etiqueta, color in COLOR_DE_ETIQUETA.items():
        rayas = ' class="rayado"' if etiqueta == "datos insuficientes" else ""
        cuantos = f"{int(cuentas.get(etiqueta, 0)):,}"
        entradas.append(f'<li><i{rayas} style="background-color:{color}"></i>{escape(etiqueta)}: {cuantos}</li>')
    return f'<ul class="leyenda">{"".join(entradas)}</ul>'


def leyenda_de_valores(pintura: Pintura, unidad: str) -> str:
    """La escala de color con sus extremos, y cuántos lugares no tienen cifra."""
    escala = ", ".join(pintura.escala)
    sin_dato = int((pintura.clases == pintura.rayada).sum())
    faltan = (
        f'<li><i class="rayado" style="background-color:{COLOR_DE_ETIQUETA["datos insuficientes"]}"></i>'
        f"no se puede decir: {sin_dato:,}</li>"
        if sin_dato
        else ""
    )
    desde, hasta = map(escape, pintura.extremos)
    barra = f'<span class="escala" style="background:linear-gradient(90deg, {escala})"></span>'
    return f'<ul class="leyenda"><li>{desde}{barra}{hasta} {escape(unidad)}</li>{faltan}</ul>'
