"""Qué se avisa de una carga: cifras que se movieron, extractos, meses provisionales; con reglas que están escritas."""

import json

import pytest

from datos.almacen import Almacen, publicacion_vigente
from datos.esquema import documento
from datos.reglas import REGLAS
from etl.__main__ import main
from etl.publicacion.calidad import MINIMO_NOTABLE, PARTE_NOTABLE, Hallazgo, es_notable
from tests import fabrica
from tests.integracion.base import consulta

DOLOSO = range(4)  # las cuatro primeras categorías del catálogo: homicidio doloso por medio


@pytest.fixture
def almacen(tmp_path):
    return Almacen(tmp_path / "almacen")


@pytest.fixture
def cargar(almacen, capsys):
    def hacer(*rutas):
        capsys.readouterr()
        codigo = main(["cargar", *map(str, rutas), "--almacen", str(almacen.raiz), "--json"])
        assert codigo == 0
        return json.loads(capsys.readouterr().out)

    return hacer


def reglas(almacen, nombre):
    return consulta(almacen, f"SELECT nivel, casos, detalle FROM calidad WHERE regla = '{nombre}' ORDER BY detalle")


def estatal(carpeta, nombre, valor=lambda anio, entidad, categoria, mes: 2, ultimo_mes=12):
    """2023 completo y 2024 hasta un mes: lo cerrado llega a tres meses antes de su corte."""
    renglones = []
    for anio, meses in ((2023, 12), (2024, ultimo_mes)):

        def de_este_anio(entidad, categoria, mes, anio=anio):
            return valor(anio, entidad, categoria, mes)

        renglones += fabrica.renglones_estatales(anio, meses, de_este_anio)
    return fabrica.escribir(carpeta, nombre, fabrica.CLAVES + fabrica.MESES, renglones)


def _con_alza(anio_del_alza, mes_del_alza):
    def valor(anio, entidad, categoria, mes):
        sube = (anio, mes) == (anio_del_alza, mes_del_alza) and entidad == 7 and categoria in DOLOSO
        return 82 if sube else 2

    return valor


def test_un_total_que_se_mueve_se_avisa_con_sus_cifras_y_el_aviso_no_se_pierde(tmp_path, almacen, cargar):
    cargar(estatal(tmp_path, "jun2024.csv", ultimo_mes=6))
    assert reglas(almacen, "mueve_cifras_publicadas") == []
    hecho = cargar(estatal(tmp_path, "jul2024.csv", _con_alza(2023, 5), ultimo_mes=7))
    antes, despues = 32 * 4 * 12 * 2, 32 * 4 * 12 * 2 + 4 * 80
    ((nivel, casos, detalle),) = reglas(almacen, "mueve_cifras_publicadas")
    assert (nivel, casos) == ("aviso", 1)
    assert f"homicidio_doloso de 2023 pasó de {antes:,} a {despues:,} (+10.4%)" in detalle
    assert "junio de 2024" in detalle
    assert "julio de 2024" in detalle
    assert detalle in hecho["avisos"]
    otra = cargar(fabrica.estatal(tmp_path, "rnid_mar2026.csv", anio=2026, meses=3))
    assert detalle in otra["avisos"]
    assert len(reglas(almacen, "mueve_cifras_publicadas")) == 1
    cargar(estatal(tmp_path, "ago2024.csv", _con_alza(2023, 5), ultimo_mes=8))
    assert [nivel for nivel, *_ in reglas(almacen, "mueve_cifras_publicadas")] == ["correcto"]


def test_lo_que_se_mueve_poco_o_en_meses_provisionales_no_se_avisa(tmp_path, almacen, cargar):
    nuevo = estatal(tmp_path, "jul2024.csv", _con_alza(2024, 5), ultimo_mes=7)  # mayo era provisional en junio
    hecho = cargar(estatal(tmp_path, "jun2024.csv", ultimo_mes=6), nuevo)
    ((nivel, _, detalle),) = reglas(almacen, "mueve_cifras_publicadas")
    assert nivel == "correcto"
    assert detalle.startswith("CNSP/38/15 estatal: en 22 totales nacionales de delito y año")
    assert not any("pasó de" in aviso for aviso in hecho["avisos"])


@pytest.mark.parametrize(
    ("antes", "despues", "notable"),
    [(1000, 1050, False), (1000, 1051, True), (1000, 949, True), (100, 119, False), (100, 120, True), (0, 20, True),
     (0, 19, False), (0, 0, False), (5000, 0, True)],
)  # fmt: skip
def test_cuanto_es_moverse(antes, despues, notable):
    assert (PARTE_NOTABLE, MINIMO_NOTABLE) == (0.05, 20)
    assert es_notable(antes, despues) is notable


def test_volver_a_cargar_lo_mismo_no_duplica_revisiones(tmp_path, almacen, cargar):
    rutas = [
        estatal(tmp_path, "jun2024.csv", ultimo_mes=6),
        estatal(tmp_path, "jul2024.csv", _con_alza(2023, 5), ultimo_mes=7),
    ]
    cargar(*rutas)
    primera = consulta(almacen, "SELECT * FROM revisiones ORDER BY ALL")
    assert ("homicidio_doloso", 8, 328) in {fila[-3:] for fila in primera}
    cargar(*rutas)
    assert consulta(almacen, "SELECT * FROM revisiones ORDER BY ALL") == primera
    assert len(reglas(almacen, "mueve_cifras_publicadas")) == 1


def test_un_corte_que_llega_entre_dos_se_compara_con_los_dos(tmp_path, almacen, cargar):
    cargar(estatal(tmp_path, "jun2024.csv", ultimo_mes=6))
    cargar(
        estatal(tmp_path, "jul2024.csv", _con_alza(2023, 5), ultimo_mes=7),
        estatal(tmp_path, "ago2024.csv", ultimo_mes=8),
    )
    pares = consulta(almacen, "SELECT DISTINCT month(corte_anterior), month(corte_nuevo) FROM revisiones ORDER BY ALL")
    assert pares == [(6, 7), (7, 8)]


def test_un_extracto_nuevo_no_toca_lo_publicado_y_queda_dicho(tmp_path, almacen, cargar):
    completo = [
        *fabrica.renglones_municipales((1001, 2004, 3003), 2023),
        *fabrica.renglones_municipales((1001, 2004, 3003), 2024),
    ]
    cargar(fabrica.escribir(tmp_path, "completo.csv", fabrica.MUNICIPAL + fabrica.MESES, completo))
    antes = consulta(almacen, "SELECT * FROM delitos_municipal ORDER BY ALL")
    extracto = fabrica.municipal(tmp_path, "extracto.csv", claves=(1001, 2004, 3003), anio=2025)
    hecho = cargar(extracto, fabrica.estatal(tmp_path, anio=2025))
    assert consulta(almacen, "SELECT * FROM delitos_municipal ORDER BY ALL") == antes
    ((nivel, _, detalle),) = reglas(almacen, "extracto_sin_publicar")
    assert nivel == "aviso"
    assert detalle in hecho["avisos"]
    assert "respecto de completo.csv (ya publicado) le faltan 2 año(s) (2023, 2024)" in detalle


def test_una_carga_que_solo_trae_un_extracto_no_publica_nada(tmp_path, almacen, cargar):
    cargar(fabrica.municipal(tmp_path, "completo.csv", claves=(1001, 2004)))
    version = publicacion_vigente(almacen).version
    hecho = cargar(fabrica.municipal(tmp_path, "extracto.csv", claves=(1001,), valor=lambda k, c, m: 9))
    assert publicacion_vigente(almacen).version == version == hecho["version"]
    assert "1 entidad(es) (02)" in hecho["avisos"][0]


def test_los_provisionales_de_cada_producto_son_un_bloque_final(tmp_path, almacen, cargar):
    cargar(estatal(tmp_path, "jul2024.csv", ultimo_mes=7), fabrica.municipal(tmp_path, anio=2024))
    hallados = reglas(almacen, "provisionales_al_final")
    assert [nivel for nivel, *_ in hallados] == ["correcto", "correcto"]
    assert "CNSP/38/15, estatal: 3 mes(es) provisionales desde mayo de 2024" in {detalle for *_, detalle in hallados}


def test_un_municipal_parcial_dice_cuanto_le_falta(tmp_path, almacen, cargar):
    ruta = fabrica.municipal(tmp_path)
    lineas = ruta.read_text("cp1252").split("\n")
    ruta.write_text("\n".join(x for x in lineas if ",Robo," not in x), "cp1252", newline="")
    cargar(ruta, fabrica.estatal(tmp_path))
    ((nivel, casos, detalle),) = reglas(almacen, "cobertura_municipal")
    assert (nivel, casos) == ("aviso", 9 * 12)
    assert "14 de 23 delitos" in detalle
    cargar(fabrica.municipal(tmp_path, "todo.csv"))
    assert reglas(almacen, "cobertura_municipal")[0][0] == "correcto"


def test_una_regla_que_no_esta_escrita_no_se_puede_guardar():
    with pytest.raises(ValueError, match="inventada"):
        Hallazgo("inventada", "aviso", 1, "algo")


def test_cada_regla_esta_documentada_con_que_hacer_y_las_publicadas_son_de_la_lista(almacen_espejo):
    texto = documento()
    for regla in REGLAS:
        assert f"| `{regla.nombre}` | {regla.dice} | {regla.que_hacer} |" in texto
    hallados = consulta(Almacen(almacen_espejo), "SELECT DISTINCT regla, nivel FROM calidad")
    assert {regla for regla, _ in hallados} <= {regla.nombre for regla in REGLAS}
    assert {nivel for _, nivel in hallados} == {"correcto", "aviso"}
