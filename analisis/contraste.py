"""Contrastar una cifra declarada con las carpetas: cuánto cambió según cada manera de contar, y si la cifra es esa.

Juzga la aritmética de una cifra, nunca a quien la dijo. Dos periodos de un lugar y un delito se comparan por su suma, por
mes, por día o por habitante. La incertidumbre es un intervalo de 95 % de la razón, cuasi-Poisson (METODO §1; McCullagh y
Nelder, 1989, §6.2) con la dispersión de Pearson de los meses de los dos periodos y la t de Student con sus grados de
libertad. La dispersión es la del propio lugar, sin contraer a la de otros, porque aquí se mira uno y no un mapa. Describe: con
series que vagan de un año a otro el intervalo se queda corto.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
from scipy import stats

from analisis.cambio import BASE_MINIMA
from analisis.periodos import MESES_DEL_ANIO, Periodo, doce_meses_a, faltantes

CONFIANZA = 0.95
GRADOS_MINIMOS = 6
POR_HABITANTES = 100_000
PARTE_CERCA = 0.10  # de la cifra declarada
PARTE_DEL_REDONDEO = 0.05  # lo más que se le concede a una cifra redondeada
PORCENTAJE, CARPETAS, MITAD = "pct", "carpetas", "mitad"
BAJA, ALZA = "baja", "alza"
SUMA, POR_MES, POR_DIA, POR_HABITANTE = "suma", "mes", "dia", "tasa"
COINCIDE, CERCA, OTRA, CONTRARIA, SIN_JUICIO = (
    "coincide",
    "cerca",
    "otra magnitud",
    "otra dirección",
    "no se puede decir",
)
_NUMERO = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")


class CifraInvalida(ValueError):
    """Lo escrito no es una cifra que se pueda contrastar; el mensaje dice por qué."""


@dataclass(frozen=True)
class Cifra:
    """Lo declarado: ``valor`` con signo (por ciento o carpetas), su ``unidad`` ('pct', 'carpetas' o 'mitad') y ``holgura``, lo
    que se le concede por estar redondeada."""

    valor: float
    unidad: str
    holgura: float
    decimales: int

    @property
    def cerca(self) -> float:
        """Hasta dónde una cifra distinta está cerca: un décimo de la declarada, o una unidad de lo último que se escribió."""
        return max(PARTE_CERCA * abs(self.valor), 2 * self.holgura)

    @property
    def en_porcentaje(self) -> bool:
        """Si se compara con cambios en por ciento; si no, con diferencias de carpetas."""
        return self.unidad != CARPETAS

    def juzgar(self, hallado: float | None) -> str:
        """'coincide', 'cerca', 'otra magnitud', 'otra dirección' o 'no se puede decir' si no hay con qué."""
        if hallado is None or math.isnan(hallado):
            return SIN_JUICIO
        distancia = abs(hallado - self.valor)
        if distancia <= self.holgura + 1e-9:
            return COINCIDE
        if hallado * self.valor < 0 or hallado == 0:
            return CONTRARIA
        return CERCA if distancia <= self.cerca + 1e-9 else OTRA


def leer_cifra(texto: str, unidad: str, direccion: str) -> Cifra:
    """Lo que escribió la persona, como cifra con signo. Lanza ``CifraInvalida`` con el motivo.

    La holgura sale de cómo se escribió: «40» abarca de 39.5 a 40.5 y «40.5», de 40.45 a 40.55; «12,000» carpetas abarca medio
    millar a cada lado, sin pasar de 5 % de la cifra; «a la mitad» abarca de 45 a 55 %.
    """
    signo = -1 if direccion == BAJA else 1
    if unidad == MITAD:
        if direccion != BAJA:
            raise CifraInvalida("«A la mitad» solo dice una baja: elija «bajó», o escriba la cifra del alza")
        return Cifra(-50.0, MITAD, 5.0, 0)
    limpio = texto.replace("\N{NO-BREAK SPACE}", " ").strip().rstrip("%").strip()
    if not limpio:
        raise CifraInvalida("falta la cifra declarada")
    if not _NUMERO.fullmatch(limpio):
        raise CifraInvalida(
            f"«{texto.strip()[:40]}» no es una cifra: escríbala sin signo, con punto decimal, como 40 o 1,912"
        )
    valor = float(limpio.replace(",", ""))
    decimales = len(limpio.partition(".")[2])
    if valor == 0:
        raise CifraInvalida("la cifra declarada es cero: escriba de cuánto es el cambio que se dijo")
    if unidad == PORCENTAJE:
        if direccion == BAJA and valor > 100:
            raise CifraInvalida("nada puede bajar más de 100\N{NO-BREAK SPACE}%")
        return Cifra(signo * valor, PORCENTAJE, 0.5 * 10.0**-decimales, decimales)
    if decimales:
        raise CifraInvalida("las carpetas se cuentan enteras: escriba la cifra sin decimales")
    entera = str(int(valor))
    redondeo = 10.0 ** (len(entera) - len(entera.rstrip("0")))
    return Cifra(signo * valor, CARPETAS, max(0.5, min(redondeo / 2, PARTE_DEL_REDONDEO * valor)), 0)


@dataclass(frozen=True)
class Comparacion:
    """Dos periodos contados de una manera.

    ``conteo_*``: carpetas (o víctimas) de cada periodo; ``valor_*``: lo mismo en la unidad de ``medida``; ``cambio_pct``,
    ``bajo`` y ``alto`` (intervalo de 95 %) son NaN con menos de 20 en el primer periodo, y los dos últimos también si un
    periodo está en cero o no hay meses con que medir cuánto varían. ``pareja``: si los dos duran lo mismo o la medida lo
    descuenta; si no, la suma no se compara.
    """

    medida: str
    antes: Periodo
    despues: Periodo
    conteo_antes: int
    conteo_despues: int
    valor_antes: float
    valor_despues: float
    cambio_pct: float
    bajo: float
    alto: float
    dispersion: float
    pareja: bool

    @property
    def diferencia(self) -> int:
        """Carpetas de más (o de menos)."""
        return self.conteo_despues - self.conteo_antes

    @property
    def sin_porcentaje(self) -> bool:
        """Si la base es tan chica que solo se dicen los dos conteos."""
        return self.conteo_antes < BASE_MINIMA


def comparar(serie: pd.DataFrame, antes: Periodo, despues: Periodo, medida: str) -> Comparacion:
    """Los dos periodos contados por 'suma', 'mes', 'dia' o 'tasa' (por 100 mil habitantes al año).

    ``serie``: por mes (índice de primeros de mes), ``conteo`` y ``personas`` (habitantes). Lanza ``ValueError`` si falta algún
    mes —lo no publicado no es cero— o, para la tasa, su población; ``KeyError`` si la medida no existe.
    """
    for periodo in (antes, despues):
        if faltantes(periodo, publicados(serie)):
            raise ValueError(f"faltan meses de {periodo.texto()}, y lo no publicado no es cero")
    a, b = (int(_de(serie, p)["conteo"].sum()) for p in (antes, despues))
    expuesto_a, expuesto_b = (_expuesto(serie, p, medida) for p in (antes, despues))
    if math.isnan(expuesto_a + expuesto_b):
        raise ValueError("no hay población publicada de todos los meses")
    dispersion, grados = dispersion_de(serie, antes, despues)
    cambio = bajo = alto = math.nan
    if a >= BASE_MINIMA:
        razon = (b / expuesto_b) / (a / expuesto_a)
        cambio = 100 * (razon - 1)
        if b and grados >= GRADOS_MINIMOS:
            ancho = stats.t.ppf(0.5 + CONFIANZA / 2, grados) * math.sqrt(dispersion * (1 / a + 1 / b))
            bajo, alto = (100 * (razon * math.exp(s * ancho) - 1) for s in (-1, 1))
    pareja = medida != SUMA or antes.largo == despues.largo
    return Comparacion(
        medida, antes, despues, a, b, a / expuesto_a, b / expuesto_b, cambio, bajo, alto, dispersion, pareja
    )


def dispersion_de(serie: pd.DataFrame, antes: Periodo, despues: Periodo) -> tuple[float, int]:
    """Dispersión de Pearson de los meses alrededor del promedio diario de su periodo, nunca menor que 1, y sus grados.

    De un periodo de menos de doce meses se miran los doce que terminan con él, si están publicados: tres meses no dicen cuánto
    varía una serie.
    """
    pearson, grados = 0.0, 0
    for periodo in (antes, despues):
        doce = doce_meses_a(periodo.hasta)
        mirado = doce if periodo.largo < MESES_DEL_ANIO and not faltantes(doce, publicados(serie)) else periodo
        suyos = _de(serie, mirado)
        dias = suyos.index.days_in_month.to_numpy(dtype="float64")
        conteos = suyos["conteo"].to_numpy(dtype="float64")
        esperado = conteos.sum() / dias.sum() * dias
        if esperado.sum() > 0:
            pearson += float(((conteos - esperado) ** 2 / esperado).sum())
        grados += len(conteos) - 1
    return max(pearson / grados, 1.0) if grados else 1.0, grados


def puntos_de_partida(serie: pd.DataFrame, antes: Periodo, despues: Periodo) -> list[Comparacion]:
    """El segundo periodo contra el primero corrido años enteros atrás y adelante: cada año del que se pudo partir.

    Por suma si los dos duran lo mismo, y por día si no. Solo los que están completos y no tocan al segundo, en orden.
    """
    medida = SUMA if antes.largo == despues.largo else POR_DIA
    hallados = []
    primero = min(publicados(serie))
    atras = (antes.desde.year - primero.year + 1) * -MESES_DEL_ANIO
    for meses in range(atras, MESES_DEL_ANIO * 100, MESES_DEL_ANIO):
        corrido = antes.mover(meses)
        if corrido.hasta >= despues.desde:
            break
        if not faltantes(corrido, publicados(serie)):
            hallados.append(comparar(serie, corrido, despues, medida))
    return hallados


def mismos_meses(antes: Periodo, despues: Periodo) -> tuple[Periodo, Periodo] | None:
    """Lo que va del último año del segundo periodo y los mismos meses del año en que empieza el primero.

    ``None`` si el primero no los contiene.
    """
    desde = max(despues.desde, date(despues.hasta.year, 1, 1))
    suyo = Periodo(desde, despues.hasta)
    corrido = suyo.mover(MESES_DEL_ANIO * (antes.desde.year - suyo.desde.year))
    return (corrido, suyo) if antes.desde <= corrido.desde and corrido.hasta <= antes.hasta else None


def sin_porcentajes(comparacion: Comparacion) -> Comparacion:
    """La misma, solo con sus conteos: para lo que no se deja comparar en por ciento."""
    return replace(comparacion, cambio_pct=math.nan, bajo=math.nan, alto=math.nan)


def publicados(serie: pd.DataFrame) -> set[date]:
    """Los meses con cifra."""
    return {f.date() for f in serie.index[serie["conteo"].notna()]}


def _de(serie: pd.DataFrame, periodo: Periodo) -> pd.DataFrame:
    return serie.loc[pd.Timestamp(periodo.desde) : pd.Timestamp(periodo.hasta)]


def _expuesto(serie: pd.DataFrame, periodo: Periodo, medida: str) -> float:
    """Entre qué se divide la suma: uno, meses, días o cientos de miles de personas-año."""
    if medida == POR_HABITANTE:
        personas = _de(serie, periodo)["personas"].to_numpy(dtype="float64")
        return float(np.sum(personas)) / MESES_DEL_ANIO / POR_HABITANTES
    return float({SUMA: 1, POR_MES: periodo.largo, POR_DIA: periodo.dias}[medida])
