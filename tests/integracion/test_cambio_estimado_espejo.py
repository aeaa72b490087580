"""El cambio estimado en homicidios de INEGI: los meses nones de cada ventana anticipan los pares (METODO §1)."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analisis.cambio_estimado import acercar, cambios
from analisis.etiquetas import dispersion_por_grupo

MINIMO_PARA_COMPARAR = 20  # casos en los 24 meses de la ventana


@pytest.fixture(scope="module")
def homicidios(espejo):
    """Conteos y habitantes, municipios × meses, de 2000 a 2021."""
    (ruta,) = (espejo / "inegi").glob("mexico-muni-month-homicide*.csv.gz")
    tabla = pd.read_csv(ruta, sep="|").assign(mes=lambda t: t["year"] * 12 + t["month"])
    conteos, personas = (tabla.pivot(index="ent_mun", columns="mes", values=c) for c in ("homicides", "pop_est"))
    completos = personas.notna().all(axis=1).to_numpy()
    return conteos.to_numpy(dtype=float)[completos], personas.to_numpy(dtype=float)[completos]


@pytest.fixture(scope="module")
def medias_muestras(homicidios):
    """Por ventana de 24 meses (2002 a 2021): errores de cada predicción, sus pesos, y la probabilidad de baja anunciada."""
    conteos, personas = homicidios
    nones = np.arange(24) % 2 == 0
    errores, pesos, anunciadas, cumplidas = [], [], [], []
    for cierre in range(36, 36 + 20 * 12, 12):
        c, p = conteos[:, cierre - 24 : cierre], personas[:, cierre - 24 : cierre]
        centro, error = acercar(c[:, nones], p[:, nones])
        crudo, varianza_de_lo_visto, _ = cambios(c[:, nones], p[:, nones])
        verdad, varianza, _ = cambios(c[:, ~nones], p[:, ~nones])
        se_compara = c.sum(axis=1) >= MINIMO_PARA_COMPARAR
        errores.append(np.c_[verdad - crudo, verdad, verdad - centro][se_compara] ** 2)
        pesos.append(1 / varianza[se_compara])
        ruido = dispersion_por_grupo(c[:, nones], p[:, nones]) * varianza_de_lo_visto
        anunciadas.append(stats.norm.cdf(-centro / np.sqrt(error**2 + ruido))[se_compara])
        cumplidas.append(verdad[se_compara] < 0)
    return tuple(np.concatenate(x) for x in (errores, pesos, anunciadas, cumplidas))


def test_se_equivoca_bastante_menos_que_el_cambio_crudo(medias_muestras):
    errores, pesos, _, _ = medias_muestras
    crudo, sin_cambio, estimado = np.average(errores, axis=0, weights=pesos)
    print(f"\nerror cuadrático: crudo {crudo:.3f}, sin cambio {sin_cambio:.3f}, estimado {estimado:.3f}")
    assert estimado <= 0.75 * crudo
    assert estimado < sin_cambio


def test_las_probabilidades_anunciadas_se_cumplen(medias_muestras):
    _, _, anunciadas, cumplidas = medias_muestras
    tabla = pd.DataFrame({"p": anunciadas, "bajo": cumplidas}).groupby(pd.qcut(anunciadas, 5)).mean()
    print("\nanunciada / cumplida:", " ".join(f"{f.p:.2f}/{f.bajo:.2f}" for f in tabla.itertuples()))
    assert len(tabla) == 5
    assert (tabla["p"] - tabla["bajo"]).abs().max() <= 0.1
