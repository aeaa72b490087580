"""Medir una corrida de página: cuánto tardó, en qué acabó y su renglón en la bitácora."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from observacion import bitacora, metricas

BIEN, DETENIDA, ERROR = "bien", "detenida", "error"


@contextmanager
def corrida(pagina: str, quien: Callable[[], dict[str, str | None]]) -> Iterator[None]:
    """Mide lo que pasa dentro. ``quien`` da los identificadores (petición, sesión, persona) y solo se llama si se anotan.

    Una página que se detiene o se vuelve a correr por su cuenta (``st.stop``, ``st.rerun``) no es un error; Streamlit lo señala
    con excepciones que no son ``Exception``.
    """
    empezo, resultado, causa = time.perf_counter(), BIEN, None
    try:
        yield
    except Exception as falla:
        resultado, causa = ERROR, type(falla).__name__
        raise
    except BaseException:
        resultado = DETENIDA
        raise
    finally:
        segundos = time.perf_counter() - empezo
        metricas.PAGINAS.sumar(pagina=pagina, resultado=resultado)
        metricas.PAGINA_SEGUNDOS.observar(segundos, pagina=pagina)
        if bitacora.encendida():
            nivel = "error" if resultado == ERROR else "info"
            bitacora.anotar(
                "pagina",
                nivel=nivel,
                pagina=pagina,
                resultado=resultado,
                ms=round(segundos * 1000),
                error=causa,
                **quien(),
            )
