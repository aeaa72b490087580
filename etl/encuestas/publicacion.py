"""La encuesta que se publica: por año, lo recibido ahora o lo que ya estaba; nunca dos versiones del mismo año."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from etl.encuestas.contrato import COLUMNAS, comprobar
from etl.encuestas.envipe import leer
from etl.lectura.recibido import Recibido
from etl.problemas import Problema

TABLA = "_denuncia_estatal"
TIPOS = {
    "anio": "int32",
    "cve_ent": "str",
    "delitos": "int64",
    "denunciados": "int64",
    "denunciados_pct": "float64",
    "cifra_negra": "int64",
    "cifra_negra_pct": "float64",
    "archivo": "str",
    "sha256": "str",
}
FICHA: dict[str, object] = {
    "producto": "denuncia y cifra negra por entidad",
    "fuente": "INEGI, ENVIPE",
    "licencia": "Libre uso INEGI",
}


@dataclass
class Encuestas:
    """Los libros de la ENVIPE recibidos en una carga, cada uno con su tabla ya comprobada."""

    recibidas: list[tuple[Recibido, pd.DataFrame]] = field(default_factory=list)

    def agregar(self, recibido: Recibido) -> list[Problema]:
        """Lee y comprueba un libro; devuelve lo que no cuadra. Lanza ``FueraDeTema`` si no es de la ENVIPE."""
        tabla, problemas = comprobar(leer(recibido), recibido.nombre)
        if not problemas:
            self.recibidas.append((recibido, tabla.assign(archivo=recibido.nombre, sha256=recibido.sha256)))
        return problemas

    def sobrantes(self) -> list[str]:
        """Los que repiten el año de otro: se usa el último por nombre."""
        por_anio: dict[int, str] = {}
        sobran = []
        for recibido, tabla in sorted(self.recibidas, key=lambda par: par[0].nombre, reverse=True):
            anio = int(tabla["anio"].iloc[0])
            if anio in por_anio:
                sobran.append(f"{recibido.nombre}: ENVIPE con {anio}, que ya trae {por_anio[anio]}")
            por_anio.setdefault(anio, recibido.nombre)
        return sobran

    def tabla(self, base: Path | None) -> pa.Table:
        """La tabla completa: los años recibidos y, de la base, los demás."""
        nuevas = [t for _, t in sorted(self.recibidas, key=lambda par: par[0].nombre)]
        recibida = pd.concat(nuevas).drop_duplicates(["anio", "cve_ent"], keep="last") if nuevas else _vacia()
        heredada = _de_la_base(base)
        junta = pd.concat([heredada[~heredada["anio"].isin(recibida["anio"])], recibida])
        ordenada = junta[list(TIPOS)].astype(TIPOS).sort_values(["anio", "cve_ent"], ignore_index=True)
        return pa.Table.from_pandas(ordenada, preserve_index=False)


def _vacia() -> pd.DataFrame:
    return pd.DataFrame(columns=[*COLUMNAS, "archivo", "sha256"]).astype(TIPOS)


def _de_la_base(base: Path | None) -> pd.DataFrame:
    if base is None:
        return _vacia()
    con = duckdb.connect(str(base), read_only=True)
    try:
        hay = con.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = ?", [TABLA]).fetchone()
        # lo publicado antes de que se leyera la encuesta no trae la tabla
        return con.execute(f"SELECT * FROM {TABLA}").df() if hay and hay[0] else _vacia()
    finally:
        con.close()
