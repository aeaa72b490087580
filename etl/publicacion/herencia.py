"""Lo publicado con otra versión del tablero no se hereda: se rehace desde los archivos que lo alimentaron, en ``crudo``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from datos.almacen import Almacen, Publicacion
from datos.esquema import huella_del_esquema
from etl.problemas import EntradaRechazada, Problema


@dataclass(frozen=True)
class Legado:
    """De qué está hecha una publicación: huellas de sus cortes, su población y si alguien aceptó categorías sin equivalencia."""

    vigentes: tuple[str, ...]
    anteriores: tuple[str, ...]
    poblacion: pd.DataFrame
    sin_equivalencia: bool


def al_dia(publicacion: Publicacion) -> bool:
    """Si se construyó con las mismas tablas y vistas que tiene esta versión del tablero."""
    con = duckdb.connect(str(publicacion.ruta), read_only=True)
    try:
        hallado = con.execute("SELECT valor FROM _publicacion WHERE clave = 'esquema'").fetchone()
    except duckdb.CatalogException:
        return False
    finally:
        con.close()
    return hallado is not None and hallado[0] == huella_del_esquema()


def legado_de(publicacion: Publicacion) -> Legado:
    """Lo que hace falta para rehacerla; solo lee tablas que no han cambiado entre versiones del tablero."""
    con = duckdb.connect(str(publicacion.ruta), read_only=True)
    try:
        cortes = con.execute("SELECT sha256, bool_or(vigente) FROM _cortes GROUP BY sha256 ORDER BY sha256").fetchall()
        poblacion = con.execute("SELECT anio, cve_mun, poblacion, fuente FROM _poblacion").df()
        aceptadas = con.execute("SELECT 1 FROM _calidad WHERE regla = 'categoria_sin_equivalencia' LIMIT 1").fetchone()
    finally:
        con.close()
    vigentes = tuple(sha256 for sha256, vigente in cortes if vigente)
    anteriores = tuple(sha256 for sha256, vigente in cortes if not vigente)
    return Legado(vigentes, anteriores, poblacion, aceptadas is not None)


def enlazar(almacen: Almacen, legado: Legado, carpeta: Path) -> tuple[list[Path], list[str]]:
    """Un enlace por archivo, con el nombre con que se recibió, y un aviso por cada corte anterior que ya no está en ``crudo``.

    Lanza ``EntradaRechazada`` con todos los vigentes que falten.
    """
    rutas, avisos, problemas = [], [], []
    for sha256 in (*legado.vigentes, *legado.anteriores):
        original, nombre = almacen.crudo / sha256, _nombre(almacen, sha256)
        if original.is_file():
            ruta = carpeta / sha256[:16] / nombre  # una carpeta por huella: los nombres pueden repetirse
            ruta.parent.mkdir()
            ruta.symlink_to(original)
            rutas.append(ruta)
        elif sha256 in legado.vigentes:
            encontrado = "ya no está; descárguelo otra vez y cargue la carpeta completa en otro almacén (--almacen)"
            problemas.append(Problema(nombre, f"el archivo recibido, en crudo/{sha256[:12]}…", encontrado))
        else:
            avisos.append(f"{nombre}: ya no se conserva; lo que reescribió el corte siguiente deja de mostrarse")
    if problemas:
        raise EntradaRechazada(problemas)
    return rutas, avisos


def _nombre(almacen: Almacen, sha256: str) -> str:
    ficha = almacen.crudo / f"{sha256}.json"
    return Path(str(json.loads(ficha.read_text(encoding="utf-8"))["archivo"])).name if ficha.is_file() else sha256
