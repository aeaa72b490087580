"""Las cifras de una sesión, calculadas una vez para todas sus láminas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analisis.eficacia import portafolio
from datos.consultas.claves import claves
from datos.registro.avance import Avance, avances
from datos.registro.linea_base import series_de
from informes.acuerdos import ultimo_cerrado
from informes.canasta import con_serie
from informes.eficacia.servicio import DeAcuerdo, evaluar_acuerdo
from informes.fuente import texto_de_fuente
from informes.sesion import indicadores
from informes.sesion.insumos import Insumos

MESES_A_LA_VISTA = 72


@dataclass(frozen=True)
class Calculos:
    """``delitos``: los de la canasta y los de acuerdos; ``detalle`` y ``mesa``: sus indicadores por municipio y juntos;
    ``alertas`` con cuántas series se compararon y cuántas saldrían por azar; ``evaluados``: cada acuerdo evaluado con si su
    evidencia se sostiene entre los de la Mesa y su valor q; ``avances``: la meta de cada acuerdo contra el corte de hoy."""

    delitos: Sequence[str]
    detalle: pd.DataFrame
    mesa: pd.DataFrame
    alertas: pd.DataFrame
    comparadas: int
    azar_altas: float
    azar_bajas: float
    evaluados: Sequence[tuple[DeAcuerdo, bool, float]]
    avances: Mapping[str, Avance]


def calcular(i: Insumos) -> Calculos:
    """Todo lo que las láminas necesitan de lo publicado."""
    mes, municipios = i.pedido.mes, i.municipios
    delitos = list(dict.fromkeys([*con_serie(i.pedido.canasta), *con_folios(i)]))
    detalle = indicadores.por_municipio(municipios, delitos if municipios else [], mes)
    alertas, comparadas, altas, bajas = indicadores.alertas_del_mes(municipios, mes)
    return Calculos(
        delitos, detalle, indicadores.de_la_mesa(detalle), alertas, comparadas, altas, bajas, evaluados(i),
        avances([e.acuerdo for e in i.expedientes], ultimo_cerrado(i.actual)),
    )  # fmt: skip


def con_folios(i: Insumos) -> dict[str, list[str]]:
    """Serie → folios de los acuerdos de antes que se miden con ella en municipios de la Mesa."""
    por_serie: dict[str, list[str]] = {}
    for e in i.expedientes:
        for serie in series_de(e.acuerdo.delitos, e.acuerdo.canasta):
            if serie in claves() and set(e.acuerdo.municipios) & set(i.municipios):
                por_serie.setdefault(serie, []).append(e.acuerdo.folio)
    return por_serie


def evaluados(i: Insumos) -> list[tuple[DeAcuerdo, bool, float]]:
    """Los acuerdos públicos de la Mesa con el corte vigente, sin guardar nada en el registro."""
    propios = {e.acuerdo.id for e in i.expedientes}
    hechos = [
        evaluar_acuerdo(a, i.evaluables, guardar=False)
        for a in i.evaluables
        if a.id in propios and a.mesa_clave == i.mesa.clave
    ]
    if not hechos:
        return []
    conjunto = portafolio([h.hecha.evaluacion for h in hechos])
    return [
        (h, bool(firme), float(q))
        for h, firme, q in zip(hechos, conjunto.sostienen, np.asarray(conjunto.valores_q), strict=True)
    ]


def fuente(i: Insumos, *ambitos: str) -> str:
    """La línea de fuente de una lámina con cifras."""
    return f"Fuente: {texto_de_fuente(i.actual, ambitos)}."


def fuente_del_registro(i: Insumos) -> str:
    """La línea de fuente de una lámina que sale del registro."""
    de_practica = " de práctica (Mesas, personas y acuerdos ficticios)" if i.registro.practica else ""
    quien = "; lo público" if i.pedido.publico else ""
    return f"Fuente: registro{de_practica} de la Mesa, al {i.pedido.fecha:%d/%m/%Y}{quien}."
