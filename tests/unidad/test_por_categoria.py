"""El detalle se guarda por categoría, lugar y año, venga como venga el archivo, y no se pierde ni se mueve ninguna celda."""

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from datos.esquema import COLUMNAS_DE_MES
from etl.publicacion.ambitos import AMBITOS
from etl.publicacion.conteos import _esquema, _por_categoria

_, MUNICIPAL, VICTIMAS, _ = AMBITOS


def _tabla(azar, ambito, *, falta, revuelta):
    """Lugar × año × categoría (× sexo), con vacíos; cada celda con un número propio, para reconocerla."""
    llaves = [
        (categoria, anio, lugar // 1000, lugar, *desglose)
        for lugar in (1001, 9003, 20570)
        for anio in (2024, 2025)
        for categoria in range(1, 6)
        for desglose in ([("Hombre", "Adultos"), ("Mujer", "Adultos")] if ambito.desgloses else [()])
    ]
    if falta:
        llaves.pop(int(azar.integers(len(llaves))))
    if revuelta:
        llaves = [llaves[i] for i in azar.permutation(len(llaves))]
    meses = np.arange(len(llaves) * 12).reshape(-1, 12).tolist()
    meses[int(azar.integers(len(meses)))][int(azar.integers(12))] = None
    esquema = _esquema(ambito)
    columnas = [*zip(*llaves, strict=True), *zip(*meses, strict=True)]
    tabla = pa.table([pa.array(c, t) for c, t in zip(columnas, esquema.types, strict=True)], schema=esquema)
    corte = int(azar.integers(len(llaves)))
    return pa.concat_tables([tabla[:corte], tabla[corte:]])  # como llega: en varios pedazos


def _renglones(tabla):
    return [tuple(r.values()) for r in tabla.to_pylist()]


@given(st.integers(0, 2**32 - 1), st.booleans(), st.booleans(), st.sampled_from([MUNICIPAL, VICTIMAS]))
def test_quedan_en_orden_y_estan_todos(semilla, falta, revuelta, ambito):
    tabla = _tabla(np.random.default_rng(semilla), ambito, falta=falta, revuelta=revuelta)
    hecha = _por_categoria(tabla, ambito)
    assert hecha.column_names == ["categoria", "anio", "cve_ent", "cve_mun", *ambito.desgloses, *COLUMNAS_DE_MES]
    assert sorted(_renglones(hecha), key=str) == sorted(_renglones(tabla), key=str)
    llaves = list(zip(*(hecha[c].to_pylist() for c in ("categoria", ambito.lugar, "anio")), strict=True))
    assert llaves == sorted(llaves)


def test_una_tabla_vacia_se_queda_vacia():
    assert _por_categoria(_esquema(MUNICIPAL).empty_table(), MUNICIPAL).num_rows == 0
