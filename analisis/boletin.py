"""El mes de un delito como lo dice una Mesa: contra los meses anteriores, contra un año antes, sus rachas y lo que va del año."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analisis.periodos import MESES_DEL_ANIO, mover
from analisis.rangos import ALTA, BAJA, banda

MESES_ANTERIORES = 2


@dataclass(frozen=True)
class Renglon:
    """Las cifras de un delito en un mes; ``None`` donde algún mes no está publicado, que no es cero.

    ``anteriores``: el mes de antes y el de antes de ese. ``en_cero``: meses seguidos sin ninguna carpeta, con éste.
    ``racha``: meses seguidos por debajo (negativa) o por encima del mismo mes del año anterior. ``acumulado``: de enero a este
    mes; ``acumulado_previo``: los mismos meses del año anterior. ``bajo`` y ``alto``: rango esperado por los doce meses
    anteriores. ``cruza``: si lo que se compara con el año anterior junta dos metodologías.
    """

    mes: date
    conteo: int | None
    anteriores: tuple[tuple[date, int | None], ...]
    hace_un_anio: int | None
    en_cero: int
    racha: int
    acumulado: int | None
    acumulado_previo: int | None
    bajo: int | None
    alto: int | None
    provisional: bool
    cruza: bool

    @property
    def alerta(self) -> str:
        """'alta', 'baja' o vacío si está dentro de lo esperado o no hay rango."""
        if self.conteo is None or self.bajo is None or self.alto is None:
            return ""
        return ALTA if self.conteo > self.alto else BAJA if self.conteo < self.bajo else ""


def renglon(
    serie: pd.DataFrame, mes: date, *, comparable: bool = True, rango: tuple[int, int] | None = None
) -> Renglon:
    """El renglón de un delito. ``serie``: por mes (índice de primeros de mes) conteo, provisional y metodologia.

    ``comparable``: si el delito se compara a través de enero de 2026; si no, lo que cruce es ``None``. ``rango``: el esperado ya
    publicado; sin él se calcula con la propia serie.
    """
    por_mes = {f.date(): int(n) for f, n in serie["conteo"].dropna().items()} if len(serie) else {}
    de_mes = serie.loc[pd.Timestamp(mes)] if mes in por_mes else None
    un_anio_antes = mover(mes, -MESES_DEL_ANIO)
    metodologias = dict(zip(por_mes, serie["metodologia"].loc[serie["conteo"].notna()], strict=True)) if por_mes else {}
    cruza = metodologias.get(mes) != metodologias.get(un_anio_antes, metodologias.get(mes))
    se_compara = comparable or not cruza
    bajo, alto = rango or (_rango(por_mes, mes) if comparable or _una(metodologias, mes) else (None, None))
    return Renglon(
        mes=mes,
        conteo=por_mes.get(mes),
        anteriores=tuple((mover(mes, -n), por_mes.get(mover(mes, -n))) for n in range(1, MESES_ANTERIORES + 1)),
        hace_un_anio=por_mes.get(un_anio_antes) if se_compara else None,
        en_cero=_en_cero(por_mes, mes),
        racha=_racha(por_mes, mes) if se_compara else 0,
        acumulado=_suma(por_mes, mes),
        acumulado_previo=_suma(por_mes, un_anio_antes) if se_compara else None,
        bajo=bajo,
        alto=alto,
        provisional=bool(de_mes["provisional"]) if de_mes is not None else False,
        cruza=cruza,
    )


def _suma(por_mes: dict[date, int], mes: date) -> int | None:
    """De enero al mes; ``None`` si falta alguno."""
    meses = [date(mes.year, n, 1) for n in range(1, mes.month + 1)]
    return sum(por_mes[m] for m in meses) if all(m in por_mes for m in meses) else None


def _en_cero(por_mes: dict[date, int], mes: date) -> int:
    cuantos = 0
    while por_mes.get(mover(mes, -cuantos)) == 0:
        cuantos += 1
    return cuantos


def _racha(por_mes: dict[date, int], mes: date) -> int:
    lado, cuantos = 0, 0
    while True:
        suyo, antes = (por_mes.get(mover(mes, -cuantos - atras)) for atras in (0, MESES_DEL_ANIO))
        if suyo is None or antes is None or suyo == antes:
            break
        signo = 1 if suyo > antes else -1
        if lado and signo != lado:
            break
        lado, cuantos = signo, cuantos + 1
    return lado * cuantos


def _rango(por_mes: dict[date, int], mes: date) -> tuple[int | None, int | None]:
    """Lo que se espera del mes por los doce anteriores; (None, None) si falta alguno."""
    fechas = pd.date_range(end=pd.Timestamp(mes), periods=MESES_DEL_ANIO + 1, freq="MS")
    conteos = np.array([por_mes.get(f.date(), np.nan) for f in fechas], dtype="float64")
    esperado = banda(conteos, fechas.days_in_month.to_numpy()).iloc[-1]
    if np.isnan(conteos).any() or np.isnan(esperado["bajo"]):
        return None, None
    return int(esperado["bajo"]), int(esperado["alto"])


def _una(metodologias: dict[date, str], mes: date) -> bool:
    """Si los trece meses que terminan en éste son de una sola metodología."""
    return len({metodologias[m] for n in range(MESES_DEL_ANIO + 1) if (m := mover(mes, -n)) in metodologias}) < 2
