"""Los catálogos: completos, coherentes y sin nada encadenado que no deba."""

import pytest

from datos import catalogos
from datos.esquema import DELITOS


def test_tamanos_oficiales():
    assert len(catalogos.entidades()) == 32
    assert len(catalogos.municipios()) == catalogos.municipios()["cve_mun"].nunique() == 2478
    assert catalogos.categorias().groupby("metodologia").size().to_dict() == {"CNSP/38/15": 98, "RNID": 114}
    assert not catalogos.categorias().duplicated().any()


def test_cada_delito_existe_en_las_dos_metodologias_y_en_el_orden_del_contrato():
    assert list(catalogos.delitos()["delito"]) == DELITOS
    assert (catalogos.puente().groupby("delito")["metodologia"].nunique() == 2).all()
    assert set(catalogos.puente()["delito"]) == set(DELITOS)


def test_tentativas_y_residuales_solo_suman_al_total():
    puente = catalogos.puente()
    fuera = puente[
        puente["subtipo"].str.startswith(("Tentativa", "Otros")) | (puente["modalidad"] == "Otro tipo de secuestros")
    ]
    assert len(fuera["subtipo"].unique()) >= 12
    assert set(fuera["delito"]) == {"total"}


def test_el_total_suma_todas_las_categorias():
    total = catalogos.puente().query("delito == 'total'").groupby("metodologia").size()
    assert total.to_dict() == {"CNSP/38/15": 98, "RNID": 114}


@pytest.mark.parametrize(
    ("texto", "clave"),
    [
        ("México", "15"),
        ("Estado de México", "15"),
        ("Edomex", "15"),
        ("DISTRITO FEDERAL", "09"),
        ("CDMX", "09"),
        ("Coahuila", "05"),
        ("Coahuila de Zaragoza", "05"),
        ("MICHOACAN DE OCAMPO", "16"),
        ("Veracruz", "30"),
        ("Querétaro de Arteaga", "22"),
        ("N.L.", "19"),
        ("Aguascalientes", "01"),
        ("Narnia", None),
    ],
)
def test_variantes_de_entidad(texto, clave):
    assert catalogos.clave_de_entidad(texto) == clave


def test_homonimos_de_oaxaca_se_distinguen_por_clave():
    nombres = catalogos.municipios().set_index("cve_mun")["nombre"]
    assert nombres["20208"] == nombres["20209"]
    assert nombres["20318"] == nombres["20319"]


def test_seudomunicipios():
    assert catalogos.es_pseudomunicipio("01998")
    assert catalogos.es_pseudomunicipio("01999")
    assert not catalogos.es_pseudomunicipio("20570")
    assert catalogos.nombre_pseudomunicipio("01999", "CNSP/38/15") == "Otros municipios"
    assert catalogos.nombre_pseudomunicipio("01999", "RNID") == "No especificado"


def test_puntos_dentro_del_pais_y_con_fuente():
    municipios = catalogos.municipios()
    assert municipios["lat"].between(14.5, 32.8).all()
    assert municipios["lon"].between(-118.5, -86.7).all()
    assert (municipios["fuente_punto"] != "").all()
    aproximados = municipios[municipios["fuente_punto"].str.startswith("aproximado")]
    assert len(aproximados) == 9


def test_cada_grupo_comparable_existe_en_las_dos_metodologias():
    grupos = catalogos.comparables().query("comparable != ''").groupby("comparable")["metodologia"].nunique()
    assert len(grupos) >= 40
    assert grupos[grupos != 2].empty


def test_cada_delito_puenteado_pertenece_a_un_grupo_comparable():
    hojas = ["metodologia", "tipo", "subtipo", "modalidad"]
    unidos = catalogos.puente().query("delito != 'total'").merge(catalogos.comparables(), on=hojas)
    assert (unidos["comparable"] != "").all()


def test_poblacion_nacional_y_municipios_sin_proyeccion():
    poblacion = catalogos.poblacion()
    por_anio = poblacion.groupby("anio")["poblacion"].sum()
    assert por_anio[2015] == 122_368_490
    assert por_anio[2026] == 134_407_258
    sin_proyeccion = set(catalogos.municipios()["cve_mun"]) - set(poblacion["cve_mun"])
    assert sin_proyeccion == {"24059", "25019", "25020"}
