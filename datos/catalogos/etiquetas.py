"""Las etiquetas exactas con que el SESNSP ofrece cada archivo, para buscarlas y para decírselas a una persona."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from datos.esquema import CNSP, MESES, RNID

PAGINA = "https://www.gob.mx/sesnsp/acciones-y-programas/datos-abiertos-de-incidencia-delictiva"
_VIEJA = "2015 - 2025 (Fuero Común - {que}). Incidencia delictiva {nivel}"
_NUEVA = "{periodo} (Fuero común - {que}). Incidencia delictiva {nivel}"


@dataclass(frozen=True)
class Producto:
    """Un archivo de la fuente: metodología y ámbito como en ``cortes``, y si sin él el conjunto está incompleto."""

    metodologia: str
    ambito: str
    obligatorio: bool

    @property
    def clave(self) -> tuple[str, str]:
        """Metodología y ámbito."""
        return self.metodologia, self.ambito

    @property
    def nombre(self) -> str:
        """Cómo se le dice en los avisos."""
        de = "víctimas" if self.ambito.startswith("victimas") else "carpetas"
        nivel = self.ambito.removeprefix("victimas_")
        return f"{de}, {nivel}, {'2015–2025' if self.metodologia == CNSP else '2026'}"

    @property
    def apodo(self) -> str:
        """Nombre para archivos: sin acentos ni espacios."""
        return f"{'2015-2025' if self.metodologia == CNSP else 'RNID'}_{self.ambito}"

    def etiqueta(self, corte: date) -> str:
        """La etiqueta como se lee en la página cuando el último corte es ese mes."""
        que = "Víctimas" if self.ambito.startswith("victimas") else "Delitos"
        nivel = self.ambito.removeprefix("victimas_")
        if self.metodologia == CNSP:
            return _VIEJA.format(que=que, nivel=nivel)
        periodo = ("Enero" if corte.month == 1 else f"Enero - {MESES[corte.month - 1]}") + f" {corte.year}"
        return _NUEVA.format(periodo=periodo, que=que, nivel=nivel)


PRODUCTOS = (
    Producto(CNSP, "estatal", True),
    Producto(RNID, "estatal", True),
    Producto(RNID, "municipal", True),
    Producto(CNSP, "municipal", True),
    Producto(CNSP, "victimas_estatal", False),
    Producto(RNID, "victimas_estatal", False),
    Producto(RNID, "victimas_municipal", False),
)
OBLIGATORIOS = tuple(p for p in PRODUCTOS if p.obligatorio)
