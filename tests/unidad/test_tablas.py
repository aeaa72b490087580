"""Las descargas: los mismos números en los tres formatos, con su fuente dentro y sin fórmulas que se ejecuten."""

import io
import json
import zipfile

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from informes.tablas import Ficha, exportar

PELIGROSOS = ["=1+1", "+A1", "-2+3", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x","y")']


def ficha(origen="SESNSP"):
    return Ficha(
        ("Homicidio doloso", "León, Guanajuato", "corte 2026-03"),
        origen,
        {"Fuente": "SESNSP, corte marzo"},
        {"conteo": "x"},
    )


def tabla():
    return pd.DataFrame(
        {
            "nombre": ["León", *PELIGROSOS],
            "fecha": pd.date_range("2024-01-01", periods=8, freq="MS"),
            "conteo": [1.0, None, 3, 4, 5, 6, 7, 12345],
            "tasa": [0.25, 1.5, None, 4, 5, 6, 7, 8],
            "provisional": [True, False] * 4,
        }
    )


def test_el_nombre_dice_que_donde_y_corte_sin_acentos():
    assert ficha().nombre("csv") == "Homicidio-doloso_Leon-Guanajuato_corte-2026-03.csv"
    assert ficha("DEMOSTRACIÓN").nombre("xlsx").endswith("_DEMOSTRACION.xlsx")


def test_el_csv_abre_en_excel_con_acentos_y_sin_formulas():
    contenido = exportar(tabla(), ficha(), "csv")
    assert contenido.startswith(b"\xef\xbb\xbf")
    leida = pd.read_csv(io.BytesIO(contenido), encoding="utf-8-sig")
    assert leida["nombre"][0] == "León"
    assert all(texto.startswith("'") for texto in leida["nombre"][1:])
    assert leida["conteo"].tolist()[0::7] == [1, 12345]
    assert set(leida["origen"]) == {"SESNSP"}
    assert leida["fecha"][0] == "2024-01-01"


def test_el_xlsx_trae_tipos_y_hoja_de_notas():
    contenido = exportar(tabla(), ficha("DEMOSTRACIÓN"), "xlsx")
    libro = CalamineWorkbook.from_filelike(io.BytesIO(contenido))
    datos = libro.get_sheet_by_name("Datos").to_python()
    assert datos[0] == ["nombre", "fecha", "conteo", "tasa", "provisional", "origen"]
    assert [fila[0] for fila in datos[1:]] == ["León", *[p.replace("\t", "\t") for p in PELIGROSOS]]
    assert datos[8][2] == 12345
    assert datos[2][2] == ""
    assert str(datos[1][1]).startswith("2024-01-01")
    assert datos[1][4] is True
    assert {fila[5] for fila in datos[1:]} == {"DEMOSTRACIÓN"}
    notas = dict(fila[:2] for fila in libro.get_sheet_by_name("Notas").to_python())
    assert notas["Fuente"] == "SESNSP, corte marzo"
    with zipfile.ZipFile(io.BytesIO(contenido)) as partes:
        assert b"<f>" not in partes.read("xl/worksheets/sheet1.xml")


def test_el_parquet_lleva_las_notas_en_sus_metadatos():
    leida = pq.read_table(io.BytesIO(exportar(tabla(), ficha(), "parquet")))
    notas = json.loads(leida.schema.metadata[b"delitos_a_la_baja"])
    assert notas["notas"]["Fuente"] == "SESNSP, corte marzo"
    pd.testing.assert_frame_equal(leida.to_pandas().drop(columns="origen"), tabla(), check_dtype=False)


@given(st.lists(st.one_of(st.none(), st.integers(-1, 10**6)), min_size=1, max_size=20))
def test_los_numeros_son_los_mismos_en_los_tres_formatos(conteos):
    origen = pd.DataFrame({"conteo": pd.Series(conteos, dtype="float64")})
    csv = pd.read_csv(io.BytesIO(exportar(origen, ficha(), "csv")), encoding="utf-8-sig")["conteo"]
    libro = CalamineWorkbook.from_filelike(io.BytesIO(exportar(origen, ficha(), "xlsx")))
    xlsx = [fila[0] for fila in libro.get_sheet_by_name("Datos").to_python()[1:]]
    parquet = pq.read_table(io.BytesIO(exportar(origen, ficha(), "parquet"))).to_pandas()["conteo"]
    for i, conteo in enumerate(conteos):
        if conteo is None:
            assert pd.isna(csv[i])
            assert xlsx[i] == ""
            assert pd.isna(parquet[i])
        else:
            assert csv[i] == xlsx[i] == parquet[i] == conteo


def test_otro_formato_se_rechaza():
    with pytest.raises(KeyError):
        exportar(tabla(), ficha(), "ods")
