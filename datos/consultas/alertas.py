"""Lo inusual del último mes: qué quedó fuera de lo que se esperaba de los doce anteriores."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from datos.catalogos import PREFIJO_DE_CANASTA
from datos.consultas.series import nivel_de
from datos.tablero import consultar, recordar

_PROPIOS = f"delito <> 'total' AND NOT starts_with(delito, '{PREFIJO_DE_CANASTA}')"


@dataclass(frozen=True)
class Recuento:
    """Cuántas series se compararon, cuántas quedaron fuera y cuántas saldrían en meses sin nada raro."""

    comparadas: int
    altas: int
    bajas: int
    azar_altas: float
    azar_bajas: float
    mes: date | None


def _filtro(nivel: str, delito: str | None, cve_ent: str | None) -> tuple[str, list[object]]:
    partes, valores = ["nivel = ?"], [nivel]
    if delito is None:
        # Sin canastas ni total, que repetirían lo que ya está, y sin delitos que no llegan al último mes.
        partes += [_PROPIOS, "fecha = (SELECT max(fecha) FROM alertas WHERE nivel = ?)"]
        valores.append(nivel)
    else:
        partes.append("delito = ?")
        valores.append(delito)
    if cve_ent is not None:
        partes.append("left(clave, 2) = ?")
        valores.append(cve_ent)
    return " AND ".join(partes), list(valores)


@recordar()
def alertas(nivel: str, delito: str | None = None, cve_ent: str | None = None) -> pd.DataFrame:
    """Las series fuera de su rango, de la más a la menos sorprendente: columnas de la vista ``alertas``.

    Sin ``delito``, las del último mes de todos menos el total y las canastas; ``cve_ent`` deja los lugares de una entidad.
    """
    donde, valores = _filtro(nivel, delito, cve_ent)
    return consultar(
        f"SELECT * FROM alertas WHERE alerta <> '' AND {donde} ORDER BY abs(sorpresa) DESC, clave, delito", valores
    )


@recordar()
def recuento(nivel: str, delito: str | None = None, cve_ent: str | None = None) -> Recuento:
    """Cuántas alertas hay en lo mismo que ``alertas``, cuántas saldrían por azar y de qué mes son."""
    donde, valores = _filtro(nivel, delito, cve_ent)
    fila = consultar(
        "SELECT count(*) AS comparadas, count(*) FILTER (alerta = 'alta') AS altas, count(*) FILTER (alerta = 'baja') AS bajas, "
        "coalesce(sum(azar_alta), 0) AS azar_altas, coalesce(sum(azar_baja), 0) AS azar_bajas, max(fecha) AS mes "
        f"FROM alertas WHERE {donde}",
        valores,
    ).iloc[0]
    return Recuento(
        int(fila["comparadas"]),
        int(fila["altas"]),
        int(fila["bajas"]),
        float(fila["azar_altas"]),
        float(fila["azar_bajas"]),
        None if pd.isna(fila["mes"]) else fila["mes"].date(),
    )


@recordar()
def mas_inusuales(lugar: str, cuantas: int) -> pd.DataFrame:
    """Las alertas más sorprendentes de un lugar y de lo que contiene: del país, las de sus estados; de un estado, la suya y
    las de sus municipios. Solo del último mes de cada nivel. Columnas de la vista ``alertas``."""
    nivel = nivel_de(lugar)
    donde, valores = {
        "nacional": ("nivel = 'estatal'", []),
        "estatal": (
            "((nivel = 'estatal' AND clave = ?) OR (nivel = 'municipal' AND left(clave, 2) = ?))",
            [lugar, lugar],
        ),
        "municipal": ("nivel = 'municipal' AND clave = ?", [lugar]),
    }[nivel]
    return consultar(
        "SELECT * FROM alertas AS a WHERE alerta <> '' AND fecha = (SELECT max(fecha) FROM alertas WHERE nivel = a.nivel) "
        f"AND {_PROPIOS} AND {donde} "
        "ORDER BY abs(sorpresa) DESC, nivel, clave, delito LIMIT ?",
        [*valores, cuantas],
    )


@recordar()
def rangos_de(lugar: str, mes: date) -> dict[str, tuple[int, int]]:
    """El rango esperado (bajo, alto) de cada delito de un lugar, si la vista ``alertas`` es de ese mes; vacío si no."""
    tabla = consultar(
        "SELECT delito, bajo, alto FROM alertas WHERE nivel = ? AND clave = ? AND fecha = ? AND bajo IS NOT NULL",
        [nivel_de(lugar), lugar, mes],
    )
    return {d: (int(bajo), int(alto)) for d, bajo, alto in tabla.itertuples(index=False, name=None)}
