"""La demostración: siempre igual, verosímil, con sus efectos donde dice la verdad, y sin nombres de Mesas reales."""

import numpy as np
import pytest

from datos import catalogos
from etl.demostracion import magnitudes
from etl.demostracion.archivos import tabla_estatal, tabla_municipal
from etl.demostracion.mesas import ACUERDOS, MESAS, municipios_de, tabla_verdad
from etl.demostracion.modelo import Modelo
from etl.demostracion.registro import tabla_registro
from etl.demostracion.victimas import combinaciones, de_un_anio

MESAS_REALES = (  # noqa: SIM905
    "juarez laguna coahuila tampico madero altamira reynosa matamoros laredo victoria mante veracruz xalapa puebla morelia "
    "lazaro cardenas apatzingan piedad chapala leon delicias guadalajara monterrey"
).split()


@pytest.fixture(scope="module")
def modelo():
    return Modelo()


@pytest.fixture(scope="module")
def de_2019(modelo):
    return modelo.conteos(2019)


def test_la_misma_semilla_da_los_mismos_conteos(modelo, de_2019):
    assert np.array_equal(Modelo().conteos(2019).conteos, de_2019.conteos)
    assert not np.array_equal(Modelo(semilla=1).conteos(2019).conteos, de_2019.conteos)


def test_cada_categoria_tiene_grupo_y_las_partes_suman_uno_hasta_2025(modelo):
    cnsp = modelo.hojas[modelo.hojas["metodologia"] == "CNSP/38/15"]
    assert len(cnsp) == 98
    assert len(modelo.hojas) == 212
    suma = cnsp.groupby("grupo")["proporcion"].sum()
    assert set(suma.index) == set(magnitudes.GRUPOS)
    assert np.allclose(suma, 1.0)


@pytest.mark.parametrize("anio", [2015, 2019, 2023])
def test_el_homicidio_doloso_queda_a_menos_de_diez_por_ciento_de_la_cifra_citada(modelo, anio):
    datos = modelo.conteos(anio)
    suyas = modelo.hojas["subtipo"].iloc[datos.hojas].eq("Homicidio doloso").to_numpy()
    citada = magnitudes.HOMICIDIO_DOLOSO[anio - 2015]
    assert datos.conteos[:, suyas].sum() == pytest.approx(citada, rel=0.10)


def test_todos_los_delitos_de_2019_y_del_primer_trimestre_de_2026_tienen_la_escala_citada(modelo, de_2019):
    assert de_2019.conteos.sum() == pytest.approx(magnitudes.TOTAL_2019, rel=0.10)
    assert modelo.conteos(2026).conteos[:, :, :3].sum() == pytest.approx(3 * magnitudes.MENSUAL_RNID, rel=0.10)


def test_los_conteos_varian_mas_que_poisson_y_los_lugares_chicos_son_casi_todo_ceros(modelo, de_2019):
    _, _, intensidad = modelo.intensidad(2019)
    grandes = intensidad > 5
    residuo = (de_2019.conteos[grandes] - intensidad[grandes]) ** 2 / intensidad[grandes]
    assert 1.4 < residuo.mean() < 1.8
    assert (de_2019.conteos >= 0).all()
    chicos = modelo.poblacion[de_2019.lugares, 4] < 5_000
    assert (de_2019.conteos[chicos] == 0).mean() > 0.95
    assert 0.80 < (de_2019.conteos == 0).mean() < 0.95


def test_hay_estacion_y_la_pandemia_se_nota(modelo):
    meses = modelo.nacional[modelo.hojas["subtipo"].eq("Abuso sexual").to_numpy()][0].reshape(12, 12)
    assert meses[4, 5] > 1.1 * meses[4, 11]  # junio contra diciembre de 2019
    negocio = modelo.nacional[modelo.hojas["subtipo"].eq("Robo a negocio").to_numpy()].sum(axis=0)
    negocio = negocio[: 11 * 12].reshape(11, 12)
    assert negocio[5, 3] / negocio[5, 1] < 0.9 * negocio[4, 3] / negocio[4, 1]  # abril entre febrero, 2020 contra 2019


def test_lo_estatal_es_la_suma_exacta_de_lo_municipal(modelo, de_2019):
    municipal = tabla_municipal(modelo, de_2019).to_pandas()
    estatal = tabla_estatal(modelo, de_2019).to_pandas()
    llaves = ["Clave_Ent", "Tipo de delito", "Subtipo de delito", "Modalidad"]
    for llave in llaves:
        municipal[llave], estatal[llave] = municipal[llave].astype(str), estatal[llave].astype(str)
    sumado = municipal.groupby(llaves)[["Enero", "Diciembre"]].sum()
    directo = estatal.groupby(llaves)[["Enero", "Diciembre"]].sum()
    assert len(estatal) == 32 * 98
    assert len(estatal.columns) == 19
    assert len(municipal.columns) == 21
    assert (sumado == directo.loc[sumado.index]).all(axis=None)


def test_los_meses_posteriores_al_corte_van_en_blanco(modelo):
    tabla = tabla_estatal(modelo, modelo.conteos(2026))
    assert tabla["Septiembre"].null_count == tabla["Diciembre"].null_count == 32 * 114
    assert tabla["Agosto"].null_count == 0


def test_los_efectos_sembrados_son_los_de_la_verdad(modelo):
    verdad = tabla_verdad().to_pandas()
    puente = catalogos.puente()
    posicion = {c: i for i, c in enumerate(modelo.lugares["cve_mun"])}
    for anio in (2019, 2022, 2025, 2026):
        lugares, hojas, con = modelo.intensidad(anio)
        _, _, sin = modelo.intensidad(anio, con_efectos=False)
        donde = {int(p): i for i, p in enumerate(lugares)}
        suyas = modelo.hojas.iloc[hojas].reset_index(drop=True)
        esperado = np.ones(con.shape)
        for fila in verdad.itertuples():
            desde = max(0, (fila.inicio.year - anio) * 12 + fila.inicio.month - 1)
            claves = puente.loc[puente["delito"] == fila.delito, ["metodologia", "tipo", "subtipo", "modalidad"]]
            columnas = suyas.merge(claves.assign(va=True), how="left")["va"].notna().to_numpy()
            esperado[donde[posicion[fila.cve_mun]], columnas, desde:] *= 1 + fila.efecto_pct / 100
        assert np.allclose(con / sin, esperado, rtol=1e-4)


def test_la_verdad_cubre_nulos_bajas_y_un_alza_esperada():
    verdad = tabla_verdad().to_pandas()
    assert {-40.0, -30.0, -20.0, 0.0, 15.0} <= set(verdad["efecto_pct"])
    assert (verdad.loc[verdad["efecto_pct"] > 0, "signo_esperado"] == "alza").all()
    assert 12 <= len(ACUERDOS) <= 18
    assert len({a.folio for a in ACUERDOS}) == len(ACUERDOS)
    assert all(2019 <= a.inicio.year <= 2025 for a in ACUERDOS)


def test_las_mesas_son_ficticias_sobre_municipios_que_existen():
    existentes = set(catalogos.municipios()["cve_mun"])
    for mesa in MESAS:
        assert set(municipios_de(mesa.clave)) <= existentes
        assert mesa.nombre.startswith("Mesa de demostración ")
    texto = catalogos.normalizar(" ".join(tabla_registro().to_pandas().astype(str).to_numpy().ravel())).split()
    assert not set(texto) & set(MESAS_REALES)
    assert any(len({m[:2] for m in mesa.municipios}) == 2 for mesa in MESAS)
    assert any(len(mesa.municipios) == 1 for mesa in MESAS)


def test_las_victimas_siguen_la_disposicion_oficial(modelo, de_2019):
    victimas = de_un_anio(modelo, de_2019)
    assert len(victimas) == 7_360
    assert set(victimas["sexo"]) == {"Mujer", "Hombre", "No identificado"}
    assert {sexo for sexo, _, _ in combinaciones("feminicidio", "CNSP/38/15")} == {"Mujer"}
    assert len({edad for _, edad, _ in combinaciones("homicidio", "RNID")} - {"No identificado"}) == 6
    dolosos = modelo.hojas.index[
        modelo.hojas["subtipo"].eq("Homicidio doloso") & modelo.hojas["metodologia"].eq("CNSP/38/15")
    ]
    total = victimas.loc[victimas["hoja"].isin(dolosos), [f"m{i}" for i in range(1, 13)]].to_numpy().sum()
    assert total == pytest.approx(34_723, rel=0.10)  # víctimas de homicidio doloso de 2019, SESNSP
