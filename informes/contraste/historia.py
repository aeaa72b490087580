"""El contraste como una historia de prensa: su figura en cada forma, sus datos y sus cautelas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from analisis import formatos
from analisis.contraste import COINCIDE, SUMA
from graficas.base import CATEGORIAS, GRIS, SIN_DATO
from graficas.impresas import Contenido, Forma, Lienzo, barras
from graficas.impresas.barras import Barra, DemasiadasBarras
from graficas.impresas.contraste import Fila
from graficas.impresas.contraste import contraste as figura
from graficas.impresas.lienzo import NoCabe
from informes.contraste.componer import Contraste, Manera
from informes.contraste.palabras import cautelas, declarada, juicio_en_palabras, titulo
from informes.prensa.historia import Historia

LIGA = "Vista viva"
MINIMO_DE_BARRAS = 3
ANCHA = 1.2  # veces su alto
COLUMNAS = {
    "manera": "Manera de contar",
    "unidad": "Qué se cuenta",
    "antes_desde": "Primer mes del primer periodo",
    "antes_hasta": "Último mes del primer periodo",
    "despues_desde": "Primer mes del segundo periodo",
    "despues_hasta": "Último mes del segundo periodo",
    "conteo_antes": "Carpetas o víctimas del primer periodo",
    "conteo_despues": "Carpetas o víctimas del segundo periodo",
    "diferencia": "Segundo conteo menos el primero",
    "valor_antes": "Lo mismo en la medida de esa manera, primer periodo",
    "valor_despues": "Lo mismo en la medida de esa manera, segundo periodo",
    "cambio_pct": "Cambio de la medida en por ciento; vacío con menos de 20 de base",
    "ic_bajo": "Extremo bajo del intervalo de 95 % (cuasi-Poisson)",
    "ic_alto": "Extremo alto del intervalo de 95 % (cuasi-Poisson)",
    "dispersion": "Cuántas veces más que el azar de Poisson varían los meses",
    "periodos_parejos": "Si los periodos duran lo mismo o la medida lo descuenta",
    "juicio": "Qué se dice de la cifra declarada",
}


def tabla_de(hecho: Contraste) -> pd.DataFrame:
    """Un renglón por manera; columnas de ``COLUMNAS``."""
    return pd.DataFrame([_renglon(m, hecho) for m in hecho.maneras], columns=list(COLUMNAS))


def _renglon(manera: Manera, hecho: Contraste) -> dict[str, object]:
    c = manera.comparacion
    return {
        "manera": manera.nombre,
        "unidad": manera.unidad,
        "antes_desde": pd.Timestamp(c.antes.desde),
        "antes_hasta": pd.Timestamp(c.antes.hasta),
        "despues_desde": pd.Timestamp(c.despues.desde),
        "despues_hasta": pd.Timestamp(c.despues.hasta),
        "conteo_antes": c.conteo_antes,
        "conteo_despues": c.conteo_despues,
        "diferencia": c.diferencia,
        "valor_antes": c.valor_antes,
        "valor_despues": c.valor_despues,
        "cambio_pct": c.cambio_pct,
        "ic_bajo": c.bajo,
        "ic_alto": c.alto,
        "dispersion": c.dispersion,
        "periodos_parejos": c.pareja,
        "juicio": juicio_en_palabras(manera) if hecho.cifra is not None else "",
    }


def historia(hecho: Contraste, *, pie: Sequence[str], demostracion: bool) -> Historia:
    """La historia, con ``pie`` como renglones de fuente."""
    con_cifra = hecho.juzgables
    dicho = titulo(hecho)
    unidad = _unidad(hecho) if con_cifra else "carpetas en cada periodo"
    lectura = "; ".join(f"{m.nombre}: {_cifra(m, hecho)}" for m in con_cifra)
    contenido = Contenido(
        dicho,
        "Se contrasta la aritmética de la cifra. Describe las carpetas; no dice por qué.",
        unidad,
        pie,
        f"{dicho}. {lectura or _conteos(hecho)}.",
        demostracion,
    )

    def dibujar(forma: Forma, contenido: Contenido) -> Lienzo:
        try:
            return _dibujada(hecho, forma, contenido)
        except (NoCabe, DemasiadasBarras):
            # El enlace va siempre en la cita y en los datos; en las formas bajas deja su lugar a la figura.
            corto = replace(contenido, pie=[p for p in contenido.pie if not p.startswith(LIGA)])
            return _dibujada(hecho, forma, corto)

    return Historia(contenido, dibujar, tabla_de(hecho), COLUMNAS, tuple(cautelas(hecho)))


def _dibujada(hecho: Contraste, forma: Forma, contenido: Contenido) -> Lienzo:
    """La figura con todas las maneras o, si no caben, con las que quepan: primero las que dan la cifra, y lo dice."""
    maneras = hecho.juzgables
    if not maneras:
        return barras(forma, contenido, _dos_barras(hecho))
    valor = None if hecho.cifra is None else hecho.cifra.valor
    rotulo = "" if hecho.cifra is None else f"se dijo: {declarada(hecho.cifra)}"
    por_importancia = sorted(maneras, key=lambda m: m.juicio != COINCIDE)
    minimo = min(MINIMO_DE_BARRAS, len(maneras))
    for cuantas in range(len(maneras), minimo - 1, -1):
        elegidas = por_importancia[:cuantas]
        filas = [_fila(m, hecho, forma) for m in maneras if m in elegidas]
        faltan = len(maneras) - cuantas
        unidad = (
            f"{contenido.unidad}; {formatos.contar(faltan, 'manera')} más en los datos" if faltan else contenido.unidad
        )
        try:
            return figura(forma, replace(contenido, unidad=unidad), filas, valor, rotulo)
        except DemasiadasBarras:
            if cuantas == minimo:
                raise
    raise AssertionError("siempre se dibuja o se rechaza antes de acabar")


def _unidad(hecho: Contraste) -> str:
    if hecho.en_porcentaje:
        return "cambio en por ciento según cómo se cuente; la raya negra es su intervalo de 95\u00a0%"
    return "diferencia en carpetas (o víctimas) según qué periodos se comparen"


def _fila(manera: Manera, hecho: Contraste, forma: Forma) -> Fila:
    c = manera.comparacion
    bajo, alto = (c.bajo, c.alto) if hecho.en_porcentaje else (float("nan"), float("nan"))
    color = CATEGORIAS[0] if manera.juicio == COINCIDE else GRIS if manera.vale else SIN_DATO
    nombre, cifra = manera.nombre, _cifra(manera, hecho)
    if (
        forma.ancho < ANCHA * forma.alto
    ):  # en las angostas los conteos van con el nombre, para que las barras tengan lugar
        conteos, _, cifra = cifra.partition(": ")
        nombre = f"{nombre}, {conteos}"
    return Fila(nombre, manera.hallado(hecho.en_porcentaje), bajo, alto, cifra, color)


def _cifra(manera: Manera, hecho: Contraste) -> str:
    valor = manera.hallado(hecho.en_porcentaje)
    c = manera.comparacion
    decimales = 0 if c.medida == SUMA else 1
    de = f"de {formatos.decimal(c.valor_antes, decimales)} a {formatos.decimal(c.valor_despues, decimales)}"
    return f"{de}: {formatos.porcentaje_con_signo(valor) if hecho.en_porcentaje else formatos.con_signo(valor)}"


def _dos_barras(hecho: Contraste) -> list[Barra]:
    c = hecho.maneras[0].comparacion
    return [
        Barra(formatos.mayuscula(c.antes.texto()), c.conteo_antes, formatos.entero(c.conteo_antes), GRIS),
        Barra(
            formatos.mayuscula(c.despues.texto()), c.conteo_despues, formatos.entero(c.conteo_despues), CATEGORIAS[0]
        ),
    ]


def _conteos(hecho: Contraste) -> str:
    return "; ".join(f"{b.nombre}: {b.cifra}" for b in _dos_barras(hecho))
