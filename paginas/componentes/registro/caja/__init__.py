"""La caja de texto que se guarda sola: al servidor mientras se escribe y, sin red, en el navegador hasta que vuelva."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import streamlit as st

_AQUI = Path(__file__).parent
_montar = st.components.v2.component(
    "caja_que_se_guarda",
    html=(_AQUI / "caja.html").read_text(encoding="utf-8"),
    css=(_AQUI / "caja.css").read_text(encoding="utf-8"),
    js=(_AQUI / "caja.js").read_text(encoding="utf-8"),
)


def caja(
    rotulo: str,
    clave: str,
    copia: str,
    valor: str,
    guardado_en: datetime | None,
    al_escribir: Callable[[str], None],
    vaciada_en: datetime | None = None,
    *,
    ayuda: str = "",
    renglones: int = 1,
    maximo: int = 2_000,
    ejemplo: str = "",
) -> None:
    """Muestra la caja con ``valor``; ``al_escribir`` recibe cada versión de lo escrito, para guardarla.

    ``clave`` es la del control; ``copia``, la de lo que se queda en el navegador: lleva de quién es, para que dos personas que
    usan el mismo no vean lo de la otra. ``guardado_en``: cuándo se guardó por última vez. ``vaciada_en``: cuándo se guardó o se
    desechó lo anterior; una copia más vieja ya no vale.
    """

    def tomar() -> None:
        texto = st.session_state[clave].get("texto")
        if isinstance(texto, str):
            al_escribir(texto[:maximo])

    datos = {
        "clave": clave,
        "copia": sha256(copia.encode()).hexdigest()[:32],
        "rotulo": rotulo,
        "ayuda": ayuda,
        "valor": valor,
        "hace": _hace(guardado_en),
        "vaciada": _hace(vaciada_en),
        "renglones": renglones,
        "maximo": maximo,
        "ejemplo": ejemplo,
        "soloLectura": False,
    }
    _montar(key=clave, data=datos, on_texto_change=tomar, on_insiste_change=tomar)


def _hace(cuando: datetime | None) -> float | None:
    return None if cuando is None else max(0.0, (datetime.now(UTC) - cuando).total_seconds())
