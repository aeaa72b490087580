"""Los cuatro productos que se publican: a qué lugar se refieren, qué desgloses traen y en qué tablas viven."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Ambito:
    """Un producto. ``lugar`` es la columna de su clave y ``cifras``, los dígitos con que se escribe."""

    nombre: str
    lugar: str
    cifras: int
    desgloses: tuple[str, ...] = ()

    @property
    def de_carpetas(self) -> bool:
        """Si cuenta carpetas; si no, víctimas. Las canastas y las revisiones son solo de carpetas."""
        return not self.desgloses

    @property
    def conteos(self) -> str:
        """Tabla con las cifras por categoría."""
        return f"_conteos_{self.nombre}"

    @property
    def delitos(self) -> str:
        """Tabla con las cifras por delito."""
        return f"_delitos_{self.nombre}" if self.de_carpetas else f"_{self.nombre}"


AMBITOS = (
    Ambito("estatal", "cve_ent", 2),
    Ambito("municipal", "cve_mun", 5),
    Ambito("victimas_estatal", "cve_ent", 2, ("sexo", "edad")),
    Ambito("victimas_municipal", "cve_mun", 5, ("sexo", "edad")),
)
