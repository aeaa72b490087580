"""Víctimas estatales de la demostración, con la disposición oficial: 35 categorías hasta 2025, por sexo y edad."""

from __future__ import annotations

import numpy as np
import pandas as pd

from datos import catalogos
from datos.esquema import CNSP
from etl.demostracion.modelo import Anio, Modelo

TIPOS = (
    "homicidio", "lesiones", "feminicidio", "aborto", "otros delitos que atentan contra la vida y la integridad corporal",
    "secuestro", "trafico de menores", "rapto", "otros delitos que atentan contra la libertad personal",
    "privacion ilegal de la libertad", "retencion o sustraccion de menores e incapaces", "extorsion",
    "corrupcion de menores", "trata de personas", "pornografia infantil", "otros delitos contra la sociedad",
    "discriminacion",
)  # fmt: skip
EDADES = {
    "CNSP/38/15": ("Menores de edad (0-17)", "Adultos (18 y más)", "No especificado"),
    # Seis grupos, como el RNID; sus rótulos son de la demostración.
    "RNID": ("0 a 5 años", "6 a 11 años", "12 a 17 años", "18 a 29 años", "30 a 59 años", "60 años y más"),
}
_PARTES = {"CNSP/38/15": (0.06, 0.82, 0.12), "RNID": (0.01, 0.02, 0.05, 0.32, 0.52, 0.08)}
_HOMBRES = {"homicidio": 0.86, "secuestro": 0.75, "rapto": 0.1, "feminicidio": 0.0}
_NO_IDENTIFICADO = "No identificado"


def combinaciones(tipo: str, metodologia: str) -> list[tuple[str, str, float]]:
    """Sexo, edad y parte que les toca. Como en la fuente: feminicidio solo mujeres; aborto sin desglose."""
    if tipo == "aborto":
        return [(_NO_IDENTIFICADO, _NO_IDENTIFICADO, 1.0)]
    hombres = _HOMBRES.get(tipo, 0.52)
    sexos = [("Mujer", 1 - hombres)] + ([("Hombre", hombres)] if hombres else [])
    pares = [
        (sexo, edad, 0.98 * parte * fraccion)
        for sexo, parte in sexos
        for edad, fraccion in zip(EDADES[metodologia], _PARTES[metodologia], strict=True)
    ]
    return pares if tipo == "feminicidio" else [*pares, (_NO_IDENTIFICADO, _NO_IDENTIFICADO, 0.02)]


def de_un_anio(modelo: Modelo, datos: Anio) -> pd.DataFrame:
    """Renglones de víctimas de un año: posición de la categoría, cve_ent, sexo, edad y m1…m12 (enteros)."""
    azar = np.random.default_rng([modelo.semilla, 7, datos.anio])
    por_entidad = por_estado(modelo, datos)
    normal = catalogos.normalizar
    partes = []
    for columna, posicion in enumerate(datos.hojas):
        tipo = normal(modelo.hojas["tipo"].iloc[posicion])
        if tipo not in TIPOS or (tipo == "aborto" and datos.metodologia != CNSP):
            continue
        combos = combinaciones(tipo, datos.metodologia)
        carpetas = por_entidad[:, columna]
        total = carpetas + azar.binomial(carpetas, 0.17)
        partes_de = np.array([p for _, _, p in combos])
        reparto = azar.multinomial(total.reshape(-1), partes_de / partes_de.sum()).reshape(32, 12, len(combos))
        for k, (sexo, edad, _) in enumerate(combos):
            marco = pd.DataFrame(reparto[:, :, k], columns=[f"m{i}" for i in range(1, 13)])
            marco.insert(0, "edad", edad)
            marco.insert(0, "sexo", sexo)
            marco.insert(0, "cve_ent", range(1, 33))
            marco.insert(0, "hoja", posicion)
            partes.append(marco)
    return pd.concat(partes, ignore_index=True)


def por_estado(modelo: Modelo, datos: Anio) -> np.ndarray:
    """Suma de los municipios: arreglo (32, categorías, 12 meses)."""
    entidad = modelo.lugares["cve_ent"].astype(int).to_numpy()[datos.lugares] - 1
    cortes = np.searchsorted(entidad, np.arange(32))
    return np.add.reduceat(datos.conteos, cortes, axis=0)
