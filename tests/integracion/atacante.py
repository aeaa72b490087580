"""Quien ataca: visita páginas por websocket guardando cada byte que recibe, y pide direcciones sin que nadie se las corrija."""

import asyncio
import http.client
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.rendimiento.visitante import SEGUNDOS, ErrorDePagina, Visitante

PAGINAS = (
    "", "mapa", "tendencias", "ficha", "alertas", "mesas", "acuerdos", "capturar", "sesion", "eficacia", "portafolio",
    "disenador", "red", "prensa", "contrastar", "datos", "revisiones", "actualizar", "administracion",
)  # fmt: skip


@dataclass
class Atacante(Visitante):
    """``crudo``: todo lo recibido desde la última página. ``marcas``: lo que el navegador interpretaría como HTML;
    ``ligas``: a dónde llevan los botones de liga; ``prosa``: lo que interpretaría como Markdown."""

    crudo: bytes = b""
    marcas: list[str] = field(default_factory=list)
    ligas: list[str] = field(default_factory=list)
    prosa: list[str] = field(default_factory=list)
    direccion_final: str = ""
    excepciones: list[str] = field(default_factory=list)

    async def visitar(self, pagina, consulta=""):
        """Abre la página con esa consulta, escrita tal cual; no se detiene si la página falla: lo anota."""
        pedido = BackMsg()
        pedido.rerun_script.page_name = pagina
        pedido.rerun_script.query_string = consulta if isinstance(consulta, str) else urlencode(consulta)
        self.crudo, self.marcas, self.ligas, self.prosa, self.botones, self.excepciones = b"", [], [], [], {}, []
        self.direccion_final = ""
        await self._conexion.send(pedido.SerializeToString())
        while True:
            mensaje = await self._siguiente()
            if mensaje.HasField("script_finished"):
                return
            if mensaje.HasField("page_info_changed"):
                self.direccion_final = mensaje.page_info_changed.query_string

    async def bajar_lo_que_se_ofrece(self):
        """Rótulo → bytes de cada archivo que la última página ofrece; lo que no se pudo hacer, su motivo."""
        hechos = {}
        for rotulo in list(self.botones):
            try:
                _, hechos[rotulo] = await self.bajar(rotulo)
            except ErrorDePagina as causa:
                hechos[rotulo] = str(causa).encode()
        return hechos

    async def _siguiente(self):
        crudo = await asyncio.wait_for(self._conexion.recv(), SEGUNDOS)
        self.crudo += crudo
        mensaje = ForwardMsg()
        mensaje.ParseFromString(crudo)
        if mensaje.HasField("new_session"):
            self._sesion = mensaje.new_session.initialize.session_id
        if mensaje.HasField("delta") and mensaje.delta.HasField("new_element"):
            elemento = mensaje.delta.new_element
            if elemento.HasField("exception"):
                self.excepciones.append(f"{elemento.exception.type}: {elemento.exception.message}")
            if elemento.HasField("html"):
                self.marcas.append(elemento.html.body)
            if elemento.HasField("markdown") and elemento.markdown.allow_html:
                self.marcas.append(elemento.markdown.body)
            for clase in ("markdown", "alert", "heading"):
                if elemento.HasField(clase):
                    self.prosa.append(getattr(elemento, clase).body)
            if elemento.HasField("link_button"):
                self.ligas.append(elemento.link_button.url)
            if elemento.HasField("download_button") and elemento.download_button.deferred_file_id:
                self.botones[elemento.download_button.label] = elemento.download_button.deferred_file_id
        return mensaje


def pedir(direccion, ruta, metodo="GET", cabeceras=None, cuerpo=None):
    """Estado, cabeceras (en minúsculas) y cuerpo de una petición cuya ruta va tal cual, sin que nadie la normalice."""
    conexion = http.client.HTTPConnection(urlsplit(direccion).netloc, timeout=30)
    # http.client rechaza controles en la ruta: quien ataca no le pregunta
    conexion._validate_path = lambda _ruta: None
    try:
        conexion.request(metodo, ruta, body=cuerpo, headers=cabeceras or {})
        respuesta = conexion.getresponse()
        return respuesta.status, {k.lower(): v for k, v in respuesta.getheaders()}, respuesta.read()
    finally:
        conexion.close()
