"""Categorías entre las que un mismo hecho puede pasar de una a otra según cómo se clasifique."""

from __future__ import annotations

from datos.catalogos._archivos import leer


def vecinas(delito: str) -> list[str]:
    """El delito y sus vecinas, en orden: claves de delito o nombres de subtipo. Solo el delito si no tiene ninguna."""
    tabla = leer("vecinas.csv")
    suyas = tabla.loc[tabla["miembro"] == delito, "grupo"]
    if suyas.empty:
        return [delito]
    grupo = tabla[tabla["grupo"] == suyas.iloc[0]].sort_values("orden", key=lambda orden: orden.astype(int))
    return [delito, *(m for m in grupo["miembro"] if m != delito)]
