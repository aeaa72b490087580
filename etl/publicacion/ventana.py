"""Cuántos meses son provisionales, según lo que la fuente ha reescrito: se decide al cargar y se guarda con lo publicado."""

from __future__ import annotations

from datetime import date

import duckdb

from analisis.revisiones import ventana_provisional
from datos.catalogos import canastas
from datos.esquema import DELITOS, MESES_PROVISIONALES, METODOLOGIAS, ULTIMO_ANIO

_CANASTA_PRINCIPAL = "once_delitos"
_DE_CONTEOS = ("_delitos_estatal", "_delitos_municipal", "_victimas_estatal", "_victimas_municipal")


def primer_provisional(metodologia: str, corte: date, ultimo_corte: date, meses: int) -> date | None:
    """Primer mes provisional de un corte; ``None`` si ya no lo es ninguno.

    Una metodología cerrada (su corte llegó a su último mes) deja de ser provisional conforme avanza ``ultimo_corte``, el más
    reciente de todo lo publicado.
    """
    cerrada = (corte.year, corte.month) == (ULTIMO_ANIO[metodologia], 12)
    referencia = max(corte, ultimo_corte) if cerrada else corte
    desde = referencia.year * 12 + referencia.month - meses
    primero = date(desde // 12, desde % 12 + 1, 1)
    return primero if primero <= corte else None


def principales() -> list[str]:
    """Los delitos con que se mide: los de la canasta ciudadana."""
    tabla = canastas()
    de_la_canasta = set(tabla.loc[tabla["canasta"] == _CANASTA_PRINCIPAL, "delito"])
    return [d for d in DELITOS if d in de_la_canasta]


def fijar_ventana(con: duckdb.DuckDBPyConnection) -> None:
    """Calcula la ventana de cada metodología con la vista ``revisiones_nacionales`` y la aplica donde no es la fija.

    Deja en ``_publicacion`` los meses y el motivo. Va después de crear las vistas.
    """
    ultimo = con.execute("SELECT max(corte) FROM _cortes WHERE vigente").fetchone()
    for metodologia in METODOLOGIAS:
        cambios = con.execute(
            "SELECT corte_anterior, corte_nuevo, edad, antes, despues FROM revisiones_nacionales "
            "WHERE metodologia = ? AND delito IN (SELECT unnest(?::VARCHAR[]))",
            [metodologia, principales()],
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
        desde = primer_provisional(metodologia, corte, ultimo, meses)
        con.execute("UPDATE _cortes SET provisional_desde = ? WHERE id = ?", [desde, id])
    for tabla in _DE_CONTEOS:
        ambito = tabla.removeprefix("_").replace("delitos_", "")
        con.execute(
            f"UPDATE {tabla} SET provisional = NOT provisional WHERE metodologia::VARCHAR = ? AND provisional <> "
            "coalesce(fecha >= (SELECT provisional_desde FROM _cortes WHERE vigente AND metodologia = ? AND ambito = ?), "
            "false)",
            [metodologia, metodologia, ambito],
        )
