"""Cambio estimado: el cambio de cada lugar acercado al del país tanto como sus pocos casos lo piden.

Doce meses contra los doce anteriores, en log de la razón de tasas. Modelo normal de efectos aleatorios: el cambio verdadero
de cada lugar se reparte alrededor del nacional con varianza tau² (Paule y Mandel, 1982), y lo observado, alrededor del
verdadero con la varianza cuasi-Poisson de su grupo de tamaño. Un lugar que se aparta del país más de lo que explica el azar
se acerca a él un error estándar cuando mucho, y conserva su propia incertidumbre (traslado limitado de Efron y Morris,
1971): así el que de veras va contra el país conserva su dirección, y el cambio estimado nunca contradice a la etiqueta. Da un
valor, un intervalo y una probabilidad de baja para todo lugar con sus 24 meses, también donde no cabe una etiqueta.
Describe; no atribuye causas.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special

from analisis.etiquetas import MINIMO_DE_EVENTOS, completar_personas, dispersion_contraida, dispersion_por_grupo
from analisis.metaanalisis import paule_mandel

CONFIANZA = 0.95
SUAVE = 0.5  # se suma a cada conteo: un cero también tiene logaritmo
TRASLADO_MAXIMO = 1.0  # errores estándar que se puede acercar al país un lugar que se aparta de él
SE_APARTA = 1.645  # errores estándar desde los que se aparta; toda etiqueta los rebasa
MINIMO_DE_LUGARES = 8  # con menos no se sabe cuánto varían los lugares entre sí
COLUMNAS = ("estimado", "estimado_bajo", "estimado_alto", "prob_baja")


def estimar(conteos: np.ndarray, personas: np.ndarray) -> pd.DataFrame:
    """Un renglón por lugar, en el orden recibido; las entradas de ``etiquetas.etiquetar``, con cualquier número par de meses.

    Devuelve ``estimado`` (razón de tasas, después entre antes, acercada a la nacional), ``estimado_bajo`` y
    ``estimado_alto`` (intervalo de 95 %) y ``prob_baja`` (probabilidad de que la tasa haya bajado). NaN si al lugar le
    falta algún mes, y en todos si menos de ocho lugares llegan a 30 eventos. Lanza ``ValueError`` si las dimensiones no
    cuadran.
    """
    conteos, personas = np.asarray(conteos, dtype="float64"), np.asarray(personas, dtype="float64")
    if conteos.ndim != 2 or conteos.shape[1] % 2 or conteos.shape != personas.shape:
        raise ValueError(
            f"se esperan dos arreglos de lugares × meses (pares); llegaron {conteos.shape} y {personas.shape}"
        )
    columnas = {c: np.full(len(conteos), np.nan) for c in COLUMNAS}
    completos = ~np.isnan(conteos).any(axis=1)
    acercado = acercar(conteos[completos], completar_personas(personas[completos]))
    if acercado is not None:
        centro, error = acercado
        ancho = special.ndtri(0.5 + CONFIANZA / 2) * error
        columnas["estimado"][completos] = np.exp(centro)
        columnas["estimado_bajo"][completos] = np.exp(centro - ancho)
        columnas["estimado_alto"][completos] = np.exp(centro + ancho)
        columnas["prob_baja"][completos] = special.ndtr(-centro / error)
    return pd.DataFrame(columnas)


def acercar(conteos: np.ndarray, personas: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """Media y error estándar del cambio de cada lugar (en log), dado lo observado y el reparto nacional.

    ``None`` si hay muy pocos lugares con casos para saber cuánto varían. Sin faltantes en ``conteos`` ni ``personas``.
    """
    informan = conteos.sum(axis=1) >= MINIMO_DE_EVENTOS
    if informan.sum() < MINIMO_DE_LUGARES:
        return None
    observado, varianza, nacional = cambios(conteos, personas)
    de_grupo, contraida = dispersion_por_grupo(conteos, personas), dispersion_contraida(conteos, personas)
    mitad = conteos.shape[1] // 2
    # De muchos casos a ninguno, o al revés: la etiqueta usa la prueba exacta, sin dispersión, y aquí también.
    con_cero = (conteos[:, :mitad].sum(axis=1) == 0) | (conteos[:, mitad:].sum(axis=1) == 0)
    propio = np.sqrt(varianza * np.where(con_cero, 1.0, np.minimum(de_grupo, contraida)))
    varianza = varianza * de_grupo
    # tau² se mide donde hay casos: entre los que casi no tienen, lo que varía es el azar de uno o dos.
    tau2 = paule_mandel(observado[informan], varianza[informan], nacional)
    # Sin diferencia entre lugares queda la incertidumbre del propio cambio nacional.
    tau2 = max(tau2, 1 / (1 / varianza[informan]).sum())
    peso = tau2 / (tau2 + varianza)
    acercado = nacional + peso * (observado - nacional)
    tope = np.where(np.abs(observado - nacional) > SE_APARTA * propio, TRASLADO_MAXIMO * propio, np.inf)
    limitado = np.clip(acercado, observado - tope, observado + tope)
    return limitado, np.sqrt(np.where(limitado == acercado, peso, 1.0) * varianza)


def cambios(conteos: np.ndarray, personas: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Log de la razón de tasas de cada lugar, su varianza de Poisson y el log de la razón nacional."""
    mitad = conteos.shape[1] // 2
    previo, reciente = conteos[:, :mitad].sum(axis=1) + SUAVE, conteos[:, mitad:].sum(axis=1) + SUAVE
    antes, despues = personas[:, :mitad].sum(axis=1), personas[:, mitad:].sum(axis=1)
    nacional = np.log(reciente.sum() / despues.sum()) - np.log(previo.sum() / antes.sum())
    return np.log(reciente / despues) - np.log(previo / antes), 1 / reciente + 1 / previo, float(nacional)
