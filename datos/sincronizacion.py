"""Cómo va una réplica que sigue una publicación ajena: cuándo preguntó, qué le dijeron y desde cuándo no sabe nada nuevo.

Lo escribe ``python -m etl sincronizar`` en ``<almacén>/sincronizacion.json`` después de cada pregunta.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from datos.almacen import Almacen, almacen_por_omision

ARCHIVO = "sincronizacion.json"
VUELTAS_DE_GRACIA = 3


@dataclass(frozen=True)
class Sincronizacion:
    """La última pregunta al sitio. ``al_dia_en`` es la última vez que se supo que lo vigente aquí es lo que el sitio anuncia.

    ``origen`` va sin claves ni consulta; ``codigo`` es el de salida de la última pregunta (0 es bien).
    """

    origen: str
    revisado_en: datetime
    al_dia_en: datetime | None
    codigo: int
    mensaje: str
    fallas_seguidas: int
    siguiente_en: datetime | None
    cada: float
    version: str | None = None
    apuntado_en: datetime | None = None
    sha_del_puntero: str | None = None
    etag: str | None = None
    modificado: str | None = None

    def segundos_sin_saber(self, ahora: datetime) -> float | None:
        """Hace cuánto se confirmó lo vigente; ``None`` si nunca."""
        return None if self.al_dia_en is None else max(0.0, (ahora - self.al_dia_en).total_seconds())

    def atrasada(self, ahora: datetime) -> bool:
        """Si lleva tres vueltas sin confirmar lo vigente, sea porque el sitio falla o porque nadie pregunta."""
        sin_saber = self.segundos_sin_saber(ahora)
        return sin_saber is None or timedelta(seconds=sin_saber) > timedelta(seconds=self.cada * VUELTAS_DE_GRACIA)

    def en_palabras(self, ahora: datetime, *, con_origen: bool = True) -> str:
        """«Sigue la publicación de https://sitio/: confirmado hace 2 min», o desde cuándo no se puede y por qué."""
        sin_saber = self.segundos_sin_saber(ahora)
        cuando = "nunca se ha podido confirmar" if sin_saber is None else f"confirmado hace {duracion(sin_saber)}"
        sigue = f"Sigue la publicación de {self.origen}" if con_origen else "Esta máquina sigue lo publicado en otra"
        if self.codigo == 0 and not self.atrasada(ahora):
            return f"{sigue}: {cuando}."
        if self.codigo == 0:
            return f"{sigue}, pero nadie ha preguntado desde hace rato ({cuando})."
        veces = "1 falla" if self.fallas_seguidas == 1 else f"{self.fallas_seguidas} fallas seguidas"
        return f"{sigue} y no la alcanza ({cuando}; {veces}). {self.mensaje}"


def duracion(segundos: float) -> str:
    """«40 s», «12 min», «5 h» o «3 días»."""
    for tope, divisor, unidad in ((90, 1, "s"), (5_400, 60, "min"), (129_600, 3_600, "h")):
        if segundos < tope:
            return f"{segundos / divisor:.0f} {unidad}"
    return f"{segundos / 86_400:.0f} días"


def leer(almacen: Almacen | None = None) -> Sincronizacion | None:
    """La de este almacén; ``None`` si no sigue a nadie o si lo anotado no se entiende."""
    try:
        datos = json.loads(((almacen or almacen_por_omision()).raiz / ARCHIVO).read_text(encoding="utf-8"))
        fechas = {
            c: datetime.fromisoformat(datos[c]) if datos[c] else None
            for c in ("revisado_en", "al_dia_en", "siguiente_en", "apuntado_en")
        }
        return Sincronizacion(**{**datos, **fechas})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def como_json(suya: Sincronizacion) -> str:
    """Lo que se escribe en el archivo."""
    datos = {c: v.astimezone(UTC).isoformat() if isinstance(v, datetime) else v for c, v in vars(suya).items()}
    return json.dumps(datos, ensure_ascii=False, indent=1)


def resumen(suya: Sincronizacion, ahora: datetime) -> dict[str, object]:
    """Lo que se dice de ella a una máquina, sin direcciones del almacén ni validadores."""
    sin_saber = suya.segundos_sin_saber(ahora)
    return {
        "origen": suya.origen,
        "revisado_en": suya.revisado_en.isoformat(timespec="seconds"),
        "segundos_sin_confirmar": None if sin_saber is None else round(sin_saber),
        "atrasada": suya.atrasada(ahora),
        "codigo": suya.codigo,
        "fallas_seguidas": suya.fallas_seguidas,
        "mensaje": suya.mensaje,
    }
