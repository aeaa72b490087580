"""Cada manera de contar lo declarado con lo publicado, cuál da la cifra, y lo que esa manera deja fuera."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pandas as pd

from analisis import formatos
from analisis.contraste import (
    POR_DIA,
    POR_HABITANTE,
    POR_MES,
    SIN_JUICIO,
    SUMA,
    Cifra,
    Comparacion,
    comparar,
    mismos_meses,
    publicados,
    puntos_de_partida,
)
from analisis.periodos import MESES_DEL_ANIO, Periodo, anio, doce_meses_a, faltantes
from datos.consultas import revisiones
from datos.consultas.claves import claves
from datos.consultas.fichas import victimas
from datos.tablero import recordar
from informes.contraste.declaracion import Declaracion, exigir, serie_de

CARPETAS, VICTIMAS = "carpetas", "víctimas"
NOMBRE_DE_MEDIDA = {
    SUMA: "",
    POR_MES: " por mes",
    POR_DIA: " por día",
    POR_HABITANTE: " por 100 mil hab.",
}


@dataclass(frozen=True)
class Manera:
    """Una manera de contar: su nombre, qué se cuenta, la comparación y qué se dice de la cifra con ella."""

    nombre: str
    unidad: str
    comparacion: Comparacion
    juicio: str

    @property
    def vale(self) -> bool:
        """Si se puede defender: los dos periodos duran lo mismo o la medida lo descuenta."""
        return self.comparacion.pareja

    def hallado(self, en_porcentaje: bool) -> float:
        """El cambio en la unidad de la cifra declarada; NaN si esta manera no lo da en esa unidad."""
        if en_porcentaje:
            return self.comparacion.cambio_pct
        return float(self.comparacion.diferencia) if self.comparacion.medida == SUMA else float("nan")


@dataclass(frozen=True)
class Revision:
    """Lo que se movieron los meses declarados entre dos cortes."""

    anterior: date
    nuevo: date
    periodo: Periodo
    antes: int
    despues: int


@dataclass(frozen=True)
class Contraste:
    """Lo declarado y todo lo que se halló. ``sin_contar``: las maneras que no se pudieron, con su motivo."""

    declaracion: Declaracion
    cifra: Cifra | None
    maneras: tuple[Manera, ...]
    partidas: tuple[Comparacion, ...]
    revisiones: tuple[Revision, ...]
    sin_contar: tuple[str, ...]
    provisionales: int
    metodologias: tuple[str, ...]

    @property
    def en_porcentaje(self) -> bool:
        """Si la cifra (o su falta) se compara en por ciento."""
        return self.cifra is None or self.cifra.en_porcentaje

    @property
    def juzgables(self) -> list[Manera]:
        """Las que dan un cambio en la unidad de la cifra. Ninguna si la base es tan chica que no cabe un porcentaje."""
        if self.en_porcentaje and self.maneras[0].comparacion.sin_porcentaje:
            return []
        return [m for m in self.maneras if not math.isnan(m.hallado(self.en_porcentaje))]

    @property
    def ambitos(self) -> list[str]:
        """Los archivos de que salen las cifras."""
        de_victimas = ["victimas_estatal"] if any(m.unidad == VICTIMAS for m in self.maneras) else []
        return [self.declaracion.ambito, *de_victimas]

    @property
    def desde(self) -> date:
        """El primer mes que se mira."""
        return min(m.comparacion.antes.desde for m in self.maneras)

    @property
    def hasta(self) -> date:
        """El último mes que se mira."""
        return max(m.comparacion.despues.hasta for m in self.maneras)


@recordar(maximo=128)
def contrastar(declaracion: Declaracion) -> Contraste:
    """La declaración contrastada con lo publicado. Lanza ``NoSeContrasta`` con todos los problemas."""
    serie = serie_de(declaracion)
    cifra = exigir(declaracion, serie)
    de_victimas = _victimas(declaracion)
    maneras, sin_contar, vistas = [], [], set()
    for nombre, unidad, antes, despues, medida in _pedidas(declaracion, serie):
        suya = serie if unidad == CARPETAS else de_victimas
        if (unidad, antes, despues, medida) in vistas:
            continue
        vistas.add((unidad, antes, despues, medida))
        motivo = _motivo(suya, unidad, antes, despues, declaracion)
        if motivo:
            sin_contar.append(f"{nombre}: {motivo}")
            continue
        try:
            hallada = comparar(suya, antes, despues, medida)
        except ValueError as causa:
            sin_contar.append(f"{nombre}: {causa}")
            continue
        maneras.append(_juzgada(nombre, unidad, hallada, cifra))
    mirados = serie.loc[
        [pd.Timestamp(m) for m in {*declaracion.antes.meses, *declaracion.despues.meses}]  # los dos están completos
    ]
    return Contraste(
        declaracion,
        cifra,
        tuple(maneras),
        tuple(puntos_de_partida(_de_una_metodologia(serie, declaracion), declaracion.antes, declaracion.despues)),
        tuple(_revisiones(declaracion)),
        tuple(sin_contar),
        int(mirados["provisional"].sum()),
        tuple(sorted(set(mirados["metodologia"]))),
    )


def _juzgada(nombre: str, unidad: str, hallada: Comparacion, cifra: Cifra | None) -> Manera:
    manera = Manera(nombre, unidad, hallada, SIN_JUICIO)
    if cifra is None:
        return manera
    return Manera(nombre, unidad, hallada, cifra.juzgar(manera.hallado(cifra.en_porcentaje)))


def _pedidas(d: Declaracion, serie: pd.DataFrame) -> Iterator[tuple[str, str, Periodo, Periodo, str]]:
    """Nombre, qué se cuenta, los dos periodos y la medida de cada manera defendible, en el orden en que se leen."""
    pares = {"": (d.antes, d.despues)}
    suma = SUMA
    yield _nombre(CARPETAS, d.antes, d.despues, suma), CARPETAS, d.antes, d.despues, suma
    if d.antes.largo != d.despues.largo:
        yield _nombre(CARPETAS, d.antes, d.despues, POR_MES), CARPETAS, d.antes, d.despues, POR_MES
    for medida in (POR_DIA, POR_HABITANTE):
        yield _nombre(CARPETAS, d.antes, d.despues, medida), CARPETAS, d.antes, d.despues, medida
    doce = _doce(d)
    if doce is not None:
        pares["doce"] = doce
    enteros = _anios(d, serie)
    if enteros is not None:
        pares["años"] = enteros
    mismos = mismos_meses(d.antes, d.despues)
    if mismos is not None:
        pares["mismos"] = mismos
    for cual, (antes, despues) in pares.items():
        if cual:
            yield _nombre(CARPETAS, antes, despues, SUMA), CARPETAS, antes, despues, SUMA
        if cual == "años":
            yield _nombre(CARPETAS, antes, despues, POR_HABITANTE), CARPETAS, antes, despues, POR_HABITANTE
    for antes, despues in [pares[""], *([enteros] if enteros else [])]:
        medida = SUMA if antes.largo == despues.largo else POR_DIA
        yield _nombre(VICTIMAS, antes, despues, medida), VICTIMAS, antes, despues, medida


def _nombre(unidad: str, antes: Periodo, despues: Periodo, medida: str) -> str:
    """«Carpetas por día: 2018 y 2023»."""
    return f"{unidad.capitalize()}{NOMBRE_DE_MEDIDA[medida]}: {antes.corto()} y {despues.corto()}"


def _doce(d: Declaracion) -> tuple[Periodo, Periodo] | None:
    """Los doce meses que terminan con el segundo periodo contra los doce del primero; ``None`` si se enciman."""
    if d.antes.largo < MESES_DEL_ANIO:
        primero = doce_meses_a(d.antes.hasta)
    else:
        primero = Periodo(d.antes.desde, d.antes.mover(MESES_DEL_ANIO - d.antes.largo).hasta)
    ultimo = doce_meses_a(d.despues.hasta)
    return (primero, ultimo) if primero.hasta < ultimo.desde else None


def _anios(d: Declaracion, serie: pd.DataFrame) -> tuple[Periodo, Periodo] | None:
    """De un «desde AAAA»: ese año contra el último año completo publicado que no pase del segundo periodo."""
    if not d.desde_un_anio:
        return None
    hay = publicados(serie)
    for cual in range(d.despues.hasta.year, d.antes.hasta.year, -1):
        ultimo = anio(cual)
        if ultimo.hasta <= d.despues.hasta and not faltantes(ultimo, hay):
            return anio(d.antes.desde.year), ultimo
    return None


def _motivo(serie: pd.DataFrame, unidad: str, antes: Periodo, despues: Periodo, d: Declaracion) -> str:
    """Por qué no se puede contar así; vacío si se puede."""
    if serie.empty:
        return "la fuente solo las publica por estado" if d.nivel == "municipal" else "no se publican de este delito"
    faltan = faltantes(antes, publicados(serie)) + faltantes(despues, publicados(serie))
    if not faltan:
        return ""
    return f"{'falta' if len(faltan) == 1 else 'faltan'} {formatos.contar(len(faltan), 'mes', 'meses')} por publicar"


def _victimas(d: Declaracion) -> pd.DataFrame:
    """Víctimas por mes, con las columnas de ``serie_de`` que hacen falta; vacía si no se publican."""
    por_grupo = victimas(d.lugar, d.delito)
    por_mes = por_grupo.groupby("fecha")["conteo"].sum()
    return pd.DataFrame({"conteo": por_mes, "personas": float("nan")})


def _de_una_metodologia(serie: pd.DataFrame, d: Declaracion) -> pd.DataFrame:
    """La serie con que se puede comparar el segundo periodo: entera, o solo su metodología si el delito no tiene puente."""
    if claves()[d.delito].comparable_2026:
        return serie
    suya = serie.loc[pd.Timestamp(d.despues.hasta), "metodologia"]
    return serie[serie["metodologia"] == suya]


def _revisiones(d: Declaracion) -> Iterator[Revision]:
    if claves()[d.delito].es_canasta:
        return
    for par in revisiones.pares():
        if par.ambito != d.ambito:
            continue
        por_mes = revisiones.por_mes(d.lugar, d.delito, par).set_index("fecha").dropna()
        for periodo in (d.antes, d.despues):
            suyos = por_mes.loc[pd.Timestamp(periodo.desde) : pd.Timestamp(periodo.hasta)]
            if len(suyos):
                visto = Periodo(suyos.index.min().date(), suyos.index.max().date())
                yield Revision(par.anterior, par.nuevo, visto, int(suyos["antes"].sum()), int(suyos["despues"].sum()))
