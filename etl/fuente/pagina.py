"""Leer la página de la fuente: cada liga con el texto que la acompaña, y cuáles son las de nuestros productos."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from datos.catalogos.etiquetas import Producto
from etl.fuente.productos import Etiqueta, reconocer

_BLOQUES = frozenset({"p", "li", "tr", "div", "section", "article", "ul", "ol", "table", "h1", "h2", "h3", "h4"})
_AJENOS = frozenset({"script", "style", "noscript", "template"})


@dataclass(frozen=True)
class Liga:
    """Una liga de la página: lo que dice, la dirección completa y, si es de un producto, cuál."""

    texto: str
    direccion: str
    etiqueta: Etiqueta | None


class _Lector(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.halladas: list[tuple[list[str], str]] = []
        self._ajeno = 0
        self._bloque: list[str] = []
        self._liga: list[str] | None = None
        self._titulos: list[str] = []
        self._destino = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _AJENOS:
            self._ajeno += 1
        elif tag in _BLOQUES:
            self._bloque = []
        elif tag == "a":
            self._cerrar_liga()
            atributos = {nombre: valor or "" for nombre, valor in attrs}
            if atributos.get("href"):
                self._liga, self._destino = [], atributos["href"]
                self._titulos = [atributos.get("title", ""), atributos.get("aria-label", "")]

    def handle_endtag(self, tag: str) -> None:
        if tag in _AJENOS:
            self._ajeno = max(0, self._ajeno - 1)
        elif tag == "a":
            self._cerrar_liga()
        elif tag in _BLOQUES:
            self._bloque = []

    def handle_data(self, data: str) -> None:
        if self._ajeno:
            return
        self._bloque.append(data)
        if self._liga is not None:
            self._liga.append(data)

    def _cerrar_liga(self) -> None:
        if self._liga is not None:
            # La etiqueta va dentro de la liga; si ahí solo dice «Descargar», es lo que la precede en su renglón.
            textos = ["".join(self._liga), *self._titulos, "".join(self._bloque)]
            self.halladas.append((textos, self._destino))
            self._liga, self._bloque = None, []


def ligas(html: str, direccion: str) -> list[Liga]:
    """Todas las ligas http de una página, con direcciones completas; el texto sin saltos ni espacios de más."""
    lector = _Lector()
    lector.feed(html)
    lector.close()
    encontradas = []
    for textos, destino in lector.halladas:
        completa = urljoin(direccion, destino.strip())
        if urlsplit(completa).scheme not in ("http", "https"):
            continue
        limpios = [" ".join(t.split()) for t in textos]
        etiquetas = [(texto, reconocer(texto)) for texto in limpios]
        texto, etiqueta = next((par for par in etiquetas if par[1] is not None), (limpios[0], None))
        encontradas.append(Liga(texto, completa, etiqueta))
    return encontradas


def por_producto(todas: list[Liga]) -> dict[Producto, list[Liga]]:
    """Las ligas de cada producto, primero la que llega a un mes más reciente."""
    grupos: dict[Producto, list[Liga]] = {}
    for liga in todas:
        if liga.etiqueta is not None:
            grupos.setdefault(liga.etiqueta.producto, []).append(liga)
    for propias in grupos.values():
        propias.sort(key=lambda liga: liga.etiqueta.hasta if liga.etiqueta else (0, 0), reverse=True)
    return grupos
