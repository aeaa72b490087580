"""Qué geometría está vigente y en qué dirección la pide el navegador."""

from __future__ import annotations

import json
from dataclasses import dataclass

from datos.almacen import almacen_por_omision

FICHA = "geometria.json"


class SinGeometria(Exception):
    """No hay límites publicados en este almacén."""


@dataclass(frozen=True)
class Geometria:
    """Dirección de un GeoJSON cuyas piezas llevan ``clave``; ``esquematica`` si no son límites oficiales."""

    url: str
    esquematica: bool
    fuente: str
    clave_propiedad: str = "clave"


def direccion(nivel: str, cve_ent: str | None = None) -> Geometria:
    """Geometría de 'estatal' o 'municipal' (de una entidad con ``cve_ent``). Lanza ``SinGeometria`` si no la hay."""
    nombre = "estados" if nivel == "estatal" else "municipios" + (f"-{cve_ent}" if cve_ent else "")
    ruta = almacen_por_omision().publicado / FICHA
    if not ruta.is_file():
        raise SinGeometria("No hay límites publicados: la tabla de abajo trae las mismas cifras.")
    ficha = json.loads(ruta.read_text(encoding="utf-8"))
    if nombre not in ficha["archivos"]:
        raise SinGeometria(f"Los límites publicados no traen «{nombre}»: la tabla de abajo trae las mismas cifras.")
    url = f"/app/static/geometria/{ficha['archivos'][nombre]}"
    return Geometria(url, bool(ficha["esquematica"]), str(ficha["fuente"]), str(ficha["clave_propiedad"]))
