"""Etiquetas sobre los archivos oficiales, cotejadas con una cuenta a mano hecha desde el CSV, sin pasar por la base."""

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest

from analisis.etiquetas import etiquetar
from datos.catalogos import poblacion
from datos.consultas.series import series
from informes.comparados import lugares_comparados
from tests import fabrica


@pytest.fixture(scope="module")
def a_mano(espejo):
    """Homicidio doloso por entidad y mes, directo del archivo: entidades × meses desde enero de 2015."""
    tabla = pd.read_csv(espejo / "sesnsp" / "Estatal-Delitos-2015-2025_nov2024.csv", encoding="cp1252", thousands=",")
    propia = tabla[tabla["Subtipo de delito"] == "Homicidio doloso"]
    por_anio = propia.groupby(["Clave_Ent", "Año"])[fabrica.MESES].sum(min_count=1)
    anios = sorted(por_anio.index.get_level_values(1).unique())
    return {
        int(e): np.concatenate([por_anio.loc[(e, a)].to_numpy() for a in anios])
        for e in sorted(set(propia["Clave_Ent"]))
    }


@pytest.fixture(scope="module")
def habitantes():
    """CONAPO por entidad y año, del catálogo."""
    tabla = poblacion()
    tabla["ent"] = tabla["cve_mun"].str[:2].astype(int)
    return tabla.groupby(["ent", "anio"])["poblacion"].sum()


def _dos_medias(conteos, personas):
    """Razón, varianza de Poisson y dispersión de Pearson, escritas con sumas y sin NumPy vectorizado."""
    antes, despues = sum(conteos[:12]), sum(conteos[12:])
    de_antes, de_despues = sum(personas[:12]), sum(personas[12:])
    tasa = [antes / de_antes] * 12 + [despues / de_despues] * 12
    pearson = sum((c - t * p) ** 2 / (t * p) for c, t, p in zip(conteos, tasa, personas, strict=True))
    return (despues / de_despues) / (antes / de_antes), 1 / antes + 1 / despues, pearson / 22


@pytest.mark.parametrize(
    ("hasta", "antes", "despues", "distinguible"),
    [((2019, 12), 29096, 29500, False), ((2024, 11), 25480, 25574, False)],
)
def test_el_pais_contra_la_cuenta_a_mano(
    a_mano, habitantes, almacen_espejo, monkeypatch, hasta, antes, despues, distinguible
):
    monkeypatch.setenv("TABLERO_ALMACEN", str(almacen_espejo))
    fin = (hasta[0] - 2015) * 12 + hasta[1]
    nacional = sum(a_mano[e] for e in a_mano)[fin - 24 : fin]
    anios = [2015 + m // 12 for m in range(fin - 24, fin)]
    personas = [float(habitantes.xs(a, level="anio").sum()) for a in anios]
    assert (nacional[:12].sum(), nacional[12:].sum()) == (antes, despues)
    fecha = pd.Timestamp(*hasta, 1)
    publicada = series(["00"], ["homicidio_doloso"]).set_index("fecha")["conteo"]
    ventana = publicada.loc[fecha - pd.DateOffset(months=23) : fecha]
    assert ventana.tolist() == nacional.tolist()
    fila = etiquetar(ventana.to_numpy(dtype=float)[None], np.array([personas])).iloc[0]
    razon, varianza, dispersion = _dos_medias(nacional, personas)
    error = math.sqrt(varianza * max(dispersion, 1.0))
    assert fila["razon"] == pytest.approx(razon, rel=1e-9)
    assert fila["dispersion"] == pytest.approx(max(dispersion, 1.0), rel=1e-9)
    assert fila["ic_bajo"] == pytest.approx(razon * math.exp(-1.959964 * error), rel=1e-6)
    assert fila["valor_p"] == pytest.approx(math.erfc(abs(math.log(razon) / error) / math.sqrt(2)), rel=1e-6)
    assert (fila["etiqueta"] != "sin cambio distinguible") == distinguible


def test_guanajuato_2019_contra_la_cuenta_a_mano(a_mano, habitantes, almacen_espejo, monkeypatch):
    monkeypatch.setenv("TABLERO_ALMACEN", str(almacen_espejo))
    ventanas = {e: a_mano[e][36:60] for e in a_mano}
    de = {e: [float(habitantes[(e, 2018 + m // 12)]) for m in range(24)] for e in a_mano}
    ajustes = {e: _dos_medias(ventanas[e], de[e]) for e in a_mano}
    # Grupos de tamaño por deciles de eventos; la dispersión queda a la mitad entre la propia y la de su grupo.
    eventos = {e: ventanas[e].sum() for e in a_mano if ventanas[e].sum() >= 30}
    cortes = np.quantile(list(eventos.values()), [i / 10 for i in range(1, 10)])
    grupo = {e: sum(v >= c for c in cortes) for e, v in eventos.items()}
    medias = {g: max(1.0, np.mean([ajustes[e][2] for e in eventos if grupo[e] == g])) for g in set(grupo.values())}
    valores_p = {}
    for e in eventos:
        razon, varianza, propia = ajustes[e]
        dispersion = max((propia + medias[grupo[e]]) / 2, 1.0)
        valores_p[e] = math.erfc(abs(math.log(razon)) / math.sqrt(varianza * dispersion) / math.sqrt(2))
    orden = sorted(valores_p, key=valores_p.get)
    q, minimo = {}, 1.0
    for lugar in range(len(orden), 0, -1):
        minimo = min(minimo, valores_p[orden[lugar - 1]] * len(orden) / lugar)
        q[orden[lugar - 1]] = minimo

    tabla = lugares_comparados("estatal", "homicidio_doloso", date(2019, 12, 1)).set_index("lugar")
    suya = tabla.loc["11"]
    assert (suya["conteo_previo"], suya["conteo"]) == (ventanas[11][:12].sum(), ventanas[11][12:].sum())
    assert suya["razon"] == pytest.approx(ajustes[11][0], rel=1e-9)
    assert tabla["valor_q"].to_dict() == pytest.approx({f"{e:02d}": q[e] for e in q}, rel=1e-6)
    for e, valor in q.items():
        etiqueta = "sin cambio distinguible"
        if valor <= 0.10:
            etiqueta = "a la baja" if ajustes[e][0] < 1 else "al alza"
        assert tabla.loc[f"{e:02d}", "etiqueta"] == etiqueta
