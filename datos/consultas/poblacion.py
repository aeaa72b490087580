"""De dónde es la población publicada y cómo se dice junto a cada tasa."""

from __future__ import annotations

from dataclasses import dataclass

from datos.tablero import consultar, recordar


@dataclass(frozen=True)
class Edicion:
    """La edición de la población: su nombre completo, uno corto y si es el censo (la misma cifra todos los años)."""

    fuente: str
    corta: str
    es_censo: bool

    @property
    def nota(self) -> str:
        """Lo que se dice debajo de una tasa."""
        if self.es_censo:
            return f"Tasas con población de {self.fuente}: no reflejan lo que ha crecido la población"
        return "Tasas con población de CONAPO (2024)"


@recordar(maximo=2)
def edicion() -> Edicion:
    """La edición publicada. Lanza ``SinPublicacion`` si no hay ninguna."""
    tabla = consultar("SELECT any_value(fuente) AS fuente FROM poblacion")
    fuente = str(tabla["fuente"].iloc[0])
    es_censo = fuente.startswith("INEGI")
    return Edicion(fuente, "INEGI, Censo 2020" if es_censo else "CONAPO", es_censo)
