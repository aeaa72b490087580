"""El boletín en PDF: carta, dos páginas cuando mucho para un lugar común, con su estructura y nada cortado."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date

from PIL import Image

from analisis import formatos
from analisis.boletin import Renglon
from analisis.cambio import BASE_MINIMA
from analisis.periodos import MESES_DEL_ANIO, Periodo, mover
from datos.registro.logos import como_imagen
from graficas.base import DEMOSTRACION, GRIS, LINEA, TINTA
from graficas.impresas.formas import Forma
from informes.boletin.componer import Boletin
from informes.pdf_etiquetado import LETRA, PdfEtiquetado
from informes.prensa.historia import Historia

MARGEN = 0.6
PAGINAS = 2
# De la más cómoda a la más apretada; nunca menos de 9 puntos. Si ni así cabe en dos páginas, van más: nada se corta.
CUERPOS = (10.5, 10.0, 9.5, 9.0)
ALTO_DEL_LOGO = 0.5  # pulgadas
_INTERLINEA = 1.25
_PUNTOS = 72
_FIGURA = Forma("Boletín", 7.3, 3.5, 200, 12.5, 9.5, 9, 0.12)
_ANCHOS = (1.98, 0.66, 0.66, 0.66, 0.66, 0.72, 0.72, 1.24)


def a_pdf(boletin: Boletin) -> bytes:
    """Los bytes; los mismos para el mismo boletín."""
    for cuerpo in CUERPOS:
        hecho = _Escrito(boletin, cuerpo)
        if hecho.pdf.pages_count <= PAGINAS:
            break
    return hecho.pdf.a_bytes()


class _Escrito:
    """El documento con un tamaño de letra."""

    def __init__(self, boletin: Boletin, cuerpo: float) -> None:
        self.cuerpo = cuerpo
        self.pdf = PdfEtiquetado(boletin.titulo, f"Boletín de {formatos.mes(boletin.mes)}", MARGEN)
        self.boletin = boletin
        self._pagina()
        self._logotipo()
        self._texto("/H1", boletin.titulo, cuerpo + 6.5, negrita=True, despues=0.04)
        self._texto("/P", boletin.bajada, cuerpo, gris=True, despues=0.1)
        self._tabla()
        self._texto("/H2", "Delito por delito", cuerpo + 2, negrita=True, antes=0.1)
        self._puntos(boletin.puntos)
        self._texto("/H2", "Lo inusual del mes", cuerpo + 2, negrita=True, antes=0.08)
        self._puntos(boletin.inusual)
        self._texto("/H2", "Lo que todavía no se puede decir", cuerpo + 2, negrita=True, antes=0.08)
        self._puntos(boletin.cautelas)
        for figura in boletin.figuras:
            self._figura(figura)
        self._texto("/H2", "De dónde sale", cuerpo + 2, negrita=True, antes=0.08)
        for fuente in boletin.fuentes:
            self._texto("/P", fuente, 9, gris=True)
        self._texto("/P", f"Huella de lo que entró en este boletín: {boletin.huella[:16]}.", 9, gris=True)

    def _pagina(self) -> None:
        pdf = self.pdf
        pdf.add_page()
        with pdf.adorno():
            self._letra(9, negrita=False, gris=True)
            izquierda = f"Delitos a la baja · boletín de {formatos.mes(self.boletin.mes)}"
            if self.boletin.demostracion:
                izquierda = f"{DEMOSTRACION}: cifras inventadas; no dicen nada de ningún lugar."
            pdf.set_xy(MARGEN, 0.32)
            pdf.cell(pdf.epw, 0.16, izquierda)
            pdf.set_xy(MARGEN, 0.32)
            pdf.cell(pdf.epw, 0.16, f"página {pdf.page_no()}", align="R")
        pdf.set_xy(MARGEN, MARGEN)

    def _logotipo(self) -> None:
        """El de la Mesa, como adorno: su nombre está en el título."""
        logo = como_imagen(self.boletin.donde.logo)
        if logo is None:
            return
        with self.pdf.adorno():
            self.pdf.image(io.BytesIO(logo), MARGEN, self.pdf.y, h=ALTO_DEL_LOGO)
        self.pdf.set_xy(MARGEN, self.pdf.y + ALTO_DEL_LOGO + 0.08)

    def _letra(self, puntos: float, *, negrita: bool = False, gris: bool = False) -> None:
        self.pdf.set_font(LETRA, "B" if negrita else "", puntos)
        self.pdf.set_text_color(GRIS if gris else TINTA)

    def _lugar(self, alto: float) -> None:
        """Deja lugar para un bloque de ese alto, en otra página si hace falta."""
        if self.pdf.y + alto > self.pdf.h - MARGEN:
            self._pagina()

    def _texto(
        self,
        tipo: str,
        texto: str,
        puntos: float,
        *,
        negrita: bool = False,
        gris: bool = False,
        antes: float = 0.0,
        despues: float = 0.0,
        sangria: float = 0.0,
    ) -> None:
        self._letra(puntos, negrita=negrita, gris=gris)
        renglon = puntos * _INTERLINEA / _PUNTOS
        ancho = self.pdf.epw - sangria
        renglones = self.pdf.renglones(texto, ancho)
        seguido = 3 * renglon if tipo == "/H2" else 0.0  # un título no se queda solo al pie
        self._lugar(antes + len(renglones) * renglon + seguido)
        self._letra(puntos, negrita=negrita, gris=gris)
        self.pdf.set_xy(MARGEN + sangria, self.pdf.y + antes)
        with self.pdf.contenido(tipo):
            self.pdf.escribir(renglones, ancho, renglon)
        self.pdf.set_xy(MARGEN, self.pdf.y + despues)

    def _puntos(self, textos: Sequence[str]) -> None:
        with self.pdf.grupo("/L"):
            for texto in textos:
                self._texto("/LI", f"· {texto}", self.cuerpo, sangria=0.12, despues=0.02)

    def _tabla(self) -> None:
        pdf, mes = self.pdf, self.boletin.mes
        encabezados = (
            "Delito",
            *(formatos.mes_corto(m) for m in (mes, mover(mes, -1), mover(mes, -2), mover(mes, -MESES_DEL_ANIO))),
            *(Periodo(date(m.year, 1, 1), m).corto() for m in (mes, mover(mes, -MESES_DEL_ANIO))),
            "Cambio",
        )
        renglon = self.cuerpo * _INTERLINEA / _PUNTOS
        with pdf.grupo("/Table"):
            self._fila("/TH", encabezados, 2 * renglon, negrita=True)
            for d in self.boletin.delitos:
                self._fila("/TD", (d.nombre, *celdas(d.renglon)), renglon * 1.25)

    def _fila(self, tipo: str, celdas_: Sequence[str], alto: float, *, negrita: bool = False) -> None:
        pdf = self.pdf
        partidas = []
        for texto, ancho in zip(celdas_, _ANCHOS, strict=True):
            self._letra(9, negrita=True)  # la más ancha: lo que cabe en negrita cabe sin ella
            partidas.append(pdf.renglones(texto, ancho))
        alto = max(alto, 0.16 * max(len(p) for p in partidas) + 0.04)
        self._lugar(alto)
        arriba = pdf.y
        with pdf.grupo("/TR"):
            x = MARGEN
            for n, ancho in enumerate(_ANCHOS):
                self._letra(9, negrita=negrita or n == 0)
                pdf.set_xy(x, arriba + (alto - 0.16 * len(partidas[n])) / 2)
                with pdf.contenido("/TH" if n == 0 else tipo):
                    pdf.escribir(partidas[n], ancho, 0.16, "L" if n == 0 else "R")
                x += ancho
        with pdf.adorno():
            pdf.set_draw_color(LINEA)
            pdf.set_line_width(0.01)
            pdf.line(MARGEN, arriba + alto, pdf.w - MARGEN, arriba + alto)
        pdf.set_xy(MARGEN, arriba + alto)

    def _figura(self, historia: Historia) -> None:
        imagen = Image.open(io.BytesIO(historia.en(_FIGURA).guardar("png")))
        self._lugar(_FIGURA.alto + 0.1)
        arriba = self.pdf.y + 0.08
        with self.pdf.contenido("/Figure", historia.contenido.texto_alternativo):
            self.pdf.image(imagen, x=MARGEN, y=arriba, w=self.pdf.epw)
        self.pdf.set_xy(MARGEN, arriba + self.pdf.epw * _FIGURA.alto / _FIGURA.ancho)


def celdas(r: Renglon) -> list[str]:
    """Lo que va en la tabla de un delito: el mes, los dos anteriores, un año antes, lo que va del año, lo mismo un año antes y el
    cambio en carpetas con su porcentaje si la base alcanza."""
    numeros = [r.conteo, *(n for _, n in r.anteriores), r.hace_un_anio, *_acumulados(r)]
    return [*(formatos.entero(n) for n in numeros), _cambio(r)]


def _acumulados(r: Renglon) -> list[int | None]:
    return [r.acumulado, r.acumulado_previo]


def _cambio(r: Renglon) -> str:
    if r.acumulado is None or r.acumulado_previo is None:
        return formatos.SIN_DATO
    cambio = formatos.con_signo(r.acumulado - r.acumulado_previo)
    if r.acumulado_previo < BASE_MINIMA or r.mes.month == 1:  # un solo mes no lleva porcentaje
        return cambio
    return f"{cambio} ({formatos.porcentaje_con_signo(100 * (r.acumulado - r.acumulado_previo) / r.acumulado_previo)})"
