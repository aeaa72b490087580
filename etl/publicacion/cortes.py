"""La tabla de cortes: los archivos que conoce la instalación, cuáles están vigentes y desde qué mes son provisionales."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import duckdb

from datos.esquema import MESES_PROVISIONALES, ULTIMO_ANIO
from etl.lectura.conteos import Lectura
from etl.publicacion.conteos import BASE


def provisional_desde(
    metodologia: str, corte: date, ultimo_corte: date, meses_provisionales: int = MESES_PROVISIONALES
) -> date | None:
    """Primer mes provisional de un corte; ``None`` si ya no lo es ninguno.

    Una metodología cerrada (su corte llegó a su último mes) deja de ser provisional conforme avanza ``ultimo_corte``, el
    más reciente de todo lo publicado.
    """
    cerrada = (corte.year, corte.month) == (ULTIMO_ANIO[metodologia], 12)
    referencia = max(corte, ultimo_corte) if cerrada else corte
    meses = referencia.year * 12 + referencia.month - meses_provisionales
    desde = date(meses // 12, meses % 12 + 1, 1)
    return desde if desde <= corte else None


def escribir_cortes(
    con: duckdb.DuckDBPyConnection,
    vigentes: list[Lectura],
    anteriores: list[Lectura],
    cargado_en: datetime,
    hay_base: bool,
) -> None:
    """Crea ``_cortes``: los de la base, menos los que esta carga vuelve a traer, y los de esta carga."""
    con.execute(
        "CREATE TABLE _cortes(id INTEGER, metodologia VARCHAR, ambito VARCHAR, archivo VARCHAR, sha256 VARCHAR, "
        "bytes BIGINT, renglones BIGINT, corte DATE, cargado_en TIMESTAMP, vigente BOOLEAN, provisional_desde DATE)"
    )
    filas: dict[tuple[str, str, str], list[Any]] = {}
    if hay_base:
        reemplazados = {lectura.producto for lectura in vigentes}
        for *datos, vigente in con.execute(
            "SELECT metodologia, ambito, archivo, sha256, bytes, renglones, corte, cargado_en, vigente "
            f"FROM {BASE}._cortes"
        ).fetchall():
            filas[(datos[0], datos[1], datos[3])] = [*datos, vigente and (datos[0], datos[1]) not in reemplazados]
    for vigente, lecturas in ((False, anteriores), (True, vigentes)):
        for lectura in lecturas:
            recibido = lectura.recibido
            datos = [recibido.nombre, recibido.sha256, recibido.tamano, lectura.renglones, lectura.corte, cargado_en]
            filas[(*lectura.producto, recibido.sha256)] = [*lectura.producto, *datos, vigente]
    ordenadas = sorted(filas.values(), key=lambda f: (f[0], f[1], f[6], f[3]))
    ultimo = max((f[6] for f in ordenadas if f[8]), default=date.min)
    for numero, fila in enumerate(ordenadas, 1):
        desde = provisional_desde(str(fila[0]), fila[6], ultimo)
        con.execute("INSERT INTO _cortes VALUES (?,?,?,?,?,?,?,?,?,?,?)", [numero, *fila, desde])
