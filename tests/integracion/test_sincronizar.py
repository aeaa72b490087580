"""Exportar lo publicado a un sitio estático y seguirlo desde otra máquina, pase lo que pase en medio."""

import hashlib
import json
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from datos import sincronizacion
from datos.almacen import AGRUPAMIENTOS, Almacen, publicacion_vigente
from datos.consultas import geometria as consulta_de_geometria
from etl.__main__ import main
from etl.publicacion import puntero as punteros
from etl.publicacion.puntero import CONSERVAR
from etl.sincronizacion import SEGUNDOS_MAXIMOS, espera, origen
from tests import servidor_de_fuente as sf
from tests.integracion.fuente_de_prueba import NUEVO, VIEJO, cifra

RAIZ = Path(__file__).resolve().parents[2]


def orden(capsys, *argumentos):
    """Corre un verbo y devuelve su código y su respuesta."""
    capsys.readouterr()
    codigo = main([*map(str, argumentos), "--json"])
    return codigo, json.loads(capsys.readouterr().out)


def _con_huella(carpeta, nombre, contenido):
    carpeta.mkdir(parents=True, exist_ok=True)
    archivo = f"{nombre}-{hashlib.sha256(contenido).hexdigest()[:12]}.json"
    (carpeta / archivo).write_bytes(contenido)
    return archivo


def poner_limites(almacen, estaticos, marca):
    """Unos límites mínimos, con sus archivos por huella."""
    figuras = json.dumps({"type": "FeatureCollection", "features": [], "marca": marca}).encode()
    ficha = {
        "esquematica": False,
        "fuente": f"INEGI, {marca}",
        "clave_propiedad": "clave",
        "archivos": {
            "estados": _con_huella(estaticos / "geometria", "estados", figuras),
            "municipios-01": _con_huella(estaticos / "geometria", "municipios-01", figuras + b" "),
        },
        "vecinos": _con_huella(almacen.publicado, "vecinos", json.dumps({"01001": [marca]}).encode()),
        "sin_figura": [],
    }
    almacen.geometria.write_text(json.dumps(ficha), encoding="utf-8")


def poner_complemento(almacen, marca):
    """Los agrupamientos de la versión vigente, con una marca."""
    ruta = almacen.complementos(publicacion_vigente(almacen).version) / AGRUPAMIENTOS
    ruta.parent.mkdir(exist_ok=True)
    pd.DataFrame({"delito": [marca]}).to_parquet(ruta, index=False)


@pytest.fixture(autouse=True)
def con_paciencia(fuente, monkeypatch):
    """Nada de lo que se prueba aquí es lentitud: con la máquina ocupada, la espera corta de la fuente sería otra falla."""
    monkeypatch.setenv("TABLERO_FUENTE_SEGUNDOS_DE_CONEXION", "10")
    monkeypatch.setenv("TABLERO_FUENTE_SEGUNDOS_DE_LECTURA", "10")
    monkeypatch.setenv("TABLERO_FUENTE_SEGUNDOS_POR_ARCHIVO", "60")


@pytest.fixture
def editor(almacen, tmp_path, monkeypatch):
    """La máquina que publica: el corte viejo con límites y complementos."""
    monkeypatch.setattr("etl.exportacion.ESTATICOS", tmp_path / "static-editor")
    poner_limites(almacen, tmp_path / "static-editor", "uno")
    poner_complemento(almacen, "uno")
    return almacen


@pytest.fixture
def replica(tmp_path, monkeypatch):
    """Otra máquina, vacía."""
    monkeypatch.setattr("etl.remota.ESTATICOS", tmp_path / "static-replica")
    return Almacen(tmp_path / "replica")


def exportar(capsys, editor, carpeta, *mas):
    return orden(capsys, "exportar", carpeta, "--almacen", editor.raiz, *mas)


def hospedar(fuente, carpeta, **cambios):
    """Sirve la carpeta exportada tal como está; ``cambios`` pone otra respuesta a un archivo."""
    servidas = {}
    for archivo in carpeta.iterdir():
        contenido = archivo.read_bytes()
        servidas[f"/p/{archivo.name}"] = sf.archivo(contenido, f'"{hashlib.sha256(contenido).hexdigest()}"')
    servidas |= {f"/p/{nombre}": respuesta for nombre, respuesta in cambios.items()}
    puntero = servidas.pop("/p/actual.json")
    for ruta in [r for r in list(fuente.guiones) if r.startswith("/p/") and r not in servidas and "actual" not in r]:
        del fuente.guiones[ruta]
    for ruta, respuesta in servidas.items():
        fuente.guion(ruta, respuesta)
    fuente.guion("/p/actual.json", puntero)


def publicar(capsys, editor, carpeta, fuente):
    codigo, respuesta = exportar(capsys, editor, carpeta)
    assert codigo == 0, respuesta
    hospedar(fuente, carpeta)
    return respuesta


def sincronizar(capsys, fuente, replica, *mas):
    return orden(
        capsys, "sincronizar", f"{fuente.direccion}/p/actual.json", "--una-vez", "--almacen", replica.raiz, *mas
    )


def cargar_el_nuevo(editor, textos, tmp_path):
    recibidos = tmp_path / "nuevos"
    recibidos.mkdir(exist_ok=True)
    for nombre, texto in textos["nuevo"].items():
        (recibidos / f"{nombre}.csv").write_bytes(texto.encode("cp1252"))
    assert main(["cargar", str(recibidos), "--almacen", str(editor.raiz), "--json"]) == 0
    poner_complemento(editor, "dos")


def anuncio(carpeta):
    return json.loads((carpeta / "actual.json").read_text(encoding="utf-8"))


def hechos(replica):
    """Los trabajos que dejó la réplica."""
    return [r for r in replica.trabajos.iterdir() if r.is_dir()] if replica.trabajos.exists() else []


# ---------------------------------------------------------------- el otro lado: exportar


def test_lo_exportado_se_basta_y_cada_nombre_lleva_su_huella(editor, tmp_path, capsys):
    sitio = tmp_path / "sitio"
    codigo, respuesta = exportar(capsys, editor, sitio)
    assert codigo == 0, respuesta
    ficha = anuncio(sitio)
    nombrados = {ficha["archivo"]: ficha["sha256"]} | {a["archivo"]: a["sha256"] for a in ficha["acompanan"]}
    assert len(nombrados) == 1 + 2 + 1 + 1  # base, dos límites, colindancias y agrupamientos
    for nombre, huella in nombrados.items():
        contenido = (sitio / nombre).read_bytes()
        assert hashlib.sha256(contenido).hexdigest() == huella
        assert nombre == ficha["archivo"] or huella[:12] in nombre
    sobrantes = {a.name for a in sitio.iterdir()} - set(nombrados) - {"actual.json", ".exportar.candado"}
    assert len(sobrantes) == 1
    assert sobrantes.pop().startswith("version-")


def test_exportar_otra_vez_no_toca_nada_y_un_complemento_nuevo_mueve_el_puntero(editor, tmp_path, capsys):
    sitio = tmp_path / "sitio"
    exportar(capsys, editor, sitio)
    antes = (sitio / "actual.json").read_bytes(), (sitio / "actual.json").stat().st_mtime_ns
    codigo, respuesta = exportar(capsys, editor, sitio)
    assert (codigo, respuesta["sin_novedad"], respuesta["copiados"]) == (0, True, 0)
    assert ((sitio / "actual.json").read_bytes(), (sitio / "actual.json").stat().st_mtime_ns) == antes
    primero = anuncio(sitio)
    poner_complemento(editor, "otro")
    assert exportar(capsys, editor, sitio)[0] == 0
    assert anuncio(sitio)["version"] == primero["version"]
    assert anuncio(sitio)["acompanan"] != primero["acompanan"]
    assert anuncio(sitio)["apuntado_en"] > primero["apuntado_en"]


def test_lo_que_dejo_de_usarse_se_borra_y_lo_ajeno_se_queda(editor, tmp_path, capsys):
    sitio = tmp_path / "sitio"
    sitio.mkdir()
    (sitio / "index.html").write_text("ajeno", encoding="utf-8")
    for vuelta in range(5):
        poner_complemento(editor, f"v{vuelta}")
        assert exportar(capsys, editor, sitio, "--conservar", "2")[0] == 0
    assert len(list(sitio.glob("agrupamientos-*.parquet"))) == 2
    assert len(list(sitio.glob("version-*.json"))) == 2
    assert len(list(sitio.glob("tablero-*.duckdb"))) == 1
    assert (sitio / "index.html").exists()


def test_no_se_exporta_lo_que_no_es_lo_que_dice(editor, tmp_path, capsys):
    sitio = tmp_path / "sitio"
    assert exportar(capsys, editor, sitio)[0] == 0
    antes = (sitio / "actual.json").read_bytes()
    with publicacion_vigente(editor).ruta.open("ab") as base:
        base.write(b"x")
    codigo, respuesta = exportar(capsys, editor, sitio)
    assert codigo == 3
    assert "cambió después de publicarse" in respuesta["error"]
    assert (sitio / "actual.json").read_bytes() == antes
    assert orden(capsys, "exportar", sitio, "--almacen", tmp_path / "vacio")[0] == 2
    assert exportar(capsys, editor, sitio, "--conservar", "0")[0] == 2


# ---------------------------------------------------------------- seguir


def test_una_replica_vacia_queda_igual_que_el_editor(editor, replica, fuente, tmp_path, capsys, monkeypatch):
    publicar(capsys, editor, tmp_path / "sitio", fuente)
    codigo, respuesta = sincronizar(capsys, fuente, replica)
    assert codigo == 0, respuesta
    assert cifra(replica) == VIEJO
    assert json.loads(replica.geometria.read_text("utf-8")) == json.loads(editor.geometria.read_text("utf-8"))
    suyos, ajenos = tmp_path / "static-replica" / "geometria", tmp_path / "static-editor" / "geometria"
    assert {a.name: a.read_bytes() for a in suyos.iterdir()} == {a.name: a.read_bytes() for a in ajenos.iterdir()}
    version = publicacion_vigente(editor).version
    leido = pd.read_parquet(replica.complementos(version) / AGRUPAMIENTOS)
    assert leido["delito"].tolist() == ["uno"]
    monkeypatch.setenv("TABLERO_ALMACEN", str(replica.raiz))
    assert consulta_de_geometria.geometria("estatal").fuente == "INEGI, uno"
    assert consulta_de_geometria.vecinos() == {"01001": ["uno"]}


def test_sin_novedad_se_pregunta_con_validadores_y_no_queda_trabajo(editor, replica, fuente, tmp_path, capsys):
    publicar(capsys, editor, tmp_path / "sitio", fuente)
    sincronizar(capsys, fuente, replica)
    trabajos, bajadas = len(hechos(replica)), len(fuente.pedidas(".duckdb"))
    codigo, respuesta = sincronizar(capsys, fuente, replica)
    assert (codigo, respuesta["sin_novedad"]) == (0, True)
    assert fuente.pedidas("actual.json")[-1]["If-None-Match"].strip('"') == sincronizacion.leer(replica).sha_del_puntero
    assert (len(hechos(replica)), len(fuente.pedidas(".duckdb"))) == (trabajos, bajadas)


def test_sigue_lo_nuevo_y_baja_solo_lo_que_falta(editor, replica, fuente, textos, tmp_path, capsys):
    sitio = tmp_path / "sitio"
    publicar(capsys, editor, sitio, fuente)
    sincronizar(capsys, fuente, replica)
    cargar_el_nuevo(editor, textos, tmp_path)
    publicar(capsys, editor, sitio, fuente)
    fuente.peticiones.clear()
    codigo, respuesta = sincronizar(capsys, fuente, replica)
    assert (codigo, cifra(replica)) == (0, NUEVO), respuesta
    pedidos = [ruta for ruta, _ in fuente.peticiones]
    assert not [p for p in pedidos if "estados-" in p or "vecinos-" in p]  # los límites no cambiaron
    assert len([p for p in pedidos if p.endswith(".duckdb")]) == 1
    # Un complemento que se calculó después llega sin volver a bajar la base, y lo mismo unos límites nuevos.
    poner_complemento(editor, "tres")
    poner_limites(editor, tmp_path / "static-editor", "otros")
    publicar(capsys, editor, sitio, fuente)
    fuente.peticiones.clear()
    assert sincronizar(capsys, fuente, replica)[0] == 0
    assert not fuente.pedidas(".duckdb")
    version = publicacion_vigente(replica).version
    assert pd.read_parquet(replica.complementos(version) / AGRUPAMIENTOS)["delito"].tolist() == ["tres"]
    assert json.loads(replica.geometria.read_text("utf-8"))["fuente"] == "INEGI, otros"


def test_sigue_una_vuelta_atras_sin_bajar_nada_y_no_una_copia_vieja(editor, replica, fuente, textos, tmp_path, capsys):
    sitio = tmp_path / "sitio"
    publicar(capsys, editor, sitio, fuente)
    viejo = (sitio / "actual.json").read_bytes()
    sincronizar(capsys, fuente, replica)
    cargar_el_nuevo(editor, textos, tmp_path)
    publicar(capsys, editor, sitio, fuente)
    assert (sincronizar(capsys, fuente, replica)[0], cifra(replica)) == (0, NUEVO)
    # Un intermediario entrega el puntero de antes: no es una vuelta atrás.
    hospedar(fuente, sitio, **{"actual.json": sf.archivo(viejo, '"vieja"')})
    codigo, respuesta = sincronizar(capsys, fuente, replica)
    assert (codigo, respuesta["copia_vieja"], cifra(replica)) == (0, True, NUEVO)
    # Quien publica sí vuelve atrás.
    assert orden(capsys, "revertir", "--almacen", editor.raiz)[0] == 0
    publicar(capsys, editor, sitio, fuente)
    fuente.peticiones.clear()
    codigo, respuesta = sincronizar(capsys, fuente, replica)
    assert (codigo, cifra(replica)) == (0, VIEJO), respuesta
    assert not fuente.pedidas(".duckdb")


def test_lo_que_alguien_movio_aqui_vuelve_a_lo_que_se_sigue(editor, replica, fuente, textos, tmp_path, capsys):
    sitio = tmp_path / "sitio"
    publicar(capsys, editor, sitio, fuente)
    sincronizar(capsys, fuente, replica)
    cargar_el_nuevo(editor, textos, tmp_path)
    publicar(capsys, editor, sitio, fuente)
    sincronizar(capsys, fuente, replica)
    assert orden(capsys, "revertir", "--almacen", replica.raiz)[0] == 0
    assert cifra(replica) == VIEJO
    assert (sincronizar(capsys, fuente, replica)[0], cifra(replica)) == (0, NUEVO)
    # También si el puntero de aquí se dañó.
    replica.puntero.write_text("{", encoding="utf-8")
    assert (sincronizar(capsys, fuente, replica)[0], cifra(replica)) == (0, NUEVO)


def test_se_conservan_pocas_versiones(editor, replica, fuente, textos, tmp_path, capsys):
    publicar(capsys, editor, tmp_path / "sitio", fuente)
    sincronizar(capsys, fuente, replica)
    vigente = publicacion_vigente(replica)
    for numero in range(CONSERVAR + 2):
        vieja = replica.publicado / f"tablero-2020010{numero}T000000000-0000000{numero}.duckdb"
        shutil.copy(vigente.ruta, vieja)
        ficha = json.loads(replica.puntero.read_text("utf-8"))
        vieja.with_suffix(".json").write_text(
            json.dumps(ficha | {"version": vieja.stem.removeprefix("tablero-"), "archivo": vieja.name}), "utf-8"
        )
    cargar_el_nuevo(editor, textos, tmp_path)
    publicar(capsys, editor, tmp_path / "sitio", fuente)
    assert sincronizar(capsys, fuente, replica)[0] == 0
    assert len(list(replica.publicado.glob("tablero-*.duckdb"))) == CONSERVAR


def test_tambien_sigue_la_carpeta_publicado_tal_cual(editor, replica, fuente, capsys, monkeypatch):
    """Sin exportar: la ficha de siempre trae la base; los límites se ponen esquemáticos si no hay."""
    puestos = []
    monkeypatch.setattr("etl.geografia.publicar_esquematica", lambda *a: puestos.append(a))
    for archivo in (editor.puntero, publicacion_vigente(editor).ruta):
        fuente.guion(f"/p/{archivo.name}", sf.archivo(archivo.read_bytes(), '"x"'))
    codigo, respuesta = sincronizar(capsys, fuente, replica)
    assert (codigo, cifra(replica)) == (0, VIEJO), respuesta
    assert len(puestos) == 1


# ---------------------------------------------------------------- lo que sale mal

BASE = re.compile(r"^tablero-.*\.duckdb$")


def _descompuesto(como, sitio):
    """Un archivo del sitio y lo que contesta en su lugar."""
    ficha = anuncio(sitio)
    base = (sitio / ficha["archivo"]).read_bytes()
    otro = ficha["acompanan"][0]["archivo"]
    daños = {
        "no existe": {"actual.json": sf.codigo(404)},
        "falla del servidor": {"actual.json": sf.codigo(503)},
        "página de acceso": {"actual.json": sf.html(sf.ACCESO)},
        "puntero cortado": {"actual.json": sf.cuerpo(json.dumps(ficha).encode()[:200])},
        "puntero que no es JSON": {"actual.json": sf.cuerpo(b"\x00\xff nada")},
        "puntero de otra forma": {"actual.json": sf.cuerpo(b"[]")},
        "puntero enorme": {"actual.json": sf.cuerpo(b" " * 1_500_000)},
        "nombre que se sale": {"actual.json": _con(ficha, archivo="../../fuera.duckdb")},
        "versión que se sale": {"actual.json": _con(ficha, version="../x", archivo="tablero-../x.duckdb")},
        "acompañante que se sale": {
            "actual.json": _con(ficha, acompanan=[{**ficha["acompanan"][0], "archivo": "../../a-0123456789ab.json"}])
        },
        "límites sin anunciar": {"actual.json": _con(ficha, acompanan=[])},
        "demostración": {"actual.json": _con(ficha, demostracion=True)},
        "otro esquema": {"actual.json": _con(ficha, esquema="0-otro")},
        "base que no está": {ficha["archivo"]: sf.codigo(404)},
        "base cortada": {ficha["archivo"]: sf.cortado(base, len(base) // 2)},
        "base más corta": {ficha["archivo"]: sf.cuerpo(base[: len(base) // 2])},
        "base con otra huella": {ficha["archivo"]: sf.cuerpo(base[:-1] + bytes([base[-1] ^ 1]))},
        "límite con otra huella": {otro: sf.cuerpo(b"{}")},
        "límite que no está": {otro: sf.codigo(404)},
    }
    return daños[como]


def _con(ficha, **cambios):
    return sf.cuerpo(json.dumps({**ficha, **cambios}).encode())


@pytest.mark.parametrize(
    ("como", "codigo", "causa"),
    [
        ("no existe", 4, "respondió 404"),
        ("falla del servidor", 4, "respondió 503"),
        ("página de acceso", 4, "página de acceso"),
        ("puntero cortado", 3, "no se entiende"),
        ("puntero que no es JSON", 3, "no se entiende"),
        ("puntero de otra forma", 3, "no se entiende"),
        ("puntero enorme", 4, "pesa más"),
        ("nombre que se sale", 3, "no es una versión del tablero"),
        ("versión que se sale", 3, "no es una versión del tablero"),
        ("acompañante que se sale", 3, "no acompaña a una versión"),
        ("límites sin anunciar", 3, "archivos que no anuncia"),
        ("demostración", 3, "es una demostración"),
        ("otro esquema", 3, "de otra versión del tablero"),
        ("base que no está", 4, "respondió 404"),
        ("base cortada", 4, "se cortó"),
        ("base más corta", 3, "no coincide"),
        ("base con otra huella", 3, "no coincide"),
        ("límite con otra huella", 3, "no coincide"),
        ("límite que no está", 4, "respondió 404"),
    ],
)
def test_lo_que_sale_mal_deja_sirviendo_lo_anterior_y_se_ve(
    editor, replica, fuente, textos, tmp_path, capsys, record_property, como, codigo, causa
):
    record_property("falla", f"réplica: {como}")
    sitio = tmp_path / "sitio"
    publicar(capsys, editor, sitio, fuente)
    assert sincronizar(capsys, fuente, replica)[0] == 0
    limites = replica.geometria.read_bytes()
    cargar_el_nuevo(editor, textos, tmp_path)
    poner_limites(editor, tmp_path / "static-editor", "nuevos")
    publicar(capsys, editor, sitio, fuente)
    hospedar(fuente, sitio, **_descompuesto(como, sitio))
    hallado, respuesta = sincronizar(capsys, fuente, replica)
    assert hallado == codigo, respuesta
    assert causa in respuesta["error"]
    assert cifra(replica) == VIEJO
    assert replica.geometria.read_bytes() == limites
    assert main(["verificar", "--almacen", str(replica.raiz), "--json"]) == 0
    assert not list(tmp_path.glob("fuera*"))
    suya = sincronizacion.leer(replica)
    assert (suya.codigo, suya.fallas_seguidas) == (codigo, 1)
    assert causa in suya.mensaje
    _, dicho = orden(capsys, "estado", "--almacen", replica.raiz)
    assert (dicho["sincronizacion"]["codigo"], dicho["sincronizacion"]["fallas_seguidas"]) == (codigo, 1)
    # Compuesto el sitio, la siguiente pregunta lo trae y la cuenta de fallas vuelve a cero.
    hospedar(fuente, sitio)
    assert (sincronizar(capsys, fuente, replica)[0], cifra(replica)) == (0, NUEVO)
    assert sincronizacion.leer(replica).fallas_seguidas == 0


def test_el_sitio_apagado_se_dice_y_no_se_pierde_nada(editor, replica, fuente, tmp_path, capsys):
    publicar(capsys, editor, tmp_path / "sitio", fuente)
    sincronizar(capsys, fuente, replica)
    al_dia = sincronizacion.leer(replica).al_dia_en
    codigo, respuesta = orden(
        capsys, "sincronizar", "http://127.0.0.1:9/p/actual.json", "--una-vez", "--almacen", replica.raiz
    )
    assert codigo == 4
    assert "rechazó la conexión" in respuesta["error"]
    # Otro origen es otra cuenta; el de antes conserva desde cuándo está al día.
    assert sincronizacion.leer(replica).al_dia_en is None
    sincronizar(capsys, fuente, replica)
    assert sincronizacion.leer(replica).al_dia_en > al_dia
    assert cifra(replica) == VIEJO


def test_la_misma_version_con_otra_huella_no_se_acepta(editor, replica, fuente, tmp_path, capsys):
    sitio = tmp_path / "sitio"
    publicar(capsys, editor, sitio, fuente)
    sincronizar(capsys, fuente, replica)
    hospedar(fuente, sitio, **{"actual.json": _con(anuncio(sitio), sha256="0" * 64)})
    codigo, respuesta = sincronizar(capsys, fuente, replica)
    assert codigo == 3
    assert "con otra huella" in respuesta["error"]
    assert cifra(replica) == VIEJO


def test_una_demostracion_se_acepta_solo_si_se_pide_y_nunca_sobre_lo_oficial(
    almacen_demostracion, editor, replica, fuente, tmp_path, capsys, monkeypatch
):
    demo, sitio = Almacen(tmp_path / "demo"), tmp_path / "sitio"
    shutil.copytree(almacen_demostracion, demo.raiz, ignore=shutil.ignore_patterns("crudo", "registro"))
    monkeypatch.setattr("etl.exportacion.ESTATICOS", RAIZ / "static")
    assert orden(capsys, "exportar", sitio, "--almacen", demo.raiz)[0] == 3
    assert orden(capsys, "exportar", sitio, "--almacen", demo.raiz, "--con-demostracion")[0] == 0
    hospedar(fuente, sitio)
    assert sincronizar(capsys, fuente, replica)[0] == 3
    assert sincronizar(capsys, fuente, replica, "--con-demostracion")[0] == 0
    assert publicacion_vigente(replica).demostracion
    oficial = Almacen(tmp_path / "oficial")
    shutil.copytree(editor.raiz, oficial.raiz)
    codigo, respuesta = sincronizar(capsys, fuente, oficial, "--con-demostracion")
    assert codigo == 3
    assert "hay datos oficiales" in respuesta["error"]


# ---------------------------------------------------------------- a la vez, a la mitad

GUION = (
    "import sys; from pathlib import Path; import etl.remota; etl.remota.ESTATICOS = Path(sys.argv[1]); "
    "from etl.__main__ import main; sys.exit(main(sys.argv[2:]))"
)


def en_proceso(fuente, replica, estaticos, *mas):
    """``sincronizar`` en un proceso de verdad, que se puede matar."""
    orden = ["sincronizar", f"{fuente.direccion}/p/actual.json", "--almacen", str(replica.raiz), "--json", *mas]
    return subprocess.Popen(
        [sys.executable, "-c", GUION, str(estaticos), *orden],
        cwd=RAIZ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def test_matarlo_en_cualquier_momento_deja_una_version_completa(
    editor, replica, fuente, textos, tmp_path, capsys, record_property
):
    sitio = tmp_path / "sitio"
    publicar(capsys, editor, sitio, fuente)
    sincronizar(capsys, fuente, replica)
    cargar_el_nuevo(editor, textos, tmp_path)
    poner_limites(editor, tmp_path / "static-editor", "nuevos")
    publicar(capsys, editor, sitio, fuente)
    base = (sitio / anuncio(sitio)["archivo"]).read_bytes()
    azar, vistas = random.Random(7), set()
    for _ in range(12):
        hospedar(fuente, sitio, **{anuncio(sitio)["archivo"]: sf.goteo(base, trozos=8, pausa=0.02)})
        proceso = en_proceso(fuente, replica, tmp_path / "static-replica", "--una-vez")
        time.sleep(azar.uniform(0.2, 1.6))
        proceso.send_signal(signal.SIGKILL)
        proceso.communicate()
        vistas.add(tuple(cifra(replica)))
        assert cifra(replica) in (VIEJO, NUEVO)
        assert main(["verificar", "--almacen", str(replica.raiz), "--json"]) == 0
        ficha = json.loads(replica.geometria.read_text("utf-8"))
        assert all((tmp_path / "static-replica" / "geometria" / a).is_file() for a in ficha["archivos"].values())
    hospedar(fuente, sitio)
    assert (sincronizar(capsys, fuente, replica)[0], cifra(replica)) == (0, NUEVO)
    assert not list(replica.descargas.glob("remota-*"))
    record_property("medida", f"réplica muerta 12 veces a la mitad; se vio sirviendo: {sorted(vistas)}")


@pytest.mark.parametrize("paso", ["copiar_atomico", "escribir_ficha", "apuntar", "escribir_atomico"])
def test_morir_en_cada_paso_del_cambio_y_repetir_termina(
    editor, replica, fuente, textos, tmp_path, capsys, monkeypatch, paso
):
    """Lo que un reloj no atina: el instante entre la base, su ficha, el puntero y los límites."""
    sitio = tmp_path / "sitio"
    publicar(capsys, editor, sitio, fuente)
    sincronizar(capsys, fuente, replica)
    cargar_el_nuevo(editor, textos, tmp_path)
    poner_limites(editor, tmp_path / "static-editor", "nuevos")
    publicar(capsys, editor, sitio, fuente)

    def morir(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as parche:
        parche.setattr(f"etl.remota.{paso}", morir)
        with pytest.raises(KeyboardInterrupt):
            main(["sincronizar", f"{fuente.direccion}/p/actual.json", "--una-vez", "--almacen", str(replica.raiz)])
    assert cifra(replica) in (VIEJO, NUEVO)
    assert (cifra(replica) == NUEVO) == (
        paso == "escribir_atomico"
    )  # lo único que va después del puntero son los límites
    assert main(["verificar", "--almacen", str(replica.raiz), "--json"]) == 0
    assert (sincronizar(capsys, fuente, replica)[0], cifra(replica)) == (0, NUEVO)
    assert json.loads(replica.geometria.read_text("utf-8"))["fuente"] == "INEGI, nuevos"


def test_quien_publica_mueve_el_puntero_y_poda_mientras_otro_baja(editor, replica, fuente, textos, tmp_path, capsys):
    sitio = tmp_path / "sitio"
    publicar(capsys, editor, sitio, fuente)
    base = (sitio / anuncio(sitio)["archivo"]).read_bytes()
    abierta, empezo = threading.Event(), threading.Event()
    gotear = sf.con_llave(base, abierta)

    def bajar(m):
        empezo.set()
        gotear(m)

    hospedar(fuente, sitio, **{anuncio(sitio)["archivo"]: bajar})
    proceso = en_proceso(fuente, replica, tmp_path / "static-replica", "--una-vez")
    assert empezo.wait(60)
    cargar_el_nuevo(editor, textos, tmp_path)
    publicar(capsys, editor, sitio, fuente)
    abierta.set()
    salida, _ = proceso.communicate(timeout=60)
    assert proceso.returncode == 0, salida
    assert cifra(replica) == VIEJO  # lo que bajaba estaba completo
    assert (sincronizar(capsys, fuente, replica)[0], cifra(replica)) == (0, NUEVO)


def test_si_lo_que_bajaba_ya_no_esta_se_pregunta_otra_vez(editor, replica, fuente, textos, tmp_path, capsys):
    sitio = tmp_path / "sitio"
    publicar(capsys, editor, sitio, fuente)
    viejo = (sitio / "actual.json").read_bytes()
    cargar_el_nuevo(editor, textos, tmp_path)
    shutil.rmtree(sitio)
    publicar(capsys, editor, sitio, fuente)  # solo la nueva: la vieja ya no está
    nuevo = (sitio / "actual.json").read_bytes()
    fuente.guion("/p/actual.json", sf.archivo(viejo, '"a"'), sf.archivo(nuevo, '"b"'))
    codigo, respuesta = sincronizar(capsys, fuente, replica)
    assert (codigo, cifra(replica)) == (0, NUEVO), respuesta


def test_dos_que_siguen_en_un_almacen_no_se_estorban(editor, replica, fuente, tmp_path, capsys):
    sitio = tmp_path / "sitio"
    publicar(capsys, editor, sitio, fuente)
    base = (sitio / anuncio(sitio)["archivo"]).read_bytes()
    abierta, empezo = threading.Event(), threading.Event()
    gotear = sf.con_llave(base, abierta)

    def bajar(m):
        empezo.set()
        gotear(m)

    hospedar(fuente, sitio, **{anuncio(sitio)["archivo"]: bajar})
    primero = en_proceso(fuente, replica, tmp_path / "static-replica", "--una-vez")
    assert empezo.wait(60)
    codigo, respuesta = sincronizar(capsys, fuente, replica)
    assert codigo == 3
    assert "Ya hay un trabajo en curso («sincronizar»" in respuesta["error"]
    abierta.set()
    salida, _ = primero.communicate(timeout=60)
    assert primero.returncode == 0, salida
    assert cifra(replica) == VIEJO
    assert sincronizacion.leer(replica).fallas_seguidas == 0  # esperar el turno no es una falla


def test_el_servicio_sigue_solo_calla_sin_novedad_y_se_detiene_bien(editor, replica, fuente, textos, tmp_path, capsys):
    sitio = tmp_path / "sitio"
    publicar(capsys, editor, sitio, fuente)
    proceso = en_proceso(fuente, replica, tmp_path / "static-replica", "--cada", "1")
    try:
        _hasta(lambda: publicacion_vigente(replica) is not None and sincronizacion.leer(replica))
        assert cifra(replica) == VIEJO
        _hasta(lambda: len(fuente.pedidas("actual.json")) >= 3)
        cargar_el_nuevo(editor, textos, tmp_path)
        publicar(capsys, editor, sitio, fuente)
        _hasta(lambda: cifra(replica) == NUEVO)
    finally:
        proceso.send_signal(signal.SIGTERM)
        salida, _ = proceso.communicate(timeout=30)
    assert proceso.returncode == 0
    dichos = [json.loads(r) for r in salida.decode().splitlines()]
    assert len(dichos) == 2  # las dos versiones; las preguntas sin novedad no ensucian la bitácora


def _hasta(cosa, segundos=40):
    plazo = time.monotonic() + segundos
    while not cosa():
        assert time.monotonic() < plazo, "no pasó a tiempo"
        time.sleep(0.05)


# ---------------------------------------------------------------- lo que se dice y lo que se espera


def test_las_preguntas_se_espacian_con_tope_y_sin_ir_en_bola():
    azar = random.Random(1)
    assert 57 <= espera(0, 60, azar) <= 63
    esperas = [espera(n, 60, azar) for n in range(1, 40)]
    assert 114 <= esperas[0] <= 126
    assert max(esperas) <= SEGUNDOS_MAXIMOS * 1.05
    assert min(esperas[4:]) >= SEGUNDOS_MAXIMOS * 0.95
    assert len({espera(0, 60, azar) for _ in range(10)}) == 10
    assert espera(3, 7200, azar) >= 7200 * 0.95  # nunca más seguido de lo que se pidió


def test_no_se_anota_ni_se_dice_la_clave_de_la_direccion(replica, capsys):
    secreta = "http://ana:clave-secreta@127.0.0.1:9/p/actual.json?firma=tambien-secreta"
    codigo, respuesta = orden(capsys, "sincronizar", secreta, "--una-vez", "--almacen", replica.raiz)
    assert codigo == 4
    escrito = "".join(r.read_text("utf-8") for r in replica.raiz.rglob("*.json*") if r.is_file())
    for secreto in ("clave-secreta", "tambien-secreta", "ana:"):
        assert secreto not in json.dumps(respuesta) + escrito
    assert origen(secreta) == "http://127.0.0.1:9/p/actual.json"


@pytest.mark.parametrize(
    ("url", "mas"), [("ftp://x/actual.json", ()), ("http://x/a", ("--cada", "0")), ("http://x/a", ("--cada", "inf"))]
)
def test_un_uso_equivocado_sale_con_2_y_no_toca_nada(replica, capsys, url, mas):
    assert orden(capsys, "sincronizar", url, "--una-vez", "--almacen", replica.raiz, *mas)[0] == 2
    assert not replica.raiz.exists()


def test_lo_que_se_dice_de_una_replica():
    ahora = datetime(2026, 11, 26, 12, tzinfo=UTC)
    base = {
        "origen": "https://sitio/actual.json",
        "revisado_en": ahora,
        "al_dia_en": ahora - timedelta(seconds=80),
        "codigo": 0,
        "mensaje": "bien",
        "fallas_seguidas": 0,
        "siguiente_en": ahora,
        "cada": 60.0,
    }
    suya = sincronizacion.Sincronizacion(**base)
    assert not suya.atrasada(ahora)
    assert suya.en_palabras(ahora) == "Sigue la publicación de https://sitio/actual.json: confirmado hace 80 s."
    # El proceso murió hace cinco horas: nadie pregunta, y se nota aunque la última pregunta acabó bien.
    assert suya.atrasada(ahora + timedelta(hours=5))
    assert "nadie ha preguntado desde hace rato (confirmado hace 5 h)" in suya.en_palabras(ahora + timedelta(hours=5))
    caida = sincronizacion.Sincronizacion(**base | {"codigo": 4, "fallas_seguidas": 2, "mensaje": "No se alcanzó."})
    assert "no la alcanza (confirmado hace 3 días; 2 fallas seguidas). No se alcanzó." in caida.en_palabras(
        ahora + timedelta(days=3)
    )
    assert "https" not in caida.en_palabras(ahora, con_origen=False)
    nunca = sincronizacion.Sincronizacion(**base | {"al_dia_en": None, "codigo": 4, "fallas_seguidas": 1})
    assert nunca.atrasada(ahora)
    assert "nunca se ha podido confirmar; 1 falla)" in nunca.en_palabras(ahora)


def test_lo_anotado_que_no_se_entiende_vale_como_nada(replica):
    replica.crear()
    for contenido in ("", "[]", "{}", '{"origen": 3}'):
        (replica.raiz / sincronizacion.ARCHIVO).write_text(contenido, encoding="utf-8")
        assert sincronizacion.leer(replica) is None
    assert punteros.CONSERVAR >= 2
