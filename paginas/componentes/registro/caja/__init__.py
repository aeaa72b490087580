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
    duenio: str,
    valor: str,
    guardado_en: datetime | None,
    al_escribir: Callable[[str], None],
    *,
    ayuda: str = "",
    renglones: int = 1,
    maximo: int = 2_000,
    ejemplo: str = "",
) -> None:
    """Muestra la caja con ``valor``; ``al_escribir`` recibe cada versión de lo escrito, para guardarla.

    ``clave`` identifica el campo del borrador; con ``duenio``, también la copia que se queda en el navegador, para que dos
    personas que usan el mismo no vean lo de la otra. ``guardado_en``: cuándo se guardó por última vez.
    """

    def tomar() -> None:
        texto = st.session_state[clave].get("texto")
        if isinstance(texto, str):
            al_escribir(texto[:maximo])

    hace = None if guardado_en is None else max(0.0, (datetime.now(UTC) - guardado_en).total_seconds())
    datos = {
        "clave": f"{sha256(duenio.encode()).hexdigest()[:12]}/{clave}",
        "rotulo": rotulo,
        "ayuda": ayuda,
        "valor": valor,
        "hace": hace,
        "renglones": renglones,
        "maximo": maximo,
        "ejemplo": ejemplo,
        "soloLectura": False,
    }
    _montar(key=clave, data=datos, on_texto_change=tomar)
