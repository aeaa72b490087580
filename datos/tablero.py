"""La única puerta de lectura a la base publicada: consultas con parámetros ligados sobre la versión vigente.

La conexión se abre en modo de solo lectura y se comparte; cada consulta usa su propio cursor, de modo que sirve desde
varios hilos. Cuando el puntero se mueve, la siguiente consulta abre la versión nueva y la anterior se suelta cuando
nadie la usa.
"""

from __future__ import annotations

import functools
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import ParamSpec, TypeVar

import duckdb
import pandas as pd

from datos import integridad
from datos.almacen import Publicacion, publicacion_vigente
from datos.esquema import huella_del_esquema
from datos.integridad import Identidad
from observacion import metricas


class SinPublicacion(Exception):
    """Todavía no hay nada publicado en el almacén."""


class OtraVersion(SinPublicacion):
    """Lo publicado no tiene las tablas y vistas de esta versión del tablero."""


_P = ParamSpec("_P")
_R = TypeVar("_R")
_candado = threading.Lock()
_abiertas: dict[Identidad, duckdb.DuckDBPyConnection] = {}
_MAXIMO_ABIERTAS = 2


def _vigente() -> tuple[Publicacion, Identidad] | None:
    """La publicación vigente y qué archivo es hoy; ``None`` si no hay. Lanza ``PunteroInvalido`` si algo de ella se dañó."""
    publicacion = publicacion_vigente()
    return None if publicacion is None else (publicacion, integridad.exigir(publicacion))


def _conexion(clave: Identidad) -> duckdb.DuckDBPyConnection:
    with _candado:
        if clave not in _abiertas:
            _abiertas[clave] = _de_esta_version(duckdb.connect(clave[0], read_only=True))
            while len(_abiertas) > _MAXIMO_ABIERTAS:
                _abiertas.pop(next(iter(_abiertas)))  # los cursores vivos la mantienen abierta hasta terminar
        return _abiertas[clave].cursor()


def _de_esta_version(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """La misma conexión, si lo publicado se construyó con este esquema. Lanza ``OtraVersion``."""
    try:
        hallado = con.execute("SELECT valor FROM _publicacion WHERE clave = 'esquema'").fetchone()
    except duckdb.CatalogException:
        hallado = None
    if hallado is None or hallado[0] != huella_del_esquema():
        con.close()
        raise OtraVersion(
            "Lo publicado es de otra versión del tablero. No se perdió nada: «python -m etl recalcular» lo rehace con los "
            "archivos ya recibidos, y «python tareas.py iniciar» lo hace solo."
        )
    return con


def consultar(sql: str, parametros: Sequence[object] | Mapping[str, object] = ()) -> pd.DataFrame:
    """Resultado de una consulta sobre la publicación vigente; los parámetros van en orden (``?``) o por nombre (``$x``).

    Una columna de enteros con nulos llega como flotante con NaN.
    Lanza ``SinPublicacion`` si no hay ninguna, ``OtraVersion`` si la construyó otra versión del tablero y ``PunteroInvalido``
    si el puntero o la base están dañados.
    """
    vigente = _vigente()
    if vigente is None:
        raise SinPublicacion(
            "Todavía no hay datos publicados. Cargue los archivos oficiales con «python -m etl cargar RUTA»."
        )
    publicacion, clave = vigente
    try:
        tabla = (
            _conexion(clave)
            .execute(sql, dict(parametros) if isinstance(parametros, Mapping) else list(parametros))
            .df()
        )
    except (duckdb.IOException, duckdb.FatalException, duckdb.SerializationException, duckdb.InternalException):
        # Un disco que falla cambia lo escrito sin dejar fecha: se vuelve a comprobar antes de echarle la culpa a otra cosa.
        integridad.olvidar()
        with _candado:
            _abiertas.pop(clave, None)
        integridad.exigir(publicacion)
        raise
    con_nulos = [
        c for c in tabla.columns if pd.api.types.is_extension_array_dtype(tabla[c]) and tabla[c].dtype.kind in "iu"
    ]
    return tabla.astype(dict.fromkeys(con_nulos, "float64")) if con_nulos else tabla


def recordar(maximo: int = 128) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Recuerda lo que devuelve una consulta mientras siga vigente la misma publicación; guarda los ``maximo`` últimos.

    Si varios piden a la vez lo que falta, uno lo calcula y los demás lo esperan: recién publicado un corte todos piden lo mismo.

    Los argumentos deben poder ser llave (listas y conjuntos se vuelven tuplas). Una tabla se entrega como copia superficial:
    con la copia al escribir de pandas, cambiarla no altera lo recordado. Sin publicación no se recuerda nada.
    """

    def decorar(consulta: Callable[_P, _R]) -> Callable[_P, _R]:
        recordadas: OrderedDict[Hashable, _R] = OrderedDict()
        en_curso: dict[Hashable, threading.Event] = {}
        llave_en_uso = threading.Lock()
        nombre = f"{consulta.__module__.rsplit('.', 1)[-1]}.{getattr(consulta, '__name__', '?')}"

        @functools.wraps(consulta)
        def recordada(*args: _P.args, **kwargs: _P.kwargs) -> _R:
            vigente = _vigente()
            if vigente is None:
                return consulta(*args, **kwargs)
            llave = (vigente[1], _como_llave(args), _como_llave(tuple(sorted(kwargs.items()))))
            while True:
                with llave_en_uso:
                    if llave in recordadas:
                        recordadas.move_to_end(llave)
                        metricas.RECORDADAS.sumar(consulta=nombre, resultado="acierto")
                        return _copia(recordadas[llave])
                    de_otro = en_curso.get(llave)
                    if de_otro is None:
                        en_curso[llave] = threading.Event()
                        break
                de_otro.wait()  # si al otro le falló, aquí se intenta por cuenta propia
            metricas.RECORDADAS.sumar(consulta=nombre, resultado="falla")
            try:
                resultado = consulta(*args, **kwargs)
                with llave_en_uso:
                    recordadas[llave] = resultado
                    while len(recordadas) > maximo:
                        recordadas.popitem(last=False)
            finally:
                with llave_en_uso:
                    en_curso.pop(llave).set()
            return _copia(resultado)

        return recordada

    return decorar


def _como_llave(valor: object) -> Hashable:
    if isinstance(valor, (list, tuple)):
        return tuple(_como_llave(v) for v in valor)
    if isinstance(valor, (set, frozenset)):
        return frozenset(valor)
    return valor  # type: ignore[return-value]


def _copia(valor: _R) -> _R:
    return valor.copy(deep=False) if isinstance(valor, (pd.DataFrame, pd.Series)) else valor  # type: ignore[return-value]
