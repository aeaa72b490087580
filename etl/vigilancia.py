"""Vigilar la fuente: desde el día 15 se busca el corte del mes anterior, y se publica solo cuando está completo."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime

from analisis import frescura
from datos.almacen import Almacen, publicacion_vigente
from datos.esquema import MESES, RNID
from etl.actualizacion import Pedido, actualizar
from etl.desenlace import HECHO, RECHAZADO, Desenlace
from etl.fuente.ajustes import Ajustes
from etl.fuente.publicados import Clave, cortes_vigentes
from etl.fuente.red import Red
from etl.trabajo import Trabajo

BITACORA = "vigilancia.jsonl"


@dataclass(frozen=True)
class Decision:
    """Si toca buscar y por qué; ``corte`` es el que se espera."""

    toca: bool
    corte: date
    motivo: str


def decidir(hoy: date, publicados: dict[Clave, tuple[str, date]]) -> Decision:
    """Si hay que buscar: cuando a lo publicado de 2026 (estatal o municipal) le falta un corte que ya pudo salir."""
    corte = frescura.corte_por_venir(hoy)
    cual = f"el corte de {MESES[corte.month - 1]} de {corte.year}"
    de_2026 = [publicados[(RNID, a)][1] for a in ("estatal", "municipal") if (RNID, a) in publicados]
    if len(de_2026) < 2:
        return Decision(True, corte, f"no están publicados los dos archivos de 2026: se busca {cual}")
    if min(de_2026) >= corte:
        return Decision(
            False, corte, f"ya está publicado {cual}; el siguiente se busca desde el día {frescura.DIA_DE_BUSCAR}"
        )
    tarde = " (atrasado)" if frescura.atrasado(min(de_2026), hoy) else ""
    return Decision(True, corte, f"falta {cual}{tarde}")


def una_vez(almacen: Almacen, ajustes: Ajustes, trabajo: Trabajo, hoy: date, red: Red | None = None) -> Desenlace:
    """Decide, busca si toca, publica si está completo y deja en la bitácora qué hizo."""
    almacen.crear()
    decision = decidir(hoy, cortes_vigentes(publicacion_vigente(almacen)))
    trabajo.paso(decision.motivo[:1].upper() + decision.motivo[1:])
    if not decision.toca:
        desenlace = Desenlace(HECHO, f"No toca buscar: {decision.motivo}.", {"toca": False})
    else:
        desenlace = actualizar(almacen, ajustes, trabajo, Pedido(hoy, completo=True), red)
    _anotar(almacen, hoy, decision, desenlace)
    return desenlace


def que_paso(desenlace: Desenlace) -> str:
    """En una palabra: 'no toca', 'publicado', 'sin novedad', 'parcial', 'rechazado' o 'sin fuente'."""
    if desenlace.datos.get("toca") is False:
        return "no toca"
    if desenlace.codigo == HECHO:
        return "sin novedad" if desenlace.datos.get("sin_novedad") else "publicado"
    if desenlace.codigo == RECHAZADO:
        return "rechazado"
    return "parcial" if desenlace.datos.get("parcial") else "sin fuente"


def _anotar(almacen: Almacen, hoy: date, decision: Decision, desenlace: Desenlace) -> None:
    renglon = {
        "hora": datetime.now(UTC).isoformat(timespec="seconds"),
        "hoy": hoy.isoformat(),
        "corte_esperado": decision.corte.isoformat(),
        "que": que_paso(desenlace),
        "codigo": desenlace.codigo,
        "version": desenlace.datos.get("version"),
        "mensaje": desenlace.mensaje,
    }
    with (almacen.raiz / BITACORA).open("a", encoding="utf-8") as archivo:
        archivo.write(json.dumps(renglon, ensure_ascii=False, default=str) + "\n")
