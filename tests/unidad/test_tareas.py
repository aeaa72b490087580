"""Las órdenes: argumentos, cuándo se reinstala, puertos y qué se le dice a una persona cuando algo falla."""

import contextlib
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import tareas

RAIZ = Path(tareas.__file__).resolve().parent


def _listas(carpeta):
    for nombre in (*tareas.PARA_PROBAR, tareas.RESTRICCIONES):
        (carpeta / nombre).write_text(f"{nombre}\n", encoding="utf-8")
    return carpeta


def test_iniciar_lee_sus_opciones():
    opciones = tareas.leer_argumentos(["iniciar", "--origen", "x", "--puerto", "9000", "--sin-abrir"])
    assert (opciones.origen, opciones.puerto, opciones.sin_abrir) == ("x", 9000, True)


def test_probar_pasa_lo_demas_a_pytest():
    assert tareas.leer_argumentos(["probar", "-k", "zip", "--lf"]).extras == ["-k", "zip", "--lf"]
    assert tareas.leer_argumentos(["probar", "--", "-x"]).extras == ["-x"]


@pytest.mark.parametrize(
    ("pruebas", "licencias", "auditoria", "esperado"), [(0, 0, 0, 0), (1, 0, 0, 1), (0, 1, 0, 1), (0, 0, 1, 1)]
)
def test_seguridad_corre_pruebas_que_existen_y_falla_si_falla_una_parte(
    monkeypatch, pruebas, licencias, auditoria, esperado
):
    assert [p for p in tareas.PRUEBAS_DE_SEGURIDAD if not (RAIZ / p).is_file()] == []
    hechas = []

    def correr(*orden, listas):
        hechas.append(orden)
        return {"pytest": pruebas, "tests.licencias": licencias, "tests.auditoria": auditoria}[orden[0]]

    monkeypatch.setattr(tareas, "correr", correr)
    assert tareas.main(["seguridad", "-k", "origen"]) == esperado
    ataques = ("pytest", "-q", *tareas.PRUEBAS_DE_SEGURIDAD, "-k", "origen")
    assert hechas == [ataques, ("tests.licencias",), ("tests.auditoria",)]


@pytest.mark.parametrize("argumentos", [[], ["bailar"], ["iniciar", "--puert0", "1"], ["iniciar", "--puerto", "x"]])
def test_un_uso_equivocado_sale_con_2(argumentos, capsys):
    with pytest.raises(SystemExit) as salida:
        tareas.leer_argumentos(argumentos)
    assert salida.value.code == 2
    assert "tareas.py" in capsys.readouterr().err


def test_la_huella_cambia_con_cada_lista_y_con_las_restricciones(tmp_path):
    antes = tareas.huella_de_dependencias(tareas.PARA_PROBAR, _listas(tmp_path))
    assert tareas.huella_de_dependencias(tareas.PARA_PROBAR, tmp_path) == antes
    huellas = {antes}
    for nombre in (*tareas.PARA_PROBAR, tareas.RESTRICCIONES):
        (tmp_path / nombre).write_text("otra cosa\n", encoding="utf-8")
        huellas.add(tareas.huella_de_dependencias(tareas.PARA_PROBAR, tmp_path))
    assert len(huellas) == 4


def _entorno_de_prueba(monkeypatch, carpeta, ordenes):
    monkeypatch.setattr(tareas, "ENTORNO", carpeta / ".venv")
    monkeypatch.setattr(tareas, "python_del_entorno", lambda: carpeta / ".venv" / "python")

    def anotar(orden):
        ordenes.append(orden)
        (carpeta / ".venv").mkdir(exist_ok=True)
        (carpeta / ".venv" / "python").touch()

    monkeypatch.setattr(tareas, "_ejecutar_o_explicar", anotar)


def test_la_segunda_vez_no_instala_nada(monkeypatch, tmp_path):
    ordenes = []
    _entorno_de_prueba(monkeypatch, tmp_path, ordenes)
    tareas.preparar()
    assert [o[2] for o in ordenes] == ["venv", "pip"]
    tareas.preparar()
    assert len(ordenes) == 2
    tareas.preparar(tareas.PARA_PROBAR)
    assert len(ordenes) == 3
    assert any(str(p).endswith("requirements-pruebas.txt") for p in ordenes[2])


def test_un_python_anterior_se_rechaza_sin_tocar_nada(monkeypatch, tmp_path):
    ordenes = []
    _entorno_de_prueba(monkeypatch, tmp_path, ordenes)
    monkeypatch.setattr(tareas, "MINIMA", (99, 0))
    with pytest.raises(tareas.NoSePudo, match=r"Se necesita Python 99\.0"):
        tareas.preparar()
    assert ordenes == []


@pytest.mark.parametrize(
    ("dicho", "esperado"),
    [
        ("OSError: [Errno 28] No space left on device", "disco"),
        ("NewConnectionError: Temporary failure in name resolution", "conexión"),
        ("/usr/bin/python3: No module named pip", "pip"),
        ("ERROR: No matching distribution found for duckdb==2.0.0", "versión fijada"),
        ("algo nunca visto", "arriba"),
    ],
)
def test_cada_falla_de_instalacion_dice_que_hacer(dicho, esperado):
    mensaje = tareas.explicar_instalacion(dicho)
    assert esperado in mensaje
    assert "repita la misma orden" in mensaje


def test_un_puerto_ocupado_cede_al_siguiente():
    with contextlib.closing(socket.socket()) as ocupado:
        ocupado.bind(("127.0.0.1", 0))
        ocupado.listen()
        puerto = ocupado.getsockname()[1]
        assert puerto < tareas.puerto_libre(puerto) < puerto + tareas.PUERTOS_POR_INTENTAR


def test_un_origen_que_no_existe_se_explica(monkeypatch, tmp_path):
    monkeypatch.setattr(tareas, "correr", lambda *orden: pytest.fail("no debía cargar"))
    with pytest.raises(tareas.NoSePudo, match="No existe"):
        tareas.preparar_datos(str(tmp_path / "nada"))


NADA = {"vigente": None, "demostracion": None, "de_esta_version": True}


@pytest.mark.parametrize(
    ("estado", "ordenes"),
    [
        (NADA, [("etl", "demostracion")]),
        ({"vigente": "v", "demostracion": False, "de_esta_version": True}, []),
        ({"vigente": "v", "demostracion": False, "de_esta_version": False}, [("etl", "recalcular")]),
    ],
)
def test_se_construye_o_se_recalcula_solo_lo_que_falta(monkeypatch, estado, ordenes):
    hechas = []
    monkeypatch.setattr(tareas, "estado_del_almacen", lambda: estado)
    monkeypatch.setattr(tareas, "correr", lambda *orden: hechas.append(orden) or 0)
    tareas.preparar_datos(None)
    assert hechas == ordenes


@pytest.mark.parametrize(("salida", "esperado"), [(0, []), (4, [("etl", "demostracion")])])
def test_una_base_ya_construida_se_trae_antes_que_la_demostracion(monkeypatch, salida, esperado):
    hechas = []
    monkeypatch.setattr(tareas, "estado_del_almacen", lambda: NADA)
    monkeypatch.setenv("TABLERO_PUBLICACION_URL", "http://127.0.0.1:9/actual.json")

    def correr(*orden):
        hechas.append(orden)
        return salida if orden[1] == "traer" else 0

    monkeypatch.setattr(tareas, "correr", correr)
    tareas.preparar_datos(None)
    assert hechas == [("etl", "traer"), *esperado]


@pytest.mark.parametrize(
    ("hay", "apagado", "busca"),
    [("demostracion", "", True), ("nada", "", True), ("oficial", "", False), ("demostracion", "si", False)],
)
def test_se_busca_en_segundo_plano_solo_mientras_no_haya_datos_oficiales(monkeypatch, hay, apagado, busca):
    ordenes = []
    monkeypatch.setenv("TABLERO_SIN_ACTUALIZAR", apagado)
    monkeypatch.setattr(tareas, "que_hay", lambda: hay)
    monkeypatch.setattr(tareas, "preparar", lambda: Path(sys.executable))
    monkeypatch.setattr(subprocess, "Popen", lambda orden, **_: ordenes.append(orden))
    tareas.buscar_en_segundo_plano()
    assert [o[1:] for o in ordenes] == ([["-m", "etl", "actualizar", "--completo", "--json"]] if busca else [])


def test_una_carga_rechazada_no_abre_la_aplicacion(monkeypatch, tmp_path):
    monkeypatch.setattr(tareas, "correr", lambda *orden: 3)
    with pytest.raises(tareas.NoSePudo, match="lo publicado antes quedó como estaba"):
        tareas.preparar_datos(str(tmp_path))


def test_la_ayuda_funciona_desde_cualquier_carpeta(tmp_path):
    hecho = subprocess.run(
        [sys.executable, str(RAIZ / "tareas.py"), "--help"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert hecho.returncode == 0
    for verbo in tareas.VERBOS:
        assert verbo in hecho.stdout


def test_medir_pide_una_fecha_de_verdad_y_el_generador(monkeypatch, tmp_path, capsys):
    for argumentos in (["medir"], ["medir", "--fecha", "ayer"]):
        with pytest.raises(SystemExit) as salida:
            tareas.leer_argumentos(argumentos)
        assert salida.value.code == 2
    assert "--fecha" in capsys.readouterr().err
    monkeypatch.setattr(tareas, "correr", lambda *orden, listas: pytest.fail("no debía medir"))
    with pytest.raises(tareas.NoSePudo, match=r"generar_municipal\.py.*--herramientas"):
        tareas.medir(tareas.leer_argumentos(["medir", "--fecha", "2026-11-24", "--herramientas", str(tmp_path)]))


@pytest.mark.parametrize("por_opcion", [True, False])
def test_medir_encuentra_el_generador_y_pasa_lo_demas_a_pytest(monkeypatch, tmp_path, por_opcion):
    (tmp_path / "generar_municipal.py").touch()
    ordenes = []
    monkeypatch.setattr(tareas, "correr", lambda *orden, listas: ordenes.append((orden, listas)) or 0)
    argumentos = ["medir", "--fecha", "2026-11-24", "-k", "carga"]
    if por_opcion:
        argumentos += ["--herramientas", str(tmp_path)]
    else:
        monkeypatch.setenv("TABLERO_HERRAMIENTAS", str(tmp_path))
    assert tareas.medir(tareas.leer_argumentos(argumentos)) == 0
    ((orden, listas),) = ordenes
    assert listas == tareas.PARA_PROBAR
    assert orden[:5] == ("pytest", "-q", "-s", "-m", "rendimiento")
    assert orden[-6:] == ("--fecha", "2026-11-24", "--herramientas", str(tmp_path), "-k", "carga")


def test_carga_mide_solo_lo_suyo_y_sin_fecha_no_escribe(monkeypatch, tmp_path):
    (tmp_path / "generar_municipal.py").touch()
    ordenes = []
    monkeypatch.setattr(tareas, "correr", lambda *orden, listas: ordenes.append(orden) or 0)
    for mas in ([], ["--fecha", "2026-11-26"]):
        assert tareas.carga(tareas.leer_argumentos(["carga", "--herramientas", str(tmp_path), *mas])) == 0
    sin, con = ordenes
    assert [p for p in sin if p.startswith("tests/")] == list(tareas.PRUEBAS_DE_CARGA)
    assert all((tareas.RAIZ / p).is_file() for p in tareas.PRUEBAS_DE_CARGA)
    assert "--fecha" not in sin
    assert con[con.index("--fecha") + 1] == "2026-11-26"


def test_fallas_escoge_el_simulacro_y_pasa_la_fecha(monkeypatch):
    pedidas = []
    monkeypatch.setattr(tareas, "correr", lambda *orden, listas: pedidas.append(orden) or 0)
    assert tareas.fallas(tareas.leer_argumentos(["fallas", "--solo", "reloj", "--fecha", "2026-11-26", "-x"])) == 0
    (orden,) = pedidas
    assert orden[-5:] == ("tests/fallas/test_reloj.py", "--completas", "--apuntar", "2026-11-26", "-x")
    with pytest.raises(tareas.NoSePudo, match="disco_lleno"):
        tareas.fallas(tareas.leer_argumentos(["fallas", "--solo", "otra"]))


def test_una_carga_que_mata_el_sistema_se_explica(monkeypatch):
    monkeypatch.setattr(tareas, "correr", lambda *orden, listas=None: -9)
    with pytest.raises(tareas.NoSePudo, match="no alcanzó la memoria"):
        tareas.cargar(tareas.leer_argumentos(["cargar", "x"]))
    monkeypatch.setattr(tareas, "correr", lambda *orden, listas=None: 5)
    assert tareas.cargar(tareas.leer_argumentos(["cargar", "x"])) == 5
