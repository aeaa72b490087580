"""De dónde es un boletín: el país, un estado, un municipio o los municipios de una Mesa."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import shorten

import pandas as pd

from datos.consultas import lugares
from datos.consultas.series import nivel_de, series
from datos.registro import lectura
from datos.registro.actor import PUBLICO, Actor
from datos.registro.apertura import registro_vigente

PREFIJO_DE_MESA = "mesa-"
LARGO_EN_FRASE = 90  # letras


class MesaSinMunicipios(Exception):
    """La Mesa está registrada, pero no se sabe qué municipios cubre: no hay cifras que sumar."""


@dataclass(frozen=True)
class Donde:
    """``clave`` (la de INEGI, o «mesa-» y la de la Mesa), cómo se llama, los lugares que se suman y qué advertir de ellos."""

    clave: str
    nombre: str
    lugares: tuple[str, ...]
    nota: str = ""
    logo: str = ""  # el de la Mesa, como lo guarda el registro

    @property
    def es_mesa(self) -> bool:
        """Si es una Mesa."""
        return self.clave.startswith(PREFIJO_DE_MESA)

    @property
    def en_frase(self) -> str:
        """Cómo se dice después de «en»: «Guanajuato» o «los municipios de la Mesa La Laguna»."""
        if not self.es_mesa:
            return self.nombre
        # Un nombre larguísimo no debe dejar sin lugar al dibujo; completo va en el encabezado y en las notas.
        corto = shorten(self.nombre, LARGO_EN_FRASE, placeholder="…")
        return f"los municipios de la {corto if corto.startswith('Mesa ') else f'Mesa {corto}'}"

    @property
    def nivel(self) -> str:
        """'nacional', 'estatal' o 'municipal'."""
        return nivel_de(self.lugares[0])

    @property
    def ambito(self) -> str:
        """El archivo del que salen las carpetas."""
        return "municipal" if self.nivel == "municipal" else "estatal"

    @property
    def filtro(self) -> str:
        """La condición con que se encuentran sus renglones en la base publicada."""
        if self.nivel == "nacional":
            return "las 32 entidades"
        columna = "cve_mun" if self.nivel == "municipal" else "cve_ent"
        return f"{columna} IN ({', '.join(repr(x) for x in self.lugares)})"


def de_lugar(clave: str) -> Donde:
    """El país ('00'), un estado o un municipio. Lanza ``KeyError`` si la clave no está en el catálogo."""
    return Donde(clave, lugares.nombre(clave), (clave,))


def de_mesa(clave: str, actor: Actor = PUBLICO) -> Donde:
    """Una Mesa del registro. Lanza ``NoEncontrado`` si no existe o no se puede ver y ``MesaSinMunicipios``."""
    return _de(lectura.mesa(registro_vigente(), actor, clave))


def mesas(actor: Actor = PUBLICO) -> tuple[list[Donde], list[str]]:
    """Todas las Mesas con municipios, por nombre; y los nombres de las que no los tienen."""
    hechas, sin_municipios = [], []
    for mesa in lectura.mesas(registro_vigente(), actor):
        try:
            hechas.append(_de(mesa))
        except MesaSinMunicipios:
            sin_municipios.append(mesa.nombre)
    return hechas, sin_municipios


def _de(mesa) -> Donde:
    if not mesa.municipios:
        raise MesaSinMunicipios(f"De «{mesa.nombre}» no se sabe qué municipios cubre: agréguelos en Mesas.")
    cuales = tuple(sorted(mesa.municipios))
    partes = [f"Suma de {len(cuales)} municipios: " if len(cuales) > 1 else "Municipio: "]
    partes.append("; ".join(lugares.nombre(m) for m in cuales) + ".")
    if mesa.por_confirmar:
        partes.append(" Está por confirmar que sean los que cubre la Mesa.")
    return Donde(f"{PREFIJO_DE_MESA}{mesa.clave}", mesa.nombre, cuales, "".join(partes), mesa.logo)


def cruda_de(donde: Donde, delitos: list[str]) -> pd.DataFrame:
    """Las columnas de ``series`` para el conjunto: un mes está solo si lo publican todos sus lugares."""
    cruda = series(list(donde.lugares), delitos)
    if len(donde.lugares) == 1 or cruda.empty:
        return cruda.assign(lugar=donde.clave)
    juntos = cruda.groupby(["delito", "fecha"], as_index=False).agg(
        conteo=("conteo", "sum"),
        metodologia=("metodologia", "max"),
        provisional=("provisional", "max"),
        poblacion=("poblacion", lambda p: p.sum(skipna=False)),
        entidades=("lugar", "size"),
    )
    completos = juntos[juntos["entidades"] == len(donde.lugares)]
    return completos.assign(lugar=donde.clave)[list(cruda.columns)].reset_index(drop=True)
