"""Leer y validar todo lo que se recibió en una carga, sin publicar nada todavía."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from datos import catalogos
from etl.encuestas.publicacion import Encuestas
from etl.lectura.categorias import Categorias
from etl.lectura.codificacion import ContenidoInesperado
from etl.lectura.columnas import LecturaRechazada
from etl.lectura.conteos import Lectura, leer_conteos
from etl.lectura.poblacion import leer_poblacion
from etl.lectura.recibido import recibir
from etl.problemas import EntradaRechazada, FueraDeTema, Problema
from etl.publicacion.limites import SUFIJOS as _LIMITES
from etl.publicacion.limites import Limites
from etl.publicacion.poblacion import Poblacion
from etl.validacion.archivo import comprobar

_TABLAS = {".csv", ".zip", ".xlsx"}
Avance = Callable[[str], None]


@dataclass
class Conjunto:
    """Lo recibido: lecturas de conteos, población, límites y encuestas; lo que se dejó a un lado y todo lo que no pasa."""

    lecturas: list[Lectura] = field(default_factory=list)
    poblacion: Poblacion = field(default_factory=Poblacion)
    limites: Limites = field(default_factory=Limites)
    encuestas: Encuestas = field(default_factory=Encuestas)
    dejados: list[str] = field(default_factory=list)
    problemas: list[Problema] = field(default_factory=list)

    @property
    def vacio(self) -> bool:
        """Si no hay nada que publicar."""
        return not (self.lecturas or self.poblacion.recibidas or self.limites.recibidos or self.encuestas.recibidas)


def leer_conjunto(rutas: list[Path], categorias: Categorias, sin_equivalencia: bool, avance: Avance) -> Conjunto:
    """Lee todos los archivos y junta todos sus problemas, también los del catálogo de canastas."""
    conjunto = Conjunto(
        problemas=[
            Problema(catalogos.ARCHIVO_DE_CANASTAS, p.esperado, p.encontrado, p.linea, p.columna)
            for p in catalogos.problemas_de_canastas()
        ]
    )
    for ruta, nombrado in archivos_de(rutas):
        if not ruta.is_file():
            conjunto.problemas.append(Problema(str(ruta), "un archivo o carpeta que exista", "nada en esa ruta"))
            continue
        sufijo = ruta.suffix.lower()
        if sufijo not in _TABLAS | _LIMITES and not nombrado:
            conjunto.dejados.append(f"{ruta.name}: no es csv, zip, xlsx ni límites")
            continue
        avance(f"Leyendo {ruta.name}")
        try:
            if sufijo in _LIMITES:
                conjunto.limites.agregar(ruta)
            else:
                _leer_tabla(ruta, conjunto, categorias, sin_equivalencia)
        except FueraDeTema as causa:
            if nombrado:
                conjunto.problemas.append(Problema(ruta.name, "un archivo que este tablero use", str(causa)))
            else:
                conjunto.dejados.append(f"{ruta.name}: {causa}")
        except ContenidoInesperado as causa:
            conjunto.problemas.append(Problema(ruta.name, causa.esperado, causa.encontrado))
        except (LecturaRechazada, EntradaRechazada) as causa:
            conjunto.problemas += causa.problemas
    return conjunto


def archivos_de(rutas: list[Path]) -> list[tuple[Path, bool]]:
    """Archivos de las rutas dadas, y si se nombraron uno por uno (entonces lo desconocido es error)."""
    lista: list[tuple[Path, bool]] = []
    for ruta in rutas:
        if ruta.is_dir():
            lista += [(r, False) for r in sorted(ruta.rglob("*")) if r.is_file() and not r.name.startswith(".")]
        else:
            lista.append((ruta, True))
    return lista


def _leer_tabla(ruta: Path, conjunto: Conjunto, categorias: Categorias, sin_equivalencia: bool) -> None:
    recibido = recibir(ruta)
    try:
        lectura = leer_conteos(recibido, categorias, sin_equivalencia=sin_equivalencia)
    except FueraDeTema as causa:
        try:
            conjunto.poblacion.recibidas.append((recibido, leer_poblacion(recibido)))
        except FueraDeTema:
            try:
                conjunto.problemas += conjunto.encuestas.agregar(recibido)
            except FueraDeTema:
                raise causa from None
    else:
        problemas = comprobar(lectura, categorias)
        conjunto.problemas += problemas
        if not problemas:
            conjunto.lecturas.append(lectura)
            conjunto.dejados += [
                f"{ruta.name} › {nombre}: se usó {recibido.nombre_tabla}" for nombre in recibido.dejados
            ]
    finally:
        recibido.soltar()
