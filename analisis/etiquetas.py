"""Etiqueta de tendencia: los últimos 12 meses contra los 12 anteriores, para todos los lugares a la vez.

Describe; no atribuye causas. El método: razón de tasas sobre personas-mes, error estándar cuasi-Poisson con la dispersión
contraída hacia la de su grupo de tamaño, y Benjamini–Hochberg (q = 0.10) entre los lugares con al menos 30 carpetas en los
24 meses (Benjamini y Hochberg, 1995; McCullagh y Nelder, 1989, §6.2 para la cuasi-verosimilitud).
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pandas as pd

MESES = 24
MITAD = 12
MINIMO_DE_EVENTOS = 30
TASA_DE_FALSOS = 0.10
CONFIANZA = 0.95
GRADOS_POR_LUGAR = MESES - 2
GRUPOS_DE_TAMANO = 10
# Peso del grupo al contraer, en grados de libertad: el grupo cuenta como otro lugar entero.
GRADOS_DEL_GRUPO = GRADOS_POR_LUGAR

A_LA_BAJA, AL_ALZA = "a la baja", "al alza"
SIN_CAMBIO, INSUFICIENTES = "sin cambio distinguible", "datos insuficientes"


def etiquetar(conteos: np.ndarray, personas: np.ndarray) -> pd.DataFrame:
    """Un renglón por lugar, en el orden recibido.

    ``conteos``: lugares × 24 meses (carpetas; NaN = no reportado), del más antiguo al más reciente. ``personas``: mismas
    dimensiones (habitantes); un lugar sin población en algún mes se compara por conteos, con todos los meses iguales.

    Devuelve conteo y conteo_previo (NaN si falta algún mes de su mitad), razon (tasa reciente entre previa) con ic_bajo e
    ic_alto (95 %), dispersion (contraída), valor_p, valor_q (entre elegibles), racha (meses seguidos por debajo
    —negativa— o por encima del mismo mes del año anterior), etiqueta y motivo.

    Lanza ``ValueError`` si las dimensiones no son las esperadas.
    """
    conteos, personas = np.asarray(conteos, dtype="float64"), np.asarray(personas, dtype="float64")
    if conteos.ndim != 2 or conteos.shape[1] != MESES or conteos.shape != personas.shape:
        raise ValueError(f"se esperan dos arreglos de lugares × {MESES}; llegaron {conteos.shape} y {personas.shape}")
    personas = completar_personas(personas)
    previo, reciente = conteos[:, :MITAD].sum(axis=1), conteos[:, MITAD:].sum(axis=1)
    completos = ~np.isnan(conteos).any(axis=1)
    eventos = previo + reciente
    elegibles = completos & (eventos >= MINIMO_DE_EVENTOS) & (previo > 0) & (reciente > 0)
    suficientes = completos & (eventos >= MINIMO_DE_EVENTOS)
    con_cero = suficientes & ~elegibles

    razon, error, dispersion = (np.full(len(conteos), np.nan) for _ in range(3))
    calculables = completos & (previo > 0) & (reciente > 0)
    if calculables.any():
        c, p = conteos[calculables], personas[calculables]
        log_razon, varianza, _ = _ajustar(c, p)
        dispersion[calculables] = dispersion_contraida(c, p)
        razon[calculables] = np.exp(log_razon)
        error[calculables] = np.sqrt(varianza * dispersion[calculables])

    with np.errstate(invalid="ignore", divide="ignore"):
        z = np.log(razon) / error
        valor_p = _dos_colas(z)
        ancho = NormalDist().inv_cdf(0.5 + CONFIANZA / 2) * error
        ic_bajo, ic_alto = razon * np.exp(-ancho), razon * np.exp(ancho)
    if con_cero.any():
        valor_p[con_cero] = _prueba_con_cero(previo[con_cero], reciente[con_cero], personas[con_cero])
    valor_q = np.full(len(conteos), np.nan)
    if suficientes.any():
        valor_q[suficientes] = valores_q(valor_p[suficientes])

    etiqueta = np.full(len(conteos), INSUFICIENTES, dtype=object)
    etiqueta[suficientes] = SIN_CAMBIO
    distinguible = suficientes & (valor_q <= TASA_DE_FALSOS)
    baja = reciente * personas[:, :MITAD].sum(axis=1) < previo * personas[:, MITAD:].sum(axis=1)
    etiqueta[distinguible & baja] = A_LA_BAJA
    etiqueta[distinguible & ~baja] = AL_ALZA
    return pd.DataFrame(
        {
            "conteo": reciente,
            "conteo_previo": previo,
            "razon": razon,
            "ic_bajo": ic_bajo,
            "ic_alto": ic_alto,
            "dispersion": dispersion,
            "valor_p": valor_p,
            "valor_q": valor_q,
            "racha": _rachas(conteos),
            "etiqueta": etiqueta,
            "motivo": _motivos(conteos, completos, eventos),
        }
    )


def _dos_colas(z: np.ndarray) -> np.ndarray:
    """Probabilidad normal de un valor al menos tan extremo; NaN donde no hay valor."""
    # De la biblioteca estándar: abrir SciPy cuesta más que calcular esto para todo el país.
    return np.array([math.erfc(abs(valor) / math.sqrt(2)) for valor in z.tolist()])


def valores_q(valores_p: np.ndarray) -> np.ndarray:
    """Valores p ajustados por Benjamini–Hochberg, en el orden recibido."""
    orden = np.argsort(valores_p)[::-1]
    ajustados = valores_p[orden] * len(valores_p) / np.arange(len(valores_p), 0, -1)
    salida = np.empty_like(valores_p)
    salida[orden] = np.minimum(1.0, np.minimum.accumulate(ajustados))
    return salida


def _ajustar(conteos: np.ndarray, personas: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Log de la razón, varianza Poisson y dispersión de Pearson del modelo con dos medias (antes y después).

    Donde una mitad no tuvo ningún caso el log y la varianza son infinitos, y esa mitad no suma dispersión.
    """
    meses = conteos.shape[1]
    mitad = meses // 2
    mitades = [(conteos[:, :mitad], personas[:, :mitad]), (conteos[:, mitad:], personas[:, mitad:])]
    tasas = [c.sum(axis=1) / p.sum(axis=1) for c, p in mitades]
    pearson = np.zeros(len(conteos))
    for (c, p), tasa in zip(mitades, tasas, strict=True):
        esperado = tasa[:, None] * p
        pearson += np.divide((c - esperado) ** 2, esperado, out=np.zeros_like(esperado), where=esperado > 0).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        varianza = 1 / conteos[:, :mitad].sum(axis=1) + 1 / conteos[:, mitad:].sum(axis=1)
        return np.log(tasas[1] / tasas[0]), varianza, pearson / (meses - 2)


def completar_personas(personas: np.ndarray) -> np.ndarray:
    """Los mismos habitantes, con unos donde falta algún mes del lugar: ahí se comparan conteos y todos los meses pesan igual."""
    faltan = np.isnan(personas).any(axis=1)
    return np.where(faltan[:, None], 1.0, personas) if faltan.any() else personas


def dispersion_por_grupo(conteos: np.ndarray, personas: np.ndarray) -> np.ndarray:
    """Dispersión de Pearson media del grupo de tamaño de cada lugar (deciles de eventos); nunca menor que 1.

    ``conteos`` y ``personas``: lugares × meses (par), sin faltantes. Se mide en los lugares con 30 eventos o más; a los
    demás les toca la del grupo más chico de ellos, y 1 (Poisson) si ninguno llega.
    """
    _, _, propia = _ajustar(conteos, personas)
    eventos = conteos.sum(axis=1)
    mide = eventos >= MINIMO_DE_EVENTOS
    salida = np.ones(len(eventos))
    if mide.any():
        grupo = _grupos(eventos[mide])
        medias = np.maximum(np.bincount(grupo, weights=propia[mide]) / np.bincount(grupo), 1.0)
        salida[:] = medias[0]
        salida[mide] = medias[grupo]
    return salida


def dispersion_contraida(conteos: np.ndarray, personas: np.ndarray) -> np.ndarray:
    """Dispersión de cada lugar a medio camino entre la suya y la de su grupo de tamaño; nunca menor que 1."""
    _, _, propia = _ajustar(conteos, personas)
    de_grupo = dispersion_por_grupo(conteos, personas)
    mezcla = (GRADOS_POR_LUGAR * propia + GRADOS_DEL_GRUPO * de_grupo) / (GRADOS_POR_LUGAR + GRADOS_DEL_GRUPO)
    return np.maximum(mezcla, 1.0)


def _grupos(eventos: np.ndarray) -> np.ndarray:
    """Decil de tamaño de cada lugar, numerado desde 0 y sin saltos; los empates caen juntos, en el orden que vengan."""
    cortes = np.quantile(eventos, np.arange(1, GRUPOS_DE_TAMANO) / GRUPOS_DE_TAMANO)
    _, grupo = np.unique(np.searchsorted(cortes, eventos, side="right"), return_inverse=True)
    return grupo


def _prueba_con_cero(previo: np.ndarray, reciente: np.ndarray, personas: np.ndarray) -> np.ndarray:
    """Valor p binomial exacto, dos colas, cuando una de las mitades no tuvo ningún caso."""
    antes, despues = personas[:, :MITAD].sum(axis=1), personas[:, MITAD:].sum(axis=1)
    proporcion = despues / (antes + despues)
    total = previo + reciente
    cola = np.where(reciente == 0, (1 - proporcion) ** total, proporcion**total)
    return np.minimum(1.0, 2 * cola)


def _rachas(conteos: np.ndarray) -> np.ndarray:
    """Meses seguidos, contando desde el último, por debajo (negativo) o por encima del mismo mes un año antes."""
    signo = np.sign(conteos[:, MITAD:] - conteos[:, :MITAD])
    signo = np.where(np.isnan(signo), 0, signo)
    ultimo = signo[:, -1]
    iguales = (signo == ultimo[:, None])[:, ::-1]
    largo = np.where(iguales.all(axis=1), MITAD, np.argmin(iguales, axis=1))
    return (largo * ultimo).astype(int)


def _motivos(conteos: np.ndarray, completos: np.ndarray, eventos: np.ndarray) -> np.ndarray:
    motivos = np.full(len(conteos), "", dtype=object)
    # Son miles de lugares y unas decenas de textos distintos: se escriben una vez cada uno.
    por_faltantes = np.array([f"faltan {n} de {MESES} meses" for n in range(MESES + 1)], dtype=object)
    motivos[~completos] = por_faltantes[np.isnan(conteos[~completos]).sum(axis=1)]
    pocos = completos & (eventos < MINIMO_DE_EVENTOS)
    necesita = f"carpetas en {MESES} meses; se necesitan {MINIMO_DE_EVENTOS}"
    por_eventos = np.array([f"{n} {necesita}" for n in range(MINIMO_DE_EVENTOS)], dtype=object)
    motivos[pocos] = por_eventos[eventos[pocos].astype(int)]
    return motivos
