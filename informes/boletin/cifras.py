"""La tabla de un boletín: un renglón por cifra, con qué es, de qué meses, cuánto y de dónde salió."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from analisis.boletin import Renglon
from analisis.periodos import MESES_DEL_ANIO, mover
from informes.boletin.donde import Donde

if TYPE_CHECKING:
    from informes.boletin.componer import Delito

COLUMNAS = {
    "delito": "Clave del delito",
    "nombre": "Nombre del delito",
    "cifra": "Qué es",
    "desde": "Primer mes que cuenta",
    "hasta": "Último mes que cuenta",
    "valor": "Carpetas de investigación (o meses, en las rachas); vacío si algún mes no está publicado",
    "provisional": "Si el mes del boletín todavía se corrige",
    "de_donde": "De qué vista de la base publicada sale, y con qué condición",
}
NO_PUBLICADO = "no publicado"


def cifras(donde: Donde, delitos: Sequence[Delito]) -> pd.DataFrame:
    """Columnas de ``COLUMNAS``."""
    filas = [
        {
            "delito": d.clave,
            "nombre": d.nombre,
            "cifra": que,
            "desde": pd.Timestamp(desde),
            "hasta": pd.Timestamp(hasta),
            "valor": float("nan") if valor is None else float(valor),
            "provisional": d.renglon.provisional,
            "de_donde": NO_PUBLICADO if valor is None else _origen(donde, d.clave, desde, hasta, que),
        }
        for d in delitos
        for que, desde, hasta, valor in _de(d.renglon)
    ]
    return pd.DataFrame(filas, columns=list(COLUMNAS))


def _de(r: Renglon) -> Iterator[tuple[str, date, date, int | None]]:
    enero, antes = date(r.mes.year, 1, 1), mover(r.mes, -MESES_DEL_ANIO)
    yield "mes", r.mes, r.mes, r.conteo
    for n, (mes, conteo) in enumerate(r.anteriores, 1):
        yield f"{'un mes' if n == 1 else f'{n} meses'} antes", mes, mes, conteo
    yield "un año antes", antes, antes, r.hace_un_anio
    yield "acumulado del año", enero, r.mes, r.acumulado
    yield "acumulado del año anterior", date(antes.year, 1, 1), antes, r.acumulado_previo
    yield "rango esperado, desde", antes, mover(r.mes, -1), r.bajo
    yield "rango esperado, hasta", antes, mover(r.mes, -1), r.alto
    yield (
        "meses seguidos sin carpetas",
        mover(r.mes, 1 - max(r.en_cero, 1)),
        r.mes,
        r.en_cero if r.conteo is not None else None,
    )
    yield (
        "meses seguidos por encima (+) o por debajo (−) de un año antes",
        mover(r.mes, 1 - max(abs(r.racha), 1)),
        r.mes,
        r.racha,
    )


def _origen(donde: Donde, delito: str, desde: date, hasta: date, que: str) -> str:
    if que.startswith("rango"):
        que_es = "calculado con los doce meses anteriores de "
    else:
        que_es = "contado en " if que.startswith("meses") else "sum(conteo) de "
    return (
        f"{que_es}delitos_{donde.ambito}, delito = '{delito}', {donde.filtro}, fecha de {desde:%Y-%m} a {hasta:%Y-%m}"
    )
