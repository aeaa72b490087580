"""La línea base de un acuerdo: cuántas carpetas hubo en su periodo de comparación, y de qué corte salió la cifra.

Se calcula al capturar y se congela con su corte; el valor con el corte de hoy se calcula aparte y se muestra al lado.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from datos.almacen import PunteroInvalido
from datos.catalogos import PREFIJO_DE_CANASTA
from datos.consultas.contexto import contexto
from datos.registro.meses import entre, primer_mes, sumar
from datos.tablero import SinPublicacion, consultar, recordar

MESES_DE_BASE = 12


@dataclass(frozen=True)
class Pedido:
    """Qué se quiere sumar: municipios, claves de serie (delitos, o 'canasta:<clave>') y meses, los dos incluidos."""

    municipios: tuple[str, ...]
    series: tuple[str, ...]
    desde: date
    hasta: date


@dataclass(frozen=True)
class LineaBase:
    """Carpetas del periodo; ``valor`` es ``None`` si falta algún mes o no hay datos, y ``motivo`` dice por qué.

    ``cortes``: metodología, ámbito, corte (AAAA-MM) y SHA-256 de cada archivo que la alimenta.
    """

    desde: date
    hasta: date
    valor: int | None
    cortes: list[dict[str, Any]] = field(default_factory=list)
    motivo: str = ""
    provisional: bool = False


def series_de(delitos: Sequence[str], canasta: str) -> list[str]:
    """Claves de serie de un acuerdo: sus delitos, o la de su canasta, que ya es una sola serie."""
    return [PREFIJO_DE_CANASTA + canasta] if canasta else list(delitos)


def periodo(inicio_efecto: date, rezago: int, ultimo_corte: date | None) -> tuple[date, date]:
    """Los 12 meses anteriores al primer mes del efecto o, si el corte no llega ahí, los 12 últimos publicados."""
    hasta = sumar(primer_mes(inicio_efecto, rezago), -1)
    if ultimo_corte is not None:
        hasta = min(hasta, ultimo_corte.replace(day=1))
    return sumar(hasta, 1 - MESES_DE_BASE), hasta


def ultimo_corte() -> date | None:
    """El corte municipal más reciente publicado; ``None`` sin datos municipales."""
    try:
        fuentes = contexto().fuentes("municipal")
    except (SinPublicacion, PunteroInvalido):
        return None
    return max((f.corte for f in fuentes), default=None)


def calcular(pedidos: Sequence[Pedido]) -> list[LineaBase]:
    """La línea base de cada pedido con lo publicado hoy, en una sola consulta."""
    try:
        actual = contexto()
    except (SinPublicacion, PunteroInvalido):
        return [
            LineaBase(p.desde, p.hasta, None, motivo="No hay datos publicados con que calcularla.") for p in pedidos
        ]
    sumas = _sumas(tuple(pedidos))
    hechas = []
    for numero, pedido in enumerate(pedidos):
        conteo, datos, provisionales = sumas.get(numero, (0, 0, 0))
        esperados = len(pedido.municipios) * len(pedido.series) * entre(pedido.desde, pedido.hasta)
        cortes = [
            {
                "metodologia": f.metodologia,
                "ambito": f.ambito,
                "corte": f"{f.corte:%Y-%m}",
                "archivo": f.archivo,
                "sha256": f.sha256,
            }
            for f in actual.fuentes("municipal", pedido.desde, pedido.hasta)
        ]
        if datos < esperados:
            motivo = (
                f"Faltan {esperados - datos} de {esperados} datos mensuales de sus municipios y delitos: no reportado no "
                "es cero."
            )
            hechas.append(LineaBase(pedido.desde, pedido.hasta, None, cortes, motivo))
        else:
            hechas.append(LineaBase(pedido.desde, pedido.hasta, conteo, cortes, "", provisionales > 0))
    return hechas


@recordar(maximo=64)
def _sumas(pedidos: tuple[Pedido, ...]) -> dict[int, tuple[int, int, int]]:
    """Por pedido: carpetas, cuántos datos mensuales hay y cuántos son provisionales. Sin datos, no aparece."""
    sumas: dict[int, tuple[int, int, int]] = {}
    for de_canasta, vista, columna in ((False, "delitos_municipal", "delito"), (True, "canastas_municipal", "canasta")):
        renglones = [
            (numero, municipio, serie.removeprefix(PREFIJO_DE_CANASTA), p.desde, p.hasta)
            for numero, p in enumerate(pedidos)
            for serie in p.series
            if serie.startswith(PREFIJO_DE_CANASTA) == de_canasta
            for municipio in p.municipios
        ]
        if not renglones:
            continue
        numeros, municipios, claves, desde, hasta = map(list, zip(*renglones, strict=True))
        en_lugares, en_claves = sorted(set(municipios)), sorted(set(claves))
        marcas = (", ".join("?" * len(v)) for v in (en_lugares, en_claves))
        # los marcadores dejan que DuckDB salte los bloques ajenos; la unión reparte lo leído entre los pedidos
        tabla = consultar(
            "WITH pedidos AS (SELECT unnest(?::INTEGER[]) AS n, unnest(?::VARCHAR[]) AS cve_mun, unnest(?::VARCHAR[]) AS clave, "
            "unnest(?::DATE[]) AS desde, unnest(?::DATE[]) AS hasta), "
            f"datos AS (SELECT fecha, cve_mun, {columna} AS clave, conteo, provisional FROM {vista} "
            f"WHERE cve_mun IN ({next(marcas)}) AND {columna} IN ({next(marcas)}) AND fecha BETWEEN ? AND ?) "
            "SELECT n, sum(conteo)::BIGINT AS conteo, count(*) AS datos, count(*) FILTER (provisional) AS provisionales "
            "FROM pedidos JOIN datos USING (cve_mun, clave) WHERE fecha BETWEEN desde AND hasta GROUP BY n",
            [numeros, municipios, claves, desde, hasta, *en_lugares, *en_claves, min(desde), max(hasta)],
        )
        for fila in tabla.itertuples():
            sumas[int(fila.n)] = (int(fila.conteo), int(fila.datos), int(fila.provisionales))  # type: ignore[arg-type]
    return sumas
