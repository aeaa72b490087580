"""Lo que se puede mirar: los delitos del catálogo y las canastas, que se piden como ``canasta:<clave>``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from datos import catalogos
from datos.catalogos import PREFIJO_DE_CANASTA


@dataclass(frozen=True)
class Clave:
    """Un delito o una canasta: su clave, cómo se llama, qué cuenta y si se compara a través de enero de 2026."""

    clave: str
    nombre: str
    nombre_corto: str
    definicion: str
    comparable_2026: bool
    es_canasta: bool = False


@cache
def claves() -> dict[str, Clave]:
    """Todas, por clave, en el orden del catálogo: primero los delitos y al final las canastas."""
    comparable = catalogos.series().set_index("delito")["comparable_2026"]
    todas = {
        d.delito: Clave(d.delito, d.nombre, d.nombre_corto, d.definicion, bool(comparable[d.delito]))
        for d in catalogos.delitos().itertuples()
    }
    for canasta, filas in catalogos.canastas().groupby("canasta", sort=False):
        clave, primera = f"{PREFIJO_DE_CANASTA}{canasta}", filas.iloc[0]
        todas[clave] = Clave(
            clave,
            f"Canasta «{primera['nombre']}»",
            primera["nombre"],
            f"{primera['autor']}. {primera['fuente']}",
            bool(comparable[clave]),
            es_canasta=True,
        )
    return todas


def no_comparables() -> set[str]:
    """Claves cuya serie no se puede comparar a través de enero de 2026."""
    return {c.clave for c in claves().values() if not c.comparable_2026}
