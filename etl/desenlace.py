"""En qué acabó una orden, con su código de salida, y cómo se cuenta lo que quedó de una carga."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from etl.publicacion.cargar import Resultado

HECHO, INESPERADO, USO, RECHAZADO, SIN_FUENTE, SIN_RECURSOS = 0, 1, 2, 3, 4, 5
IGUAL = "Lo publicado sigue igual."


@dataclass
class Desenlace:
    """Código de salida, mensaje para personas y datos para máquinas."""

    codigo: int
    mensaje: str
    datos: dict[str, object] = field(default_factory=dict)


def lineas_de(hecho: Resultado) -> list[str]:
    """Qué quedó de una carga, para personas."""
    lineas = [f"Cargado: {c}" for c in hecho.cortes]
    lineas += [hecho.limites] if hecho.limites else []
    lineas += [f"Aviso: {a}" for a in hecho.avisos] + [f"A un lado: {d}" for d in hecho.dejados]
    if hecho.publicacion is not None:
        p = hecho.publicacion
        lineas.append(f"Publicado: versión {p.version}, {p.bytes / 1e6:,.1f} MB, SHA-256 {p.sha_corto}")
    return lineas


def datos_de(hecho: Resultado) -> dict[str, object]:
    """Qué quedó de una carga, para máquinas."""
    return {
        "version": hecho.publicacion.version if hecho.publicacion else None,
        "cortes": hecho.cortes,
        "avisos": hecho.avisos,
        "dejados": hecho.dejados,
        "limites": hecho.limites,
    }
