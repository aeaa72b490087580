"""Se daña el puntero que dice cuál versión está vigente: no se adivina, se dice qué hacer, y una orden lo compone."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from datos import salud
from datos.almacen import RAIZ_DEL_PROYECTO, Almacen, PunteroInvalido, publicacion_vigente, versiones
from tests.fallas.medios import etl
from tests.integracion.fuente_de_prueba import NUEVO, VIEJO, cifra

TITULO = "Puntero dañado"
DANOS = {
    "cortado a la mitad": lambda b: b[: len(b) // 2],
    "vacío": lambda b: b"",
    "lleno de ceros": lambda b: b"\0" * len(b),
    "basura": lambda b: bytes(range(256)),
    "otra cosa que sí es JSON": lambda b: b"[1, 2, 3]",
    "sin su huella": lambda b: json.dumps({k: v for k, v in json.loads(b).items() if k != "sha256"}).encode(),
    "nombra una base que no está": lambda b: b.replace(b"tablero-", b"tablero-0"),
}


@pytest.mark.fallas_cortas
def test_puntero_danado(publicado, recibidos, cuaderno, veces, monkeypatch):
    almacen = Almacen(publicado)
    assert etl(publicado, "cargar", recibidos / "nuevo", "--json").returncode == 0
    bueno, nueva = almacen.puntero.read_bytes(), publicacion_vigente(almacen).version
    monkeypatch.setenv("TABLERO_ALMACEN", str(publicado))
    monkeypatch.setenv("TABLERO_MODO_LOCAL", "")
    probados = dict(list(DANOS.items())[:: veces(3, 1)])
    dicho = ""
    for nombre, danar in probados.items():
        almacen.puntero.write_bytes(danar(bueno))
        with pytest.raises(PunteroInvalido):
            publicacion_vigente(almacen)
        # La página lo dice y no enseña ninguna cifra.
        pagina = AppTest.from_file(str(RAIZ_DEL_PROYECTO / "paginas" / "inicio.py"), default_timeout=60).run()
        assert not pagina.exception, nombre
        dicho = pagina.warning[0].value
        assert "revertir" in dicho, nombre
        assert str(publicado) not in dicho
        hallada = salud.revisar(almacen)
        assert (hallada.estado, hallada.lista) == ("dañado", False)
        # Publicar encima se niega: no se sabe sobre qué.
        negado = etl(publicado, "cargar", recibidos / "viejo", "--json")
        assert negado.returncode == 3, negado.stdout + negado.stderr
        assert "revertir" in json.loads(negado.stdout)["error"]
        # Y la orden que se da lo compone: la más nueva si no se sabe cuál era; la anterior si el nombre se lee.
        compuesto = etl(publicado, "revertir", "--json")
        assert compuesto.returncode == 0, compuesto.stderr
        assert cifra(almacen) in (NUEVO, VIEJO), nombre
        assert etl(publicado, "verificar", "--json").returncode == 0
        assert etl(publicado, "revertir", nueva, "--json").returncode == 0
        assert cifra(almacen) == NUEVO
        assert len(versiones(almacen)) == 2
    falla = cuaderno.falla(TITULO)
    falla.explicar(
        "El puntero se reemplaza de una sola vez, así que solo lo daña un disco que falla o alguien. Entonces no se "
        "adivina cuál versión era la vigente (podría haber una retirada): las páginas lo dicen, `/api/salud` "
        "contesta 503 y publicar se niega. Las bases publicadas no se tocan. Una réplica que sigue a otra máquina se "
        "compone sola en su siguiente pregunta.",
        "`python -m etl revertir` pone en uso la versión más nueva que esté intacta; `python -m etl revertir "
        "VERSION`, la que se diga. `python -m etl estado` las enumera.",
        "el archivo `actual.json` escrito encima de siete maneras.",
    )
    falla.apuntar(
        "dañado; una orden lo compone, con las dos versiones intactas", len(probados), 2 * len(probados), 2 * len(probados),
        "con una orden", dicho.replace("\N{NO-BREAK SPACE}", " "),
    )  # fmt: skip
