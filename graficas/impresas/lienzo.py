"""El lienzo de una figura impresa: título arriba, pie abajo y, en medio, el lugar medido que queda para dibujar."""

from __future__ import annotations

import io
from dataclasses import dataclass, field

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.image import imread
from matplotlib.text import Text

from graficas.base import DEMOSTRACION, GRIS, LINEA, TINTA
from graficas.impresas.contenido import Contenido
from graficas.impresas.formas import MINIMO_DE_LETRA, Forma
from graficas.impresas.letra import alto, ancho, letra, partir

FORMATOS = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf"}
_LIENZOS = {"png": FigureCanvasAgg, "svg": FigureCanvasSVG, "pdf": FigureCanvasPdf}
AUTOR = "Delitos a la baja"
_RENGLONES_DE_TITULO = 4
_AIRE = 0.12  # pulgadas entre bloques


class NoCabe(Exception):
    """El texto no cabe en la forma ni con la letra más chica permitida."""


@dataclass
class Lienzo:
    """Una figura con su contenido puesto. ``caja`` es el lugar para el dibujo: izquierda, abajo, ancho y alto, en pulgadas."""

    forma: Forma
    contenido: Contenido
    figura: Figure = field(init=False)
    caja: tuple[float, float, float, float] = field(init=False)
    textos: list[Text] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self.figura = Figure(figsize=(self.forma.ancho, self.forma.alto), dpi=self.forma.resolucion, facecolor="white")
        arriba = self._encabezado()
        abajo = self._pie()
        margen = self.forma.margen
        if arriba - abajo < 0.3 * self.forma.alto:
            raise NoCabe(f"El título y el pie no dejan lugar para el dibujo en «{self.forma.nombre}».")
        self.caja = (margen, abajo, self.forma.ancho - 2 * margen, arriba - abajo)
        if self.contenido.demostracion:
            self._sello()

    def ejes(self, *, izquierda: float = 0.0, derecha: float = 0.0, abajo: float = 0.0, arriba: float = 0.0) -> Axes:
        """Ejes en la caja, dejando esas pulgadas a cada lado para sus rótulos."""
        x, y, w, h = self.caja
        x, y, w, h = x + izquierda, y + abajo, w - izquierda - derecha, h - abajo - arriba
        return self.figura.add_axes(
            (x / self.forma.ancho, y / self.forma.alto, w / self.forma.ancho, h / self.forma.alto)
        )

    def escribir(
        self, x: float, y: float, texto: str, puntos: float, *, negrita: bool = False, color: str = TINTA, **mas: object
    ) -> Text:
        """Un texto a ``x``, ``y`` pulgadas de la esquina inferior izquierda. Lanza ``ValueError`` bajo el mínimo de letra."""
        if puntos < MINIMO_DE_LETRA:
            raise ValueError(f"letra de {puntos} puntos: el mínimo es {MINIMO_DE_LETRA}")
        puesto = self.figura.text(
            x / self.forma.ancho,
            y / self.forma.alto,
            texto,
            fontproperties=letra(negrita),
            fontsize=puntos,
            color=color,
            parse_math=False,  # un «$» escrito por una persona es un «$», no una fórmula
            **mas,  # type: ignore[arg-type]
        )
        self.textos.append(puesto)
        return puesto

    def guardar(self, formato: str, escala: int = 1) -> bytes:
        """Los bytes de la figura; los mismos para el mismo contenido. ``escala``: 2 da un PNG del doble de pixeles.

        Lanza ``KeyError`` si el formato no es 'png', 'svg' o 'pdf'.
        """
        memoria = io.BytesIO()
        # Sin fecha y con identificadores fijos: el mismo contenido da los mismos bytes. El texto se queda texto.
        with mpl.rc_context({"svg.hashsalt": "delitos", "svg.fonttype": "none", "pdf.fonttype": 42}):
            _LIENZOS[formato](self.figura)
            self.figura.savefig(
                memoria,
                format=formato,
                dpi=self.forma.resolucion * escala,
                metadata=self._metadatos(formato),
            )
        cuerpo = memoria.getvalue()
        return _accesible(cuerpo, self.contenido) if formato == "svg" else cuerpo

    def _metadatos(self, formato: str) -> dict[str, object]:
        c = self.contenido
        if formato == "png":
            return {"Title": c.titulo, "Author": AUTOR, "Description": c.texto_alternativo, "Software": None}
        if formato == "pdf":
            return {
                "Title": c.titulo, "Author": AUTOR, "Subject": c.texto_alternativo, "Creator": AUTOR, "CreationDate": None,
            }  # fmt: skip
        return {
            "Title": c.titulo,
            "Creator": AUTOR,
            "Description": c.texto_alternativo,
            "Language": "es-MX",
            "Date": None,
        }

    def _encabezado(self) -> float:
        """Escribe título y bajada; devuelve a qué altura (pulgadas) terminan."""
        forma, c = self.forma, self.contenido
        disponible = forma.ancho - 2 * forma.margen
        logo = self._logo()
        puntos = forma.titulo
        renglones = partir(c.titulo, puntos, disponible - logo, negrita=True)
        while len(renglones) > _RENGLONES_DE_TITULO and puntos > forma.texto:
            puntos = max(puntos - 1, forma.texto)
            renglones = partir(c.titulo, puntos, disponible - logo, negrita=True)
        y = forma.alto - forma.margen
        y = self._bloque(renglones, y, puntos, negrita=True)
        if c.bajada:
            y = self._bloque(
                partir(c.bajada, forma.texto, disponible, negrita=False), y - _AIRE / 2, forma.texto, color=GRIS
            )
        if c.unidad:
            y = self._bloque(partir(c.unidad, forma.texto, disponible, negrita=False), y - _AIRE, forma.texto)
        return y - _AIRE

    def _pie(self) -> float:
        """Escribe el pie; devuelve a qué altura empieza el dibujo."""
        forma, c = self.forma, self.contenido
        partes = [
            *([f"{DEMOSTRACION}: cifras inventadas; no dicen nada de ningún lugar."] if c.demostracion else []),
            *c.pie,
        ]
        disponible = forma.ancho - 2 * forma.margen
        renglones = [r for parte in partes for r in partir(parte, forma.pie, disponible)]
        arriba = forma.margen * 0.8 + alto(len(renglones), forma.pie)
        self._bloque(renglones, arriba, forma.pie, color=GRIS)
        linea = mpl.lines.Line2D(
            [forma.margen / forma.ancho, 1 - forma.margen / forma.ancho], [(arriba + 0.07) / forma.alto] * 2,
            color=LINEA, linewidth=1,
        )  # fmt: skip
        self.figura.add_artist(linea)
        return arriba + 0.07 + _AIRE

    def _bloque(
        self, renglones: list[str], arriba: float, puntos: float, *, negrita: bool = False, color: str = TINTA
    ) -> float:
        for i, renglon in enumerate(renglones):
            y = arriba - alto(i, puntos) - puntos / 72
            self.escribir(self.forma.margen, y, renglon, puntos, negrita=negrita, color=color, va="baseline", ha="left")
        return arriba - alto(len(renglones), puntos)

    def _logo(self) -> float:
        """Pone el logo arriba a la derecha; devuelve cuántas pulgadas de ancho ocupa."""
        if not self.contenido.logo:
            return 0.0
        imagen = imread(io.BytesIO(self.contenido.logo), format="png")
        alto_del_logo = 0.6
        ancho_del_logo = min(alto_del_logo * imagen.shape[1] / imagen.shape[0], 0.25 * self.forma.ancho)
        forma = self.forma
        ejes = self.figura.add_axes(
            (
                1 - (forma.margen + ancho_del_logo) / forma.ancho,
                1 - (forma.margen + alto_del_logo) / forma.alto,
                ancho_del_logo / forma.ancho,
                alto_del_logo / forma.alto,
            )
        )
        ejes.imshow(imagen)
        ejes.set_axis_off()
        return ancho_del_logo + 2 * _AIRE

    def _sello(self) -> None:
        x, y, w, h = self.caja
        forma = self.forma
        puntos = min(60.0, 0.8 * w / ancho(DEMOSTRACION, 1, negrita=True))
        self.figura.text(
            (x + w / 2) / forma.ancho,
            (y + h / 2) / forma.alto,
            DEMOSTRACION,
            fontproperties=letra(True),
            fontsize=puntos,
            color=GRIS,
            alpha=0.16,
            rotation=14,
            ha="center",
            va="center",
            zorder=9,
        )


def _accesible(svg: bytes, contenido: Contenido) -> bytes:
    """El SVG con idioma, título y descripción, que es lo que lee un lector de pantalla."""
    from html import escape

    texto = svg.decode("utf-8")
    abre = texto.index("<svg ")
    cierra = texto.index(">", abre) + 1
    cabeza = texto[abre:cierra].replace(
        "<svg ", '<svg role="img" lang="es-MX" aria-labelledby="titulo descripcion" ', 1
    )
    dentro = (
        f'\n <title id="titulo">{escape(contenido.titulo)}</title>\n'
        f' <desc id="descripcion">{escape(contenido.texto_alternativo)}</desc>'
    )
    return (texto[:abre] + cabeza + dentro + texto[cierra:]).encode("utf-8")
