"""Lo que no pasa: cada problema con su lugar, lo esperado y lo encontrado, y el rechazo que los lleva todos."""

from __future__ import annotations

from dataclasses import dataclass

MAXIMO_EN_MENSAJE = 200


@dataclass(frozen=True)
class Problema:
    """Un defecto de un archivo. ``linea`` cuenta desde 1 e incluye el encabezado; ``None`` si es de todo el archivo."""

    archivo: str
    esperado: str
    encontrado: str
    linea: int | None = None
    columna: str | None = None

    def __str__(self) -> str:
        lugar = [self.archivo]
        if self.linea is not None:
            lugar.append(f"línea {self.linea:,}")
        if self.columna is not None:
            lugar.append(f"columna «{self.columna}»")
        return f"{', '.join(lugar)}: se esperaba {self.esperado}; se encontró {self.encontrado}"

    def como_dict(self) -> dict[str, object]:
        """El mismo problema para ``--json``."""
        return {
            "archivo": self.archivo,
            "linea": self.linea,
            "columna": self.columna,
            "esperado": self.esperado,
            "encontrado": self.encontrado,
        }


class EntradaRechazada(Exception):
    """La entrada se rechaza completa: nada cambió. Lleva todos los problemas, no solo el primero."""

    def __init__(self, problemas: list[Problema]) -> None:
        self.problemas = problemas
        super().__init__(self.explicacion())

    def explicacion(self) -> str:
        """Mensaje para personas: qué pasó, qué se conservó y qué sigue."""
        visibles = [f"  - {p}" for p in self.problemas[:MAXIMO_EN_MENSAJE]]
        if len(self.problemas) > MAXIMO_EN_MENSAJE:
            visibles.append(f"  … y {len(self.problemas) - MAXIMO_EN_MENSAJE:,} más (use --json para verlos todos).")
        return "\n".join(
            [
                f"No se cargó nada: {len(self.problemas):,} problema(s) en los archivos recibidos.",
                *visibles,
                "Lo publicado antes sigue igual. Corrija o vuelva a descargar los archivos señalados y repita la carga.",
            ]
        )


class FueraDeTema(Exception):
    """El archivo se reconoce o se intuye como otra cosa: se deja a un lado, no es un error."""
