"""Lo que la eficacia necesita del registro: qué acuerdos se pueden evaluar, y guardar y leer sus evaluaciones.

Es la única puerta entre la evaluación y el registro: si el registro cambia de forma, solo cambia este módulo.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from datos.acuerdos import a_bytes, acuerdos
from datos.acuerdos.columnas import NIVELES_CUMPLIMIENTO, NOMBRES
from datos.almacen import almacen_por_omision, publicacion_vigente

__all__ = [
    "NIVELES_CUMPLIMIENTO",
    "Evaluable",
    "Guardada",
    "acuerdos_evaluables",
    "borrador_de_acuerdo",
    "evaluaciones_de",
    "guardar_evaluacion",
]


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
    return [
        Evaluable(
            id=f"{f.mesa_clave}:{f.folio}",
            folio=f.folio,
            mesa_clave=f.mesa_clave,
            mesa=f.mesa,
            texto=f.texto,
            municipios=tuple(sorted(f.municipios)),
            delitos=tuple(sorted(f.delitos)),
            fecha=f.fecha,
            inicio=f.inicio_efecto,
            rezago=int(f.rezago_meses),
            signo=1 if f.signo_esperado == "alza" else -1,
            meta_pct=float(f.meta_pct),
            cumplimiento=int(f.cumplimiento),
        )
        for f in acuerdos().sort_values(["mesa_clave", "fecha", "folio"]).itertuples()
        if len(f.municipios) and len(f.delitos)
    ]


def guardar_evaluacion(id: str, corte: date, version: str, version_metodo: str, salida: Mapping[str, Any]) -> bool:
    """Agrega una evaluación si con ese corte y esa versión no estaba ya dicho lo mismo; devuelve si se agregó.

    Las anteriores se quedan. ``version`` es la de la base publicada.
    """
    previas = evaluaciones_de(id)
    nueva = json.loads(json.dumps(dict(salida), default=str))
    if previas and (previas[-1].version, previas[-1].version_metodo, previas[-1].salida) == (
        version, version_metodo, nueva,
    ):  # fmt: skip
        return False
    renglon = {
        "id": id, "corte": corte.isoformat(), "version": version, "version_metodo": version_metodo,
        "guardada_en": datetime.now(UTC).isoformat(timespec="seconds"), "salida": nueva,
    }  # fmt: skip
    ruta = _ruta()
    ruta.parent.mkdir(parents=True, exist_ok=True)
    # Un renglón por escritura y al final del archivo: dos procesos a la vez no se pisan.
    with ruta.open("ab") as archivo:
        archivo.write((json.dumps(renglon, ensure_ascii=False) + "\n").encode("utf-8"))
        archivo.flush()
        os.fsync(archivo.fileno())
    return True


def evaluaciones_de(id: str) -> list[Guardada]:
    """Las de un acuerdo, de la más vieja a la más nueva."""
    ruta = _ruta()
    if not ruta.is_file():
        return []
    estado = ruta.stat()
    return list(_leer(ruta, estado.st_mtime_ns, estado.st_size).get(id, []))


def borrador_de_acuerdo(renglon: Mapping[str, str], formato: str) -> bytes:
    """La plantilla de acuerdos ('csv' o 'xlsx') con un renglón a medio llenar: lo demás lo escribe la Mesa."""
    return a_bytes([{nombre: renglon.get(nombre, "") for nombre in NOMBRES}], formato)


def _ruta() -> Path:
    """Las de la demostración van aparte: no son de ninguna Mesa."""
    publicacion = publicacion_vigente()
    demostracion = publicacion is not None and publicacion.demostracion
    return almacen_por_omision().registro / f"evaluaciones{'-demostracion' if demostracion else ''}.jsonl"


@lru_cache(maxsize=4)
def _leer(ruta: Path, _cuando: int, _bytes: int) -> dict[str, list[Guardada]]:
    """La fecha y el tamaño del archivo son parte de la llave. Un último renglón a medias se ignora: se está escribiendo."""
    por_acuerdo: dict[str, list[Guardada]] = {}
    for linea in ruta.read_text(encoding="utf-8").splitlines():
        try:
            r = json.loads(linea)
        except ValueError:
            continue
        hecha = Guardada(
            date.fromisoformat(r["corte"]), r["version"], r["version_metodo"], r["guardada_en"], r["salida"]
        )
        por_acuerdo.setdefault(r["id"], []).append(hecha)
    return por_acuerdo
