"""La única puerta de lectura a la base publicada: consultas con parámetros ligados sobre la versión vigente.

La conexión se abre en modo de solo lectura y se comparte; cada consulta usa su propio cursor, de modo que sirve desde
varios hilos. Cuando el puntero se mueve, la siguiente consulta abre la versión nueva y la anterior se suelta cuando
nadie la usa.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

import duckdb
import pandas as pd

from datos.almacen import Publicacion, publicacion_vigente


class SinPublicacion(Exception):
    """Todavía no hay nada publicado en el almacén."""


_candado = threading.Lock()
_abiertas: dict[str, duckdb.DuckDBPyConnection] = {}
_MAXIMO_ABIERTAS = 2


def _conexion(publicacion: Publicacion) -> duckdb.DuckDBPyConnection:
    clave = str(publicacion.ruta)
    with _candado:
        if clave not in _abiertas:
            _abiertas[clave] = duckdb.connect(clave, read_only=True)
            while len(_abiertas) > _MAXIMO_ABIERTAS:
                _abiertas.pop(next(iter(_abiertas)))  # los cursores vivos la mantienen abierta hasta terminar
        return _abiertas[clave].cursor()


def consultar(sql: str, parametros: Sequence[object] = ()) -> pd.DataFrame:
    """Resultado de una consulta sobre la publicación vigente.

    Lanza ``SinPublicacion`` si no hay ninguna y ``PunteroInvalido`` si el puntero está dañado.
    """
    publicacion = publicacion_vigente()
    if publicacion is None:
        raise SinPublicacion(
            "Todavía no hay datos publicados. Cargue los archivos oficiales con «python -m etl cargar RUTA»."
        )
    return _conexion(publicacion).execute(sql, list(parametros)).df()
