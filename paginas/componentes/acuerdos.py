"""Los acuerdos junto a las series: cuáles tocan un lugar y un delito, y cómo se señalan sobre el eje del tiempo."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from datos.acuerdos import RegistroDanado, acuerdos
from graficas.lineas import Marca

LARGO_DEL_DETALLE = 90


def acuerdos_de(lugares: Sequence[str], delitos: Sequence[str] | None = None) -> pd.DataFrame:
    """Acuerdos públicos que cubren alguno de los lugares (una entidad cuenta por sus municipios) y alguno de los delitos.

    Si el registro está dañado, ninguno: la página de Mesas lo explica.
    """
    try:
        todos = acuerdos()
    except RegistroDanado:
        return pd.DataFrame(columns=["folio"])
    toca = np.array(
        [
            any(m == x or (len(x) == 2 and m.startswith(x)) for m in fila.municipios for x in lugares)
            and (delitos is None or bool(set(fila.delitos) & set(delitos)))
            for fila in todos.itertuples()
        ],
        dtype=bool,
    )
    return todos[toca].sort_values("inicio_mes", ignore_index=True)


def marcas_de(lugares: Sequence[str], delitos: Sequence[str]) -> list[Marca]:
    """Una marca por acuerdo de esos lugares y delitos, en el primer mes en que se espera su efecto."""
    return [
        Marca(f.inicio_mes, f"{f.folio} ({f.mesa})", _recortado(f.texto))
        for f in acuerdos_de([x for x in lugares if x != "00"], delitos).itertuples()
    ]


def _recortado(texto: str) -> str:
    if len(texto) <= LARGO_DEL_DETALLE:
        return texto
    return texto[:LARGO_DEL_DETALLE].rsplit(" ", 1)[0] + "…"
