"""Qué está publicado: cortes vigentes, meses provisionales, huecos y si es una demostración."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from datos.almacen import Publicacion, publicacion_vigente
from datos.esquema import PRIMER_ANIO
from datos.tablero import SinPublicacion, consultar, recordar

PAGINA_DE_LA_FUENTE = "https://www.gob.mx/sesnsp/acciones-y-programas/datos-abiertos-de-incidencia-delictiva"


@dataclass(frozen=True)
class Fuente:
    """Un corte vigente del que salen cifras: metodología, ámbito, mes del corte, archivo, huella y lo provisional."""

    metodologia: str
    ambito: str
    corte: date
    archivo: str
    sha256: str
    provisional_desde: date | None


@dataclass(frozen=True)
class Contexto:
    """Lo que toda página dice de sus datos. ``cortes`` trae los vigentes, un renglón por producto."""

    publicacion: Publicacion
    cortes: pd.DataFrame
    corte_mas_reciente: date
    provisional_desde: date | None
    metodologias: tuple[str, ...]
    huecos_estatales: list[tuple[date, date]]

    @property
    def demostracion(self) -> bool:
        """Si lo publicado es la demostración."""
        return self.publicacion.demostracion

    def fuentes(self, ambito: str, desde: date | None = None, hasta: date | None = None) -> list[Fuente]:
        """Los cortes vigentes de un ámbito ('estatal', 'municipal', …) que alimentan un periodo; sin periodo, todos.

        De la metodología más antigua a la más nueva. Un corte cuenta si su periodo toca el pedido.
        """
        return [
            f
            for f in self._fuentes
            if f.ambito == ambito
            and (desde is None or f.corte >= desde)
            and (hasta is None or date(PRIMER_ANIO[f.metodologia], 1, 1) <= hasta)
        ]

    @cached_property
    def _fuentes(self) -> list[Fuente]:
        """Los cortes vigentes, del más antiguo al más nuevo; se leen de la tabla una vez: toda página los pide muchas."""
        hallados = []
        for fila in self.cortes.itertuples():
            provisional = None if pd.isna(fila.provisional_desde) else fila.provisional_desde.date()  # type: ignore[arg-type, union-attr]
            corte = fila.corte.date()  # type: ignore[union-attr]
            hallados.append(
                Fuente(str(fila.metodologia), str(fila.ambito), corte, str(fila.archivo), str(fila.sha256), provisional)
            )
        return sorted(hallados, key=lambda f: f.corte)


@recordar(maximo=2)
def contexto() -> Contexto:
    """Contexto de la publicación vigente. Lanza ``SinPublicacion`` si no hay ninguna."""
    publicacion = publicacion_vigente()
    if publicacion is None:
        raise SinPublicacion("Todavía no hay datos publicados.")
    cortes = consultar(
        "SELECT metodologia, ambito, corte, archivo, sha256, provisional_desde FROM cortes WHERE vigente "
        "ORDER BY corte DESC, ambito"
    )
    return Contexto(
        publicacion,
        cortes,
        cortes["corte"].iloc[0].date(),
        None if pd.isna(cortes["provisional_desde"].iloc[0]) else cortes["provisional_desde"].iloc[0].date(),
        tuple(sorted(cortes["metodologia"].unique())),
        huecos_estatales(),
    )


def huecos_estatales() -> list[tuple[date, date]]:
    """Tramos sin datos entre el primer y el último mes del archivo estatal: (primer mes, último mes) de cada uno."""
    tabla = consultar(
        "SELECT fecha, lag(fecha) OVER (ORDER BY fecha) AS anterior FROM (SELECT DISTINCT fecha FROM delitos_estatal) "
        "QUALIFY fecha > anterior + INTERVAL 1 MONTH ORDER BY fecha"
    )
    un_mes = pd.DateOffset(months=1)
    return [
        ((fila.anterior + un_mes).date(), (fila.fecha - un_mes).date())  # type: ignore[union-attr]
        for fila in tabla.itertuples()
    ]
