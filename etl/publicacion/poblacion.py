"""La población que se publica: un archivo completo, o varios que se complementan; nunca dos ediciones mezcladas."""

from __future__ import annotations

from dataclasses import dataclass, field

import duckdb
import pandas as pd

from datos import catalogos
from etl.lectura.poblacion import FUENTE_DEL_CENSO
from etl.lectura.recibido import Recibido
from etl.problemas import Problema
from etl.publicacion.conteos import BASE

MINIMO_DE_MUNICIPIOS = 2_400
_CELDA = ["anio", "cve_mun"]


@dataclass
class Poblacion:
    """Los archivos de población recibidos en una carga, cada uno con su tabla."""

    recibidas: list[tuple[Recibido, pd.DataFrame]] = field(default_factory=list)

    def juntar(self) -> tuple[pd.DataFrame | None, list[str], list[Problema]]:
        """La tabla del producto (``None`` si no se recibió), los archivos que sobran y los problemas.

        Se parte del archivo más completo; los demás se le suman si no traen ningún municipio y año que ya esté.
        """
        if not self.recibidas:
            return None, [], []
        ordenadas = sorted(self.recibidas, key=lambda par: (_es_del_censo(par[1]), -len(par[1]), par[0].nombre))
        usadas = [ordenadas[0]]
        sobran = []
        for recibido, tabla in ordenadas[1:]:
            junta = pd.concat([suya for _, suya in usadas])
            if _es_del_censo(tabla) != _es_del_censo(usadas[0][1]) or len(junta.merge(tabla[_CELDA], on=_CELDA)):
                sobran.append(f"{recibido.nombre}: población que ya trae {usadas[0][0].nombre}")
            else:
                usadas.append((recibido, tabla))
        junta = pd.concat([tabla for _, tabla in usadas], ignore_index=True)
        nombres = ", ".join(recibido.nombre for recibido, _ in usadas)
        problemas = [
            Problema(
                nombres, f"al menos {MINIMO_DE_MUNICIPIOS:,} municipios en {anio}", f"{cuantos:,} (¿falta una parte?)"
            )
            for anio, cuantos in junta.groupby("anio")["cve_mun"].nunique().items()
            if cuantos < MINIMO_DE_MUNICIPIOS
        ]
        return junta, sobran, problemas


def _es_del_censo(tabla: pd.DataFrame) -> bool:
    """El censo es un respaldo: cede ante cualquier archivo de CONAPO y no se mezcla con él."""
    return bool((tabla["fuente"] == FUENTE_DEL_CENSO).any())


def poblacion_heredada(con: duckdb.DuckDBPyConnection, hay_base: bool) -> pd.DataFrame:
    """La publicada; si todavía no hay, la del catálogo. Columnas anio, cve_mun, poblacion, fuente."""
    if hay_base:
        return con.execute(f"SELECT anio, cve_mun, poblacion, fuente FROM {BASE}._poblacion").df()
    return catalogos.poblacion()


def escribir_poblacion(con: duckdb.DuckDBPyConnection, poblacion: pd.DataFrame) -> None:
    """Crea ``_poblacion``, ordenada por municipio y año."""
    con.register("habitantes", poblacion)
    con.execute(
        "CREATE TABLE _poblacion AS SELECT anio::INTEGER AS anio, cve_mun, poblacion::INTEGER AS poblacion, fuente "
        "FROM habitantes ORDER BY cve_mun, anio"
    )
    con.unregister("habitantes")
