"""La puerta de los cambios: sin modo local nadie empieza nada; y los trabajos se leen bien aunque se corten."""

import fcntl
import json
import os
import time
from datetime import UTC, datetime

import pytest

from datos import permisos, trabajos
from datos.almacen import Almacen
from etl import trabajo as escritura
from etl.pantalla import Pantalla, barra


@pytest.fixture
def almacen(tmp_path):
    return Almacen(tmp_path / "almacen")


@pytest.fixture
def local(monkeypatch):
    monkeypatch.setenv("TABLERO_MODO_LOCAL", "si")


@pytest.mark.parametrize("valor", ["", "no", "1", "true", "yes", "SI SI"])
def test_el_modo_local_solo_se_enciende_diciendo_si(monkeypatch, valor):
    monkeypatch.setenv("TABLERO_MODO_LOCAL", valor)
    assert not permisos.modo_local()
    with pytest.raises(permisos.SinPermiso, match="--modo-local"):
        permisos.exigir_modo_local()


@pytest.mark.parametrize("valor", ["si", "SI", " sí "])
def test_encendido(monkeypatch, valor):
    monkeypatch.setenv("TABLERO_MODO_LOCAL", valor)
    permisos.exigir_modo_local()


@pytest.mark.parametrize(
    "hacer",
    [
        lambda a: trabajos.actualizar(a),
        lambda a: trabajos.revisar([("a.csv", b"x")], almacen=a),
        lambda a: trabajos.revisar_otra_vez("20260101T000000000000-revisar-abcdef", almacen=a),
        lambda a: trabajos.publicar("20260101T000000000000-revisar-abcdef", almacen=a),
        lambda a: trabajos.empezar("actualizar", ["actualizar"], almacen=a),
    ],
)
def test_sin_permiso_ninguna_puerta_abre_ni_escribe(monkeypatch, almacen, hacer):
    monkeypatch.delenv("TABLERO_MODO_LOCAL", raising=False)
    monkeypatch.setattr(trabajos.subprocess, "Popen", lambda *_, **__: pytest.fail("empezó un proceso"))
    with pytest.raises(permisos.SinPermiso):
        hacer(almacen)
    assert not almacen.raiz.exists()


@pytest.mark.parametrize(
    ("nombre", "limpio"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\datos\\Estatal 2026.zip", "Estatal 2026.zip"),
        ("año·ñandú.csv", "año_ñandú.csv"),
        ("..", "archivo"),
        (".oculto.csv", "oculto.csv"),
        ("a\x00b\n.csv", "a_b_.csv"),
        ("x" * 300 + ".csv", "x" * 116 + ".csv"),
    ],
)
def test_los_nombres_que_llegan_no_salen_de_su_carpeta(nombre, limpio):
    assert trabajos.nombre_limpio(nombre) == limpio


def test_una_entrega_se_guarda_en_su_carpeta_y_jubila_la_anterior(monkeypatch, almacen, local):
    ordenes = []
    monkeypatch.setattr(trabajos.subprocess, "Popen", lambda orden, **_: ordenes.append(orden))
    primera = trabajos.revisar([("../a.csv", b"1"), ("b/a.csv", b"2")], almacen=almacen)
    carpeta = almacen.trabajos / primera / "recibidos"
    assert {p.name: p.read_bytes() for p in carpeta.iterdir()} == {"a.csv": b"1", "2_a.csv": b"2"}
    assert ordenes[0][3:6] == ["cargar", str(carpeta), "--solo-revisar"]
    segunda = trabajos.revisar([("c.csv", b"3")], almacen=almacen)
    assert not carpeta.exists()
    assert trabajos.revision_pendiente(almacen).id == segunda


@pytest.mark.parametrize(
    ("archivos", "causa"),
    [
        ([], "ningún archivo"),
        ([(f"{i}.csv", b"x") for i in range(41)], "hasta 40"),
        ([("a.csv", b"x" * 2_000_001)], "hasta 2 MB"),
    ],
)
def test_una_entrega_desmedida_se_niega(monkeypatch, almacen, local, archivos, causa):
    monkeypatch.setattr(trabajos, "MAXIMO_DE_MEGABYTES", 2)
    with pytest.raises(trabajos.EntregaInvalida, match=causa):
        trabajos.revisar(archivos, almacen=almacen)


@pytest.mark.parametrize("id", ["../../x", "20260101T000000000000-revisar-abcdef", "", "x" * 500])
def test_publicar_lo_que_no_existe_se_niega(almacen, local, id):
    with pytest.raises(trabajos.EntregaInvalida):
        trabajos.publicar(id, almacen=almacen)


def abierto(almacen, **mas):
    return escritura.abrir(almacen, "actualizar", Pantalla(callada=True), **mas)


def test_el_avance_se_lee_mientras_corre_y_al_final(almacen):
    with abierto(almacen, descripcion="Buscar") as trabajo:
        trabajo.paso("Bajando algo")
        trabajo.intento("cabeceras llanas", "la página", "respondió 403", bien=False)
        trabajo.bytes(5, 10)
        visto = trabajos.en_curso(almacen)
        assert (visto.vivo, visto.paso, visto.hechos, visto.total) == (True, "Bajando algo", 5, 10)
        assert visto.intentos[0].resultado == "respondió 403"
        assert visto.descripcion == "Buscar"
        trabajo.paso("Publicando")
        assert trabajos.en_curso(almacen).hechos is None
        trabajo.terminar(4, "No contestó.\nOtra línea", {"causas": ["x"]})
    assert trabajos.en_curso(almacen) is None
    final = trabajos.leer(trabajo.id, almacen)
    assert (final.situacion, final.codigo, final.resultado["causas"]) == ("terminado", 4, ["x"])
    assert trabajos.ultima_busqueda(almacen).id == trabajo.id


def test_uno_que_muere_sin_final_queda_interrumpido(almacen):
    with abierto(almacen) as trabajo:
        trabajo.paso("A medias")
        with (trabajo.carpeta / "avance.jsonl").open("a", encoding="utf-8") as archivo:
            archivo.write('{"clase": "paso", "texto": "cort')
    leido = trabajos.leer(trabajo.id, almacen)
    assert (leido.situacion, leido.paso) == ("interrumpido", "A medias")
    assert trabajos.en_curso(almacen) is None


def test_dos_a_la_vez_se_niegan_con_quien_y_desde_cuando(almacen, local):
    with abierto(almacen) as primero:
        with pytest.raises(escritura.TrabajoEnCurso, match=rf"«actualizar», proceso {os.getpid()}, desde 20\d\d-"):
            abierto(almacen).__enter__()
        with pytest.raises(trabajos.TrabajoEnCurso, match=r"«actualizar», desde 20\d\d-"):
            trabajos.actualizar(almacen)
        rechazado = next(t for t in trabajos.lista(almacen=almacen) if t.id != primero.id)
        assert rechazado.codigo == 3
        assert "Ya hay un trabajo en curso" in rechazado.mensaje
    with abierto(almacen) as otro:
        assert otro.id != primero.id


def test_una_revision_no_pide_turno(almacen):
    with abierto(almacen), escritura.abrir(almacen, "revisar", Pantalla(callada=True), con_turno=False) as revision:
        assert revision.verbo == "revisar"


def test_mirar_no_estorba_a_quien_empieza(almacen):
    """Leer el candado de un trabajo es de un instante: quien empieza lo espera, no se niega."""
    id = escritura.nuevo_id("actualizar", almacen.trabajos)
    carpeta = almacen.trabajos / id
    carpeta.mkdir(parents=True)
    (carpeta / "vivo").touch()
    descriptor = os.open(carpeta / "vivo", os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    os.close(descriptor)
    with abierto(almacen, id=id) as trabajo:
        assert trabajo.id == id


@pytest.mark.parametrize("id", ["../fuera", "sin-forma", "20260101T000000000000-x-zzzzzz/.."])
def test_un_nombre_de_trabajo_raro_se_niega(almacen, id):
    with pytest.raises(escritura.IdInvalido):
        abierto(almacen, id=id).__enter__()
    assert trabajos.leer(id, almacen) is None


def test_se_guardan_los_ultimos_trabajos_y_los_viejos_se_van(almacen, monkeypatch):
    monkeypatch.setattr(escritura, "CONSERVAR", 3)
    for numero in range(5):
        viejo = almacen.trabajos / f"2026010{numero + 1}T000000000000-cargar-aaaaaa"
        viejo.mkdir(parents=True)
        (viejo / "trabajo.json").write_text("{}", encoding="utf-8")
    with abierto(almacen) as trabajo:
        assert trabajo.carpeta.is_dir()
    assert len([c for c in almacen.trabajos.iterdir() if c.is_dir()]) == 3


def test_recien_pedido_cuenta_como_en_curso_y_despues_ya_no(almacen, monkeypatch, local):
    monkeypatch.setattr(trabajos.subprocess, "Popen", lambda *_, **__: None)
    id = trabajos.actualizar(almacen)
    assert trabajos.en_curso(almacen).id == id
    ficha = almacen.trabajos / id / "trabajo.json"
    datos = json.loads(ficha.read_text(encoding="utf-8"))
    datos["desde"] = datetime.fromtimestamp(time.time() - 60, UTC).isoformat()
    ficha.write_text(json.dumps(datos), encoding="utf-8")
    assert trabajos.en_curso(almacen) is None
    assert trabajos.leer(id, almacen).situacion == "interrumpido"


def test_la_barra_dice_cuanto_va():
    assert barra(5_000_000, 10_000_000) == f"[{'#' * 15}{'-' * 15}] 5.0 de 10.0 MB"
    assert barra(1_500_000, None) == "1.5 MB"
