"""La población de CONAPO en sus disposiciones: larga con sus dos encabezados, ancha, y en libros que se complementan."""

import csv
import io
import json

import duckdb
import pytest
import xlsxwriter

from datos import catalogos
from datos.almacen import Almacen, publicacion_vigente
from etl.__main__ import main
from etl.lectura.columnas import LecturaRechazada
from etl.lectura.poblacion import leer_poblacion
from etl.lectura.recibido import recibir
from etl.problemas import FueraDeTema
from etl.publicacion.poblacion import Poblacion
from tests import fabrica

GRUPOS = [
    "POB_00_04", "POB_05_09", "POB_010_014", "POB_015_019", "POB_20_24", "POB_25_29", "POB_30_34", "POB_35_39",
    "POB_40_44", "POB_45_49", "POB_50_54", "POB_55_59", "POB_60_64", "POB_65_69", "POB_70_74", "POB_75_79", "POB_80_84",
    "POB_85_mm",
]  # fmt: skip
SIN_PROYECCION = {"24059", "25019", "25020"}
HABITANTES = {"HOMBRES": 36, "MUJERES": 54}


def encabezado(anio="AÑO"):
    return ["CLAVE", "CLAVE_ENT", "NOM_ENT", "NOM_MUN", "SEXO", anio, "POB_TOTAL", *GRUPOS]


def renglones(anios=(2015, 2026), entidades=range(1, 33)):
    for municipio in catalogos.municipios().itertuples():
        if municipio.cve_mun in SIN_PROYECCION or int(municipio.cve_ent) not in entidades:
            continue
        for sexo, total in HABITANTES.items():
            for anio in anios:
                lugar = [int(municipio.cve_mun), int(municipio.cve_ent), municipio.entidad, municipio.nombre]
                yield [*lugar, sexo, anio, total, *[total // 18] * 18]


def largo(carpeta, nombre="pobproy_quinq1.csv", anio="AÑO", codificacion="utf-8", **opciones):
    return fabrica.escribir(carpeta, nombre, encabezado(anio), renglones(**opciones), codificacion)


def libro(carpeta, nombre, **opciones):
    ruta = carpeta / nombre
    with xlsxwriter.Workbook(str(ruta)) as hecho:
        hecho.add_worksheet("Notas").write(0, 0, "CONAPO")
        hoja = hecho.add_worksheet("Datos")
        for i, renglon in enumerate([encabezado(), *renglones(**opciones)]):
            hoja.write_row(i, 0, renglon)
    return ruta


@pytest.mark.parametrize(("anio", "codificacion"), [("AÑO", "utf-8"), ("ANO", "utf-8-sig"), ("AÑO", "cp1252")])
def test_archivo_largo_oficial_con_clave_sin_ceros(tmp_path, anio, codificacion):
    tabla = leer_poblacion(recibir(largo(tmp_path, anio=anio, codificacion=codificacion)))
    assert set(tabla["anio"]) == {2015, 2026}
    assert tabla.groupby("anio")["cve_mun"].nunique().to_dict() == {2015: 2475, 2026: 2475}
    assert set(tabla["poblacion"]) == {90}
    assert "01001" in set(tabla["cve_mun"])


def test_columnas_de_mas_y_orden_distinto_se_entienden(tmp_path):
    salida = io.StringIO()
    escritor = csv.writer(salida)
    escritor.writerow([*reversed(encabezado()), "fecha", "etiqueta_estado"])
    escritor.writerows([*reversed(renglon), "2026", "Proyección"] for renglon in renglones(anios=[2026]))
    ruta = tmp_path / "poblacion.csv"
    ruta.write_text(salida.getvalue(), encoding="utf-8")
    assert set(leer_poblacion(recibir(ruta))["poblacion"]) == {90}


@pytest.mark.parametrize(
    ("cambio", "esperado", "encontrado"),
    [
        ((b"1001,1,Aguascalientes,Aguascalientes,HOMBRES,2015,36", b"1001,1,A,A,HOMBRES,2015,0"), "positiva", "«0»"),
        ((b"1001,1,Aguascalientes,Aguascalientes,HOMBRES,2015", b"1001,1,A,A,HOMBRES,dosmil"), "un año", "dosmil"),
        (
            (b"1001,1,Aguascalientes,Aguascalientes,HOMBRES,2015", b"1001,1,A,A,AMBOS,2015"),
            "HOMBRES o MUJERES",
            "AMBOS",
        ),
        ((b"1001,1,Aguascalientes,Aguascalientes,MUJERES,2015", b"1001,1,A,A,HOMBRES,2015"), "uno de mujeres", "2"),
        ((b"1001,1,Aguascalientes,Aguascalientes,HOMBRES", b"1099,1,A,A,HOMBRES"), "del catálogo", "01099"),
    ],
)
def test_lo_que_no_cuadra_se_dice(tmp_path, cambio, esperado, encontrado):
    ruta = largo(tmp_path, anios=[2015])
    contenido = ruta.read_bytes()
    assert contenido.count(cambio[0]) == 1
    ruta.write_bytes(contenido.replace(*cambio))
    with pytest.raises(LecturaRechazada) as rechazo:
        leer_poblacion(recibir(ruta))
    assert any(esperado in p.esperado and encontrado in p.encontrado for p in rechazo.value.problemas)


def test_una_parte_en_libro_se_lee_igual_que_el_csv(tmp_path):
    parte = leer_poblacion(recibir(libro(tmp_path, "1_Grupo_Quinq_00_RM.xlsx", anios=[2020], entidades=[1, 2])))
    entera = leer_poblacion(recibir(largo(tmp_path, anios=[2020], entidades=[1, 2])))
    assert parte.equals(entera)


def test_varias_partes_son_un_solo_producto_y_lo_repetido_se_deja(tmp_path):
    partes = [
        libro(tmp_path, "1_Grupo_Quinq_01_norte.xlsx", anios=[2020], entidades=range(1, 17)),
        libro(tmp_path, "1_Grupo_Quinq_02_sur.xlsx", anios=[2020], entidades=range(17, 33)),
        largo(tmp_path, "repetida.csv", anios=[2020], entidades=[5]),
    ]
    recibidas = [(r, leer_poblacion(r)) for r in map(recibir, partes)]
    tabla, sobran, problemas = Poblacion(recibidas).juntar()
    assert problemas == []
    assert sobran == ["repetida.csv: población que ya trae 1_Grupo_Quinq_02_sur.xlsx"]
    assert len(tabla) == 2475
    assert set(tabla["fuente"].str[:6]) == {"CONAPO"}


def test_una_parte_sola_se_rechaza_y_nada_cambia(tmp_path, capsys):
    almacen = Almacen(tmp_path / "almacen")
    orden = ["cargar", str(fabrica.estatal(tmp_path)), "--almacen", str(almacen.raiz), "--json"]
    assert main(orden) == 0
    antes = almacen.puntero.read_bytes()
    capsys.readouterr()
    orden[1] = str(largo(tmp_path, "parte.csv", anios=[2015], entidades=range(1, 20)))
    assert main(orden) == 3
    (problema,) = json.loads(capsys.readouterr().out)["rechazado"]
    assert problema["archivo"] == "parte.csv"
    assert "al menos 2,400 municipios en 2015" in problema["esperado"]
    assert "¿falta una parte?" in problema["encontrado"]
    assert almacen.puntero.read_bytes() == antes


def test_la_poblacion_cargada_reemplaza_a_la_del_catalogo_y_se_hereda(tmp_path):
    almacen = Almacen(tmp_path / "almacen")
    for rutas in (
        [fabrica.estatal(tmp_path), largo(tmp_path)],
        [fabrica.estatal(tmp_path, "rnid.csv", anio=2026, meses=2)],
    ):
        assert main(["cargar", *map(str, rutas), "--almacen", str(almacen.raiz), "--json"]) == 0
        con = duckdb.connect(str(publicacion_vigente(almacen).ruta), read_only=True)
        filas = con.execute(
            "SELECT anio, count(*), min(poblacion), max(poblacion) FROM poblacion GROUP BY 1 ORDER BY 1"
        )
        assert filas.fetchall() == [(2015, 2475, 90, 90), (2026, 2475, 90, 90)]
        con.close()


def test_poblacion_estatal_y_otros_csv_son_otra_cosa(tmp_path):
    ruta = tmp_path / "estados.csv"
    ruta.write_text("RENGLON,AÑO,ENTIDAD,CVE_GEO,EDAD,SEXO,POBLACION\n1,2015,Aguascalientes,1,0,HOMBRES,5\n", "utf-8")
    with pytest.raises(FueraDeTema, match="no es de población municipal"):
        leer_poblacion(recibir(ruta))


def test_el_archivo_ancho_real_cuadra_con_lo_publicado_por_conapo(espejo):
    tabla = leer_poblacion(recibir(espejo / "poblacion" / "conapo_municipal_1990-2040_total.csv"))
    por_anio = tabla.groupby("anio")["poblacion"].sum()
    assert por_anio[[2015, 2020, 2025, 2026]].tolist() == [122_368_490, 128_209_170, 133_367_428, 134_407_258]
    assert set(catalogos.municipios()["cve_mun"]) - set(tabla["cve_mun"]) == SIN_PROYECCION
