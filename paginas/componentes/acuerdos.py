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
    entidades, propios = {x for x in lugares if len(x) == 2}, {x for x in lugares if len(x) == 5}
    pedidos = None if delitos is None else set(delitos)
    # Solo las dos columnas que deciden: recorrer los renglones completos tardaba más que todo lo demás con mil acuerdos.
    toca = np.array(
        [
            (not propios.isdisjoint(municipios) or any(m[:2] in entidades for m in municipios))
            and (pedidos is None or not pedidos.isdisjoint(de_que))
            for municipios, de_que in zip(todos["municipios"], todos["delitos"], strict=True)
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
