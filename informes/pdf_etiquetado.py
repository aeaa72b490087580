"""Un PDF de fpdf2 con su estructura —títulos, párrafos, tablas, figuras con alternativa— para lectores de pantalla.

fpdf2 2.8 solo etiqueta figuras y cuelga todo del documento. Aquí se usa su mismo constructor de árbol con los tipos de la norma
(ISO 32000-1, §14.8.4) y con renglones y celdas dentro de su tabla. Lo que no se etiqueta (rayas, número de página) se marca
como adorno.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from fpdf import FPDF
from fpdf.output import OutputProducer
from fpdf.prefs import ViewerPreferences
from fpdf.structure_tree import StructElem, StructureTreeBuilder
from fpdf.syntax import PDFObject

FUENTES = Path(__file__).resolve().parents[1] / "static" / "fuentes"
LETRA = "Atkinson"
_ARCHIVOS = {
    "": "atkinson-hyperlegible-next-latin-400-normal.ttf",
    "B": "atkinson-hyperlegible-next-latin-700-normal.ttf",
}
_FECHA_FIJA = datetime(2000, 1, 1, tzinfo=UTC)
AUTOR = "Delitos a la baja"


class _Arbol(StructureTreeBuilder):
    """El de fpdf2, con hijos dentro de hijos."""

    def __init__(self) -> None:
        super().__init__()
        self.todos: list[StructElem] = []
        self.marcados: dict[int, int] = {}  # por página, cuántos contenidos llevan número

    def agregar(
        self, tipo: str, padre: StructElem | None, pagina: int, marcado: bool, alternativa: str | None
    ) -> tuple[StructElem, int, int]:
        """El elemento, el número de su contenido y el de su página en el árbol."""
        suyo = self.spid_per_page_number.setdefault(pagina, len(self.spid_per_page_number))
        numero = self.marcados.get(pagina, 0)
        arriba = padre or self.doc_struct_elem
        elemento = StructElem(tipo, arriba, [numero] if marcado else [], page_number=pagina, alt=alternativa)
        arriba.k.append(elemento)
        self.todos.append(elemento)
        if marcado:
            self.marcados[pagina] = numero + 1
            self.struct_tree_root.parent_tree.nums[suyo].append(elemento)
        return elemento, numero, suyo

    def __iter__(self) -> Iterator[PDFObject]:
        yield self.struct_tree_root
        yield self.doc_struct_elem
        yield self.struct_tree_root.parent_tree
        yield from self.todos


class _Productor(OutputProducer):
    """El de fpdf2, que además dice en qué página está cada elemento: él solo lo hace con los que cuelgan del documento."""

    def _insert_resources(self, page_objs) -> None:
        super()._insert_resources(page_objs)
        for elemento in self.fpdf.struct_builder.todos:
            elemento.pg = page_objs[elemento.page_number() - 1]


class PdfEtiquetado(FPDF):
    """Carta vertical en pulgadas, con la letra de la casa, en español de México y con los mismos bytes para lo mismo."""

    def __init__(self, titulo: str, asunto: str, margen: float) -> None:
        super().__init__(orientation="portrait", unit="in", format="letter")
        self.struct_builder = self.arbol = _Arbol()
        self._abierto: StructElem | None = None
        for estilo, archivo in _ARCHIVOS.items():
            self.add_font(LETRA, estilo, FUENTES / archivo)
        self.set_lang("es-MX")
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)  # la ventana dice el título y no el archivo
        self.set_title(titulo)
        self.set_subject(asunto)
        self.set_author(AUTOR)
        self.set_creator(AUTOR)
        self.set_producer(AUTOR)
        self.set_creation_date(_FECHA_FIJA)
        self.set_margin(margen)
        self.c_margin = 0.02
        self.set_auto_page_break(False)  # quien escribe mide antes: un bloque etiquetado no puede partirse

    def a_bytes(self) -> bytes:
        """El documento."""
        return bytes(self.output(output_producer_class=_Productor))

    def renglones(self, texto: str, ancho: float) -> list[str]:
        """El texto partido para que quepa en ``ancho`` pulgadas con la letra puesta."""
        return self.multi_cell(ancho, 0.1, texto, align="L", dry_run=True, output="LINES")

    def escribir(self, renglones: list[str], ancho: float, alto: float, align: str = "L") -> None:
        """Los renglones desde donde está; cada uno acaba en espacio, para que al leerlo no se peguen las palabras."""
        x = self.x
        for n, renglon in enumerate(renglones):
            final = "" if n == len(renglones) - 1 else " "
            self.set_x(x)
            self.cell(ancho, alto, renglon + final, align=align, new_x="LEFT", new_y="NEXT")

    @contextmanager
    def grupo(self, tipo: str) -> Iterator[None]:
        """Un elemento que solo contiene a otros: '/Table', '/TR', '/L'."""
        padre = self._abierto
        self._abierto, _, _ = self.arbol.agregar(tipo, padre, self.page, False, None)
        yield
        self._abierto = padre

    @contextmanager
    def contenido(self, tipo: str, alternativa: str | None = None) -> Iterator[None]:
        """Lo que se escriba adentro es un '/H1', '/P', '/TH', '/TD', '/LI' o '/Figure'."""
        _, numero, suyo = self.arbol.agregar(tipo, self._abierto, self.page, True, alternativa)
        self.pages[self.page].struct_parents = suyo
        self._set_min_pdf_version("1.7")
        pagina = self.page
        self._out(f"{tipo} <</MCID {numero}>> BDC")
        yield
        assert self.page == pagina, "un bloque etiquetado no puede cambiar de página"
        self._out("EMC")

    @contextmanager
    def adorno(self) -> Iterator[None]:
        """Lo que un lector de pantalla se salta."""
        self._out("/Artifact BMC")
        yield
        self._out("EMC")
