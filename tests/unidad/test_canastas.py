"""Las canastas: qué categorías reúnen, cuándo son comparables y qué se dice de un archivo mal editado."""

import csv

import pytest

from datos import catalogos
from datos.esquema import DELITOS
from tests.fabrica import editar_canastas

HOJA = ["metodologia", "bien_juridico", "tipo", "subtipo", "modalidad"]


def _agregar(ruta, *miembros, nombre="Prueba", autor="Quien prueba", fuente="Una prueba"):
    with ruta.open("a", encoding="utf-8", newline="") as archivo:
        for orden, (delito, violencia) in enumerate(miembros, 1):
            csv.writer(archivo).writerow(["prueba", nombre, autor, fuente, delito, violencia, orden])


def test_cada_miembro_es_un_delito_o_un_grupo_comparable_con_autor_y_fuente():
    canastas = catalogos.canastas()
    assert set(canastas["delito"]) <= set(DELITOS) | set(catalogos.comparables()["comparable"])
    assert (canastas[["autor", "fuente", "miembro"]] != "").all().all()
    assert len(canastas.query("canasta == 'once_delitos'")) == 11
    assert catalogos.problemas_de_canastas() == []


def test_la_federal_toma_solo_la_parte_con_violencia_de_los_robos_y_ningun_residual():
    hojas = catalogos.hojas_de_canastas().query("canasta == 'alto_impacto_federal'")
    robos = hojas[hojas["tipo"] == "Robo"]
    assert robos["modalidad"].str.lower().str.endswith("con violencia").all()
    assert set(robos.query("metodologia == 'CNSP/38/15'")["subtipo"]) == {
        "Robo a casa habitación", "Robo de vehículo automotor", "Robo de autopartes", "Robo a transportista",
        "Robo a transeúnte en vía pública", "Robo a transeúnte en espacio abierto al público",
        "Robo en transporte público individual", "Robo en transporte público colectivo",
        "Robo en transporte individual", "Robo a institución bancaria", "Robo a negocio", "Robo de ganado",
        "Robo de maquinaria",
    }  # fmt: skip
    otros = set(hojas.query("tipo != 'Robo' and metodologia == 'RNID'")["subtipo"])
    assert otros == {
        "Homicidio doloso", "Feminicidio", "Lesiones dolosas", "Secuestro extorsivo", "Extorsión presencial",
        "Extorsión por otros medios",
    }  # fmt: skip
    assert set(hojas.query("subtipo == 'Lesiones dolosas'")["modalidad"]) == {"Con arma de fuego"}


def test_una_categoria_cuenta_una_vez_aunque_la_alcancen_dos_miembros(monkeypatch, tmp_path):
    _agregar(editar_canastas(monkeypatch, tmp_path), ("robo_vehiculo_con_violencia", ""), ("robo_vehiculo", ""))
    suyas = catalogos.hojas_de_canastas().query("canasta == 'prueba'")
    assert not suyas.duplicated(HOJA).any()
    assert suyas.groupby("metodologia").size().to_dict() == {"CNSP/38/15": 6, "RNID": 6}
    assert suyas.groupby("delito").size().to_dict() == {"robo_vehiculo": 6, "robo_vehiculo_con_violencia": 6}


def test_una_canasta_se_parte_por_violencia_tambien_en_grupos_comparables(monkeypatch, tmp_path):
    _agregar(editar_canastas(monkeypatch, tmp_path), ("robo_en_transporte_individual", "sin"), ("robo_vehiculo", "sin"))
    suyas = catalogos.hojas_de_canastas().query("canasta == 'prueba'")
    assert suyas["modalidad"].str.lower().str.endswith("sin violencia").all()
    assert suyas.groupby("metodologia").size().to_dict() == {"CNSP/38/15": 4, "RNID": 4}
    (miembro, _) = catalogos.canastas().query("canasta == 'prueba'").sort_values("orden")["miembro"]
    assert miembro == "Robo en transporte individual (sin violencia)"


def test_es_comparable_solo_si_lo_es_cada_miembro(monkeypatch, tmp_path):
    assert catalogos.series().set_index("delito")["comparable_2026"]["canasta:once_delitos"]
    _agregar(editar_canastas(monkeypatch, tmp_path), ("homicidio_doloso", ""), ("total", ""))
    comparables = catalogos.series().set_index("delito")["comparable_2026"]
    assert not comparables["canasta:prueba"]
    assert list(comparables.index[: len(DELITOS)]) == DELITOS


@pytest.mark.parametrize(
    ("miembro", "columna", "encontrado"),
    [
        (("robo_de_todo", ""), "delito", "robo_de_todo"),
        (("robo_negocio", "mucha"), "violencia", "mucha"),
        (("homicidio_doloso", "con"), "violencia", "no se separa por violencia"),
    ],
)
def test_un_miembro_mal_escrito_se_dice_con_su_linea(monkeypatch, tmp_path, miembro, columna, encontrado):
    antes = len(catalogos.canastas())
    _agregar(editar_canastas(monkeypatch, tmp_path), ("fraude", ""), miembro)
    (problema,) = catalogos.problemas_de_canastas()
    assert (problema.linea, problema.columna) == (antes + 3, columna)
    assert encontrado in problema.encontrado


def test_todo_lo_que_esta_mal_se_dice_a_la_vez(monkeypatch, tmp_path):
    ruta = editar_canastas(monkeypatch, tmp_path)
    _agregar(ruta, ("fraude", ""), ("fraude", ""), autor="")
    _agregar(ruta, ("amenazas", ""), nombre="Otro nombre")
    columnas = [p.columna for p in catalogos.problemas_de_canastas()]
    assert sorted(columnas) == ["autor", "autor", "delito", "nombre", "orden"]


@pytest.mark.parametrize(
    ("contenido", "esperado"),
    [
        (b"canasta,nombre\nuna,Una\n", "las columnas canasta"),
        ("canasta,nombre,autor,fuente,delito,violencia,orden\nuna,Unión,a,b,fraude,,1\n".encode(), "once_delitos"),
        ("canasta,nombre,autor,fuente,delito,violencia,orden\nuna,Unión,a,b,fraude,,1\n".encode("cp1252"), "UTF-8"),
        (b"canasta,nombre\nuna,Una,2\nuna,Una,3,4,5\n", "columnas completas"),
    ],
)
def test_un_archivo_de_canastas_que_no_sirve_se_explica(monkeypatch, tmp_path, contenido, esperado):
    editar_canastas(monkeypatch, tmp_path).write_bytes(contenido)
    problemas = catalogos.problemas_de_canastas()
    assert any(esperado in p.esperado for p in problemas)


def test_guardado_por_excel_con_marca_de_orden_se_lee(monkeypatch, tmp_path):
    ruta = editar_canastas(monkeypatch, tmp_path)
    ruta.write_bytes(b"\xef\xbb\xbf" + ruta.read_bytes())
    assert catalogos.problemas_de_canastas() == []
