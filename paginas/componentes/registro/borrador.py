"""Un borrador en pantalla: cada control se guarda al cambiar y nace con lo último guardado, en esta sesión o en otra."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import streamlit as st

from datos.registro import borradores
from datos.registro.errores import DatoInvalido, RegistroDanado, SinPermiso
from paginas.componentes.registro.caja import caja
from paginas.componentes.registro.identidad import Abierto


class EnBorrador:
    """Los campos de un asunto («acuerdo:mesa:sesión») y los controles que los escriben."""

    def __init__(self, abierto: Abierto, mesa: str, asunto: str, iniciales: Mapping[str, Any] | None = None) -> None:
        self._abierto, self.mesa, self.asunto = abierto, mesa, asunto
        self._vuelta, self._vaciado = f"vuelta/{asunto}", f"vaciado/{asunto}"
        guardado = borradores.leer(abierto.registro, abierto.actor, asunto)
        self.guardado_en: datetime | None = guardado.guardado_en if guardado else None
        self.id: str | None = guardado.id if guardado else None
        self.valores: dict[str, Any] = {**(iniciales or {}), **(guardado.contenido if guardado else {})}

    @property
    def hay(self) -> bool:
        """Si ya hay algo guardado."""
        return self.guardado_en is not None

    def texto(self, campo: str) -> str:
        """El valor de un campo como texto; vacío si no está."""
        valor = self.valores.get(campo)
        return "" if valor is None else str(valor)

    def guardar(self, campo: str, valor: Any) -> None:
        """Guarda un campo; si no se puede, lo dice y lo escrito sigue en pantalla."""
        self.valores[campo] = valor
        try:
            hecho = borradores.guardar(
                self._abierto.registro, self._abierto.actor, self.mesa, self.asunto, {campo: valor}
            )
        except (RegistroDanado, SinPermiso, DatoInvalido) as causa:
            st.toast(f"No se pudo guardar el borrador: {causa}")
            return
        self.id, self.guardado_en = hecho.id, hecho.guardado_en

    def caja(self, campo: str, rotulo: str, **opciones: Any) -> str:
        """Una caja de texto que se guarda mientras se escribe."""
        caja(
            rotulo,
            self._clave(campo),
            f"{self._abierto.actor.cuenta}/{self.asunto}/{campo}",
            self.texto(campo),
            self.guardado_en if campo in self.valores else None,
            lambda escrito: self.guardar(campo, escrito),
            st.session_state.get(self._vaciado),
            **opciones,
        )
        return self.texto(campo)

    def elegir(
        self, campo: str, rotulo: str, opciones: Mapping[str, str], *, control: str = "selectbox", **mas: Any
    ) -> str:
        """Una opción; sin borrador, la primera."""
        clave = self._clave(campo)
        if st.session_state.get(clave) not in opciones:
            previo = self.texto(campo)
            st.session_state[clave] = previo if previo in opciones else next(iter(opciones))
        if control != "selectbox":
            mas["required"] = True
        valor = getattr(st, control)(
            rotulo,
            list(opciones),
            format_func=opciones.__getitem__,
            key=clave,
            on_change=self._al_cambiar(campo),
            **mas,
        )
        self.valores[campo] = valor
        return str(valor)

    def elegir_varios(self, campo: str, rotulo: str, opciones: Mapping[str, str], **mas: Any) -> list[str]:
        """Varias opciones; en el borrador, separadas por punto y coma."""
        clave = self._clave(campo)
        if clave not in st.session_state:
            st.session_state[clave] = [p for p in self.texto(campo).split(";") if p in opciones]
        valor = st.multiselect(
            rotulo,
            list(opciones),
            format_func=opciones.__getitem__,
            key=clave,
            on_change=self._al_cambiar(campo, lambda v: ";".join(v)),
            **mas,
        )
        self.valores[campo] = ";".join(valor)
        return list(valor)

    def fecha(self, campo: str, rotulo: str, omision: date | None = None, **mas: Any) -> date | None:
        """Una fecha, o ninguna; en el borrador, AAAA-MM-DD."""
        clave = self._clave(campo)
        if clave not in st.session_state:
            previo = self.texto(campo)
            st.session_state[clave] = date.fromisoformat(previo) if previo else omision
        valor = st.date_input(
            rotulo,
            key=clave,
            value=None,
            format="DD/MM/YYYY",
            on_change=self._al_cambiar(campo, lambda v: v.isoformat() if v else ""),
            **mas,
        )
        self.valores[campo] = valor.isoformat() if valor else ""
        return valor

    def numero(self, campo: str, rotulo: str, **mas: Any) -> float | None:
        """Un número, o ninguno."""
        clave = self._clave(campo)
        if clave not in st.session_state:
            previo = self.texto(campo)
            st.session_state[clave] = float(previo) if _es_numero(previo) else None
        valor = st.number_input(rotulo, key=clave, value=None, on_change=self._al_cambiar(campo, _como_texto), **mas)
        self.valores[campo] = _como_texto(valor)
        return valor

    def marcar(self, campo: str, rotulo: str, *, omision: bool = True, **mas: Any) -> bool:
        """Sí o no."""
        clave = self._clave(campo)
        if clave not in st.session_state:
            st.session_state[clave] = {"sí": True, "no": False}.get(self.texto(campo), omision)
        valor = bool(
            st.checkbox(rotulo, key=clave, on_change=self._al_cambiar(campo, lambda v: "sí" if v else "no"), **mas)
        )
        self.valores[campo] = "sí" if valor else "no"
        return valor

    def olvidar(self) -> None:
        """Desecha el borrador y estrena sus controles, para empezar otro."""
        try:
            borradores.desechar(self._abierto.registro, self._abierto.actor, self.asunto)
        except RegistroDanado as causa:
            st.toast(f"El borrador no se pudo desechar: {causa}")
            return
        self.soltar()

    def soltar(self) -> None:
        """Estrena los controles de este asunto: los de antes traían lo ya guardado y lo volverían a mandar."""
        st.session_state[self._vuelta] = st.session_state.get(self._vuelta, 0) + 1
        st.session_state[self._vaciado] = datetime.now(UTC)

    def estado(self) -> str:
        """«Borrador guardado hace 3 s», para cuando no hay caja que lo diga."""
        if self.guardado_en is None:
            return "Lo que escriba se guarda solo."
        segundos = round((datetime.now(UTC) - self.guardado_en).total_seconds())
        lapso = (
            f"{segundos} s"
            if segundos < 60
            else f"{segundos // 60} min"
            if segundos < 3_600
            else f"{segundos // 3_600} h"
        )
        return f"Borrador guardado hace {lapso}."

    def _clave(self, campo: str) -> str:
        return f"b/{self.asunto}/{st.session_state.get(self._vuelta, 0)}/{campo}"

    def _al_cambiar(self, campo: str, como: Callable[[Any], str] = lambda v: v) -> Callable[[], None]:
        def guardar() -> None:
            self.guardar(campo, como(st.session_state[self._clave(campo)]))

        return guardar


def _como_texto(valor: float | None) -> str:
    return "" if valor is None else f"{valor:.4f}".rstrip("0").rstrip(".")


def _es_numero(texto: str) -> bool:
    try:
        float(texto)
    except ValueError:
        return False
    return True
