"""Cuántos meses son provisionales, según lo que la fuente ha reescrito: se decide al cargar y se guarda con lo publicado."""

from __future__ import annotations

from datetime import date

import duckdb

from analisis.revisiones import ventana_provisional
from datos.esquema import MESES_PROVISIONALES, METODOLOGIAS, vista
from etl.publicacion.ambitos import AMBITOS
from etl.publicacion.cortes import provisional_desde
from etl.publicacion.revisiones import delitos_principales

_VISTAS = ("delitos_estatal", "revisiones_nacionales")


def fijar_ventana(con: duckdb.DuckDBPyConnection) -> None:
    """Calcula la ventana de cada metodología con la vista ``revisiones_nacionales`` y la aplica donde no es la fija.

    Deja en ``_publicacion`` los meses y el motivo. Va después de escribir los delitos y las revisiones.
    """
    for nombre in _VISTAS:
        con.execute(f"CREATE OR REPLACE VIEW {nombre} AS {vista(nombre).sql}")
    ultimo = con.execute("SELECT max(corte) FROM _cortes WHERE vigente").fetchone()
    for metodologia in METODOLOGIAS:
        cambios = con.execute(
            "SELECT corte_anterior, corte_nuevo, edad, antes, despues FROM revisiones_nacionales "
            "WHERE metodologia = ? AND delito IN (SELECT unnest(?::VARCHAR[]))",
            [metodologia, delitos_principales()],
        ).df()
        ventana = ventana_provisional(cambios, MESES_PROVISIONALES)
        con.executemany(
            "INSERT INTO _publicacion VALUES (?, ?)",
            [
                [f"meses_provisionales_{metodologia}", str(ventana.meses)],
                [f"ventana_provisional_{metodologia}", ventana.motivo],
            ],
        )
        if ventana.meses != MESES_PROVISIONALES and ultimo is not None:
            _aplicar(con, metodologia, ventana.meses, ultimo[0])


def _aplicar(con: duckdb.DuckDBPyConnection, metodologia: str, meses: int, ultimo: date) -> None:
    cortes = con.execute("SELECT id, corte FROM _cortes WHERE metodologia = ?", [metodologia]).fetchall()
    for id, corte in cortes:
        desde = provisional_desde(metodologia, corte, ultimo, meses)
        con.execute("UPDATE _cortes SET provisional_desde = ? WHERE id = ?", [desde, id])
    for ambito in AMBITOS:
        con.execute(
            f"UPDATE {ambito.delitos} SET provisional_desde = (SELECT provisional_desde FROM _cortes WHERE vigente "
            "AND metodologia = $metodologia AND ambito = $ambito) WHERE metodologia = $metodologia",
            {"metodologia": metodologia, "ambito": ambito.nombre},
        )
