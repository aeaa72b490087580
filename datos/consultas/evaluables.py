"""Lo que la eficacia necesita del registro: qué acuerdos se pueden evaluar, y guardar y leer sus evaluaciones.

Es la única puerta entre la evaluación y el registro: si el registro cambia de forma, solo cambia este módulo.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from datos.acuerdos import a_bytes
from datos.plantilla.columnas import NIVELES_CUMPLIMIENTO, NOMBRES
from datos.registro import evaluaciones, lectura
from datos.registro.actor import PUBLICO, SISTEMA
from datos.registro.apertura import registro_vigente
from datos.registro.conexion import Registro
from datos.registro.errores import NoEncontrado
from datos.registro.linea_base import series_de
from datos.tablero import recordar

__all__ = [
    "NIVELES_CUMPLIMIENTO",
    "Evaluable",
    "Guardada",
    "acuerdos_evaluables",
    "borrador_de_acuerdo",
    "evaluaciones_de",
    "guardar_evaluacion",
]
VERSION = "version_de_la_base"


@dataclass(frozen=True)
class Evaluable:
    """Un acuerdo público con lo que define su evaluación.

    ``delitos`` son claves de serie; ``signo``: −1 si se espera que bajen las carpetas, +1 si que suban; ``registrado``: qué día
    se capturó, o ``None`` si no se sabe; ``meta_pct``: NaN si no la tiene; ``cumplimiento``: 1 a 5.
    """

    id: str
    folio: str
    mesa_clave: str
    mesa: str
    texto: str
    municipios: tuple[str, ...]
    delitos: tuple[str, ...]
    fecha: date
    inicio: date
    rezago: int
    signo: int
    meta_pct: float
    cumplimiento: int
    registrado: date | None = None


@dataclass(frozen=True)
class Guardada:
    """Una evaluación guardada: con qué corte y qué versión de la base y del método, y lo que dijo."""

    corte: date
    version: str
    version_metodo: str
    guardada_en: str
    salida: dict[str, Any]


def acuerdos_evaluables() -> list[Evaluable]:
    """Los acuerdos públicos con municipios, delitos e inicio, por Mesa y fecha. Lanza ``RegistroDanado``."""
    registro = registro_vigente()
    return list(_leidos(registro, registro.sello())[0])


def guardar_evaluacion(id: str, corte: date, version: str, version_metodo: str, salida: Mapping[str, Any]) -> bool:
    """Agrega una evaluación si con ese corte y esa versión no estaba ya dicho lo mismo; devuelve si se agregó.

    La firma el propio tablero y las anteriores se quedan. ``version`` es la de la base publicada. Un acuerdo que ya no está no
    se evalúa.
    """
    previas = evaluaciones_de(id)
    nueva = json.loads(json.dumps(dict(salida), default=str))
    if previas and (previas[-1].version, previas[-1].version_metodo, previas[-1].salida) == (
        version, version_metodo, nueva,
    ):  # fmt: skip
        return False
    try:
        evaluaciones.guardar(registro_vigente(), SISTEMA, id, corte, version_metodo, {**nueva, VERSION: version})
    except NoEncontrado:
        return False
    return True


def evaluaciones_de(id: str) -> list[Guardada]:
    """Las de un acuerdo, de la más vieja a la más nueva."""
    registro = registro_vigente()
    return list(_leidos(registro, registro.sello())[1].get(id, []))


def borrador_de_acuerdo(renglon: Mapping[str, str], formato: str) -> bytes:
    """La plantilla de acuerdos ('csv' o 'xlsx') con un renglón a medio llenar: lo demás lo escribe la Mesa."""
    return a_bytes([{nombre: renglon.get(nombre, "") for nombre in NOMBRES}], formato)


@recordar(maximo=4)
def _leidos(registro: Registro, sello: tuple[int, int]) -> tuple[list[Evaluable], dict[str, list[Guardada]]]:
    """``sello`` es parte de la llave: un registro que cambió se vuelve a leer."""
    evaluables, guardadas = [], {}
    for e in lectura.expedientes(registro, PUBLICO):
        a = e.acuerdo
        delitos = series_de(a.delitos, a.canasta)
        if not a.municipios or not delitos or a.inicio_efecto is None:
            continue
        evaluables.append(
            Evaluable(
                id=a.id,
                folio=a.folio,
                mesa_clave=a.mesa,
                mesa=e.mesa.nombre,
                texto=a.texto,
                municipios=tuple(sorted(a.municipios)),
                delitos=tuple(sorted(delitos)),
                fecha=a.fecha,
                inicio=a.inicio_efecto,
                rezago=int(a.rezago_meses or 0),
                signo=1 if a.signo_esperado == "alza" else -1,
                meta_pct=float("nan") if a.meta_pct is None else float(a.meta_pct),
                cumplimiento=e.cumplimiento,
                registrado=None if registro.practica else a.creado_en.date(),
            )
        )
        guardadas[a.id] = [
            Guardada(
                g.corte,
                str(g.salida.get(VERSION, "")),
                g.version_metodo,
                g.creado_en.isoformat(timespec="seconds"),
                {c: v for c, v in g.salida.items() if c != VERSION},
            )
            for g in sorted(e.evaluaciones, key=lambda g: g.creado_en)
        ]
    return evaluables, guardadas
