"""Un pedazo de página que se vuelve a correr solo, con su espera medida: la de quien busca un lugar o mira un trabajo."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import streamlit as st

from observacion.corrida import corrida
from paginas.componentes.identificadores import identificadores

_P = ParamSpec("_P")
_R = TypeVar("_R")


def pedazo(nombre: str, run_every: float | None = None) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """``st.fragment`` con sus corridas contadas como «nombre (pedazo)», también las que van dentro de la página completa."""

    def decorar(dibujar: Callable[_P, _R]) -> Callable[_P, _R]:
        return st.fragment(medido(nombre)(dibujar), run_every=run_every)

    return decorar


def medido(nombre: str) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Solo la cuenta, para lo que ya es un pedazo (``st.dialog``)."""

    def decorar(dibujar: Callable[_P, _R]) -> Callable[_P, _R]:
        @functools.wraps(dibujar)
        def contado(*args: _P.args, **kwargs: _P.kwargs) -> _R:
            with corrida(f"{nombre} (pedazo)", identificadores):
                return dibujar(*args, **kwargs)

        return contado

    return decorar
