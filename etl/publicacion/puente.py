"""El puente como matrices: qué categorías suman a qué delito o canasta, y qué hace falta para publicarlo.

Un delito se publica en un lugar y año solo si están todos sus componentes. El componente es el subtipo cuando todas sus
modalidades van al mismo delito, y la categoría cuando el puente distingue la modalidad.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd

from datos.catalogos import PREFIJO_DE_CANASTA, hojas_de_canastas, puente
from etl.lectura.categorias import Categorias

_SUBTIPO = ["metodologia", "tipo", "subtipo"]
_HOJA = [*_SUBTIPO, "modalidad"]
_MAYOR_NUMERO = 10_000


@dataclass(frozen=True)
class Equivalencias:
    """El puente de una metodología.

    ``columna_de``: número de categoría → columna de las matrices, −1 si es de otra metodología. ``suma``: (categorías ×
    claves) vale 1 donde la categoría suma a la clave. ``exige``: igual, sin las categorías sin equivalencia, que suman al
    total pero no hacen falta. ``forma``: (categorías × componentes) y ``compone``: (componentes × claves).
    """

    claves: list[str]
    columna_de: np.ndarray
    suma: np.ndarray
    exige: np.ndarray
    forma: np.ndarray
    compone: np.ndarray


def en_orden_fisico(claves: Iterable[str]) -> list[str]:
    """Las claves como se guardan: por orden alfabético, con que la base sabe qué bloques saltarse, y las canastas al final."""
    return sorted(claves, key=lambda clave: (clave.startswith(PREFIJO_DE_CANASTA), clave))


class Puente:
    """Categorías, sus delitos y sus canastas, con los números de esta carga."""

    def __init__(self, categorias: Categorias) -> None:
        self.catalogo = pd.DataFrame(categorias.renglones, columns=["id", "metodologia", "bien_juridico", *_HOJA[1:]])
        sin_equivalencia = self.catalogo["id"] >= Categorias.PRIMERA_SIN_EQUIVALENCIA
        self.delitos = pd.concat(
            [
                puente().merge(self.catalogo, on=_HOJA, validate="many_to_one"),
                self.catalogo[sin_equivalencia].assign(delito="total"),
            ],
            ignore_index=True,
        )
        self.canastas = hojas_de_canastas().merge(self.catalogo[["id", *_HOJA]], on=_HOJA, validate="many_to_one")
        self._partes = self._en_partes()

    def equivalencias(self, metodologia: str, *, con_canastas: bool) -> Equivalencias:
        """Las matrices de una metodología; ``con_canastas`` agrega las canastas después de los delitos."""
        partes = self._partes[self._partes["metodologia"] == metodologia]
        if not con_canastas:
            partes = partes[~partes["delito"].str.startswith(PREFIJO_DE_CANASTA)]
        claves = en_orden_fisico(partes["delito"].unique())
        numeros = np.sort(partes["id"].unique())
        columna_de = np.full(_MAYOR_NUMERO, -1, dtype=np.int32)
        columna_de[numeros] = np.arange(len(numeros))
        clave = pd.Index(claves).get_indexer(partes["delito"])
        categoria = columna_de[partes["id"].to_numpy()]
        exigida = (partes["id"] < Categorias.PRIMERA_SIN_EQUIVALENCIA).to_numpy()
        suma = np.zeros((len(numeros), len(claves)))
        suma[categoria, clave] = 1
        exige = np.zeros_like(suma)
        exige[categoria[exigida], clave[exigida]] = 1
        pares = partes.loc[exigida, ["delito", "componente"]].drop_duplicates()
        componente = pd.MultiIndex.from_frame(pares).get_indexer(
            pd.MultiIndex.from_frame(partes.loc[exigida, ["delito", "componente"]])
        )
        forma = np.zeros((len(numeros), len(pares)))
        forma[categoria[exigida], componente] = 1
        compone = np.zeros((len(pares), len(claves)))
        compone[np.arange(len(pares)), pd.Index(claves).get_indexer(pares["delito"])] = 1
        return Equivalencias(claves, columna_de, suma, exige, forma, compone)

    def _en_partes(self) -> pd.DataFrame:
        """id, metodologia, delito y componente (un número de categoría que lo identifica)."""
        canastas = self.canastas.assign(delito=PREFIJO_DE_CANASTA + self.canastas["canasta"])
        filas = pd.concat([self.delitos, canastas], ignore_index=True)[["id", *_SUBTIPO, "delito"]]
        del_subtipo = self.catalogo.groupby(_SUBTIPO)["id"].size().rename("del_subtipo").reset_index()
        filas = filas.merge(del_subtipo, on=_SUBTIPO)
        hojas = filas.groupby([*_SUBTIPO, "delito"])["id"]
        completo = hojas.transform("size") == filas["del_subtipo"]
        filas["componente"] = hojas.transform("min").where(completo, filas["id"])
        return filas

    def escribir(self, con: duckdb.DuckDBPyConnection) -> None:
        """Crea ``_categorias``, ``_puente`` y ``_canastas``."""
        for nombre, tabla, columnas in (
            ("_categorias", self.catalogo, "id::SMALLINT AS id, metodologia, bien_juridico, tipo, subtipo, modalidad"),
            ("_puente", self.delitos, "id::SMALLINT AS categoria, delito"),
            (
                "_canastas",
                self.canastas,
                "canasta, nombre, autor, fuente, delito, violencia, orden::INTEGER AS orden, id::SMALLINT AS categoria",
            ),
        ):
            con.register("tabla", tabla)
            con.execute(f"CREATE TABLE {nombre} AS SELECT {columnas} FROM tabla ORDER BY ALL")
            con.unregister("tabla")
