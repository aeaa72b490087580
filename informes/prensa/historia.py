"""Una historia lista para salir: lo que dice, cómo se dibuja en cada forma, sus datos y lo que puede engañar."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from graficas.impresas import Contenido, Forma, Lienzo


@dataclass(frozen=True)
class Historia:
    """``dibujar`` recibe la forma y el contenido; ``tabla`` trae justo lo dibujado; ``cautelas``, una por renglón."""

    contenido: Contenido
    dibujar: Callable[[Forma, Contenido], Lienzo]
    tabla: pd.DataFrame
    columnas: Mapping[str, str]
    cautelas: tuple[str, ...] = ()

    def en(self, forma: Forma) -> Lienzo:
        """La figura en esa forma."""
        return self.dibujar(forma, self.contenido)

    def con_titular(self, titulo: str) -> Historia:
        """La misma historia con otro titular, ya revisado (``problemas_del_titular``)."""
        return replace(self, contenido=replace(self.contenido, titulo=titulo))

    def con_logo(self, logo: bytes | None) -> Historia:
        """La misma historia con un logotipo (PNG) en su encabezado; sin ninguno, igual."""
        return replace(self, contenido=replace(self.contenido, logo=logo))
