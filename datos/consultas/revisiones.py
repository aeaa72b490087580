"""Lo que la fuente reescribió entre dos cortes: del país, de un lugar, por delito y por estado."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from datos import catalogos
from datos.consultas.series import nivel_de
from datos.esquema import CNSP, METODOLOGIAS, RNID, ULTIMO_ANIO
from datos.tablero import consultar, recordar

CANASTA_PRINCIPAL = "once_delitos"


@dataclass(frozen=True)
class Par:
    """Dos cortes seguidos del mismo producto."""

    metodologia: str
    ambito: str
    anterior: date
    nuevo: date

    @property
    def clave(self) -> str:
        """Cómo viaja en la dirección: «estatal.2023-08.2024-11»."""
        return f"{self.ambito}.{self.anterior:%Y-%m}.{self.nuevo:%Y-%m}"


@recordar(maximo=4)
def pares() -> tuple[Par, ...]:
    """Los pares de cortes que conoce la instalación, primero los del corte más nuevo."""
    tabla = consultar(
        "SELECT DISTINCT corte_anterior, corte_nuevo, CASE WHEN cve_mun IS NULL THEN 'estatal' ELSE 'municipal' END AS ambito "
        "FROM revisiones ORDER BY corte_nuevo DESC, corte_anterior DESC, ambito"
    )
    return tuple(
        Par(
            CNSP if f.corte_anterior.year <= ULTIMO_ANIO[CNSP] else RNID,  # type: ignore[union-attr]
            str(f.ambito),
            f.corte_anterior.date(),  # type: ignore[union-attr]
            f.corte_nuevo.date(),  # type: ignore[union-attr]
        )
        for f in tabla.itertuples()
    )


@recordar()
def por_mes(lugar: str, delito: str, par: Par) -> pd.DataFrame:
    """Las carpetas de un lugar y delito en cada mes del corte anterior: fecha, antes y despues (nulo: no se reportaba).

    Donde el par no cambió nada, antes y despues son lo publicado menos lo que movieron los pares posteriores.
    """
    if nivel_de(lugar) == "nacional":
        return consultar(
            "SELECT fecha, antes, despues FROM revisiones_nacionales WHERE delito = ? AND corte_anterior = ? "
            "AND corte_nuevo = ? ORDER BY fecha",
            [delito, par.anterior, par.nuevo],
        )
    vista, columna = _vista(lugar)
    return consultar(
        f"WITH propias AS (SELECT * FROM revisiones WHERE delito = $delito AND {_condicion(lugar)}), "
        "del_par AS (SELECT fecha, sum(antes) AS antes, sum(despues) AS despues FROM propias "
        "WHERE corte_anterior = $anterior AND corte_nuevo = $nuevo GROUP BY fecha), "
        "posteriores AS (SELECT fecha, sum(coalesce(despues, 0) - coalesce(antes, 0)) AS neto FROM propias "
        "WHERE corte_anterior >= $nuevo AND (corte_anterior, corte_nuevo) <> ($anterior, $nuevo) GROUP BY fecha), "
        f"publicado AS (SELECT fecha, conteo FROM {vista} WHERE delito = $delito AND {columna} = $lugar "
        "AND metodologia = $metodologia AND fecha <= $anterior), "
        "iguales AS (SELECT fecha, conteo - coalesce(neto, 0) AS conteo FROM publicado LEFT JOIN posteriores USING (fecha)) "
        "SELECT fecha, CASE WHEN p.fecha IS NULL THEN i.conteo ELSE p.antes END::DOUBLE AS antes, "
        "CASE WHEN p.fecha IS NULL THEN i.conteo ELSE p.despues END::DOUBLE AS despues "
        "FROM iguales AS i FULL JOIN del_par AS p USING (fecha) ORDER BY fecha",
        {
            "delito": delito,
            "lugar": lugar,
            "anterior": par.anterior,
            "nuevo": par.nuevo,
            "metodologia": par.metodologia,
        },
    )


@recordar()
def por_delito(lugar: str, par: Par) -> pd.DataFrame:
    """Un renglón por delito que cambió en el lugar: delito, cifras, de_anios_cerrados y neto; primero lo que más se movió."""
    return _resumen("delito", lugar, par, "true", {})


@recordar()
def por_entidad(delito: str, par: Par) -> pd.DataFrame:
    """Un renglón por entidad en que cambió el delito: cve_ent, cifras, de_anios_cerrados y neto."""
    return _resumen("cve_ent", "00", par, "delito = $delito", {"delito": delito})


def _resumen(columna: str, lugar: str, par: Par, condicion: str, mas: dict[str, object]) -> pd.DataFrame:
    ambito = "cve_mun IS NULL" if par.ambito == "estatal" else "cve_mun IS NOT NULL"
    donde = ambito if nivel_de(lugar) == "nacional" else _condicion(lugar)
    valores: dict[str, object] = {"anterior": par.anterior, "nuevo": par.nuevo, **mas}
    if nivel_de(lugar) != "nacional":
        valores["lugar"] = lugar
    return consultar(
        f"SELECT {columna}, count(*) AS cifras, count(*) FILTER (year(fecha) < year(corte_anterior)) AS de_anios_cerrados, "
        "sum(coalesce(despues, 0) - coalesce(antes, 0))::BIGINT AS neto FROM revisiones "
        f"WHERE corte_anterior = $anterior AND corte_nuevo = $nuevo AND {donde} AND {condicion} GROUP BY ALL "
        f"ORDER BY abs(neto) DESC, cifras DESC, {columna}",
        valores,
    )


@recordar(maximo=8)
def nacionales() -> pd.DataFrame:
    """La vista ``revisiones_nacionales`` de los delitos principales: lo que hace falta para ver cómo se asientan los meses."""
    canastas = catalogos.canastas()
    principales = sorted(set(canastas.loc[canastas["canasta"] == CANASTA_PRINCIPAL, "delito"]))
    return consultar(
        "SELECT * FROM revisiones_nacionales WHERE delito IN (SELECT unnest(?::VARCHAR[])) "
        "ORDER BY corte_nuevo, corte_anterior, delito, fecha",
        [principales],
    )


@recordar(maximo=4)
def ventanas() -> dict[str, str]:
    """Por metodología con datos, cuántos meses son provisionales y de dónde sale ese número."""
    tabla = consultar("SELECT clave, valor FROM publicacion WHERE clave LIKE 'ventana_provisional_%'")
    motivos = dict(tabla.itertuples(index=False, name=None))
    vigentes = set(consultar("SELECT DISTINCT metodologia FROM cortes WHERE vigente")["metodologia"])
    claves = {m: f"ventana_provisional_{m}" for m in METODOLOGIAS if m in vigentes}
    return {m: str(motivos[c]) for m, c in claves.items() if c in motivos}


def _vista(lugar: str) -> tuple[str, str]:
    return ("delitos_municipal", "cve_mun") if nivel_de(lugar) == "municipal" else ("delitos_estatal", "cve_ent")


def _condicion(lugar: str) -> str:
    return "cve_mun = $lugar" if nivel_de(lugar) == "municipal" else "cve_mun IS NULL AND cve_ent = $lugar"
