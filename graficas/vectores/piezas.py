"""Las piezas de un SVG: etiquetas con sus atributos escapados, texto medido y el rótulo de demostración."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from graficas.base import DEMOSTRACION, GRIS
from graficas.impresas.formas import PUNTOS
from graficas.impresas.letra import ancho as ancho_en_pulgadas


@dataclass(frozen=True)
class Medidas:
    """El tamaño de un dibujo, en sus propias unidades, y el de su letra."""

    ancho: int
    alto: int
    letra: int = 17


PANTALLA, TELEFONO = Medidas(1100, 440), Medidas(390, 330, 14)
MAPA_EN_PANTALLA, MAPA_EN_TELEFONO = Medidas(1000, 520), Medidas(390, 400, 13)


def etiqueta(nombre: str, contenido: str = "", **atributos: object) -> str:
    """«<nombre a="…">contenido</nombre>»; ``clase_`` por ``class``, y los guiones bajos son guiones."""
    escritos = "".join(
        f' {k.rstrip("_").replace("_", "-")}="{escape(str(v))}"' for k, v in atributos.items() if v is not None
    )
    return f"<{nombre}{escritos}>{contenido}</{nombre}>" if contenido else f"<{nombre}{escritos}/>"


def texto(x: float, y: float, que: str, letra: float, **atributos: object) -> str:
    """Un renglón de texto."""
    return etiqueta("text", escape(que), x=f"{x:.1f}", y=f"{y:.1f}", font_size=letra, **atributos)


def largo(que: str, letra: float, *, negrita: bool = False) -> float:
    """Cuánto mide un texto con la letra de la casa, en unidades del dibujo."""
    return ancho_en_pulgadas(que, letra, negrita=negrita) * PUNTOS


def dibujo(m: Medidas, cuerpo: str, alternativo: str, *, clase: str, papel: str = "img", **atributos: object) -> str:
    """El SVG completo, con su nombre para un lector de pantalla."""
    return etiqueta(
        "svg",
        cuerpo,
        class_=clase,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {m.ancho} {m.alto}",
        role=papel,
        aria_label=alternativo,
        **atributos,
    )  # fmt: skip


def sello(m: Medidas) -> str:
    """«DEMOSTRACIÓN» atravesado sobre la figura."""
    letra = m.ancho / 14
    return texto(
        m.ancho / 2, m.alto / 2, DEMOSTRACION, letra, text_anchor="middle", fill=GRIS, opacity=0.16, font_weight=700,
        transform=f"rotate(-12 {m.ancho / 2:.0f} {m.alto / 2:.0f})", aria_hidden="true", pointer_events="none",
    )  # fmt: skip


def trazo(puntos: list[tuple[float, float]]) -> str:
    """Una línea quebrada; NaN la corta."""
    partes, abierta = [], False
    for x, y in puntos:
        if y != y:
            abierta = False
            continue
        partes.append(f"{'L' if abierta else 'M'}{x:.1f} {y:.1f}")
        abierta = True
    return "".join(partes)
