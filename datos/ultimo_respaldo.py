"""Hace cuánto se respaldó esta instalación, y si ya es mucho. Lo recuerda el registro: toda réplica dice lo mismo."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime

from datos.sincronizacion import duracion

CLAVE_DE_AJUSTE = "ultimo_respaldo"
VARIABLE_HORAS = "TABLERO_RESPALDO_HORAS"
HORAS_POR_OMISION = 26.0  # uno diario, con dos horas de gracia
COMO_HACERLO = "«python -m datos.acuerdos respaldar --carpeta RUTA»"


@dataclass(frozen=True)
class UltimoRespaldo:
    """El último que se comprobó y quedó escrito: cuándo, si está cifrado y cuántos archivos de evidencia no encontró."""

    hecho_en: datetime
    cifrado: bool
    faltan: int


@dataclass(frozen=True)
class EstadoDelRespaldo:
    """Lo que se sabe. ``conocido`` es falso si el registro no contesta; ``hay_registro``, si todavía no nace."""

    conocido: bool
    hay_registro: bool
    ultimo: UltimoRespaldo | None
    horas: float

    def edad(self, ahora: datetime) -> int | None:
        """Segundos desde el último; ``None`` si no se sabe o nunca se ha hecho."""
        return None if self.ultimo is None else max(0, round((ahora - self.ultimo.hecho_en).total_seconds()))

    def atrasado(self, ahora: datetime) -> bool:
        """Si hay algo que respaldar y no se ha hecho a tiempo, o nunca."""
        if not self.conocido or not self.hay_registro:
            return False
        edad = self.edad(ahora)
        return edad is None or edad > self.horas * 3600

    def en_palabras(self, ahora: datetime) -> str:
        """«hace 5 h, cifrado», o qué falta y cómo hacerlo."""
        if not self.conocido:
            return "n. d.: el registro no contesta"
        if not self.hay_registro:
            return "todavía no hay registro que respaldar"
        edad = self.edad(ahora)
        if self.ultimo is None or edad is None:
            return f"nunca se ha hecho. Hágalo con {COMO_HACERLO} y prográmelo (docs/operacion.md)."
        partes = [f"hace {duracion(edad)}", "cifrado" if self.ultimo.cifrado else "sin cifrar"]
        if self.ultimo.faltan:
            partes.append(f"le faltan {self.ultimo.faltan:,} archivo(s) de evidencia")
        dicho = ", ".join(partes)
        if self.atrasado(ahora):
            return f"{dicho}. Es demasiado: debía haber otro antes de {duracion(self.horas * 3600)}. Revise su programación."
        return dicho


def horas() -> float:
    """Lo más viejo que puede ser antes de avisar: ``TABLERO_RESPALDO_HORAS``, o 26. Uno que no se entiende cuenta como 26."""
    try:
        escrito = float(os.environ.get(VARIABLE_HORAS, "").strip() or HORAS_POR_OMISION)
    except ValueError:
        return HORAS_POR_OMISION
    return escrito if escrito > 0 else HORAS_POR_OMISION


def leer(texto: str | None) -> UltimoRespaldo | None:
    """Lo que guardó el registro; ``None`` si no hay o no se entiende."""
    try:
        datos = json.loads(texto or "")
        return UltimoRespaldo(datetime.fromisoformat(datos["hecho_en"]), bool(datos["cifrado"]), int(datos["faltan"]))
    except (ValueError, KeyError, TypeError):
        return None


def escribir(ultimo: UltimoRespaldo) -> str:
    """Lo que se guarda en el registro."""
    return json.dumps(
        {"hecho_en": ultimo.hecho_en.astimezone(UTC).isoformat(), "cifrado": ultimo.cifrado, "faltan": ultimo.faltan}
    )
