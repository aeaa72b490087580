"""La ENVIPE por su contrato: los tabulados de INEGI entran, lo que no cuadra se rechaza con su línea, y nada se mezcla."""

import pytest
import xlsxwriter

from datos import catalogos
from datos.almacen import Almacen, publicacion_vigente
from etl.__main__ import main
from etl.demostracion.encuestas import ANIO, escribir_encuesta
from etl.encuestas.contrato import comprobar
from etl.encuestas.envipe import leer
from etl.lectura.recibido import recibir
from etl.problemas import FueraDeTema
from etl.publicacion.cargar import recalcular
from tests import fabrica
from tests.paginas.conftest import filas, uno


def leido(ruta):
    return comprobar(leer(recibir(ruta)), ruta.name)


@pytest.mark.parametrize(
    ("edicion", "cifra_negra", "aguascalientes"), [(2023, 92.44, 92.17), (2024, 92.91, 89.85), (2025, 93.25, 92.52)]
)
def test_los_tabulados_de_inegi_dan_lo_que_publican(espejo, edicion, cifra_negra, aguascalientes):
    tabla, problemas = leido(espejo / "encuestas" / f"III_denuncia_delito_{edicion}_est.xlsx")
    assert problemas == []
    assert set(tabla["anio"]) == {edicion - 1}
    assert sorted(tabla["cve_ent"]) == ["00", *catalogos.entidades()["cve_ent"]]
    por_ciento = tabla.set_index("cve_ent")["cifra_negra_pct"]
    assert (round(por_ciento["00"], 2), round(por_ciento["01"], 2)) == (cifra_negra, aguascalientes)


def test_se_publican_con_su_huella_y_otra_carga_los_conserva(almacen_espejo, espejo):
    assert filas(almacen_espejo, "SELECT DISTINCT anio FROM denuncia_estatal ORDER BY 1") == [(2022,), (2023,), (2024,)]
    assert uno(almacen_espejo, "SELECT count(*) FROM denuncia_estatal") == 99
    huellas = {h for (h,) in filas(almacen_espejo, "SELECT DISTINCT sha256 FROM denuncia_estatal")}
    assert huellas == {recibir(r).sha256 for r in (espejo / "encuestas").glob("*.xlsx")}


def test_una_encuesta_sola_se_suma_a_lo_publicado_y_reemplaza_solo_su_anio(tmp_path):
    almacen = tmp_path / "almacen"
    encuesta = escribir_encuesta(tmp_path)
    assert main(["cargar", str(encuesta), "--almacen", str(almacen)]) == 3
    assert main(["cargar", str(fabrica.estatal(tmp_path)), "--almacen", str(almacen)]) == 0
    assert uno(almacen, "SELECT count(*) FROM denuncia_estatal") == 0
    assert main(["cargar", str(encuesta), "--almacen", str(almacen)]) == 0
    assert filas(almacen, "SELECT anio, count(*) FROM denuncia_estatal GROUP BY 1") == [(ANIO, 33)]
    version = publicacion_vigente(Almacen(almacen)).version
    otro = _libro(tmp_path / "otra.xlsx", anio=ANIO - 1)
    assert main(["cargar", str(otro), "--almacen", str(almacen)]) == 0
    assert filas(almacen, "SELECT anio, count(*) FROM denuncia_estatal GROUP BY 1 ORDER BY 1") == [
        (ANIO - 1, 33), (ANIO, 33),
    ]  # fmt: skip
    assert uno(almacen, "SELECT count(*) FROM delitos_estatal") > 0
    assert publicacion_vigente(Almacen(almacen)).version != version
    recalcular(Almacen(almacen))  # rehacer lo publicado desde lo recibido tampoco los pierde
    assert uno(almacen, "SELECT count(*) FROM denuncia_estatal") == 66


def _libro(ruta, anio=2024, cambios=None, quitar=(), otro_anio=None, titulos=("condición de denuncia", "cifra negra")):
    """Un libro bien hecho, con cambios: (cuadro, clave) → (delitos, parte, por ciento)."""
    nombres = [
        ("00", "Estados Unidos Mexicanos"),
        *catalogos.entidades()[["cve_ent", "nombre"]].itertuples(index=False),
    ]
    with xlsxwriter.Workbook(ruta) as libro:
        for cuadro, titulo in enumerate(titulos):
            hoja = libro.add_worksheet(f"3.{cuadro}")
            hoja.write(0, 0, "INEGI. Encuesta Nacional de Victimización y Percepción sobre Seguridad Pública (ENVIPE).")
            hoja.write(2, 0, f"Delitos ocurridos por entidad federativa, según {titulo}")
            hoja.write(4, 0, otro_anio if cuadro and otro_anio else anio)
            for renglon, (clave, nombre) in enumerate(n for n in nombres if (cuadro, n[0]) not in quitar):
                total = 32_000 if clave == "00" else 1_000
                delitos, parte, por_ciento = (cambios or {}).get((cuadro, clave), (total, total // 10, 10.0))
                for columna, valor in enumerate((nombre, delitos, "", parte, por_ciento)):
                    hoja.write(8 + renglon, columna, valor)
    return ruta


def test_un_libro_bien_hecho_pasa(tmp_path):
    assert leido(_libro(tmp_path / "x.xlsx"))[1] == []


@pytest.mark.parametrize(
    ("opciones", "dice"),
    [
        ({"quitar": {(0, "14")}}, "0 veces"),
        ({"cambios": {(1, "14"): (1_000, 2_000, 200.0)}}, "de 0 a 1,000"),
        ({"cambios": {(1, "14"): (1_000, 100, 55.0)}}, "10.00 %"),
        ({"cambios": {(0, "14"): (1_000, 100, "n. d.")}}, "tres cifras"),
        ({"cambios": {(0, "14"): (0, 0, 0.0)}}, "de 0 a 0"),
        ({"cambios": {(0, "14"): (900, 90, 10.0)}}, "los mismos delitos"),
        ({"cambios": {(c, "00"): (40_000, 4_000, 10.0) for c in (0, 1)}}, "sumen el país"),
        ({"otro_anio": 2021}, "mismo año"),
        ({"anio": "sin año"}, "mismo año"),
    ],
)
def test_lo_que_no_cuadra_se_rechaza(tmp_path, opciones, dice):
    _, problemas = leido(_libro(tmp_path / "x.xlsx", **opciones))
    assert any(dice in str(p) for p in problemas), [str(p) for p in problemas]


def test_otros_libros_son_de_otro_tema(tmp_path):
    with pytest.raises(FueraDeTema, match="no trae la denuncia"):
        leido(_libro(tmp_path / "x.xlsx", titulos=("cifra negra", "otra cosa")))
    with xlsxwriter.Workbook(tmp_path / "y.xlsx") as libro:
        libro.add_worksheet().write(0, 0, "Otra encuesta")
    with pytest.raises(FueraDeTema, match="ENVIPE"):
        leido(tmp_path / "y.xlsx")
    with pytest.raises(FueraDeTema, match="libro"):
        leido(fabrica.estatal(tmp_path))


def test_la_demostracion_trae_la_suya(almacen_demostracion):
    assert filas(almacen_demostracion, "SELECT anio, count(*) FROM denuncia_estatal GROUP BY 1") == [(ANIO, 33)]
    assert "demostracion" in uno(almacen_demostracion, "SELECT DISTINCT archivo FROM denuncia_estatal")
