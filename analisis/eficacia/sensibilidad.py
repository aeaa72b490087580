"""La misma pregunta de otras maneras: si el veredicto depende de una decisión, aquí se ve."""

from __future__ import annotations

import numpy as np
from scipy import special, stats

from analisis.eficacia.acumulado import Acumulado
from analisis.eficacia.clasicas import its, wdd
from analisis.eficacia.comparables import historia
from analisis.eficacia.placebos import ANTES_MINIMO, Contraste, con_su_historia, contrastar
from analisis.eficacia.tipos import INSUFICIENTES, SIN_CAMBIO, Sensibilidad, por_ciento, veredicto_de
from analisis.formatos import con_signo

CONFIANZA = 0.95


def intervalo(c: Contraste, tau2: float, ensanche: float = 1.0) -> tuple[float, float, float]:
    """Error estándar e intervalo de 95 % del efecto (log): e ± t·√(1/base + 1/post + tau² + varianza de la media)."""
    error = ensanche * float(np.sqrt(c.varianza + tau2 + c.var_media))
    ancho = float(special.stdtrit(max(len(c.controles) - 1, 1), 0.5 + CONFIANZA / 2)) * error
    return error, c.efecto - ancho, c.efecto + ancho


def valor_p(c: Contraste, tau2: float, ensanche: float = 1.0) -> float:
    """Parte de los placebos tan extremos como el conjunto, contándolo a él."""
    propia = abs(c.efecto) / (ensanche * np.sqrt(c.varianza + tau2))
    return float((1 + (np.abs(c.z) >= propia).sum()) / (len(c.z) + 1))


def bateria(
    ac: Acumulado,
    tratados: np.ndarray,
    inicio: int,
    posteriores: int,
    fuera: np.ndarray,
    contiguos: np.ndarray,
    principal: Contraste,
    veredicto: str,
    semilla: int,
) -> tuple[Sensibilidad, ...]:
    """Las otras maneras, en orden fijo; cada una con su propio azar, para que quitar una no cambie las demás."""

    def sorteo(numero: int) -> np.random.Generator:
        return np.random.default_rng([semilla, 1000 + numero])

    pruebas = [
        _ancova(ac, tratados, inicio, posteriores, principal, veredicto),
        _base_de_dos_anios(ac, tratados, inicio, posteriores, fuera, sorteo(1), veredicto),
        _serie_interrumpida(ac, tratados, inicio, posteriores, principal, veredicto),
    ]
    for numero, meses in enumerate((12, 24), 2):
        pruebas.append(_fecha_placebo(ac, tratados, inicio, posteriores, fuera, sorteo(numero), meses))
    pruebas.append(_anillo(ac, tratados, contiguos, inicio, posteriores, fuera, principal, sorteo(4)))
    return tuple(pruebas)


def concordancia(pruebas: tuple[Sensibilidad, ...]) -> str:
    """«4 de 5»: cuántas de las que se pudieron calcular concuerdan con el veredicto principal."""
    calculadas = [p for p in pruebas if not p.motivo]
    return f"{sum(p.concuerda for p in calculadas)} de {len(calculadas)}"


def _no_se_pudo(nombre: str, motivo: str) -> Sensibilidad:
    return Sensibilidad(nombre, np.nan, np.nan, np.nan, INSUFICIENTES, concuerda=False, motivo=motivo)


def _desde_log(nombre: str, efecto: float, bajo: float, alto: float, p: float, veredicto: str) -> Sensibilidad:
    propio = veredicto_de(bajo, alto, p, CONFIANZA)
    return Sensibilidad(
        nombre, por_ciento(efecto), por_ciento(bajo), por_ciento(alto), propio, concuerda=propio == veredicto
    )


def _ancova(
    ac: Acumulado, tratados: np.ndarray, inicio: int, posteriores: int, c: Contraste, veredicto: str
) -> Sensibilidad:
    """Lo esperado sale de una regresión en los comparables: posterior según base e historia, en vez de base sola."""
    nombre = "Regresión en los comparables (ANCOVA)"
    previos = historia(inicio) - 12
    if len(c.controles) < 12 or previos < 6:
        return _no_se_pudo(nombre, "hay muy pocos comparables o muy poca historia para una regresión")

    def columnas(base: np.ndarray, antes: np.ndarray) -> np.ndarray:
        return np.column_stack([np.ones(len(base)), np.log(base + 0.5), np.log((antes + 0.5) / previos * posteriores)])

    base, post = ac.suma(inicio - 12, inicio - 12 + posteriores), ac.suma(inicio, inicio + posteriores)
    antes = ac.suma(inicio - 12 - previos, inicio - 12)
    diseno = columnas(base[c.controles], antes[c.controles])
    respuesta = np.log(post[c.controles] + 0.5)
    # Cada comparable pesa según sus casos, como en la varianza de Poisson de un logaritmo.
    raiz = np.sqrt(1 / (1 / (base[c.controles] + 0.5) + 1 / (post[c.controles] + 0.5) + c.tau2))
    coeficientes, *_ = np.linalg.lstsq(diseno * raiz[:, None], respuesta * raiz, rcond=None)
    residuos = (respuesta - diseno @ coeficientes) * raiz
    grados = len(respuesta) - diseno.shape[1]
    # Por municipio y sumado: la curva se ajustó a municipios sueltos, y el acuerdo puede ser de varios.
    esperado = np.exp(columnas(base[tratados], antes[tratados]) @ coeficientes).sum()
    observado = post[tratados].sum() + 0.5
    efecto = float(np.log(observado / esperado))
    sobra = float((residuos**2).sum() / grados)
    error = float(np.sqrt(max(sobra, 1.0) * (1 / observado + 1 / esperado) + c.tau2 * max(sobra, 1.0)))
    ancho = float(special.stdtrit(grados, 0.5 + CONFIANZA / 2)) * error
    p = float(2 * stats.t.sf(abs(efecto) / error, grados))
    return _desde_log(nombre, efecto, efecto - ancho, efecto + ancho, p, veredicto)


def _base_de_dos_anios(
    ac: Acumulado,
    tratados: np.ndarray,
    inicio: int,
    posteriores: int,
    fuera: np.ndarray,
    azar: np.random.Generator,
    veredicto: str,
) -> Sensibilidad:
    """La base es el promedio de los mismos meses de los dos años anteriores."""
    nombre = "Base de 24 meses"
    c = contrastar(ac, tratados, inicio, posteriores, fuera, azar, anios_de_base=2)
    if c is None:
        return _no_se_pudo(nombre, "no hay con quién comparar")
    tau2 = con_su_historia(ac, tratados, inicio, posteriores, fuera, azar, c.tau2)
    _, bajo, alto = intervalo(c, tau2)
    return _desde_log(nombre, c.efecto, bajo, alto, valor_p(c, tau2), veredicto)


def _serie_interrumpida(
    ac: Acumulado, tratados: np.ndarray, inicio: int, posteriores: int, c: Contraste, veredicto: str
) -> Sensibilidad:
    """Salto de nivel en la razón mensual entre el conjunto y la suma de sus comparables."""
    desde = inicio - historia(inicio)
    fin = inicio + posteriores
    propia = ac.conteos[tratados, desde:fin].sum(axis=0)
    otras = ac.conteos[c.controles, desde:fin].sum(axis=0)
    razon = np.log((propia + 0.5) / (otras + 0.5))
    salto = its(razon, inicio - desde)
    p = float(2 * stats.norm.sf(abs(salto.z))) if np.isfinite(salto.z) else 1.0
    return _desde_log(
        "Serie interrumpida de la razón a los comparables", salto.valor, salto.ic_bajo, salto.ic_alto, p, veredicto
    )


def _fecha_placebo(
    ac: Acumulado,
    tratados: np.ndarray,
    inicio: int,
    posteriores: int,
    fuera: np.ndarray,
    azar: np.random.Generator,
    meses: int,
) -> Sensibilidad:
    """El mismo cálculo en una fecha en que no hubo acuerdo: debe decir que no se distingue ningún cambio."""
    nombre = f"Fecha placebo, {meses} meses antes"
    fecha = inicio - meses
    if fecha < ANTES_MINIMO or not ac.completos(fecha - historia(fecha), inicio)[tratados].all():
        return _no_se_pudo(nombre, "no hay 24 meses completos antes de esa fecha")
    c = contrastar(ac, tratados, fecha, min(posteriores, meses), fuera, azar)
    if c is None:
        return _no_se_pudo(nombre, "no hay con quién comparar en esa fecha")
    tau2 = con_su_historia(ac, tratados, fecha, min(posteriores, meses), fuera, azar, c.tau2)
    _, bajo, alto = intervalo(c, tau2)
    return _desde_log(nombre, c.efecto, bajo, alto, valor_p(c, tau2), SIN_CAMBIO)


def _anillo(
    ac: Acumulado,
    tratados: np.ndarray,
    contiguos: np.ndarray,
    inicio: int,
    posteriores: int,
    fuera: np.ndarray,
    principal: Contraste,
    azar: np.random.Generator,
) -> Sensibilidad:
    """Los municipios de junto: si ahí hubo un cambio, el delito pudo desplazarse, o el efecto extenderse.

    Concuerda si en el anillo no se distingue ningún cambio. El ``motivo`` queda vacío y el nombre lleva la WDD.
    """
    nombre = "Municipios contiguos (desplazamiento)"
    utiles = np.array(
        [m for m in contiguos if ac.completos(inicio - historia(inicio), inicio + posteriores)[m]], dtype=int
    )
    if not len(utiles):
        return _no_se_pudo(nombre, "no hay municipios contiguos con datos completos")
    aparte = np.concatenate([fuera, tratados])
    c = contrastar(ac, utiles, inicio, posteriores, aparte, azar)
    if c is None or c.base + c.post < 2 * posteriores:
        return _no_se_pudo(nombre, "los contiguos tienen muy pocas carpetas")
    tau2 = con_su_historia(ac, utiles, inicio, posteriores, aparte, azar, c.tau2)
    _, bajo, alto = intervalo(c, tau2)
    otros = np.exp(principal.media)
    neta = wdd(
        (principal.base, principal.post),
        (principal.base, principal.base * otros),
        (c.base, c.post),
        (c.base, c.base * np.exp(c.media)),
    )
    prueba = _desde_log(nombre, c.efecto, bajo, alto, valor_p(c, tau2), SIN_CAMBIO)
    return Sensibilidad(
        f"{nombre}; con ellos, diferencia neta de {con_signo(neta.valor)} carpetas",
        prueba.efecto_pct,
        prueba.ic_bajo,
        prueba.ic_alto,
        prueba.veredicto,
        prueba.concuerda,
    )
