"""Cuánto se equivocan las etiquetas en el país simulado: 2,478 municipios, con caídas conocidas y sin ellas (METODO §1)."""

import numpy as np
import pytest

from analisis.etiquetas import A_LA_BAJA, AL_ALZA, MINIMO_DE_EVENTOS, TASA_DE_FALSOS, etiquetar

MUNICIPIOS = 2478
CORRIDAS = 60


def pais(azar, *, vagan: bool, caida: float = 0.0, parte: float = 0.0):
    """Conteos 2,478 × 24 con niveles como los reales, y qué municipios cambiaron de veras.

    Si ``vagan``, cada serie sigue además un paseo propio que nadie llamaría cambio: eso no es independencia.
    """
    nivel = np.exp(azar.normal(-0.5, 1.7, MUNICIPIOS))
    cambiaron = azar.random(MUNICIPIOS) < parte
    media = np.repeat(nivel[:, None], 24, axis=1)
    if vagan:
        paseo = np.zeros(MUNICIPIOS)
        for mes in range(24):
            paseo = 0.97 * paseo + 0.09 * azar.standard_normal(MUNICIPIOS)
            media[:, mes] *= np.exp(paseo)
    media[cambiaron, 12:] *= 1 - caida
    forma = media / 0.3  # varianza 1.3 veces la media
    return azar.poisson(azar.gamma(forma, 0.3)).astype(float), cambiaron


def reglas(conteos):
    """Qué municipios llama distintos nuestra etiqueta y cuáles la regla ingenua de «más de 5 % menos»."""
    etiquetas = etiquetar(conteos, np.full_like(conteos, 1e5))["etiqueta"]
    previo, reciente = conteos[:, :12].sum(axis=1), conteos[:, 12:].sum(axis=1)
    ingenua = (previo > 0) & (reciente < 0.95 * previo)
    return etiquetas.isin([A_LA_BAJA, AL_ALZA]).to_numpy(), (etiquetas == A_LA_BAJA).to_numpy(), ingenua


def falsas(*, vagan, caida=0.3, parte=0.10):
    """Parte de las etiquetas, y de las bajas ingenuas, que caen en municipios donde nada cambió."""
    nuestras, ingenuas = [], []
    for corrida in range(CORRIDAS):
        conteos, cambiaron = pais(np.random.default_rng(100 + corrida), vagan=vagan, caida=caida, parte=parte)
        distintas, _, ingenua = reglas(conteos)
        nuestras.append((distintas & ~cambiaron).sum() / max(distintas.sum(), 1))
        ingenuas.append((ingenua & ~cambiaron).sum() / max(ingenua.sum(), 1))
    return np.mean(nuestras), np.mean(ingenuas)


def test_con_meses_independientes_las_etiquetas_falsas_no_pasan_de_lo_nominal():
    nuestras, ingenuas = falsas(vagan=False)
    print(f"\nmeses independientes: etiquetas falsas {nuestras:.1%}; regla «más de 5 % menos» {ingenuas:.1%}")
    assert nuestras <= TASA_DE_FALSOS
    assert ingenuas > 0.6


def test_cuando_las_series_vagan_se_dice_cuanto_se_equivocan():
    nuestras, ingenuas = falsas(vagan=True)
    print(f"\nseries que vagan: etiquetas falsas {nuestras:.1%}; regla «más de 5 % menos» {ingenuas:.1%}")
    assert nuestras < ingenuas


def test_sin_ningun_cambio_casi_nadie_lleva_etiqueta():
    marcados = [reglas(pais(np.random.default_rng(s), vagan=False)[0]) for s in range(CORRIDAS)]
    nuestras = np.mean([distintas.mean() for distintas, _, _ in marcados])
    ingenuas = np.mean([ingenua.mean() for _, _, ingenua in marcados])
    print(f"\nsin cambio: etiquetados {nuestras:.2%}; regla «más de 5 % menos» {ingenuas:.1%}")
    assert nuestras < 0.005
    assert ingenuas > 0.2


@pytest.mark.parametrize(("caida", "minima"), [(0.3, 0.10), (0.5, 0.75)])
def test_las_caidas_grandes_se_ven_donde_hay_casos(caida, minima):
    vistas, todas = 0, 0
    for semilla in range(10):
        conteos, cambiaron = pais(np.random.default_rng(semilla), vagan=False, caida=caida, parte=0.1)
        grandes = cambiaron & (conteos.sum(axis=1) >= 8 * MINIMO_DE_EVENTOS)
        vistas += reglas(conteos)[1][grandes].sum()
        todas += grandes.sum()
    print(f"\ncaída de {caida:.0%} con 240 carpetas o más: se ve {vistas / todas:.0%} de las veces")
    assert vistas / todas >= minima
