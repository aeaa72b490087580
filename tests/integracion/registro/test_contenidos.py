"""La evidencia en la base: dos máquinas con el mismo PostgreSQL y sin carpeta común; nada se pierde al cambiar de lugar."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from datos.acuerdos.__main__ import main
from datos.almacen import Almacen
from datos.registro import acuerdos, contenidos, evidencias, lectura, mesas, motor, respaldo
from datos.registro.apertura import VARIABLE_EVIDENCIA, donde_esta, registro_de
from datos.registro.conexion import preparar
from datos.registro.errores import EvidenciaRechazada, RegistroDanado
from datos.registro.evidencias import Entrega
from tests.integracion.registro.conftest import ANA, HOY, IRMA, MESA, ROSA, VALORES
from tests.integracion.registro.test_otra_version import RAIZ


def lista(texto):
    return Entrega("Lista", HOY, archivo="lista.txt", contenido=texto.encode())


@pytest.fixture
def en_postgres(base_nueva, tmp_path, monkeypatch):
    """La dirección de la base, ya con una Mesa y un acuerdo, escritos desde la máquina «una»."""
    monkeypatch.delenv(VARIABLE_EVIDENCIA, raising=False)
    monkeypatch.setenv("TABLERO_REGISTRO", base_nueva())
    registro = registro_de(Almacen(tmp_path / "una"))
    mesas.crear(registro, ROSA, clave=MESA, nombre="Mesa", municipios=["01001"], fuente="x")
    return acuerdos.crear(registro, ANA, MESA, VALORES).id


def archivos(carpeta):
    return [a for a in carpeta.rglob("*") if a.is_file()]


def contar(registro):
    with registro.leer() as sesion:
        return sesion.execute(text("SELECT count(*) FROM contenido")).scalar()


def test_dos_procesos_con_almacenes_distintos_comparten_la_evidencia(en_postgres, tmp_path):
    """Cada uno es un proceso aparte, como dos réplicas en dos máquinas: solo tienen en común la base."""
    guion = (
        "import sys; from datos.registro import evidencias; from datos.registro.apertura import registro_vigente\n"
        "from tests.integracion.registro.conftest import ANA, HOY\n"
        "from tests.integracion.registro.test_contenidos import lista\n"
        "r = registro_vigente()\n"
        "if sys.argv[1] == 'subir': print(evidencias.entregar(r, ANA, sys.argv[2], lista('de la una')).id)\n"
        "else: print(evidencias.descargar(r, ANA, sys.argv[2])[0].decode())\n"
    )

    def correr(maquina, *argumentos):
        entorno = {**os.environ, "TABLERO_ALMACEN": str(tmp_path / maquina)}
        hecho = subprocess.run(
            [sys.executable, "-c", guion, *argumentos],
            cwd=RAIZ,
            env=entorno,
            capture_output=True,
            text=True,
            check=False,
        )
        assert hecho.returncode == 0, hecho.stderr
        return hecho.stdout.strip()

    suya = correr("una", "subir", en_postgres)
    assert correr("dos", "bajar", suya) == "de la una"
    assert not archivos(tmp_path / "una")
    assert not archivos(tmp_path / "dos")


def test_si_la_operacion_no_se_guarda_su_archivo_tampoco(en_postgres, tmp_path):
    registro = registro_de(Almacen(tmp_path / "una"))

    def a_medias():
        with registro.escribir(ANA) as sesion:
            evidencias.guardar_archivo(registro, sesion, lista("a medias"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        a_medias()
    assert contar(registro) == 0


def test_el_limite_de_siempre_vale_tambien_en_la_base(en_postgres, tmp_path, monkeypatch):
    monkeypatch.setenv("TABLERO_EVIDENCIA_MB", "1")
    registro = registro_de(Almacen(tmp_path / "una"))
    with pytest.raises(EvidenciaRechazada, match="hasta 1 MB"):
        evidencias.entregar(registro, ANA, en_postgres, lista("x" * 1_000_001))
    evidencias.entregar(registro, ANA, en_postgres, lista("x" * 1_000_000))
    assert contar(registro) == 1


def test_el_mismo_archivo_entregado_a_la_vez_es_uno(en_postgres, tmp_path):
    registro = registro_de(Almacen(tmp_path / "una"))
    with ThreadPoolExecutor(8) as hilos:
        suyas = list(
            hilos.map(lambda _: evidencias.entregar(registro, ANA, en_postgres, lista("el mismo")).id, range(24))
        )
    assert contar(registro) == 1
    assert {evidencias.descargar(registro, ANA, i)[0] for i in suyas} == {b"el mismo"}


def test_de_la_carpeta_a_la_base_y_de_regreso_sin_perder_nada(en_postgres, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv(VARIABLE_EVIDENCIA, str(tmp_path / "comun"))
    vieja = evidencias.entregar(registro_de(Almacen(tmp_path / "una")), ANA, en_postgres, lista("en la carpeta")).id
    assert len(archivos(tmp_path / "comun")) == 1
    # Se quita el ajuste y se copia la carpeta a su lugar de siempre: se sigue leyendo de ahí.
    monkeypatch.delenv(VARIABLE_EVIDENCIA)
    registro = registro_de(Almacen(tmp_path / "una"))
    shutil.copytree(tmp_path / "comun", registro.evidencia)
    nueva = evidencias.entregar(registro, ANA, en_postgres, lista("en la base")).id
    assert (contar(registro), len(archivos(registro.evidencia))) == (1, 1)
    assert evidencias.descargar(registro, ANA, vieja)[0] == b"en la carpeta"
    orden = ["recoger", "--almacen", str(tmp_path / "una")]
    assert main(orden) == 0
    assert "A la base: 1 archivo(s); ya estaban 1." in capsys.readouterr().out
    assert len(archivos(registro.evidencia)) == 1
    assert main(orden) == 0
    assert "A la base: 0 archivo(s); ya estaban 2." in capsys.readouterr().out
    shutil.rmtree(registro.evidencia)
    for suya, dice in ((vieja, b"en la carpeta"), (nueva, b"en la base")):
        assert evidencias.descargar(registro, ANA, suya)[0] == dice
    # Y si después alguien vuelve a pedir una carpeta, lo que está en la base se sigue leyendo.
    monkeypatch.setenv(VARIABLE_EVIDENCIA, str(tmp_path / "otra-comun"))
    de_regreso = registro_de(Almacen(tmp_path / "dos"))
    assert evidencias.descargar(de_regreso, ANA, nueva)[0] == b"en la base"
    assert main(orden) == 3
    assert "sin TABLERO_EVIDENCIA" in capsys.readouterr().err


def test_lo_que_falta_o_se_dano_no_se_entrega_y_se_dice(en_postgres, tmp_path, capsys):
    registro = registro_de(Almacen(tmp_path / "una"))
    danada = evidencias.entregar(registro, ANA, en_postgres, lista("uno"))
    perdida = evidencias.entregar(registro, ANA, en_postgres, lista("dos"))
    with registro.escribir(IRMA) as sesion:
        sesion.execute(text("UPDATE contenido SET contenido = 'otra cosa' WHERE sha256 = :h"), {"h": danada.sha256})
        sesion.execute(text("DELETE FROM contenido WHERE sha256 = :h"), {"h": perdida.sha256})
    with pytest.raises(RegistroDanado, match="cambió después"):
        evidencias.descargar(registro, ANA, danada.id)
    with pytest.raises(RegistroDanado, match="Falta el archivo"):
        evidencias.descargar(registro, ANA, perdida.id)
    almacen = ["--almacen", str(tmp_path / "una")]
    assert main(["comprobar", *almacen]) == 4
    dicho = capsys.readouterr().out
    assert f"Está dañado el archivo con SHA-256 {danada.sha256}" in dicho
    assert f"Falta el archivo con SHA-256 {perdida.sha256}" in dicho
    assert main(["recoger", *almacen]) == 4
    # El respaldo se hace, dice cuáles le faltan y no guarda la dañada como buena.
    hecho = respaldo.respaldar(registro, IRMA, tmp_path / "r.zip")
    assert (hecho.evidencias, set(hecho.faltan)) == (0, {danada.sha256, perdida.sha256})
    assert respaldo.revisar(tmp_path / "r.zip") == hecho
    # Una copia buena en la carpeta basta, y volver a entregar el archivo repone el dañado.
    ruta = contenidos.ruta_de(registro, danada.sha256)
    ruta.parent.mkdir(parents=True)
    ruta.write_bytes(b"uno")
    assert evidencias.descargar(registro, ANA, danada.id)[0] == b"uno"
    ruta.unlink()
    evidencias.entregar(registro, ANA, en_postgres, lista("uno"))
    assert evidencias.descargar(registro, ANA, danada.id)[0] == b"uno"


@pytest.mark.parametrize("carpeta", ["", "comun"])
def test_un_respaldo_entra_en_cualquiera_de_los_dos_lugares(en_postgres, tmp_path, monkeypatch, base_nueva, carpeta):
    registro = registro_de(Almacen(tmp_path / "una"))
    suya = evidencias.entregar(registro, ANA, en_postgres, lista("viaja")).id
    respaldo.respaldar(registro, IRMA, tmp_path / "r.zip")
    monkeypatch.delenv("TABLERO_REGISTRO")
    en_sqlite = donde_esta(Almacen(tmp_path / "sqlite"))
    respaldo.restaurar(en_sqlite, IRMA, tmp_path / "r.zip")
    assert evidencias.descargar(en_sqlite, ANA, suya)[0] == b"viaja"
    assert (contar(en_sqlite), len(archivos(en_sqlite.evidencia))) == (0, 1)
    respaldo.respaldar(en_sqlite, IRMA, tmp_path / "r2.zip")
    monkeypatch.setenv("TABLERO_REGISTRO", base_nueva())
    if carpeta:
        monkeypatch.setenv(VARIABLE_EVIDENCIA, str(tmp_path / carpeta))
    de_vuelta = donde_esta(Almacen(tmp_path / "tres"))
    respaldo.restaurar(de_vuelta, IRMA, tmp_path / "r2.zip")
    assert evidencias.descargar(de_vuelta, ANA, suya)[0] == b"viaja"
    assert (contar(de_vuelta), len(archivos(de_vuelta.evidencia))) == ((0, 1) if carpeta else (1, 0))
    assert [x.acuerdo.texto for x in lectura.expedientes(de_vuelta, ANA)] == [VALORES["texto"]]


def test_una_base_de_la_revision_anterior_se_migra_y_su_evidencia_se_sigue_leyendo(base_nueva, tmp_path, monkeypatch):
    monkeypatch.delenv(VARIABLE_EVIDENCIA, raising=False)
    monkeypatch.setenv("TABLERO_REGISTRO", base_nueva())
    almacen = Almacen(tmp_path)
    antes = donde_esta(almacen)
    preparar(antes, lambda sesion: None, tmp_path, hasta="0002")
    with antes.escribir(IRMA) as sesion:
        assert sesion.execute(text("SELECT to_regclass('contenido')")).scalar() is None
    motor._motores.clear()
    registro = registro_de(almacen)
    mesas.crear(registro, ROSA, clave=MESA, nombre="Mesa", municipios=["01001"], fuente="x")
    suya = evidencias.entregar(registro, ANA, acuerdos.crear(registro, ANA, MESA, VALORES).id, lista("después"))
    assert evidencias.descargar(registro, ANA, suya.id)[0] == "después".encode()


def test_en_sqlite_se_queda_en_la_carpeta_y_lo_danado_se_repone(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("TABLERO_ALMACEN", str(tmp_path))
    monkeypatch.delenv("TABLERO_REGISTRO", raising=False)
    monkeypatch.delenv(VARIABLE_EVIDENCIA, raising=False)
    registro = registro_de(Almacen(tmp_path))
    mesas.crear(registro, ROSA, clave=MESA, nombre="Mesa", municipios=["01001"], fuente="x")
    acuerdo = acuerdos.crear(registro, ANA, MESA, VALORES).id
    suya = evidencias.entregar(registro, ANA, acuerdo, lista("uno"))
    respaldo.respaldar(registro, IRMA, tmp_path / "r.zip")
    assert (contar(registro), len(archivos(registro.evidencia))) == (0, 1)
    assert main(["recoger"]) == 3
    contenidos.ruta_de(registro, suya.sha256).write_bytes(b"otra cosa")
    with pytest.raises(RegistroDanado, match="cambió"):
        evidencias.descargar(registro, ANA, suya.id)
    assert main(["comprobar"]) == 4
    respaldo.restaurar(registro, IRMA, tmp_path / "r.zip")
    assert evidencias.descargar(registro, ANA, suya.id)[0] == b"uno"
    capsys.readouterr()
    assert main(["comprobar"]) == 0
    assert "Evidencia: 1 archivo(s) enteros." in capsys.readouterr().out
