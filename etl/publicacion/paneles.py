"""Los conteos de una clave como matriz de lugares por meses, que es como los quiere la estadística."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from datos.catalogos import es_pseudomunicipio
from datos.esquema import COLUMNAS_DE_MES, PRIMER_ANIO, RNID

QUIEBRE = PRIMER_ANIO[RNID]
ENTIDADES = 32


@dataclass(frozen=True)
class Panel:
    """Conteos de un delito o canasta: lugares × meses desde enero de ``primer_anio``; NaN es no reportado."""

    lugares: np.ndarray
    conteos: np.ndarray
    primer_anio: int

    def mes(self, posicion: int) -> date:
        """Primer día del mes de esa columna."""
        anio, mes = divmod(posicion, 12)
        return date(self.primer_anio + anio, mes + 1, 1)

    def ultimo_completo(self, meses: int, *, cruza: bool) -> int | None:
        """Columna del último mes en que algún lugar tiene ``meses`` seguidos; ``None`` si no hay ninguno.

        Sin ``cruza``, los meses no pueden estar a los dos lados de enero de 2026.
        """
        acumulado = np.pad(np.cumsum(~np.isnan(self.conteos), axis=1), ((0, 0), (1, 0)))
        if acumulado.shape[1] <= meses:
            return None
        completos = (acumulado[:, meses:] - acumulado[:, :-meses] == meses).any(axis=0)
        cierres = np.flatnonzero(completos) + meses - 1
        quiebre = (QUIEBRE - self.primer_anio) * 12
        if not cruza:
            cierres = cierres[(cierres < quiebre) | (cierres - meses + 1 >= quiebre)]
        return int(cierres[-1]) if len(cierres) else None


def paneles(delitos: dict[str, pa.Table]) -> Iterator[tuple[str, str, Panel]]:
    """Nivel, clave y panel de cada delito y canasta. ``delitos`` son las tablas de ``delitos_de`` por ámbito.

    Lo nacional es la suma de las 32 entidades, solo donde reportan todas. Los seudomunicipios no entran.
    """
    for nivel in ("estatal", "municipal"):
        tabla = delitos[nivel]
        if not tabla.num_rows:
            continue
        claves, lugares = (tabla[columna].combine_chunks() for columna in ("delito", "lugar"))
        nombres = lugares.dictionary.to_numpy(zero_copy_only=False)
        de_clave, lugar, anio = claves.indices.to_numpy(), lugares.indices.to_numpy(), tabla["anio"].to_numpy()
        meses = [tabla[m].to_numpy() for m in COLUMNAS_DE_MES]
        reales = np.array([nivel == "estatal" or not es_pseudomunicipio(nombre) for nombre in nombres])
        primero, anios = int(anio.min()), int(anio.max() - anio.min()) + 1
        for codigo, clave in enumerate(claves.dictionary.to_pylist()):
            filas = np.flatnonzero(de_clave == codigo)
            conteos = np.full((len(nombres), anios, 12), np.nan)
            conteos[lugar[filas], anio[filas] - primero] = np.column_stack([mes[filas] for mes in meses])
            panel = Panel(nombres[reales], conteos.reshape(len(nombres), -1)[reales], primero)
            yield nivel, clave, panel
            if nivel == "estatal" and len(nombres) == ENTIDADES:
                yield "nacional", clave, Panel(np.array(["00"]), panel.conteos.sum(axis=0, keepdims=True), primero)
