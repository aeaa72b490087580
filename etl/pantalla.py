"""El avance para quien mira la terminal: un renglón por paso y, en una terminal de verdad, una barra con los bytes."""

from __future__ import annotations

import sys
from typing import IO

ANCHO_DE_LA_BARRA = 30


class Pantalla:
    """Escribe en la salida de errores, para no mezclarse con ``--json``; en silencio no escribe nada."""

    def __init__(self, *, callada: bool = False, salida: IO[str] | None = None) -> None:
        self._salida = salida or sys.stderr
        self._callada = callada
        self._con_barra = not callada and self._salida.isatty()
        self._pintada = 0

    def paso(self, texto: str) -> None:
        """Un renglón nuevo."""
        if not self._callada:
            self._borrar()
            print(f"· {texto}", file=self._salida, flush=True)

    def bytes(self, hechos: int, total: int | None) -> None:
        """Repinta la barra en su mismo renglón."""
        if not self._con_barra:
            return
        texto = barra(hechos, total)
        self._salida.write("\r" + texto.ljust(self._pintada))
        self._salida.flush()
        self._pintada = len(texto)

    def _borrar(self) -> None:
        if self._pintada:
            self._salida.write("\r" + " " * self._pintada + "\r")
            self._pintada = 0


def barra(hechos: int, total: int | None) -> str:
    """«[######------] 12.4 de 132.0 MB»; sin total, solo lo que va."""
    if not total:
        return f"{hechos / 1e6:,.1f} MB"
    lleno = round(ANCHO_DE_LA_BARRA * min(hechos / total, 1))
    return f"[{'#' * lleno}{'-' * (ANCHO_DE_LA_BARRA - lleno)}] {hechos / 1e6:,.1f} de {total / 1e6:,.1f} MB"
