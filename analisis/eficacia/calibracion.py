"""Cuánto se equivoca el método con los datos de una instalación: el mismo cálculo en fechas y municipios al azar.

Nadie acordó nada ahí, de modo que todo cambio que se declare es falso. Las mismas fechas se juzgan con las reglas ingenuas, y
en una parte se siembra una caída para saber cuántas se ven.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

import numpy as np

from analisis.eficacia.acumulado import Acumulado
from analisis.eficacia.clasicas import its
from analisis.eficacia.evaluar import evaluar
from analisis.eficacia.tipos import ALZA, BAJA, INSUFICIENTES, Evaluacion

CONJUNTOS = (1, 4, 10)
CLASES = ((0.8, 4.0), (4.0, 15.0), (15.0, float("inf")))  # carpetas al mes de cada municipio
INTENTOS = 100  # por tamaño de conjunto y clase
NOMINAL, TOLERADO = 0.05, 0.075
CAIDA = -0.30
HISTORIA, MINIMO_ANTES, DESPUES = 36, 60, 12
CADA_CUANTOS_SE_SIEMBRA = 3
SUFICIENTES = 60  # evaluaciones de un tamaño de conjunto para decir qué tanto se equivoca
HOLGURA = 20  # municipios de la clase que debe haber además de los del conjunto


@dataclass(frozen=True)
class Celda:
    """Lo que salió con un tamaño de conjunto y una clase de municipio, en número de evaluaciones.

    ``falsas`` declararon un cambio donde no hubo nada; ``cubren``, su intervalo de 95 % contiene el cero; ``mde_pct`` es la
    mediana del cambio más chico detectable, en por ciento; ``vistas`` de ``sembradas``, caídas de 30 % que se vieron. De las
    mismas evaluaciones, ``ingenua_diez`` habría dicho que «bajó 10 % o más», ``ingenua_poisson`` que el antes y el después son
    distintos, ``ingenua_dd`` lo mismo contra la suma de los comparables, e ``ingenua_its`` con una serie interrumpida, todas al
    5 % nominal. ``ensanche`` es el factor de su tamaño de conjunto y ``falsas_ensanchadas``, las que quedan con él.
    """

    promedio_desde: float
    promedio_hasta: float
    municipios: int
    evaluadas: int
    falsas: int
    falsas_ensanchadas: int
    cubren: int
    mde_pct: float
    sembradas: int
    vistas: int
    ingenua_diez: int
    ingenua_poisson: int
    ingenua_dd: int
    ingenua_its: int
    ensanche: float


def calibrar(
    conteos: np.ndarray, *, mes_inicial: date, semilla: int, intentos: int = INTENTOS, hasta_mes: int | None = None
) -> list[dict[str, float]]:
    """Una celda (como diccionario de ``Celda``) por tamaño de conjunto y clase en que hubo municipios suficientes.

    ``conteos``: municipios × meses cerrados (NaN = no reportado). Las fechas se toman con cinco años antes, o con tres si la
    serie no da para más, y uno después; ``hasta_mes`` limita el mes posterior más lejano (posición, sin incluirlo).
    Determinista: la misma ``semilla`` da lo mismo. Vacía si la serie es demasiado corta.
    """
    conteos = np.asarray(conteos, dtype="float64")
    ac = Acumulado(conteos)
    fin = min(ac.meses, hasta_mes or ac.meses)
    primero = MINIMO_ANTES if fin - DESPUES > MINIMO_ANTES + 12 else HISTORIA
    ultimo = fin - DESPUES
    if ultimo < primero:
        return []
    celdas: list[Celda] = []
    for cuantos in CONJUNTOS:
        del_conjunto: list[tuple[tuple[float, float], _Corrida]] = []
        for numero, clase in enumerate(CLASES):
            azar = np.random.default_rng([semilla, cuantos, numero])
            corrida = _correr(ac, clase, cuantos, (primero, ultimo), mes_inicial, azar, intentos)
            if corrida.nulas:
                del_conjunto.append((clase, corrida))
        ensanche = factor_de_ensanche([e for _, c in del_conjunto for e in c.nulas])
        celdas += [_resumir(clase, cuantos, corrida, ensanche) for clase, corrida in del_conjunto]
    return [asdict(c) for c in celdas]


def factor_de_ensanche(nulas: list[Evaluacion]) -> float:
    """Por cuánto multiplicar el error para que, de estas evaluaciones sin nada, se declare a lo más 5 %; 1 si no hace falta.

    Solo se ensancha si la parte de falsas pasa de 7.5 %: por debajo, el azar del propio ensayo explica la diferencia. Con menos
    de ``SUFICIENTES`` evaluaciones no se sabe, y tampoco.
    """
    if len(nulas) < SUFICIENTES:
        return 1.0
    declaradas = sorted((_cuanto_le_sobra(e) for e in nulas if declara(e)), reverse=True)
    permitidas = int(NOMINAL * len(nulas))
    if len(declaradas) <= TOLERADO * len(nulas):
        return 1.0
    return float(np.ceil(100 * declaradas[permitidas]) / 100)


def declara(evaluacion: Evaluacion) -> bool:
    """Si dice que hubo un cambio, en cualquier sentido."""
    return evaluacion.veredicto in (BAJA, ALZA)


def tamano_de_conjunto(cuantos: int) -> int:
    """Con cuál de los tamaños ensayados se parece un conjunto de ``cuantos`` municipios."""
    return min(CONJUNTOS, key=lambda c: abs(np.log(c) - np.log(max(cuantos, 1))))


@dataclass
class _Corrida:
    nulas: list[Evaluacion]
    sembradas: list[Evaluacion]
    ingenuas: np.ndarray


def _correr(
    ac: Acumulado,
    clase: tuple[float, float],
    cuantos: int,
    fechas: tuple[int, int],
    mes_inicial: date,
    azar: np.random.Generator,
    intentos: int,
) -> _Corrida:
    corrida = _Corrida([], [], np.zeros(4, dtype=int))
    for numero in range(intentos):
        inicio = int(azar.integers(fechas[0], fechas[1] + 1))
        semilla = int(azar.integers(2**31))
        medias = ac.suma(inicio - HISTORIA, inicio) / HISTORIA
        completos = ac.completos(inicio - HISTORIA, inicio + DESPUES)
        posibles = np.flatnonzero((medias > clase[0]) & (medias <= clase[1]) & completos)
        if len(posibles) < cuantos + HOLGURA:
            continue
        elegidos = azar.choice(posibles, cuantos, replace=False)
        hasta = inicio + DESPUES
        nula = _evaluar(ac.conteos[:, :hasta], elegidos, inicio, mes_inicial, semilla)
        if nula.veredicto == INSUFICIENTES:
            continue
        corrida.nulas.append(nula)
        corrida.ingenuas += _ingenuas(ac, elegidos, inicio, nula)
        if numero % CADA_CUANTOS_SE_SIEMBRA == 0:
            sembrados = ac.conteos[:, :hasta].copy()
            propios = sembrados[elegidos, inicio:].astype(int)
            sembrados[elegidos, inicio:] = azar.binomial(propios, 1 + CAIDA)
            corrida.sembradas.append(_evaluar(sembrados, elegidos, inicio, mes_inicial, semilla))
    return corrida


def _evaluar(conteos: np.ndarray, elegidos: np.ndarray, inicio: int, mes_inicial: date, semilla: int) -> Evaluacion:
    total = mes_inicial.year * 12 + mes_inicial.month - 1 + inicio
    fecha = date(total // 12, total % 12 + 1, 1)
    return evaluar(conteos, elegidos, fecha, mes_inicial=mes_inicial, semilla=semilla, con_sensibilidad=False)


def _ingenuas(ac: Acumulado, elegidos: np.ndarray, inicio: int, e: Evaluacion) -> np.ndarray:
    """Qué habría dicho cada regla ingenua, en el orden de los campos de ``Celda``."""
    base, post = e.base, e.obs_post
    otros = ac.suma(inicio - 12, inicio)[e.controles].sum(), ac.suma(inicio, inicio + DESPUES)[e.controles].sum()
    cambio = np.log((post + 0.5) / (base + 0.5)) - np.log((otros[1] + 0.5) / (otros[0] + 0.5))
    varianza = sum(1 / (n + 0.5) for n in (base, post, *otros))
    serie = np.log(ac.conteos[elegidos, inicio - HISTORIA : inicio + DESPUES].sum(axis=0) + 0.5)
    salto = its(serie, HISTORIA)
    return np.array(
        [
            post <= 0.9 * base,
            abs(post - base) > 1.96 * np.sqrt(max(base + post, 1)),
            abs(cambio) > 1.96 * np.sqrt(varianza),
            salto.ic_alto < 0 or salto.ic_bajo > 0,
        ]
    ).astype(int)


def _cuanto_le_sobra(e: Evaluacion) -> float:
    """Cuántas veces cabe la mitad del intervalo en el efecto: con ese ensanche el intervalo toca el cero."""
    mitad = np.log1p(e.ic_alto / 100) - e.efecto_log
    return float(abs(e.efecto_log) / mitad)


def _resumir(clase: tuple[float, float], cuantos: int, corrida: _Corrida, ensanche: float) -> Celda:
    nulas = corrida.nulas
    falsas = [e for e in nulas if declara(e)]
    diez, poisson, dd, its_ = (int(n) for n in corrida.ingenuas)
    return Celda(
        promedio_desde=clase[0],
        promedio_hasta=clase[1],
        municipios=cuantos,
        evaluadas=len(nulas),
        falsas=len(falsas),
        falsas_ensanchadas=sum(_cuanto_le_sobra(e) > ensanche for e in falsas),
        cubren=sum(e.ic_bajo <= 0 <= e.ic_alto for e in nulas),
        mde_pct=float(np.median([e.mde_pct for e in nulas])),
        sembradas=len(corrida.sembradas),
        vistas=sum(e.veredicto == BAJA for e in corrida.sembradas),
        ingenua_diez=diez,
        ingenua_poisson=poisson,
        ingenua_dd=dd,
        ingenua_its=its_,
        ensanche=ensanche,
    )
