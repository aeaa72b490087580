"""Una lámina: una idea, con su título, sus renglones, la tabla exacta que se dibuja y cómo se calculó.

Todo formato (PPTX, PDF, XLSX, HTML y la página) escribe las cifras con ``Tabla.celdas``: ninguno recalcula ni redondea.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from analisis import fechas, formatos

TEXTO, ENTERO, CON_SIGNO, PORCENTAJE, DECIMAL, MES, DIA = (
    "texto",
    "entero",
    "con signo",
    "porcentaje",
    "decimal",
    "mes",
    "día",
)
NUMERICAS = (ENTERO, CON_SIGNO, PORCENTAJE, DECIMAL)


@dataclass(frozen=True)
class Columna:
    """Una columna: su clave en los datos, su encabezado, cómo se escribe, su ancho relativo y qué dice.

    Las que no son ``visible`` no se dibujan: van en la hoja de cálculo.
    """

    clave: str
    titulo: str
    clase: str = TEXTO
    ancho: float = 1.0
    ayuda: str = ""
    visible: bool = True


def escribir(valor: Any, clase: str) -> str:
    """Un valor como se lee en todas partes; «n. d.» si falta y no es texto."""
    falta = valor is None or (not isinstance(valor, str) and pd.isna(valor))
    if clase == TEXTO:
        return "" if falta else str(valor)
    if falta:
        return formatos.SIN_DATO
    if clase == MES:
        return formatos.mes_corto(pd.Timestamp(valor))
    if clase == DIA:
        return fechas.dia(pd.Timestamp(valor).date())
    return {
        ENTERO: formatos.entero, CON_SIGNO: formatos.con_signo, PORCENTAJE: formatos.porcentaje_con_signo,
        DECIMAL: formatos.decimal,
    }[clase](float(valor))  # fmt: skip


@dataclass(frozen=True)
class Tabla:
    """Renglones con sus columnas. ``nombre``: cómo se llama su hoja; ``alternativo``: lo que oye quien no la ve."""

    nombre: str
    datos: pd.DataFrame
    columnas: tuple[Columna, ...]
    alternativo: str

    @property
    def visibles(self) -> tuple[Columna, ...]:
        """Las que se dibujan."""
        return tuple(c for c in self.columnas if c.visible)

    def celdas(self) -> list[list[str]]:
        """Lo que se lee, renglón por renglón, en las columnas visibles."""
        columnas = [[escribir(v, c.clase) for v in self.datos[c.clave].tolist()] for c in self.visibles]
        return [list(fila) for fila in zip(*columnas, strict=True)]


@dataclass(frozen=True)
class Serie(Tabla):
    """Una o varias líneas por mes (columna ``fecha``), con su banda (``bajo``, ``alto``) y lo provisional.

    ``lineas``: columna → rótulo; ``marcas``: fecha y rótulo de lo que se señala en el eje.
    """

    lineas: Mapping[str, str] = field(default_factory=dict)
    unidad: str = "carpetas por mes"
    que_es_la_banda: str = ""
    marcas: tuple[tuple[date, str], ...] = ()


@dataclass(frozen=True)
class Barras(Tabla):
    """Barras horizontales: ``nombre``, ``valor``, lo que se lee al final (``cifra``) y su color (``color``)."""

    unidad: str = ""


@dataclass(frozen=True)
class Mapa(Tabla):
    """Un mapa por etiqueta: ``lugar``, ``etiqueta``, ``de_la_mesa``. ``rutas``: las geometrías publicadas que dibuja.

    ``fichas``: por municipio, los renglones (ya escritos) que se leen al tocarlo; ``encabezados``, los de sus columnas.
    """

    rutas: tuple[str, ...] = ()
    limites: str = ""
    delito: str = ""
    encabezados: tuple[str, ...] = ()
    fichas: Mapping[str, Sequence[Sequence[str]]] = field(default_factory=dict)


Figura = Tabla


def en_bloques(tabla: pd.DataFrame, cuantos: int) -> list[tuple[str, pd.DataFrame]]:
    """La tabla de ``cuantos`` en ``cuantos`` renglones, cada bloque con su « (1 de 2)»; vacío el rótulo si es uno solo."""
    partes = [tabla.iloc[n : n + cuantos].reset_index(drop=True) for n in range(0, len(tabla), cuantos)]
    return [(f" ({n} de {len(partes)})" if len(partes) > 1 else "", parte) for n, parte in enumerate(partes, 1)]


@dataclass(frozen=True)
class Lamina:
    """``cuerpo``: renglones; ``notas``: cómo se calculó, para quien presenta; ``fuente``: de dónde sale, al pie.

    ``parte`` es el apartado al que pertenece ('portada', 'tablero', 'delito', 'mapa', 'acuerdos', 'efecto', 'alertas',
    'contexto', 'propuestas' o 'método').
    """

    clave: str
    parte: str
    titulo: str
    cuerpo: tuple[str, ...] = ()
    figura: Figura | None = None
    notas: tuple[str, ...] = ()
    fuente: str = ""


@dataclass(frozen=True)
class Composicion:
    """Una sesión compuesta. ``huella``: la de todo lo que entró; ``rotulos``: DEMOSTRACIÓN, práctica o versión pública."""

    mesa: str
    mesa_nombre: str
    mes: date
    fecha: date
    corte: date
    sesion: str
    demostracion: bool
    publico: bool
    rotulos: tuple[str, ...]
    laminas: tuple[Lamina, ...]
    cita: tuple[str, ...]
    huella: str
    minuta: str = ""
    minuta_nombre: str = ""
    logo: bytes | None = None  # el de la Mesa, PNG: va en la portada

    @property
    def alternativo_del_logo(self) -> str:
        """Lo que lee quien no ve el logotipo."""
        return f"Logotipo de {self.mesa_nombre}"

    @property
    def titulo(self) -> str:
        """«Mesa de León: sesión mensual, agosto de 2026»."""
        return f"{self.mesa_nombre}: sesión mensual, {formatos.mes(self.mes)}"

    @property
    def figuras(self) -> list[tuple[Lamina, Figura]]:
        """Cada figura con su lámina, en orden."""
        return [(x, x.figura) for x in self.laminas if x.figura is not None]
