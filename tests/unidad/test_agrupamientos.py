"""Agrupamientos: encuentra el que se plantó, no inventa donde solo hay azar, y calla donde no alcanza."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from analisis import agrupamientos
from analisis.agrupamientos import ALTO, NINGUNO, agrupar
from etl.geografia.vecindad import vecindad

LADO = 16


@pytest.fixture(scope="module")
def cuadricula():
    claves = [f"{i:05d}" for i in range(LADO * LADO)]
    figuras = [shapely.box(i % LADO, i // LADO, i % LADO + 1, i // LADO + 1) for i in range(LADO * LADO)]
    return gpd.GeoDataFrame({"clave": claves}, geometry=figuras, crs="EPSG:4326")


def test_colindan_los_que_comparten_lado_o_esquina(cuadricula):
    vecinos = vecindad(cuadricula)
    assert vecinos["00000"] == ["00001", f"{LADO:05d}", f"{LADO + 1:05d}"]
    assert {len(suyos) for suyos in vecinos.values()} == {3, 5, 8}
    assert all(clave in vecinos[otro] for clave, suyos in vecinos.items() for otro in suyos)


def test_una_isla_no_tiene_vecinos(cuadricula):
    isla = gpd.GeoDataFrame({"clave": ["99999"]}, geometry=[shapely.box(90, 9, 91, 10)], crs="EPSG:4326")
    junto = gpd.GeoDataFrame(np.vstack([cuadricula, isla]), columns=["clave", "geometry"], crs="EPSG:4326")
    assert vecindad(junto)["99999"] == []


def test_encuentra_el_foco_plantado(cuadricula):
    azar = np.random.default_rng(5)
    personas = azar.integers(5_000, 50_000, LADO * LADO).astype(float)
    tasa = np.full((LADO, LADO), 40e-5)
    tasa[3:8, 9:14] = 160e-5
    hecho = agrupar(cuadricula["clave"], azar.poisson(tasa.ravel() * personas), personas, vecindad(cuadricula))
    adentro = {f"{fila * LADO + columna:05d}" for fila in range(3, 8) for columna in range(9, 14)}
    altas = set(hecho.loc[hecho["clase"] == ALTO, "lugar"])
    assert len(altas & adentro) >= 18
    assert len(altas - adentro) <= 6  # los de la orilla colindan con el foco


def test_donde_solo_hay_azar_casi_nunca_marca(cuadricula):
    vecinos, marcados = vecindad(cuadricula), []
    for semilla in range(8):
        azar = np.random.default_rng(semilla)
        personas = azar.integers(500, 90_000, LADO * LADO).astype(float)
        hecho = agrupar(cuadricula["clave"], azar.poisson(50e-5 * personas), personas, vecinos)
        marcados.append(int((hecho["clase"] != NINGUNO).sum()))
    assert np.mean(marcados) < 2


def test_es_determinista_y_no_depende_del_orden(cuadricula):
    azar = np.random.default_rng(3)
    personas = azar.integers(5_000, 50_000, LADO * LADO).astype(float)
    conteos = azar.poisson(60e-5 * personas).astype(float)
    vecinos = vecindad(cuadricula)
    uno = agrupar(cuadricula["clave"], conteos, personas, vecinos)
    assert uno.equals(agrupar(cuadricula["clave"], conteos, personas, vecinos))


@pytest.mark.parametrize("defecto", ["pocos lugares", "pocos casos", "sin vecinos", "sin dato"])
def test_sin_con_que_no_dice_nada(cuadricula, defecto):
    vecinos = vecindad(cuadricula)
    personas = np.full(LADO * LADO, 10_000.0)
    conteos = np.full(LADO * LADO, 5.0)
    if defecto == "pocos lugares":
        conteos[agrupamientos.MINIMO_DE_LUGARES - 1 :] = np.nan
    elif defecto == "pocos casos":
        conteos[:] = 0.5
    elif defecto == "sin vecinos":
        vecinos = {}
    else:
        personas[:] = np.nan
    assert agrupar(cuadricula["clave"], conteos, personas, vecinos) is None
