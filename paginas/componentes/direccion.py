"""El estado de una página vive en su dirección: un enlace copiado abre la misma vista.

Lo último escrito se recuerda en la sesión, de modo que el lugar, el delito y el periodo viajan de una página a otra aunque
la navegación de Streamlit vacíe la dirección. Si la dirección trae algo distinto de lo que escribimos (un enlace, el botón
de regresar), manda la dirección; si no, manda el control.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

SEPARADOR = ","
_ESCRITO = "direccion_escrita"


class Direccion:
    """Los parámetros de una página. Se leen con ``elegir`` y compañía y se escriben juntos con ``escribir``."""

    def __init__(self) -> None:
        self._valores: dict[str, str] = {}
        self._ignorados: dict[str, str] = {}

    def elegir(
        self,
        rotulo: str,
        opciones: Mapping[str, str],
        parametro: str,
        *,
        omision: str | None = None,
        zona: DeltaGenerator | None = None,
        control: str = "selectbox",
        **mas: Any,
    ) -> str:
        """Un control de una sola opción ('selectbox', 'pills' o 'segmented_control'). Devuelve la clave elegida.

        ``opciones``: clave → texto. La dirección lleva la clave; si lleva varias, vale la primera que exista.
        """
        clave = _llave(parametro)
        leido = self._de_fuera(parametro, lambda t: _primera(t, opciones))
        if leido is not None:
            st.session_state[clave] = leido
        elif st.session_state.get(clave) not in opciones:
            st.session_state[clave] = (
                _primera(_escrito().get(parametro, ""), opciones) or omision or next(iter(opciones))
            )
        # Al llegar de otra página con el mismo control, Streamlit recuerda el valor pero no se lo da al nuevo.
        st.session_state[clave] = st.session_state[clave]
        dibujar = getattr(zona or st, control)
        if control != "selectbox":
            mas["required"] = True  # un botón elegido no se puede soltar
        valor = dibujar(rotulo, list(opciones), format_func=opciones.__getitem__, key=clave, **mas)
        self._valores[parametro] = valor
        return valor

    def elegir_varios(
        self,
        rotulo: str,
        opciones: Mapping[str, str],
        parametro: str,
        *,
        omision: Sequence[str],
        maximo: int,
        solo_elegidas: bool = False,
        zona: DeltaGenerator | None = None,
        **mas: Any,
    ) -> list[str]:
        """Un control de varias opciones, hasta ``maximo``. En la dirección van separadas por comas.

        Con ``solo_elegidas`` el control únicamente quita: agrega ``fijar``. Así no viajan miles de opciones en cada corrida.
        """
        clave = _llave_de_varios(parametro)
        leido = self._de_fuera(parametro, lambda t: _varias(t, opciones)[:maximo] or None)
        if leido is not None:
            st.session_state[clave] = leido
        elif clave not in st.session_state or not set(st.session_state[clave]) <= set(opciones):
            st.session_state[clave] = _varias(_escrito().get(parametro, ""), opciones)[:maximo] or list(omision)
        visibles = st.session_state[clave] if solo_elegidas else list(opciones)
        valor = (zona or st).multiselect(
            rotulo, visibles, format_func=opciones.__getitem__, key=clave, max_selections=maximo, **mas
        )
        self._valores[parametro] = SEPARADOR.join(valor)
        return list(valor)

    def marcar(
        self, rotulo: str, parametro: str, *, omision: bool = False, zona: DeltaGenerator | None = None, **mas: Any
    ) -> bool:
        """Un interruptor; en la dirección, «si» o «no»."""
        clave = _llave(parametro)
        valores = {"si": True, "no": False}
        leido = self._de_fuera(parametro, valores.get)
        if leido is not None:
            st.session_state[clave] = leido
        elif clave not in st.session_state:
            st.session_state[clave] = valores.get(_escrito().get(parametro, ""), omision)
        encendido = bool((zona or st).toggle(rotulo, key=clave, **mas))
        self._valores[parametro] = "si" if encendido else "no"
        return encendido

    def texto(self, rotulo: str, parametro: str, *, maximo: int, zona: DeltaGenerator | None = None, **mas: Any) -> str:
        """Una caja de texto de hasta ``maximo`` letras; vacía, no aparece en la dirección."""
        clave = _llave(parametro)
        leido = self._de_fuera(parametro, lambda t: t[:maximo])
        if leido is not None:
            st.session_state[clave] = leido
        elif clave not in st.session_state:
            st.session_state[clave] = _escrito().get(parametro, "")
        escrito = str((zona or st).text_input(rotulo, key=clave, max_chars=maximo, **mas) or "").strip()
        if escrito:
            self._valores[parametro] = escrito
        else:
            _escrito()[parametro] = ""
        return escrito

    def valor(self, parametro: str, validos: Collection[str], omision: str) -> str:
        """Un parámetro sin control propio: lo mueven los enlaces y ``fijar`` (un clic en el mapa, una búsqueda)."""
        leido = self._de_fuera(parametro, lambda t: _primera(t, validos))
        valor = leido or _primera(_escrito().get(parametro, ""), validos) or omision
        self._valores[parametro] = valor
        return valor

    def suelto(self, parametro: str, validos: Collection[str]) -> str | None:
        """Un parámetro que vale mientras está en la dirección y no viaja a otra página (un folio abierto); ``None`` sin él."""
        pedido = st.query_params.get(parametro)
        if pedido is None:
            return None
        if pedido not in validos:
            self._ignorados[parametro] = pedido
            return None
        self._valores[parametro] = pedido
        return pedido

    def _de_fuera(self, parametro: str, leer: Callable[[str], Any]) -> Any:
        """Lo que pide la dirección, si no es lo que escribimos nosotros y se entiende; ``None`` en los demás casos."""
        pedido = st.query_params.get(parametro)
        if pedido is None or pedido == _escrito().get(parametro):
            return None
        leido = leer(pedido)
        if leido is None:
            self._ignorados[parametro] = pedido
        return leido

    def escribir(self) -> None:
        """Deja la dirección igual a lo elegido y avisa si pedía algo que no existe."""
        _escrito().update(self._valores)
        if dict(st.query_params) != self._valores:
            st.query_params.from_dict(self._valores)
        if self._ignorados:
            pedidos = "; ".join(f"{parametro} «{valor[:60]}»" for parametro, valor in self._ignorados.items())
            st.toast(f"La dirección pedía algo que aquí no existe ({pedidos}); se muestra otra vista.")


def fijar(parametro: str, valor: str | Sequence[str]) -> None:
    """Cambia un parámetro desde una acción (un clic, una búsqueda), antes de volver a correr la página."""
    texto = valor if isinstance(valor, str) else SEPARADOR.join(valor)
    _escrito()[parametro] = texto
    st.query_params[parametro] = texto
    for clave in (_llave(parametro), _llave_de_varios(parametro)):
        if clave in st.session_state:
            st.session_state[clave] = texto if clave == _llave(parametro) else texto.split(SEPARADOR)


def _escrito() -> dict[str, str]:
    return st.session_state.setdefault(_ESCRITO, {})


def _llave(parametro: str) -> str:
    return f"direccion_{parametro}"


def _llave_de_varios(parametro: str) -> str:
    return f"direccion_varios_{parametro}"


def _varias(texto: str, validos: Collection[str]) -> list[str]:
    return [p for p in dict.fromkeys(texto.split(SEPARADOR)) if p in validos]


def _primera(texto: str, validos: Collection[str]) -> str | None:
    return next(iter(_varias(texto, validos)), None)
