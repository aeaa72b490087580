"""Zips que la biblioteca estándar no abre y textos dañados en cualquier parte del archivo."""

import os
import stat
import sys
import zipfile

import pytest

from datos import catalogos
from etl.lectura.categorias import Categorias
from etl.lectura.codificacion import ContenidoInesperado, decodificar
from etl.lectura.columnas import LecturaRechazada
from etl.lectura.conteos import leer_conteos
from etl.lectura.recibido import recibir
from tests import fabrica

# Hace lo que «unzip -p» con un zip cuyo método 9 es, por dentro, deflate: saca el miembro que empata con el patrón.
UNZIP_DE_PRUEBA = """#!{python}
import fnmatch, pathlib, sys, tempfile, zipfile
contenido = pathlib.Path(sys.argv[2]).read_bytes()
for marca, lugar in ((b"PK\\x03\\x04", 8), (b"PK\\x01\\x02", 10)):
    desde = contenido.find(marca)
    while desde >= 0:
        contenido = contenido[: desde + lugar] + b"\\x08\\x00" + contenido[desde + lugar + 2 :]
        desde = contenido.find(marca, desde + 4)
with tempfile.TemporaryFile() as copia:
    copia.write(contenido)
    with zipfile.ZipFile(copia) as comprimido:
        for nombre in comprimido.namelist():
            if fnmatch.fnmatchcase(nombre, sys.argv[3]):
                sys.stdout.buffer.write(comprimido.read(nombre){recorte})
"""


@pytest.fixture
def categorias():
    return Categorias(list(catalogos.categorias().itertuples(index=False, name=None)))


@pytest.fixture
def deflate64(tmp_path):
    """Un zip con un CSV de nombre con acentos, marcado como Deflate64: un bloque sin comprimir es válido en los dos."""
    ruta = tmp_path / "reportado.zip"
    with zipfile.ZipFile(ruta, "w", zipfile.ZIP_DEFLATED, compresslevel=0) as comprimido:
        comprimido.write(fabrica.estatal(tmp_path), "Incidencia [año] ñandú.csv")
    contenido = ruta.read_bytes()
    for marca, lugar in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        desde = contenido.index(marca) + lugar
        contenido = contenido[:desde] + b"\x09\x00" + contenido[desde + 2 :]
    ruta.write_bytes(contenido)
    with zipfile.ZipFile(ruta) as comprimido, pytest.raises(NotImplementedError):
        comprimido.read(comprimido.namelist()[0])
    return ruta


def _instalar_unzip(monkeypatch, carpeta, recorte=""):
    herramienta = carpeta / "bin" / "unzip"
    herramienta.parent.mkdir()
    herramienta.write_text(UNZIP_DE_PRUEBA.format(python=sys.executable, recorte=recorte), encoding="utf-8")
    herramienta.chmod(herramienta.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(herramienta.parent))


def test_trampa_11_deflate64_se_lee_con_la_herramienta_del_sistema(monkeypatch, tmp_path, deflate64, categorias):
    _instalar_unzip(monkeypatch, tmp_path)
    recibido = recibir(deflate64)
    assert recibido.nombre_tabla == "Incidencia [año] ñandú.csv"
    assert leer_conteos(recibido, categorias).renglones == 3136


def test_trampa_11_deflate64_sin_herramienta_dice_que_hacer(monkeypatch, tmp_path, deflate64):
    monkeypatch.setenv("PATH", str(tmp_path / "vacio"))
    with pytest.raises(ContenidoInesperado, match=r"Incidencia \[año\] ñandú.csv.*instale «unzip».*cargue el CSV"):
        recibir(deflate64)


def test_trampa_11_lo_que_la_herramienta_saca_a_medias_no_se_usa(monkeypatch, tmp_path, deflate64):
    _instalar_unzip(monkeypatch, tmp_path, recorte="[:9000]")
    with pytest.raises(ContenidoInesperado, match="instale «unzip»"):
        recibir(deflate64)


@pytest.mark.skipif(not any(os.access(f"{c}/unzip", os.X_OK) for c in os.get_exec_path()), reason="no hay unzip")
def test_trampa_11_deflate64_con_el_unzip_instalado(deflate64, categorias):
    assert leer_conteos(recibir(deflate64), categorias).renglones == 3136


def test_trampa_1_mojibake_despues_de_los_primeros_renglones_se_rechaza(tmp_path, categorias):
    ruta = fabrica.municipal(tmp_path, claves=range(1001, 1012))
    contenido = ruta.read_bytes().decode("cp1252")
    desde = contenido.rindex("Municipio 1011")
    assert desde > 1 << 17
    contenido = contenido[:desde] + "JesÃºs MarÃ­a" + contenido[desde + len("Municipio 1011") :]
    ruta.write_bytes(contenido.encode("utf-8"))
    with pytest.raises(LecturaRechazada, match="mojibake: «JesÃºs MarÃ­a»"):
        leer_conteos(recibir(ruta), categorias)


@pytest.mark.parametrize("sano", ["Ñandú", "“Doctor” Mora", "Peñón € 5", "l’été", "ÁÉÍÓÚ ÜÑ ¿?", "Otomí — Ñähñu", "ÃB"])
@pytest.mark.parametrize("codificacion", ["cp1252", "utf-8"])
def test_trampa_1_un_texto_sano_no_es_mojibake(sano, codificacion):
    assert decodificar([b"Jalisco", sano.encode(codificacion)]) == ["Jalisco", sano]


@pytest.mark.parametrize("texto", ["Ñandú", "“Doctor” Mora", "México", "Á", "¿Año?", "Peñón €"])
def test_trampa_1_cualquier_acento_guardado_dos_veces_es_mojibake(texto):
    danado = texto.encode("utf-8").decode("cp1252", errors="replace")
    with pytest.raises(ContenidoInesperado, match="mojibake"):
        decodificar([b"Jalisco", danado.encode("utf-8")])


def test_un_byte_que_no_es_de_ninguna_codificacion_se_dice(tmp_path, categorias):
    ruta = fabrica.municipal(tmp_path)
    ruta.write_bytes(ruta.read_bytes().replace(b"Municipio 1002", b"Municipio \x81 1002"))
    with pytest.raises(LecturaRechazada, match="un byte que no existe en ninguna"):
        leer_conteos(recibir(ruta), categorias)


def test_comillas_sin_cerrar_se_rechazan(tmp_path, categorias):
    ruta = fabrica.estatal(tmp_path)
    lineas = ruta.read_bytes().split(b"\r\n")
    lineas[40] = lineas[40].replace(b"Aguascalientes", b'"Aguascalientes')
    ruta.write_bytes(b"\r\n".join(lineas))
    with pytest.raises(LecturaRechazada, match="comillas"):
        leer_conteos(recibir(ruta), categorias)


def test_un_archivo_vacio_se_rechaza(tmp_path):
    vacio = tmp_path / "estatal.csv"
    vacio.touch()
    with pytest.raises(ContenidoInesperado, match="vacío"):
        recibir(vacio)
