"""Abrir una página con AppTest sobre un almacén y preguntarle lo mismo a la base por otro camino."""

import re

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from datos.almacen import RAIZ_DEL_PROYECTO, Almacen, publicacion_vigente
from paginas.componentes import entrada

PROHIBIDAS = ("nan", "None", "NaT", "delincuencia", "gracias a", "eficaz", "Traceback")
DEL_REGISTRO = ("mesas", "acuerdos", "capturar", "sesion", "red", "administracion")
PAGINAS = (
    "inicio",
    "mapa",
    "tendencias",
    "ficha",
    "alertas",
    "prensa",
    "contrastar",
    "datos_y_metodo",
    "revisiones",
    "actualizar",
    *DEL_REGISTRO,
    "eficacia",
    "portafolio",
    "disenador",
)


class Abierta:
    """Una página ya corrida: su texto visible, sus tablas y sus controles."""

    def __init__(self, prueba):
        self.prueba = prueba

    @property
    def texto(self):
        """Lo que se lee, sin etiquetas HTML ni espacios fijos."""
        partes = []
        for clase in ("header", "subheader", "markdown", "caption", "info", "warning", "error", "success"):
            partes += [str(e.value) for e in getattr(self.prueba, clase)]
        partes += [e.proto.body for e in self.prueba.get("html") if "<style>" not in e.proto.body]
        plano = re.sub(r"<[^>]+>", " ", " ".join(partes)).replace("\N{NO-BREAK SPACE}", " ")
        return re.sub(r"\s+", " ", plano.replace("&quot;", '"').replace("&amp;", "&"))

    @property
    def titular(self):
        """El hallazgo de la página."""
        cuerpo = next(e.proto.body for e in self.prueba.get("html") if e.proto.body.startswith("<h1>"))
        return re.sub(r"<[^>]+>", "", cuerpo.split("</h1>")[0]).replace("\N{NO-BREAK SPACE}", " ")

    def tabla(self, numero=0):
        """La tabla de datos número ``numero``."""
        return self.prueba.dataframe[numero].value


@pytest.fixture
def abrir(monkeypatch):
    """``abrir(pagina, almacen, **parametros)``: corre la página y exige que no falle ni diga lo que no debe."""

    def correr(pagina, almacen, **parametros):
        monkeypatch.setenv("TABLERO_ALMACEN", str(almacen))
        # AppTest no tiene una conexión de red de la que decir de dónde viene
        monkeypatch.setattr(entrada, "desde_esta_maquina", lambda: True)
        prueba = AppTest.from_file(str(RAIZ_DEL_PROYECTO / "paginas" / f"{pagina}.py"), default_timeout=60)
        for clave, valor in parametros.items():
            prueba.query_params[clave] = valor
        prueba.run()
        assert not prueba.exception, [e.value for e in prueba.exception]
        abierta = Abierta(prueba)
        for palabra in PROHIBIDAS:
            assert not re.search(rf"(?<![\w-]){re.escape(palabra)}(?![\w-])", abierta.texto), palabra
        return abierta

    return correr


def _copia(almacen, raiz, monkeypatch):
    """Un almacén con lo publicado de otro y su propio registro; ``registro_vigente()`` es el suyo."""
    raiz.mkdir()
    (raiz / "publicado").symlink_to(almacen / "publicado")
    monkeypatch.setenv("TABLERO_ALMACEN", str(raiz))
    monkeypatch.setenv("TABLERO_HOY", "2026-11-24")
    monkeypatch.delenv("TABLERO_REGISTRO", raising=False)
    return raiz


@pytest.fixture
def oficial(almacen_espejo, tmp_path, monkeypatch):
    """Los archivos oficiales con un registro sin estrenar."""
    return _copia(almacen_espejo, tmp_path / "oficial", monkeypatch)


@pytest.fixture
def practica(almacen_demostracion, tmp_path, monkeypatch):
    """La demostración con un registro de práctica sin estrenar."""
    return _copia(almacen_demostracion, tmp_path / "practica", monkeypatch)


@pytest.fixture
def local(monkeypatch):
    """El modo local, con quien firma."""
    monkeypatch.setenv("TABLERO_MODO_LOCAL", "si")
    monkeypatch.setenv("TABLERO_FIRMA", "Ana Prueba")
    return monkeypatch


def filas(almacen, sql, parametros=()):
    """Lo que da una consulta directa, sin pasar por ``datos``."""
    con = duckdb.connect(str(publicacion_vigente(Almacen(almacen)).ruta), read_only=True)
    try:
        return con.execute(sql, list(parametros)).fetchall()
    finally:
        con.close()


def uno(almacen, sql, parametros=()):
    """La única celda de una consulta."""
    ((valor,),) = filas(almacen, sql, parametros)
    return valor
