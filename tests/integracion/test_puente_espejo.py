"""El puente aplicado a los archivos oficiales da los números conocidos, sin tentativas ni residuales."""

import pandas as pd
import pytest

from datos import catalogos

MESES = [
    "Enero", "Febrero", "Marzo", "Abril", "Mayo", "Junio",
    "Julio", "Agosto", "Septiembre", "Octubre", "Noviembre", "Diciembre",
]  # fmt: skip
CATEGORIA = {
    "Bien jurídico afectado": "bien_juridico",
    "Tipo de delito": "tipo",
    "Subtipo de delito": "subtipo",
    "Modalidad": "modalidad",
}
HOJA = ["tipo", "subtipo", "modalidad"]


def _sumas_por_delito(ruta, metodologia, codificacion):
    tabla = pd.read_csv(ruta, dtype=str, encoding=codificacion).rename(columns=CATEGORIA)
    tabla["conteo"] = tabla[MESES].apply(lambda mes: pd.to_numeric(mes.str.replace(",", ""))).sum(axis=1)
    puente = catalogos.puente().query("metodologia == @metodologia")
    unidos = tabla.merge(puente, on=HOJA, how="left")
    assert unidos["delito"].notna().all()
    return unidos.groupby(["Año", "delito"])["conteo"].sum()


@pytest.mark.parametrize(
    ("archivo", "metodologia"),
    [("catalogo_NM_2015-2025.csv", "CNSP/38/15"), ("catalogo_RNID_2026.csv", "RNID")],
)
def test_el_puente_tiene_exactamente_las_categorias_oficiales(espejo, archivo, metodologia):
    oficial = pd.read_csv(espejo / "sesnsp" / archivo, dtype=str).rename(columns=CATEGORIA)
    propias = catalogos.categorias().query("metodologia == @metodologia")
    assert set(oficial[HOJA].itertuples(index=False)) == set(propias[HOJA].itertuples(index=False))
    assert set(oficial["bien_juridico"]) == set(propias["bien_juridico"])


def test_primer_trimestre_de_2026(espejo):
    ruta = espejo / "sesnsp" / "RNID-Delitos_Estatal-2026-mar2026.csv"
    encabezado = ruta.read_bytes()[:3]
    sumas = _sumas_por_delito(ruta, "RNID", "utf-8-sig" if encabezado == b"\xef\xbb\xbf" else "cp1252")["2026"]
    assert sumas["homicidio_doloso"] == 3_996
    assert sumas["feminicidio"] == 144
    assert sumas["extorsion"] == 2_370
    assert sumas["total"] == 154_812 + 150_592 + 175_249
    partes = sumas["robo_vehiculo_con_violencia"] + sumas["robo_vehiculo_sin_violencia"]
    assert sumas["robo_vehiculo"] == partes


def test_homicidio_doloso_2015_a_2023(espejo):
    sumas = _sumas_por_delito(espejo / "sesnsp" / "Estatal-Delitos-2015-2025_nov2024.csv", "CNSP/38/15", "cp1252")
    dolosos = sumas.xs("homicidio_doloso", level="delito")
    esperados = [16_119, 20_148, 25_033, 29_096, 29_500, 28_839, 28_281, 26_280, 25_290, 23_581]
    assert list(dolosos) == esperados
    assert sumas["2019", "total"] == 2_071_181
