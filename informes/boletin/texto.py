"""El boletín como texto para copiar en un mensaje: títulos, puntos y nada que dependa de cómo se vea."""

from __future__ import annotations

from collections.abc import Iterator

from graficas.base import DEMOSTRACION
from informes.boletin.componer import Boletin


def a_texto(boletin: Boletin) -> str:
    """Markdown sencillo («# » título, «## » apartado, «- » punto): se lee igual sin interpretarlo."""
    return "\n".join(_renglones(boletin)) + "\n"


def _renglones(b: Boletin) -> Iterator[str]:
    if b.demostracion:
        yield f"{DEMOSTRACION}: cifras inventadas; no dicen nada de ningún lugar."
        yield ""
    yield f"# {b.titulo}"
    yield ""
    yield b.bajada
    for apartado, puntos in (
        ("Delito por delito", b.puntos),
        ("Lo inusual del mes", b.inusual),
        ("Lo que todavía no se puede decir", b.cautelas),
        ("De dónde sale", [*b.fuentes, f"Huella de lo que entró en este boletín: {b.huella[:16]}."]),
    ):
        yield ""
        yield f"## {apartado}"
        yield ""
        yield from (f"- {p}" for p in puntos)
