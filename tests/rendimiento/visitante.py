"""Una persona que usa el tablero sin navegador: por websocket pide páginas y baja archivos, y mide cuánto esperó."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit
from urllib.request import urlopen

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

SEGUNDOS = 120
MAXIMO_DE_MENSAJE = 64 * 1024 * 1024


class ErrorDePagina(Exception):
    """La página terminó con una excepción."""


@dataclass
class Visitante:
    """``direccion`` es la del sitio. ``botones``: rótulo → identificador del archivo que daría cada botón de la última página."""

    direccion: str
    esperas: list[float] = field(default_factory=list)
    botones: dict[str, str] = field(default_factory=dict)
    bytes: int = 0

    async def __aenter__(self) -> Visitante:
        partes = urlsplit(self.direccion)
        self._hilo = connect(
            f"ws://{partes.netloc}/_stcore/stream",
            subprotocols=["streamlit"],  # type: ignore[list-item]
            origin=self.direccion,  # type: ignore[arg-type]
            max_size=MAXIMO_DE_MENSAJE,
            open_timeout=SEGUNDOS,
        )
        self._conexion = await self._hilo.__aenter__()
        return self

    async def __aexit__(self, *causa: object) -> None:
        await self._hilo.__aexit__(*causa)  # type: ignore[arg-type]

    async def abrir(self, pagina: str, **parametros: str) -> float:
        """Pide la página con esa dirección y espera a que termine; devuelve los segundos. Lanza ``ErrorDePagina``."""
        pedido = BackMsg()
        pedido.rerun_script.page_name = pagina
        pedido.rerun_script.query_string = urlencode(parametros)
        inicio = time.perf_counter()
        await self._conexion.send(pedido.SerializeToString())
        self.botones = {}
        while True:
            mensaje = await self._siguiente()
            if mensaje.HasField("script_finished"):
                break
            if mensaje.HasField("new_session"):
                self._sesion = mensaje.new_session.initialize.session_id
            elemento = mensaje.delta.new_element if mensaje.HasField("delta") else None
            if elemento is not None and elemento.HasField("exception"):
                raise ErrorDePagina(f"{pagina}: {elemento.exception.type}: {elemento.exception.message}")
            if elemento is not None and elemento.HasField("download_button"):
                self.botones[elemento.download_button.label] = elemento.download_button.deferred_file_id
        espera = time.perf_counter() - inicio
        self.esperas.append(espera)
        return espera

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

    async def _siguiente(self) -> ForwardMsg:
        crudo = await asyncio.wait_for(self._conexion.recv(), SEGUNDOS)
        self.bytes += len(crudo)
        mensaje = ForwardMsg()
        mensaje.ParseFromString(crudo)  # type: ignore[arg-type]
        return mensaje

    def _leer(self, ruta: str) -> bytes:
        with urlopen(f"{self.direccion}{ruta}", timeout=SEGUNDOS) as respuesta:
            return bytes(respuesta.read())
