"""La capa de agrupamientos del mapa municipal: qué clase le toca a cada lugar, y la cautela con que se lee."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analisis import formatos
from datos.consultas.agrupamientos import Agrupamientos
from graficas.mapas import COLOR_DE_AGRUPAMIENTO, SIN_COMPARAR, Numero, Pintura, Texto, por_clase
from paginas.componentes.mapa import leyenda_de_clases


def pintar_agrupamientos(
    hecho: Agrupamientos, claves: Sequence[str], renglones: Sequence[Numero | Texto]
) -> tuple[Pintura, pd.Series]:
    """Los colores en el orden de ``claves`` y cuántos lugares caen en cada clase."""
    clases = hecho.tabla.set_index("cve_mun")["clase"].reindex(list(claves)).fillna(SIN_COMPARAR)
    pintura = por_clase(clases.tolist(), COLOR_DE_AGRUPAMIENTO, SIN_COMPARAR, [*renglones, Texto("", clases.tolist())])
    return pintura, clases.value_counts()


def leyenda_de_agrupamientos(hecho: Agrupamientos, cuentas: pd.Series) -> str:
    """Las clases con sus cuentas y lo que la capa no dice."""
    viejos = "" if hecho.al_dia else " Se calcularon con otros límites: repita «python -m etl complementar»."
    return leyenda_de_clases(cuentas, COLOR_DE_AGRUPAMIENTO, SIN_COMPARAR) + (
        f'<p class="menor">12 meses a {formatos.mes(hecho.cierre)}. Compara la tasa de cada municipio con la de sus vecinos '
        "(I de Moran local, 999 permutaciones, a lo más 5 % de falsos entre los marcados). Dice dónde se juntan tasas "
        "parecidas; no dice que un delito pase de un lugar a otro ni por qué, y con otros límites el dibujo cambiaría."
        f"{viejos}</p>"
    )
