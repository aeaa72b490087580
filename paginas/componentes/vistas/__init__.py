"""Las vistas de Tendencias: cada módulo dibuja una, con su titular, su descarga y su fuente."""

from __future__ import annotations

from dataclasses import dataclass

from datos.consultas import lugares
from datos.consultas.claves import Clave, claves
from datos.consultas.series import nivel_de
from paginas.componentes.direccion import Direccion
from paginas.componentes.marco import Marco


@dataclass(frozen=True)
class Eleccion:
    """Lo elegido en la página: el marco, la dirección, los delitos y los lugares, en el orden en que se eligieron."""

    marco: Marco
    vista: Direccion
    delitos: list[str]
    lugares: list[str]

    @property
    def delito(self) -> Clave:
        """El primero, para las vistas de uno solo."""
        return claves()[self.delitos[0]]

    @property
    def lugar(self) -> str:
        """El primero, para las vistas de uno solo."""
        return self.lugares[0]

    @property
    def nombre(self) -> str:
        """Nombre del primer lugar."""
        return lugares.nombre(self.lugar)

    def ambitos(self, de: list[str] | None = None) -> list[str]:
        """De qué archivos salen los lugares: 'estatal', 'municipal' o los dos."""
        return list(dict.fromkeys(ambito_de(x) for x in (de or self.lugares)))

    def solo_uno(self) -> str:
        """Aviso cuando se eligieron varios y la vista es de uno; vacío si no."""
        sobran = [n for n, lista in (("delito", self.delitos), ("lugar", self.lugares)) if len(lista) > 1]
        return f"Esta vista es de un solo {' y un solo '.join(sobran)}: se muestra el primero." if sobran else ""


def ambito_de(lugar: str) -> str:
    """De qué archivo sale un lugar: 'municipal' si es municipio; 'estatal' si es entidad o el país."""
    return "municipal" if nivel_de(lugar) == "municipal" else "estatal"
