"""La sesión como PDF carta apaisado: las mismas láminas, con dibujos vectoriales, marcadores, idioma y etiquetas.

Va etiquetado (lo que fpdf2 permite): cada título como encabezado, cada párrafo y renglón de tabla como párrafo en su orden de
lectura, y cada figura con su texto alternativo. Las tablas no llevan estructura de tabla y lo que se repite en cada hoja no
se marca como adorno: quien necesite la tabla completa la tiene en el HTML y en el libro de cálculo.
"""

from __future__ import annotations

import hashlib
import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from fpdf import FPDF

from graficas.base import GRIS, TINTA
from graficas.impresas.formas import PUNTOS
from graficas.impresas.letra import INTERLINEA
from informes.sesion.acomodo import ALTO_DEL_LOGO, CARTA, RELLENO, Bloque, Hoja, Rejilla, acomodar
from informes.sesion.dibujos import dibujar
from informes.sesion.lamina import NUMERICAS, Composicion, Mapa

TIPO = "application/pdf"
LETRA = "atkinson hyperlegible next"
_FUENTES = Path(__file__).resolve().parents[2] / "static" / "fuentes"
_ARCHIVO = "atkinson-hyperlegible-next-latin-{}-normal.ttf"
_EN_LOS_DIBUJOS = "dejavu sans"  # el nombre genérico que matplotlib escribe en sus SVG
AZUL, CLARO = (11, 92, 138), (242, 245, 247)
_TEXTO_DE_MAPA = 10.5
_TEXTO_DE_FIGURA = 14  # fpdf2 toma los pixeles de un SVG por tres cuartos de punto


class _Documento(FPDF):
    """Un PDF en pulgadas, con la letra de la casa y etiquetas."""

    def __init__(self, c: Composicion) -> None:
        super().__init__(orientation="landscape", format="letter", unit="in")
        self._huella = hashlib.md5(c.huella.encode(), usedforsecurity=False).hexdigest().upper()
        self.set_auto_page_break(False)
        self.set_margin(0)
        self.c_margin = 0
        for estilo, peso in (("", 400), ("B", 700)):
            for familia in (LETRA, _EN_LOS_DIBUJOS):
                self.add_font(familia, estilo, _FUENTES / _ARCHIVO.format(peso))
        self.set_lang("es-MX")
        self.set_title(c.titulo)
        self.set_author("Delitos a la baja")
        self.set_subject(f"{c.sesion}. Corte {c.corte:%Y-%m}.")
        self.set_keywords(" ".join(c.rotulos))
        self.set_creator("Delitos a la baja")
        self.set_producer("fpdf2")
        self.set_creation_date(datetime(2000, 1, 1, tzinfo=UTC))
        self.set_display_mode("fullpage")

    def file_id(self) -> str:
        """Sale de lo que entró, no de la hora."""
        return f"<{self._huella}><{self._huella}>"

    @contextmanager
    def etiqueta(self, tipo: str) -> Iterator[None]:
        """Lo que se escriba dentro lleva esa etiqueta, en el orden en que se escribe."""
        marca = self.struct_builder.next_mcid_for_page(self.page)
        self._add_marked_content(struct_type=f"/{tipo}", mcid=marca)
        self._out(f"/{tipo} <</MCID {marca}>> BDC")
        yield
        self._out("EMC")

    def renglon(
        self, x: float, y: float, texto: str, puntos: float, *, negrita: bool = False, color: str = TINTA
    ) -> None:
        """Un renglón con su línea base a ``y`` pulgadas del borde superior."""
        self.set_font(LETRA, "B" if negrita else "", puntos)
        self.set_text_color(*(int(color[n : n + 2], 16) for n in (1, 3, 5)))
        self.text(x, y, texto)


def en_pdf(c: Composicion) -> bytes:
    """Los bytes del .pdf; los mismos para la misma composición."""
    # fpdf2 avisa de cada etiqueta que no dibuja (título, descripción): no son del dibujo
    logging.getLogger("fpdf.svg").setLevel(logging.ERROR)
    d = _Documento(c)
    hojas = [h for lamina in c.laminas for h in acomodar(lamina, CARTA, c.rotulos)]
    parte = ""
    for numero, hoja in enumerate(hojas, 1):
        d.add_page()
        if hoja.lamina.parte != parte:
            parte = hoja.lamina.parte
            d.start_section(parte[:1].upper() + parte[1:], level=0)
        if not hoja.sigue:
            d.start_section(hoja.lamina.titulo[:120], level=1)
        d.set_fill_color(*AZUL)
        d.rect(0, 0, CARTA.ancho, 0.1, style="F")
        _hoja(d, c, hoja, f"{numero} de {len(hojas)}")
    return bytes(d.output())


def _hoja(d: _Documento, c: Composicion, hoja: Hoja, cual: str) -> None:
    m = CARTA.margen
    if hoja.lamina.parte == "portada" and c.logo:
        d.image(io.BytesIO(c.logo), x=m, y=m, h=ALTO_DEL_LOGO, alt_text=c.alternativo_del_logo)
    _bloque(d, hoja.titulo, m, "H1", negrita=True)
    con_punto = hoja.lamina.parte != "portada" and len(hoja.lamina.cuerpo) > 1
    _bloque(d, hoja.cuerpo, m, "P", puntos=con_punto, entre=_entre(hoja.cuerpo))
    figura = hoja.lamina.figura
    if hoja.rejilla is not None:
        _tabla(d, hoja.rejilla, hoja.caja)
    elif figura is not None:
        x, y, ancho, alto = hoja.caja
        letra = _TEXTO_DE_MAPA if isinstance(figura, Mapa) else _TEXTO_DE_FIGURA
        lienzo = dibujar(figura, ancho, alto, letra, demostracion=c.demostracion)
        if lienzo is not None:
            # fpdf2 no dibuja las rayas de un SVG, y «datos insuficientes» va rayado: el mapa entra como imagen
            cuerpo = lienzo.guardar("png", 2) if isinstance(figura, Mapa) else lienzo.guardar("svg")
            d.image(io.BytesIO(cuerpo), x=x, y=y, w=ancho, h=alto, alt_text=figura.alternativo[:2000])
    _bloque(d, hoja.pie, m, "P", color=GRIS)
    d.set_font(LETRA, "", CARTA.pie)
    d.renglon(CARTA.ancho - m - d.get_string_width(cual), CARTA.alto - 0.32, cual, CARTA.pie, color=GRIS)


def _entre(b: Bloque) -> float:
    """El aire entre párrafos con que se midió el bloque."""
    renglones = sum(map(len, b.parrafos))
    huecos = len(b.parrafos) - 1
    return (b.alto - renglones * b.puntos * INTERLINEA / PUNTOS) / huecos if huecos > 0 else 0.0


def _bloque(
    d: _Documento, b: Bloque, x: float, tipo: str, *, negrita: bool = False, color: str = TINTA, puntos: bool = False,
    entre: float = 0.0,
) -> None:  # fmt: skip
    y = b.y
    for parrafo in b.parrafos:
        with d.etiqueta(tipo):
            for n, texto in enumerate(parrafo):
                if puntos and n == 0:
                    d.renglon(x + 0.04, y + b.puntos / PUNTOS, "•", b.puntos, color=color)
                d.renglon(
                    x + (0.2 if puntos else 0), y + b.puntos / PUNTOS, texto, b.puntos, negrita=negrita, color=color
                )
                y += b.puntos * INTERLINEA / PUNTOS
        y += entre


def _tabla(d: _Documento, r: Rejilla, caja: tuple[float, float, float, float]) -> None:
    x0, y, ancho, _ = caja
    for fila, (textos, alto) in enumerate(zip((r.encabezado, *r.celdas), r.altos, strict=True)):
        if fila == 0 or fila % 2 == 0:
            d.set_fill_color(*(AZUL if fila == 0 else CLARO))
            d.rect(x0, y, ancho, alto, style="F")
        x = x0
        with d.etiqueta("P"):
            for n, (columna, renglones, w) in enumerate(zip(r.columnas, textos, r.anchos, strict=True)):
                negrita = fila == 0 or n == 0
                for k, texto in enumerate(renglones):
                    d.set_font(LETRA, "B" if negrita else "", r.puntos)
                    sangria = w - RELLENO - d.get_string_width(texto) if columna.clase in NUMERICAS else RELLENO
                    base = y + RELLENO * 0.7 + (k * INTERLINEA + 1) * r.puntos / PUNTOS
                    d.renglon(
                        x + sangria, base, texto, r.puntos, negrita=negrita, color="#FFFFFF" if fila == 0 else TINTA
                    )
                x += w
        y += alto
