"""El registro de práctica de la demostración: nace con las Mesas ficticias publicadas y después se escribe como cualquiera."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import duckdb
from sqlalchemy.orm import Session

from datos.registro import contenidos, filas, linea_base
from datos.registro.actor import SISTEMA
from datos.registro.conexion import Registro
from datos.registro.errores import RegistroDanado
from datos.registro.modelo import AUDITADAS, Acuerdo, Ajuste
from datos.registro.tipos_de_archivo import reconocer
from datos.tablero import consultar

TABLA = "registro_demostracion"
ARCHIVO = "archivo"
MOTIVO = "Demostración: Mesas, personas y acuerdos ficticios"
_MARCA = "demostracion"


@dataclass(frozen=True)
class Semilla:
    """Lo que trae publicado la demostración: renglones por tabla, archivos por huella y la huella de todo."""

    huella: str
    renglones: Mapping[str, list[dict[str, Any]]]
    archivos: Mapping[str, bytes]


def semilla() -> Semilla:
    """Las Mesas ficticias de la publicación vigente. Lanza ``RegistroDanado`` si es una demostración de otra versión."""
    try:
        tabla = consultar(f"SELECT tabla, renglon FROM {TABLA} ORDER BY orden")
    except duckdb.CatalogException as causa:
        raise RegistroDanado(
            "La demostración publicada es de otra versión del tablero y no trae sus Mesas. Vuelva a construirla con "
            "«python -m etl demostracion»."
        ) from causa
    huella = hashlib.sha256("\n".join(tabla["renglon"]).encode()).hexdigest()
    renglones: dict[str, list[dict[str, Any]]] = {}
    for nombre, renglon in zip(tabla["tabla"], tabla["renglon"], strict=True):
        renglones.setdefault(str(nombre), []).append(json.loads(renglon))
    archivos = {a["sha256"]: base64.b64decode(a["base64"]) for a in renglones.pop(ARCHIVO, [])}
    return Semilla(huella, renglones, archivos)


def sembrar(sesion: Session, registro: Registro, suya: Semilla) -> None:
    """Llena un registro de práctica recién nacido; si ya lo estaba, no lo toca."""
    if sesion.get(Ajuste, _MARCA) is not None:
        return
    ahora = datetime.now(UTC)
    for modelo in AUDITADAS:
        suyas = [filas.completa(modelo, f, ahora) for f in suya.renglones.get(modelo.__tablename__, [])]
        if modelo is Acuerdo:
            suyas = _con_linea_base(suyas, ahora)
        filas.insertar(sesion, modelo, suyas)
        filas.altas(sesion, modelo, suyas, SISTEMA, MOTIVO, ahora)
    for huella, contenido in suya.archivos.items():
        reconocer(contenido, "demostracion.txt")
        contenidos.guardar(registro, sesion, huella, contenido)
    sesion.add(Ajuste(clave=_MARCA, valor=suya.huella))


def _con_linea_base(acuerdos: list[dict[str, Any]], ahora: datetime) -> list[dict[str, Any]]:
    """Cada acuerdo con su línea base; el que trae la suya (de un corte ficticio anterior) la conserva."""
    pedidos = []
    for fila in acuerdos:
        inicio = date.fromisoformat(fila["inicio_efecto"])
        desde, hasta = linea_base.periodo(inicio, fila["rezago_meses"], linea_base.ultimo_corte())
        series = linea_base.series_de(fila["delitos"], fila["canasta"])
        pedidos.append(linea_base.Pedido(tuple(fila["municipios"]), tuple(series), desde, hasta))
    hechos = []
    for fila, base in zip(acuerdos, linea_base.calcular(pedidos), strict=True):
        ajuste = fila.pop("base_revisada_pct", None)
        valor, cortes = base.valor, base.cortes
        if ajuste is not None and valor is not None:
            # como si se hubiera congelado con un corte anterior que la fuente después revisó
            valor = round(valor * (1 + ajuste / 100))
            cortes = [
                {
                    **c,
                    "corte": fila["fecha"][:7],
                    "archivo": "corte-ficticio-anterior.csv",
                    "sha256": _huella(fila["id"]),
                }
                for c in cortes
            ]
        hechos.append(
            {
                **fila,
                "base_desde": base.desde.isoformat(),
                "base_hasta": base.hasta.isoformat(),
                "base_valor": valor,
                "base_cortes": cortes,
                "base_motivo": base.motivo,
                "base_congelada_en": ahora.isoformat(),
            }
        )
    return hechos


def _huella(texto: str) -> str:
    return hashlib.sha256(texto.encode()).hexdigest()
