"""Lo que se puede mirar: los delitos del catálogo y las canastas, que se piden como ``canasta:<clave>``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from datos import catalogos

PREFIJO_DE_CANASTA = "canasta:"


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
    todas = {
        d.delito: Clave(d.delito, d.nombre, d.nombre_corto, d.definicion, bool(d.comparable_2026))
        for d in catalogos.delitos().itertuples()
    }
    for clave, filas in catalogos.canastas().groupby("canasta", sort=False):
        primera = filas.iloc[0]
        nombre = f"Canasta «{primera['nombre']}»"
        todas[f"{PREFIJO_DE_CANASTA}{clave}"] = Clave(
            f"{PREFIJO_DE_CANASTA}{clave}",
            nombre,
            primera["nombre"],
            f"{primera['autor']}. {primera['fuente']}",
            True,
            True,
        )
    return todas


def no_comparables() -> set[str]:
    """Claves cuya serie no se puede comparar a través de enero de 2026."""
    return {c.clave for c in claves().values() if not c.comparable_2026}
