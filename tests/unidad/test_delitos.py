"""De categorías a delitos contra un cálculo aparte, renglón por renglón, con huecos, vacíos y correcciones."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datos import catalogos
from datos.esquema import COLUMNAS_DE_MES, DELITOS
from etl.lectura.categorias import Categorias
from etl.publicacion.ambitos import AMBITOS
from etl.publicacion.delitos import delitos_de
from etl.publicacion.puente import Puente

ESTATAL, MUNICIPAL, VICTIMAS, _ = AMBITOS
CATEGORIAS = Categorias(list(catalogos.categorias().itertuples(index=False, name=None)))
PUENTE = Puente(CATEGORIAS)
NUMEROS = {m: [r[0] for r in CATEGORIAS.renglones if r[1] == m] for m in ("CNSP/38/15", "RNID")}


def _tabla(renglones, desgloses=()):
    columnas = list(zip(*renglones, strict=True))
    tipos = [pa.int16(), pa.int16(), pa.int8(), pa.int32(), *[pa.string()] * len(desgloses), *[pa.int32()] * 12]
    nombres = ["categoria", "anio", "cve_ent", "cve_mun", *desgloses, *COLUMNAS_DE_MES]
    return pa.table({n: pa.array(c, t) for n, c, t in zip(nombres, columnas, tipos, strict=True)})


def _aparte(renglones):
    """Lo mismo, a mano: {(clave, lugar, año): [12 conteos o None]} con diccionarios y sin matrices."""
    textos = {numero: tuple(resto) for numero, *resto in CATEGORIAS.renglones}
    hojas = {}
    for fila in catalogos.puente().itertuples():
        hojas.setdefault((fila.metodologia, fila.delito), set()).add((fila.tipo, fila.subtipo, fila.modalidad))
    for fila in catalogos.hojas_de_canastas().itertuples():
        clave = (fila.metodologia, f"canasta:{fila.canasta}")
        hojas.setdefault(clave, set()).add((fila.tipo, fila.subtipo, fila.modalidad))
    del_subtipo = {}
    for metodologia, _, tipo, subtipo, modalidad in textos.values():
        del_subtipo.setdefault((metodologia, tipo, subtipo), set()).add((tipo, subtipo, modalidad))
    presentes = {}
    for categoria, anio, _, lugar, *meses in renglones:
        metodologia, _, *hoja = textos[categoria]
        presentes.setdefault((metodologia, lugar, anio), {})[tuple(hoja)] = meses
    salida = {}
    for (metodologia, lugar, anio), suyas in presentes.items():
        for (otra, clave), exigidas in hojas.items():
            if otra != metodologia:
                continue

            def componente(hoja, exigidas=exigidas, metodologia=metodologia):
                del_mismo = del_subtipo[(metodologia, *hoja[:2])]
                return hoja[:2] if del_mismo <= exigidas else hoja

            if {componente(h) for h in exigidas} - {componente(h) for h in exigidas if h in suyas}:
                continue
            columnas = zip(*(suyas[h] for h in exigidas if h in suyas), strict=True)
            sumas = [None if None in mes else sum(mes) for mes in columnas]
            salida[(clave, f"{lugar:05d}", anio)] = [None if s is None or s < 0 else s for s in sumas]
    return salida


@st.composite
def conjuntos(draw):
    azar = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    renglones = []
    for metodologia, anio in (("CNSP/38/15", 2024), ("CNSP/38/15", 2025), ("RNID", 2026)):
        for lugar in (1001, 20570, 20998):
            faltan = azar.choice(NUMEROS[metodologia], draw(st.integers(0, 6)), replace=False)
            for categoria in set(NUMEROS[metodologia]) - set(faltan):
                meses = azar.poisson(2, 12).tolist()
                for mes in azar.choice(12, azar.binomial(1, 0.03), replace=False):
                    meses[mes] = draw(st.sampled_from([None, -1]))
                renglones.append([categoria, anio, lugar // 1000, lugar, *meses])
    azar.shuffle(renglones)
    return renglones


@settings(max_examples=30, deadline=None)
@given(conjuntos())
def test_cada_delito_y_canasta_es_lo_calculado_aparte(renglones):
    tabla = delitos_de(_tabla(renglones), PUENTE, MUNICIPAL).to_pylist()
    calculados = {(f["delito"], f["lugar"], f["anio"]): [f[m] for m in COLUMNAS_DE_MES] for f in tabla}
    assert len(calculados) == len(tabla)
    assert calculados == _aparte(renglones)


def test_las_claves_salen_seguidas_alfabeticas_con_las_canastas_al_final_y_en_orden_de_lugar_y_anio():
    renglones = [[c, a, e, 0, *[1] * 12] for c in NUMEROS["CNSP/38/15"] for a in (2016, 2015) for e in (9, 1)]
    tabla = delitos_de(_tabla(renglones), PUENTE, ESTATAL)
    delitos, canastas = sorted(DELITOS), [c for c in catalogos.series()["delito"] if c not in DELITOS]
    assert tabla["delito"].to_pylist() == [d for d in [*delitos, *canastas] for _ in range(4)]
    assert tabla["lugar"].to_pylist()[:4] == ["01", "01", "09", "09"]
    assert tabla["anio"].to_pylist()[:4] == [2015, 2016, 2015, 2016]
    assert tabla["es_canasta"].to_pylist() == [d.startswith("canasta:") for d in tabla["delito"].to_pylist()]


def test_las_victimas_se_suman_por_sexo_y_edad_y_no_llevan_canastas():
    dolosos = [r[0] for r in CATEGORIAS.renglones if r[1] == "RNID" and r[4] == "Homicidio doloso"]
    renglones = [
        [c, 2026, 9, 0, sexo, edad, *[cuantas] * 3, *[None] * 9]
        for c in dolosos
        for sexo, edad, cuantas in (("Mujer", "0 a 5", 1), ("Hombre", "0 a 5", 2), ("Hombre", "6 a 11", 5))
    ]
    tabla = delitos_de(_tabla(renglones, ("sexo", "edad")), PUENTE, VICTIMAS).to_pylist()
    assert [(f["delito"], f["sexo"], f["edad"], f["m3"], f["m4"]) for f in tabla] == [
        ("homicidio_doloso", "Mujer", "0 a 5", 4, None),
        ("homicidio_doloso", "Hombre", "0 a 5", 8, None),
        ("homicidio_doloso", "Hombre", "6 a 11", 20, None),
    ]


def test_una_categoria_sin_equivalencia_suma_al_total_y_no_hace_falta():
    categorias = Categorias(list(catalogos.categorias().itertuples(index=False, name=None)))
    nueva = categorias.agregar_sin_equivalencia("RNID", ("El patrimonio", "Robo", "Robo nuevo", "Robo nuevo"))
    puente = Puente(categorias)
    completo = [[c, 2026, 9, 0, *[1] * 12] for c in NUMEROS["RNID"]]
    for extra, total in (([], 114), ([[nueva, 2026, 9, 0, *[5] * 12]], 119)):
        tabla = delitos_de(_tabla(completo + extra), puente, ESTATAL).to_pylist()
        assert [f["m1"] for f in tabla if f["delito"] == "total"] == [total]
    sin_una = [r for r in completo if r[0] != NUMEROS["RNID"][-1]] + [[nueva, 2026, 9, 0, *[5] * 12]]
    assert "total" not in delitos_de(_tabla(sin_una), puente, ESTATAL)["delito"].to_pylist()


@pytest.mark.parametrize("ambito", AMBITOS)
def test_sin_renglones_queda_una_tabla_vacia_con_sus_columnas(ambito):
    vacia = delitos_de(_tabla([[1, 2015, 1, 1001, *["x"] * len(ambito.desgloses), *[0] * 12]], ambito.desgloses)[:0],
                       PUENTE, ambito)  # fmt: skip
    assert vacia.num_rows == 0
    assert {"es_canasta", "delito", "lugar", "anio", "metodologia", "m12", *ambito.desgloses} <= set(vacia.column_names)
