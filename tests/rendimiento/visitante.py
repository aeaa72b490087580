"""Una persona que usa el tablero sin navegador: por websocket abre páginas, mueve controles, toca el mapa y baja archivos.

Lo que manda se cotejó con lo que manda un Chromium: cada corrida lleva el valor de todos los controles, la dirección escrita y
los mensajes grandes que ya tiene, para que el servidor no los repita.
"""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import connect

SEGUNDOS = 120
MAXIMO_DE_MENSAJE = 64 * 1024 * 1024


class ErrorDePagina(Exception):
    """La página terminó con una excepción."""


@dataclass
class Control:
    """Un control de la página: su identificador, qué se puede elegir y lo que vale ahora."""

    id: str
    opciones: tuple[str, ...]
    estado: WidgetState


@dataclass
class Visitante:
    """``direccion`` es la del sitio. ``botones``: rótulo → identificador del archivo que daría cada botón de la última página;
    ``controles``: llave → control; ``componentes``: llave → identificador de lo que recibe clics; ``titular``: su hallazgo.
    """

    direccion: str
    esperas: list[float] = field(default_factory=list)
    botones: dict[str, str] = field(default_factory=dict)
    controles: dict[str, Control] = field(default_factory=dict)
    componentes: dict[str, str] = field(default_factory=dict)
    titular: str = ""
    consulta: str = ""
    galleta: str = ""
    bytes: int = 0
    _pagina: str = ""
    _guardados: dict[str, ForwardMsg] = field(default_factory=dict)

    async def __aenter__(self) -> Visitante:
        partes = urlsplit(self.direccion)
        self._hilo = connect(
            f"ws://{partes.netloc}/_stcore/stream",
            subprotocols=["streamlit"],  # type: ignore[list-item]
            origin=self.direccion,  # type: ignore[arg-type]
            additional_headers={"Cookie": self.galleta} if self.galleta else None,
            max_size=MAXIMO_DE_MENSAJE,
            open_timeout=SEGUNDOS,
        )
        self._conexion = await self._hilo.__aenter__()
        return self

    async def __aexit__(self, *causa: object) -> None:
        await self._hilo.__aexit__(*causa)  # type: ignore[arg-type]

    async def abrir(self, pagina: str, **parametros: str) -> float:
        """Entra a la página con esa dirección, como por un enlace; devuelve los segundos. Lanza ``ErrorDePagina``."""
        pedido = BackMsg()
        pedido.rerun_script.page_name = pagina
        pedido.rerun_script.query_string = urlencode(parametros)
        return await self._correr(pedido)

    async def elegir(self, llave: str, valor: str) -> float:
        """Cambia un control (selector, botones, interruptor o texto) y espera la corrida."""
        control = self.controles[llave]
        campo = control.estado.WhichOneof("value")
        if campo == "string_array_value":
            del control.estado.string_array_value.data[:]
            control.estado.string_array_value.data.append(valor)
        elif campo == "bool_value":
            control.estado.bool_value = not control.estado.bool_value
        else:
            control.estado.string_value = valor
        return await self._volver_a_correr()

    async def tocar(self, llave: str, valor: str) -> float:
        """Un clic en un lugar del mapa."""
        estado = WidgetState(id=f"$$STREAMLIT_INTERNAL_KEY_{self.componentes[llave]}__events")
        estado.json_trigger_value = json.dumps([{"event": "clic", "value": valor}])
        return await self._volver_a_correr(estado)

    async def bajar(self, rotulo: str) -> tuple[float, bytes]:
        """Toca un botón de descarga y recibe su archivo: segundos y bytes. Lanza ``ErrorDePagina`` si no se pudo hacer."""
        pedido = BackMsg()
        pedido.backend_operation_request.request_id = f"{id(self)}-{time.monotonic_ns()}"
        pedido.backend_operation_request.deferred_file.file_id = self.botones[rotulo]
        pedido.backend_operation_request.session_id = self._sesion
        inicio = time.perf_counter()
        await self._conexion.send(pedido.SerializeToString())
        while True:
            mensaje = await self._siguiente()
            if mensaje.HasField("backend_operation_response"):
                respuesta = mensaje.backend_operation_response
                break
        if respuesta.error_msg:
            raise ErrorDePagina(f"{rotulo}: {respuesta.error_msg}")
        cuerpo = await asyncio.to_thread(self._leer, respuesta.deferred_file.url)
        return time.perf_counter() - inicio, cuerpo

    async def _volver_a_correr(self, *disparos: WidgetState) -> float:
        pedido = BackMsg()
        pedido.rerun_script.query_string = self.consulta
        pedido.rerun_script.page_script_hash = self._pagina
        pedido.rerun_script.widget_states.widgets.extend([c.estado for c in self.controles.values()] + list(disparos))
        return await self._correr(pedido)

    async def _correr(self, pedido: BackMsg) -> float:
        pedido.rerun_script.cached_message_hashes.extend(self._guardados)
        pedido.rerun_script.context_info.timezone = "America/Mexico_City"
        pedido.rerun_script.context_info.locale = "es-MX"
        pedido.rerun_script.context_info.url = self.direccion
        inicio = time.perf_counter()
        await self._conexion.send(pedido.SerializeToString())
        self.botones, self.controles, self.componentes, self.titular, self.consulta = {}, {}, {}, "", ""
        guardados: dict[str, ForwardMsg] = {}
        while True:
            mensaje = await self._siguiente()
            if mensaje.HasField("ref_hash"):
                mensaje = self._guardados[mensaje.ref_hash]
            if mensaje.metadata.cacheable:
                guardados[mensaje.hash] = mensaje
            if mensaje.HasField("script_finished"):
                break
            if mensaje.HasField("new_session"):
                self._sesion = mensaje.new_session.initialize.session_id
            elif mensaje.HasField("navigation"):
                self._pagina = mensaje.navigation.page_script_hash
            elif mensaje.HasField("page_info_changed"):
                self.consulta = mensaje.page_info_changed.query_string
            elif mensaje.HasField("delta") and mensaje.delta.HasField("new_element"):
                self._anotar(mensaje.delta.new_element)
        self._guardados = guardados
        espera = time.perf_counter() - inicio
        self.esperas.append(espera)
        return espera

    def _anotar(self, elemento: Element) -> None:
        """Guarda de un elemento lo que hace falta para usarlo después."""
        clase = elemento.WhichOneof("type")
        if clase == "exception":
            raise ErrorDePagina(f"{self._pagina}: {elemento.exception.type}: {elemento.exception.message}")
        if clase == "html" and elemento.html.body.startswith("<h1>"):
            self.titular = elemento.html.body
        elif clase == "download_button":
            self.botones[elemento.download_button.label] = elemento.download_button.deferred_file_id
        elif clase == "bidi_component":
            self.componentes[_llave(elemento.bidi_component.id)] = elemento.bidi_component.id
        elif clase in _VALORES:
            control = getattr(elemento, clase)
            opciones = tuple(str(getattr(o, "content", o)) for o in getattr(control, "options", ()))
            estado = WidgetState(id=control.id)
            _VALORES[clase](control, opciones, estado)
            self.controles[_llave(control.id)] = Control(control.id, opciones, estado)

    async def _siguiente(self) -> ForwardMsg:
        crudo = await asyncio.wait_for(self._conexion.recv(), SEGUNDOS)
        self.bytes += len(crudo)
        mensaje = ForwardMsg()
        mensaje.ParseFromString(crudo)  # type: ignore[arg-type]
        return mensaje

    def _leer(self, ruta: str) -> bytes:
        pedido = Request(f"{self.direccion}{ruta}", headers={"Cookie": self.galleta} if self.galleta else {})
        with urlopen(pedido, timeout=SEGUNDOS) as respuesta:
            return bytes(respuesta.read())


def _llave(identificador: str) -> str:
    """«direccion_delito», de «$$ID-27160c9b…-direccion_delito»."""
    return identificador.removeprefix("$$ID-").partition("-")[2]


def _de_uno(control: Any, opciones: tuple[str, ...], estado: WidgetState) -> None:
    if control.set_value:
        estado.string_value = control.raw_value
    else:
        estado.string_value = opciones[control.default] if opciones and control.HasField("default") else ""


def _de_varios(control: Any, opciones: tuple[str, ...], estado: WidgetState) -> None:
    puestas = control.raw_values if control.set_value else [opciones[i] for i in control.default]
    estado.string_array_value.data.extend(puestas)


def _interruptor(control: Any, _opciones: tuple[str, ...], estado: WidgetState) -> None:
    estado.bool_value = control.value if control.set_value else control.default


def _texto(control: Any, _opciones: tuple[str, ...], estado: WidgetState) -> None:
    estado.string_value = control.value if control.set_value else control.default


_VALORES = {
    "selectbox": _de_uno,
    "button_group": _de_varios,
    "multiselect": _de_varios,
    "checkbox": _interruptor,
    "text_input": _texto,
}
