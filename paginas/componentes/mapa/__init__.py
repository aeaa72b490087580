"""El mapa vivo: geometría y biblioteca en caché, y en cada cambio solo viajan los colores y los números de cada lugar."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path

import streamlit as st

from datos.consultas.geometria import Geometria
from graficas.base import SIN_DATO
from graficas.mapas import COLOR_DE_ETIQUETA, Pintura, paleta_de_certeza

_AQUI = Path(__file__).parent
_montar = st.components.v2.component(
    "mapa_de_lugares",
    html=(_AQUI / "mapa.html").read_text(encoding="utf-8"),
    css=(_AQUI / "mapa.css").read_text(encoding="utf-8"),
    js=(_AQUI / "mapa.js").read_text(encoding="utf-8"),
)


ZONAS = (
    ("Todo", None),
    ("Valle de México", (-99.45, 19.05, -98.75, 19.85)),
    ("Monterrey", (-100.75, 25.4, -99.85, 26.1)),
    ("Guadalajara", (-103.75, 20.3, -103.0, 21.0)),
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
    pelicula: Callable[[], Mapping[str, object] | None] | None = None,
    al_fijar_mes: Callable[[str], None] | None = None,
    con_zonas: bool = False,
) -> None:
    """Dibuja un mapa; un clic llama ``al_elegir`` con la clave del lugar antes de volver a correr la página.

    ``pintura`` debe estar en el orden de ``geometria.claves``. Sin ``al_elegir`` el mapa es solo para mirarse. Con
    ``pelicula`` hay línea del tiempo: se llama cuando alguien la pide, y ``al_fijar_mes`` recibe el mes en que se detuvo.
    ``con_zonas`` agrega botones que acercan a las zonas densas.
    """
    pedida = f"{clave}_pelicula"

    def tomar() -> None:
        lugar = st.session_state[clave].get("clic")
        if al_elegir is not None and lugar in geometria.claves:
            al_elegir(str(lugar))

    def rodar() -> None:
        st.session_state[pedida] = pintura.datos()["version"]

    def fijar_mes() -> None:
        mes = st.session_state[clave].get("mes")
        st.session_state.pop(pedida, None)
        if al_fijar_mes is not None and mes:
            al_fijar_mes(str(mes))

    cuerpo = pintura.datos()
    # La película vale para lo que se veía al pedirla: otro delito, medida o mes la guarda.
    rodando = pelicula is not None and st.session_state.get(pedida) == cuerpo["version"]
    datos = {
        **cuerpo,
        "geometria": geometria.ruta,
        "bordes": geometria.bordes,
        "cuantos": len(geometria.claves),
        "elegido": elegido,
        "alto": alto,
        "interactivo": al_elegir is not None,
        "descripcion": descripcion,
        "conTiempo": pelicula is not None,
        "pelicula": pelicula() if rodando and pelicula is not None else None,
        "zonas": ZONAS if con_zonas else [],
    }
    _montar(key=clave, data=datos, on_clic_change=tomar, on_pelicula_change=rodar, on_mes_change=fijar_mes)


def nota_de_limites(geometria: Geometria) -> str:
    """De quién son los límites y, si no son oficiales, que son un esquema."""
    esquema = "Límites municipales esquemáticos. " if geometria.esquematica and geometria.municipal else ""
    return f"{esquema}Límites: {geometria.fuente}"


def leyenda_de_etiquetas(cuentas: Mapping[str, int]) -> str:
    """Una entrada por etiqueta, con cuántos lugares caen en ella."""
    return leyenda_de_clases(cuentas, COLOR_DE_ETIQUETA, "datos insuficientes")


def leyenda_de_clases(cuentas: Mapping[str, int], colores: Mapping[str, str], rayada: str) -> str:
    """Una entrada por clase, con cuántos lugares caen en ella."""
    entradas = []
    for clase, color in colores.items():
        rayas = ' class="rayado"' if clase == rayada else ""
        cuantos = f"{int(cuentas.get(clase, 0)):,}"
        entradas.append(f'<li><i{rayas} style="background-color:{color}"></i>{escape(clase)}: {cuantos}</li>')
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


def leyenda_de_certeza(cuentas: Mapping[str, int]) -> str:
    """La paleta del cambio estimado: ocho colores donde se sabe, menos y más grises conforme la duda crece."""
    nombres = ("no se sabe", "más de 70 %", "más de 85 %", "más de 95 %")
    filas = []
    for nombre, colores in reversed(list(zip(nombres, paleta_de_certeza(), strict=True))):
        cuadros = "".join(f'<i style="background-color:{c};flex:{8 // len(colores)}"></i>' for c in colores)
        filas.append(f"<div><span>{nombre}</span><b>{cuadros}</b></div>")
    insuficientes = int(cuentas.get("datos insuficientes", 0))
    con_etiqueta = int(cuentas.get("a la baja", 0)) + int(cuentas.get("al alza", 0))
    return (
        '<div class="certeza" role="img" aria-label="Morado donde bajó, naranja donde subió; más gris, menos certeza">'
        "<div><span>certeza</span><em><small>−40 % o más</small><small>sin cambio</small><small>+67 % o más</small></em></div>"
        f"{''.join(filas)}</div>"
        '<ul class="leyenda">'
        f'<li><i style="background:#fff;border:2px solid #14212b"></i>«a la baja» o «al alza»: {con_etiqueta:,}</li>'
        f'<li><i class="rayado" style="background-color:{SIN_DATO}"></i>datos insuficientes: {insuficientes:,}</li>'
        "</ul>"
    )
