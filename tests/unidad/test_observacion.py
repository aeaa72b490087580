"""Lo que se mide y lo que se anota: formato, cuentas, huellas, y que ninguna clave se escriba."""

import hashlib
import io
import json
import logging
import re
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from observacion import bitacora, metricas, secretos
from observacion.corrida import corrida
from servicio import medidores
from servicio.peticiones import CLASES, PAGINA, clase_de

RAIZ = Path(__file__).resolve().parents[2]
MUESTRA = re.compile(r'^([a-z_]+)(\{([a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)*\})? (-?[0-9.e+-]+|\+Inf|NaN)$')
CLAVE = "cl4ve/muy:secreta@x"


@pytest.fixture(autouse=True)
def sin_rastro(monkeypatch):
    monkeypatch.setattr(metricas, "_todas", dict(metricas._todas))
    monkeypatch.setattr(secretos, "_conocidos", ())
    anterior = logging.getLogRecordFactory()
    yield
    logging.setLogRecordFactory(anterior)


@pytest.fixture
def salida(monkeypatch):
    """La bitácora encendida, a una cadena."""
    monkeypatch.setenv(bitacora.VARIABLE, "si")
    hacia = io.StringIO()
    monkeypatch.setattr(bitacora, "_salida", hacia)
    return hacia


def renglones(salida):
    return [json.loads(r) for r in salida.getvalue().splitlines()]


# ---------------------------------------------------------------- métricas


def test_un_histograma_acumula_y_cuadra():
    suyo = metricas.Histograma("prueba_segundos", "x", ("pagina",), cubetas=(0.1, 1.0))
    for segundos in (0.05, 0.1, 0.5, 3.0):
        suyo.observar(segundos, pagina="mapa")
    assert suyo.renglones() == [
        'prueba_segundos_bucket{pagina="mapa",le="0.1"} 2',
        'prueba_segundos_bucket{pagina="mapa",le="1"} 3',
        'prueba_segundos_bucket{pagina="mapa",le="+Inf"} 4',
        'prueba_segundos_sum{pagina="mapa"} 3.65',
        'prueba_segundos_count{pagina="mapa"} 4',
    ]


def test_las_etiquetas_se_escapan_y_se_exigen():
    suyo = metricas.Contador("prueba_total", "x", ("que",))
    suyo.sumar(que='con "comillas", \\ y\nrenglón')
    assert suyo.renglones() == ['prueba_total{que="con \\"comillas\\", \\\\ y\\nrenglón"} 1']
    with pytest.raises(ValueError, match="lleva las etiquetas"):
        suyo.sumar(otra="x")
    with pytest.raises(ValueError, match="ya existe"):
        metricas.Contador("prueba_total", "x")


def test_todo_lo_que_se_expone_tiene_la_forma_de_prometheus(tmp_path, monkeypatch):
    monkeypatch.setenv("TABLERO_ALMACEN", str(tmp_path))
    monkeypatch.setattr(medidores, "_vista", None)
    metricas.PAGINAS.sumar(pagina="mapa", resultado="bien")
    metricas.PAGINA_SEGUNDOS.observar(0.2, pagina="mapa")
    texto = metricas.exponer()
    assert texto.endswith("\n")
    vistas, tipo = [], ""
    for renglon in texto.splitlines():
        if renglon.startswith("# TYPE "):
            _, _, nombre, tipo = renglon.split(" ")
            vistas.append(nombre)
        elif not renglon.startswith("# HELP "):
            assert MUESTRA.match(renglon), renglon
            base = (
                re.sub(r"_(bucket|sum|count)$", "", MUESTRA.match(renglon)[1])
                if tipo == "histogram"
                else MUESTRA.match(renglon)[1]
            )
            assert base == vistas[-1], renglon
    assert len(vistas) == len(set(vistas)) == len(metricas.nombres())


def test_el_tablero_de_grafana_solo_pregunta_por_lo_que_se_mide():
    tablero = json.loads((RAIZ / "despliegue" / "grafana.json").read_text(encoding="utf-8"))
    tipos = metricas.nombres()
    preguntas = [t["expr"] for p in tablero["panels"] for t in p["targets"]]
    assert len(preguntas) >= 15
    usadas = set()
    for pregunta in preguntas:
        nombres = re.findall(r"tablero_[a-z_]+", pregunta)
        assert nombres, pregunta
        for nombre in nombres:
            base = nombre.removesuffix("_bucket")
            assert base in tipos, pregunta
            assert (nombre != base) == (tipos[base] == "histogram"), pregunta
            usadas.add(base)
        for etiqueta in re.findall(r"by \(([^)]+)\)", pregunta):
            serie = metricas._todas[nombres[0].removesuffix("_bucket")]
            assert set(etiqueta.replace(" ", "").split(",")) <= {*serie.etiquetas, "le", "instance"}, pregunta
    assert usadas == set(tipos)  # nada se mide sin que alguien lo mire
    assert len({p["id"] for p in tablero["panels"]}) == len(tablero["panels"])


def test_recordar_cuenta_aciertos_y_fallas(monkeypatch, tmp_path):
    from datos import tablero
    from datos.almacen import Publicacion

    base = tmp_path / "v.duckdb"
    base.write_bytes(b"v")
    huella = hashlib.sha256(b"v").hexdigest()
    ficticia = Publicacion("v", base, huella, 1, "2026-01-01T00:00:00+00:00", False)
    monkeypatch.setattr(tablero, "publicacion_vigente", lambda: ficticia)

    @tablero.recordar()
    def sumar_de_prueba(a, b):
        return a + b

    def van(resultado):
        return metricas.RECORDADAS.valor(consulta="test_observacion.sumar_de_prueba", resultado=resultado)

    assert [sumar_de_prueba(1, 2), sumar_de_prueba(1, 2), sumar_de_prueba(2, 2)] == [3, 3, 4]
    assert (van("acierto"), van("falla")) == (1, 2)


# ---------------------------------------------------------------- corridas


class ComoStop(BaseException):
    """Lo que lanza ``st.stop``: no es una ``Exception``."""


@pytest.mark.parametrize(
    ("causa", "resultado"), [(None, "bien"), (ComoStop(), "detenida"), (ValueError("a@b.mx"), "error")]
)
def test_una_corrida_se_mide_acabe_como_acabe_y_la_excepcion_sigue(salida, causa, resultado):
    antes = metricas.PAGINAS.valor(pagina="prueba", resultado=resultado)

    def correr():
        with corrida("prueba", lambda: {"id": "peticion-1", "sesion": None, "persona": "abc"}):
            if causa is not None:
                raise causa

    if causa is None:
        correr()
    else:
        with pytest.raises(type(causa)):
            correr()
    assert metricas.PAGINAS.valor(pagina="prueba", resultado=resultado) == antes + 1
    (dicho,) = renglones(salida)
    assert (dicho["que"], dicho["pagina"], dicho["resultado"], dicho["id"]) == (
        "pagina",
        "prueba",
        resultado,
        "peticion-1",
    )
    assert dicho["nivel"] == ("error" if resultado == "error" else "info")
    assert "sesion" not in dicho
    assert "a@b.mx" not in salida.getvalue()


def test_apagada_no_escribe_ni_pregunta_quien_es(monkeypatch):
    monkeypatch.delenv(bitacora.VARIABLE, raising=False)
    hacia = io.StringIO()
    monkeypatch.setattr(bitacora, "_salida", hacia)
    with corrida("prueba", lambda: pytest.fail("no hacía falta")):
        pass
    bitacora.anotar("x")
    assert hacia.getvalue() == ""


# ---------------------------------------------------------------- personas


def test_la_huella_de_una_persona_es_estable_con_clave_y_otra_sin_ella(monkeypatch):
    monkeypatch.setenv(bitacora.VARIABLE_CLAVE, "una")
    ana = bitacora.huella("Ana@Ejemplo.mx ")
    assert ana == bitacora.huella("ana@ejemplo.mx")
    assert re.fullmatch(r"[0-9a-f]{12}", ana)
    assert ana != bitacora.huella("leo@ejemplo.mx")
    monkeypatch.setenv(bitacora.VARIABLE_CLAVE, "otra")
    assert ana != bitacora.huella("ana@ejemplo.mx")
    monkeypatch.delenv(bitacora.VARIABLE_CLAVE)
    assert bitacora.huella("ana@ejemplo.mx") == bitacora.huella("ana@ejemplo.mx") != ana


@pytest.mark.parametrize("malo", [None, "", "corto", "x" * 65, "con espacio y\nrenglon", '"}{"', "ñandúñandú"])
def test_un_identificador_que_no_lo_parece_se_cambia(malo):
    assert re.fullmatch(r"[0-9a-f]{16}", bitacora.id_de_peticion(malo))
    assert bitacora.id_de_peticion("0a1b2c3d4e5f") == "0a1b2c3d4e5f"


@pytest.mark.parametrize(
    ("ruta", "clase"),
    [("/", PAGINA), ("/mapa", PAGINA), ("/inventada/por/alguien", PAGINA), ("/api/salud", "api"), ("/media/a.png", "descarga"),
     ("/_stcore/stream", "ventana"), ("/_stcore/upload_file/a/b", "entrega"), ("/app/static/x", "estatico")],
)  # fmt: skip
def test_las_rutas_caben_en_pocas_clases(ruta, clase):
    assert clase_de(ruta) == clase
    assert len({c for _, c in CLASES}) <= 8


# ---------------------------------------------------------------- claves


@contextmanager
def _bitacora_de(nombre, formato="%(levelname)s %(message)s"):
    hacia = io.StringIO()
    suya, tubo = logging.getLogger(nombre), logging.StreamHandler(hacia)
    tubo.setFormatter(logging.Formatter(formato))
    suya.addHandler(tubo)
    try:
        yield suya, hacia
    finally:
        suya.removeHandler(tubo)


REGISTROS = [
    "postgresql+psycopg://tablero:cl4ve-secreta@base.interna/tablero",
    "postgresql+psycopg://tablero:cl4ve%2Dsecreta@base.interna/tablero",
    "postgresql+psycopg://tablero@base.interna/tablero?password=cl4ve-secreta&sslmode=require",
]


@pytest.mark.parametrize("registro", REGISTROS)
def test_ninguna_clave_sale_en_ninguna_bitacora(registro, salida):
    entrada = {
        "client_secret": "oidc-muy-secreto",
        "cookie_secret": "galleta-secreta",
        "google": {"client_secret": "otro-secreto"},
    }
    entorno = {
        "TABLERO_REGISTRO": registro,
        "TABLERO_METRICAS_CLAVE": "m3tricas",
        "TABLERO_PUBLICACION_URL": "https://ana:paso-secreto@sitio/actual.json?firma=f1rma-secreta",
    }
    secretos.aprender(entorno, entrada)
    secretos.vigilar_las_bitacoras()
    secretos.vigilar_las_bitacoras()  # dos veces no tacha doble ni se enreda
    de_la_base = ["cl4ve-secreta", "cl4ve%2Dsecreta"]
    demas = ["oidc-muy-secreto", "galleta-secreta", "otro-secreto", "m3tricas", "paso-secreto", "f1rma-secreta"]
    todas = de_la_base + demas
    presentes = [c for c in todas if c in registro] + demas
    with _bitacora_de("una.biblioteca") as (suya, hacia):
        for clave in presentes:
            suya.warning("directo %s" % clave)  # noqa: UP031
            suya.warning("con argumento %s y %d", clave, 3)
            suya.warning("con un objeto %s", {"clave": clave})
            suya.warning(ValueError(clave))
            try:
                raise RuntimeError(f"no abrió {clave}") from ValueError(clave)
            except RuntimeError:
                suya.exception("falló")
            bitacora.anotar("prueba", mensaje=f"dice {clave}", otro={"dentro": [clave]})
    escrito = hacia.getvalue() + salida.getvalue()
    assert "Traceback" in escrito
    assert escrito.count(secretos.TACHADO) >= 6 * len(presentes)
    for clave in todas:
        assert clave not in escrito


def test_lo_que_no_es_secreto_queda_como_estaba():
    secretos.aprender({"TABLERO_REGISTRO": REGISTROS[0], "TABLERO_METRICAS_CLAVE": "abc"})
    secretos.vigilar_las_bitacoras()
    with _bitacora_de("otra.biblioteca") as (suya, hacia):
        suya.warning('%s - "%s %s" %d', "127.0.0.1", "GET", "/abc", 200)
    assert hacia.getvalue() == 'WARNING 127.0.0.1 - "GET /abc" 200\n'  # tres letras no son una clave


def test_una_clave_con_signos_se_tacha_como_este_escrita():
    secretos.aprender({"TABLERO_REGISTRO": f"postgresql://tablero:{CLAVE}@base/tablero"})
    assert CLAVE not in secretos.tachar(f"invalid: postgresql://tablero:{CLAVE}@base/tablero")
    assert "cl4ve%2Fmuy%3Asecreta%40x" not in secretos.tachar("cl4ve%2Fmuy%3Asecreta%40x")


def test_las_quejas_de_las_bibliotecas_salen_en_json_y_sin_correos(salida):
    suya = logging.getLogger("biblioteca.ruidosa")
    suya.addHandler(logging.StreamHandler(sys.stderr))
    anteriores = {n: list(logging.getLogger(n).handlers) for n in ("", *logging.root.manager.loggerDict)}
    propaga = logging.getLogger("uvicorn.access").propagate
    try:
        bitacora.encaminar_quejas()
        try:
            raise KeyError("ana@ejemplo.mx")
        except KeyError:
            suya.exception("no se encontró a ana@ejemplo.mx")
    finally:
        for nombre, tubos in anteriores.items():
            logging.getLogger(nombre).handlers = tubos
        logging.getLogger("uvicorn.access").propagate = propaga
        suya.handlers = []
    dichos = [r for r in renglones(salida) if r["de"] == "biblioteca.ruidosa"]
    assert len(dichos) >= 1
    assert dichos[0]["nivel"] == "error"
    assert "KeyError" in dichos[0]["traza"]
    assert "ana@" not in salida.getvalue()
