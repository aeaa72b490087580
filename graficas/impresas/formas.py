"""Las formas en que sale una figura: sus medidas y el tamaño de su letra, nunca menor de 9 puntos donde se va a leer."""

from __future__ import annotations

from dataclasses import dataclass

PUNTOS = 72  # por pulgada
MINIMO_DE_LETRA = 9.0  # puntos


@dataclass(frozen=True)
class Forma:
    """Ancho y alto en pulgadas, puntos por pulgada del PNG a 1×, y tamaños de letra en puntos."""

    nombre: str
    ancho: float
    alto: float
    resolucion: int
    titulo: float
    texto: float
    pie: float
    margen: float

    @property
    def pixeles(self) -> tuple[int, int]:
        """Ancho y alto del PNG a 1×."""
        return round(self.ancho * self.resolucion), round(self.alto * self.resolucion)

    @property
    def vertical(self) -> bool:
        """Si es más alta que ancha."""
        return self.alto > self.ancho


# A 120 puntos por pulgada, 1,200 pixeles son 10 pulgadas: 9 puntos son 15 pixeles, que se leen en un teléfono.
FORMAS = {
    "horizontal": Forma("Horizontal, 1200 × 675", 10, 5.625, 120, 17, 11, 9, 0.42),
    "cuadrada": Forma("Cuadrada, 1080 × 1080", 9, 9, 120, 21, 13, 9.5, 0.42),
    "vertical": Forma("Vertical, 1080 × 1920", 9, 16, 120, 27, 16, 12, 0.5),
    "lamina": Forma("Lámina 16:9", 13.333, 7.5, 144, 23, 14.5, 10.5, 0.55),
    "media_carta": Forma("Media carta", 8.5, 5.5, 150, 16, 10.5, 9, 0.45),
    "carta": Forma("Carta", 8.5, 11, 150, 18, 11.5, 9, 0.6),
}
