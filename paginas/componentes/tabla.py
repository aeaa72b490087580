"""Tablas en HTML: para pocas filas, legibles en papel y en teléfono; todo texto se escapa."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

from graficas.mapas import COLOR_DE_ETIQUETA


@dataclass(frozen=True)
class Html:
    """Un fragmento ya armado y escapado, que se escribe tal cual."""

    texto: str


@dataclass(frozen=True)
class Columna:
    """Encabezado de una columna; ``rotulo_movil`` la acompaña en el teléfono, donde no hay encabezados."""

    titulo: str
    clase: str = ""
    rotulo_movil: str = ""


def tabla(columnas: Sequence[Columna], filas: Sequence[Sequence[str | Html]], descripcion: str) -> str:
    """Una tabla completa. La primera celda de cada fila es su encabezado."""
    encabezado = "".join(f'<th scope="col" class="{c.clase}">{escape(c.titulo)}</th>' for c in columnas)
    cuerpo = []
    for fila in filas:
        celdas = []
        for columna, celda in zip(columnas, fila, strict=True):
            contenido = celda.texto if isinstance(celda, Html) else escape(celda)
            rotulo = f' data-rotulo="{escape(columna.rotulo_movil)}"' if columna.rotulo_movil and contenido else ""
            celdas.append(f'<td class="{columna.clase}"{rotulo}>{contenido}</td>')
        cuerpo.append(f"<tr>{''.join(celdas)}</tr>")
    return (
        f'<table class="tabla movil" aria-label="{escape(descripcion)}"><thead><tr>{encabezado}</tr></thead>'
        f"<tbody>{''.join(cuerpo)}</tbody></table>"
    )


def enlace(texto: str, pagina: str, **parametros: str) -> Html:
    """Liga a una página con su estado."""
    consulta = f"?{urlencode(parametros)}" if parametros else ""
    return Html(f'<a href="./{pagina}{escape(consulta)}">{escape(texto)}</a>')


def etiqueta(texto: str, motivo: str = "") -> Html:
    """Una etiqueta de tendencia con su color; con rayas y su motivo debajo si los datos no alcanzan."""
    color = COLOR_DE_ETIQUETA.get(texto, "#ffffff")
    insuficiente = texto == "datos insuficientes"
    rayas = ' class="rayado"' if insuficiente else ""
    porque = f' title="{escape(motivo)}"' if motivo else ""
    debajo = f'<br><span class="menor">{escape(motivo)}</span>' if motivo and insuficiente else ""
    muestra = f'<i{rayas} style="background-color:{color}"></i>'
    return Html(f'<span class="etiqueta"{porque}>{muestra}{escape(texto)}</span>{debajo}')


def imagen(direccion: str, alterno: str) -> Html:
    """Una imagen con su texto alterno."""
    return Html(f'<img src="{escape(direccion)}" alt="{escape(alterno)}">')
