"""El método en fechas al azar de series reales, donde nada pasó: cuántas veces dice que sí, y cuántas ve lo sembrado.

Las cifras de METODO §3–4 son las que hay que igualar o mejorar: ningún delito arriba de 8 % de falsas, INEGI de 2 a 7.5 %.
"""

import io
import zipfile
from datetime import date

import numpy as np
import pandas as pd
import pytest

from analisis.eficacia import ALZA, BAJA, INSUFICIENTES, evaluar
from analisis.eficacia.acumulado import Acumulado
from datos.esquema import MESES

TAMANOS = (1, 4, 10)
INTENTOS = 450
PROMEDIO_MINIMO = 0.8  # carpetas al mes
ORIGEN = date(2000, 1, 1)  # el calendario no importa en un placebo: solo cuenta los meses
CARPETAS = (
    "Violencia familiar",
    "Abuso sexual",
    "Otros delitos que atentan contra la libertad personal",
    "Robo de maquinaria",
    "Secuestro",
    "Hostigamiento sexual",
    "Robo en transporte público individual",
    "Corrupción de menores",
    "Contra el medio ambiente",
)


@pytest.fixture(scope="module")
def homicidios(espejo):
    (ruta,) = (espejo / "inegi").glob("mexico-muni-month-homicide*.csv.gz")
    tabla = pd.read_csv(ruta, sep="|").assign(mes=lambda t: t["year"] * 12 + t["month"])
    return tabla.pivot(index="ent_mun", columns="mes", values="homicides").to_numpy(dtype=float)


@pytest.fixture(scope="module")
def carpetas(espejo):
    """Por subtipo, municipios × meses; NaN donde el municipio no reportó."""
    (ruta,) = (espejo / "sesnsp").glob("Municipal-Delitos-2015-2025_parcial*.zip")
    with zipfile.ZipFile(ruta) as comprimido:
        (nombre,) = [n for n in comprimido.namelist() if n.endswith(".csv")]
        tabla = pd.read_csv(io.BytesIO(comprimido.read(nombre)), encoding="cp1252", thousands=",")
    meses = [m.capitalize() for m in MESES]
    tabla = tabla[tabla["Subtipo de delito"].isin(CARPETAS) & (tabla["Cve. Municipio"] % 1000 < 998)]
    sumas = tabla.groupby(["Subtipo de delito", "Cve. Municipio", "Año"])[meses].sum(min_count=1)
    paneles = {}
    for subtipo, propia in sumas.groupby(level=0):
        largo = propia.droplevel(0).stack().rename("n").reset_index()
        largo["mes"] = largo["Año"] * 12 + largo["level_2"].map({m: i for i, m in enumerate(meses)})
        ancho = largo.pivot(index="Cve. Municipio", columns="mes", values="n")
        paneles[subtipo] = ancho.to_numpy(dtype=float)
    return paneles


def placebos(conteos, *, intentos=INTENTOS, efecto=0.0, semilla=1, promedio=(PROMEDIO_MINIMO, np.inf)):
    """Evaluaciones en fechas al azar, con cinco años antes y uno después: tamaño del conjunto, veredicto y MDE.

    Con ``efecto`` se siembra una caída de ese tamaño en los doce meses posteriores. Las insuficientes no cuentan.
    """
    azar = np.random.default_rng(semilla)
    ac = Acumulado(conteos)
    filas = []
    for numero in range(intentos):
        cuantos = TAMANOS[numero % len(TAMANOS)]
        inicio = int(azar.integers(60, conteos.shape[1] - 11))
        medias = ac.suma(inicio - 36, inicio) / 36
        posibles = np.flatnonzero(
            (medias > promedio[0]) & (medias <= promedio[1]) & ac.completos(inicio - 36, inicio + 12)
        )
        if len(posibles) < cuantos + 20:
            continue
        elegidos = azar.choice(posibles, cuantos, replace=False)
        vistos = conteos[:, : inicio + 12].copy()
        if efecto:
            propios = vistos[elegidos, inicio:].astype(int)
            vistos[elegidos, inicio:] = azar.binomial(propios, 1 + efecto)
        mes = ORIGEN.year * 12 + inicio
        e = evaluar(
            vistos,
            elegidos,
            date(mes // 12, mes % 12 + 1, 1),
            mes_inicial=ORIGEN,
            semilla=numero,
            con_sensibilidad=False,
        )
        if e.veredicto != INSUFICIENTES:
            filas.append((cuantos, e.veredicto in (BAJA, ALZA), e.veredicto == BAJA, e.mde_pct))
    return pd.DataFrame(filas, columns=["municipios", "declara", "baja", "mde"])


def contar(nombre, nulas, sembradas, efecto):
    de_cada_uno = nulas.groupby("municipios")["declara"].mean()
    potencia = sembradas.groupby("municipios")["baja"].mean()
    print(
        f"\n{nombre}: falsas {nulas['declara'].mean():.1%} de {len(nulas)} ("
        + ", ".join(f"{k} mun. {v:.1%}" for k, v in de_cada_uno.items())
        + f"); ve una caída de {-efecto:.0%}: "
        + ", ".join(f"{k} mun. {v:.0%}" for k, v in potencia.items())
        + f"; MDE mediano {nulas['mde'].median():.0f} %"
    )


def test_homicidios_de_inegi_entre_2_y_7_5_por_ciento(homicidios):
    nulas = placebos(homicidios, intentos=600)
    contar("Homicidio (INEGI)", nulas, placebos(homicidios, intentos=240, efecto=-0.4, semilla=2), -0.4)
    assert len(nulas) >= 400
    assert 0.02 <= nulas["declara"].mean() <= 0.075
    assert (nulas.groupby("municipios")["declara"].mean() <= 0.10).all()


@pytest.mark.parametrize("subtipo", CARPETAS)
def test_ninguna_serie_de_carpetas_pasa_de_8_por_ciento(carpetas, subtipo):
    nulas = placebos(carpetas[subtipo])
    contar(subtipo, nulas, placebos(carpetas[subtipo], intentos=150, efecto=-0.4, semilla=2), -0.4)
    assert nulas["declara"].mean() <= 0.08


@pytest.mark.parametrize(("promedio", "potencia"), [((0.8, 4), 0.35), ((4, 15), 0.65), ((15, np.inf), 0.95)])
def test_violencia_familiar_por_tamano(carpetas, promedio, potencia):
    """METODO §3: falsas 4.8, 3.3 y 2.2 %; −30 % en diez municipios se ve 40, 76 y 99 % de las veces."""
    conteos = carpetas["Violencia familiar"]
    nulas = placebos(conteos, intentos=300, promedio=promedio)
    sembradas = placebos(conteos, intentos=180, efecto=-0.3, semilla=2, promedio=promedio)
    contar(f"Violencia familiar, {promedio[0]} a {promedio[1]} al mes", nulas, sembradas, -0.3)
    assert nulas["declara"].mean() <= 0.08
    assert sembradas[sembradas["municipios"] == 10]["baja"].mean() >= potencia


def test_las_reglas_ingenuas_se_equivocan_mucho_mas(homicidios):
    """En las mismas fechas sin nada: «bajó 10 % o más» y la prueba e de antes y después."""
    azar = np.random.default_rng(1)
    ac = Acumulado(homicidios)
    bajo_diez, significativa = [], []
    for _ in range(400):
        inicio = int(azar.integers(60, homicidios.shape[1] - 11))
        medias = ac.suma(inicio - 36, inicio) / 36
        lugar = azar.choice(np.flatnonzero(medias > PROMEDIO_MINIMO))
        antes, despues = ac.suma(inicio - 12, inicio)[lugar], ac.suma(inicio, inicio + 12)[lugar]
        bajo_diez.append(despues <= 0.9 * antes)
        significativa.append(abs(despues - antes) > 1.96 * np.sqrt(max(antes + despues, 1)))
    print(f"\ningenuas: «bajó 10 % o más» {np.mean(bajo_diez):.0%}; diferencia de Poisson {np.mean(significativa):.0%}")
    assert np.mean(bajo_diez) > 0.25
    assert np.mean(significativa) > 0.15
