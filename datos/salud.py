"""Cómo está la instalación, dicho igual a una máquina (``/api/salud``), en la terminal (``etl estado``) y en Administración.

Aquí no hay rutas del disco, direcciones ni mensajes de la base: lo puede leer cualquiera.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, lru_cache

import duckdb

from datos import integridad, sincronizacion, ultimo_respaldo
from datos.almacen import (
    RAIZ_DEL_PROYECTO,
    Almacen,
    Publicacion,
    PunteroInvalido,
    almacen_por_omision,
    publicacion_vigente,
)
from datos.esquema import huella_del_esquema
from datos.sincronizacion import Sincronizacion
from datos.sondeo import Sondeo, sondear
from datos.ultimo_respaldo import EstadoDelRespaldo

BIEN, DEGRADADO, SIN_DATOS, DANADO, OTRA_VERSION = "bien", "degradado", "sin datos", "dañado", "otra versión"
NO_LISTO = (DANADO, OTRA_VERSION)


@dataclass(frozen=True)
class Salud:
    """Lo que se sabe en ``ahora``. ``estado`` es uno de los de arriba; ``detalle`` lo explica cuando no es «bien»."""

    ahora: datetime
    estado: str
    detalle: str
    publicacion: Publicacion | None
    corte: date | None
    registro: Sondeo
    sincronizacion: Sincronizacion | None

    @property
    def lista(self) -> bool:
        """Si conviene mandarle visitas: las páginas abren, aunque alguna cosa falte."""
        return self.estado not in NO_LISTO

    @property
    def respaldo(self) -> EstadoDelRespaldo:
        """Cuándo se respaldó el registro por última vez. Que se atrase no quita visitas: se avisa aparte del estado."""
        r = self.registro
        return EstadoDelRespaldo(
            r.alcanzable, r.hay_registro, ultimo_respaldo.leer(r.respaldo), ultimo_respaldo.horas()
        )

    def edad_del_corte(self) -> int | None:
        """Días desde el primero del mes del corte."""
        return None if self.corte is None else (self.ahora.date() - self.corte).days

    def edad_de_la_publicacion(self) -> int | None:
        """Segundos desde que se construyó lo que se muestra."""
        if self.publicacion is None:
            return None
        cuando = datetime.fromisoformat(self.publicacion.publicado_en)
        return max(0, round((self.ahora - cuando).total_seconds()))


def revisar(almacen: Almacen | None = None, ahora: datetime | None = None) -> Salud:
    """La salud de un almacén. Tarda a lo más lo que se espera al registro; no lanza nada por lo que esté descompuesto."""
    almacen, ahora = almacen or almacen_por_omision(), ahora or datetime.now(UTC)
    registro, seguida = sondear(almacen), sincronizacion.leer(almacen)
    try:
        vigente = publicacion_vigente(almacen)
    except PunteroInvalido as causa:
        return Salud(ahora, DANADO, str(causa), None, None, registro, seguida)
    if vigente is None:
        return Salud(ahora, SIN_DATOS, "Todavía no hay datos publicados.", None, None, registro, seguida)
    if not integridad.intacta(vigente):
        detalle = f"El archivo de la versión {vigente.version} se dañó después de publicarse: «python -m etl revertir»."
        return Salud(ahora, DANADO, detalle, vigente, None, registro, seguida)
    esquema, corte = _de_la_base(str(vigente.ruta), vigente.sha256)
    estado, detalle = BIEN, ""
    if esquema is None:
        estado, detalle = DANADO, f"La base {vigente.ruta.name} no se puede leer."
    elif esquema != huella_del_esquema():
        estado, detalle = OTRA_VERSION, "Lo publicado es de otra versión del tablero: «python -m etl recalcular»."
    elif not registro.alcanzable:
        estado, detalle = DEGRADADO, "El registro de Mesas y acuerdos no contesta; las páginas de cifras sí."
    elif seguida is not None and (seguida.atrasada(ahora) or seguida.codigo):
        estado, detalle = DEGRADADO, "No se ha podido confirmar que esta sea la última versión publicada."
    return Salud(ahora, estado, detalle, vigente, corte, registro, seguida)


def como_datos(salud: Salud) -> dict[str, object]:
    """Lo que se dice de ella a una máquina. Con nada publicado, ``version`` es nulo."""
    p, s = salud.publicacion, salud.sincronizacion
    return {
        "estado": salud.estado,
        "listo": salud.lista,
        **({"detalle": salud.detalle} if salud.detalle else {}),
        "version": p.version if p else None,
        "sha256": p.sha256 if p else None,
        "publicado_en": p.publicado_en if p else None,
        "demostracion": p.demostracion if p else None,
        "publicacion_edad_segundos": salud.edad_de_la_publicacion(),
        "corte": salud.corte.isoformat()[:7] if salud.corte else None,
        "corte_edad_dias": salud.edad_del_corte(),
        "aplicacion": version_de_la_aplicacion(),
        "esquema": huella_del_esquema(),
        "registro": {
            "motor": salud.registro.motor,
            "alcanzable": salud.registro.alcanzable,
            "ms": salud.registro.milisegundos,
        },
        "respaldo": {
            "edad_segundos": salud.respaldo.edad(salud.ahora),
            "atrasado": salud.respaldo.atrasado(salud.ahora),
        },
        "sincronizacion": None
        if s is None
        else {c: v for c, v in sincronizacion.resumen(s, salud.ahora).items() if c not in ("origen", "mensaje")},
    }


def renglones(salud: Salud) -> list[tuple[str, str]]:
    """Lo mismo para personas: pares de qué y cómo está."""
    p = salud.publicacion
    contesta = (
        f"contesta en {salud.registro.milisegundos:.0f} ms" if salud.registro.milisegundos is not None else "contesta"
    )
    edad = salud.edad_de_la_publicacion()
    partes = [
        ("Estado", f"{salud.estado}. {salud.detalle}".strip() if salud.detalle else salud.estado),
        ("Publicado", "nada" if p is None or edad is None else f"{p.version}, hace {sincronizacion.duracion(edad)}"),
        ("Corte", "n. d." if salud.corte is None else f"{salud.corte:%Y-%m}, hace {salud.edad_del_corte()} días"),
        ("Aplicación", f"{version_de_la_aplicacion()}, esquema {huella_del_esquema()}"),
        ("Registro", f"{salud.registro.motor}: {contesta if salud.registro.alcanzable else 'no contesta'}"),
    ]
    partes.append(("Último respaldo", salud.respaldo.en_palabras(salud.ahora)))
    if salud.sincronizacion is not None:
        partes.append(("Réplica", salud.sincronizacion.en_palabras(salud.ahora)))
    return partes


@cache
def version_de_la_aplicacion() -> str:
    """La de ``pyproject.toml``."""
    return str(tomllib.loads((RAIZ_DEL_PROYECTO / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])


@lru_cache(maxsize=4)
def _de_la_base(ruta: str, _sha256: str) -> tuple[str | None, date | None]:
    """Esquema y corte más reciente de una base, que no cambia; (None, None) si no se puede leer."""
    try:
        con = duckdb.connect(ruta, read_only=True)
    except duckdb.Error:
        return None, None
    try:
        esquema = con.execute("SELECT valor FROM _publicacion WHERE clave = 'esquema'").fetchone()
        corte = con.execute("SELECT max(corte) FROM _cortes WHERE vigente").fetchone()
    except duckdb.Error:
        return "", None
    finally:
        con.close()
    return (str(esquema[0]) if esquema else ""), (corte[0] if corte else None)
