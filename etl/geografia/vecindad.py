"""Qué municipios colindan: los que comparten frontera o vértice en los límites publicados."""

from __future__ import annotations

import geopandas as gpd


def vecindad(municipios: gpd.GeoDataFrame) -> dict[str, list[str]]:
    """Por clave, las claves de sus vecinos en orden; ``municipios`` es [clave, geometry] ya simplificado y sin huecos."""
    uno, otro = municipios.sindex.query(municipios.geometry, predicate="intersects")
    claves = municipios["clave"].to_numpy()
    vecinos: dict[str, list[str]] = {clave: [] for clave in claves}
    for a, b in zip(uno, otro, strict=True):
        if a != b:
            vecinos[claves[a]].append(str(claves[b]))
    return {clave: sorted(suyos) for clave, suyos in vecinos.items()}
