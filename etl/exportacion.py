"""Dejar en una carpeta exactamente lo que debe servir un sitio estático para que otras máquinas sigan lo publicado aquí.

Todo en un solo nivel y con su huella en el nombre, salvo el puntero, que se reemplaza de una vez y al final; por eso una copia a
medias, o una réplica que baja mientras se publica, siempre encuentra completo lo que el puntero nombra. Cada puntero que hubo
queda como ``version-<versión>-<huella>.json``: de ahí se sabe qué archivos siguen en uso y cuáles ya no.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from datos.almacen import Almacen, Publicacion, ficha_de, publicacion_vigente
from datos.esquema import huella_del_esquema
from etl.desenlace import HECHO, RECHAZADO, USO, Desenlace
from etl.escritura import PREFIJO_EN_OBRA, copiar_atomico, escribir_atomico
from etl.publicacion.herencia import al_dia
from etl.publicacion.limites import ESTATICOS
from etl.publicacion.puntero import CargaEnCurso
from etl.publicacion.remoto import (
    COMPLEMENTO,
    COMPLEMENTOS,
    GEOMETRIA,
    LARGO_DE_HUELLA,
    PUNTERO,
    VECINOS,
    nombres_de,
)
from etl.trabajo import Trabajo

CONSERVAR = 3
_PROPIOS = ("tablero-*.duckdb", "*-????????????.json", "*-????????????.parquet")


class NoExportable(Exception):
    """Lo publicado aquí no se puede dar a otros; el mensaje dice por qué."""


@dataclass(frozen=True)
class _Pieza:
    """Un archivo por copiar: de dónde, con qué nombre y para qué."""

    origen: Path
    archivo: str
    papel: str
    sha256: str


def exportar(
    carpeta: Path, almacen: Almacen, trabajo: Trabajo, *, con_demostracion: bool = False, conservar: int = CONSERVAR
) -> Desenlace:
    """Deja ``carpeta`` lista para servirse con la versión vigente. Sin nada nuevo no toca el puntero."""
    vigente = publicacion_vigente(almacen)
    if vigente is None:
        return Desenlace(USO, "Nada publicado que exportar. Cargue antes archivos con «python -m etl cargar RUTA».")
    if vigente.demostracion and not con_demostracion:
        return Desenlace(
            RECHAZADO,
            "Lo publicado es una demostración y no se exporta (salvo con --con-demostracion). No se cambió nada.",
        )
    carpeta.mkdir(parents=True, exist_ok=True)
    try:
        with _un_solo_publicador(carpeta):
            return _exportar(carpeta, almacen, vigente, trabajo, conservar)
    except NoExportable as causa:
        return Desenlace(RECHAZADO, f"No se exportó: {causa} Lo que ya servía la carpeta sigue igual.")


def _exportar(carpeta: Path, almacen: Almacen, vigente: Publicacion, trabajo: Trabajo, conservar: int) -> Desenlace:
    for resto in carpeta.glob(f"{PREFIJO_EN_OBRA}*"):
        resto.unlink()
    if not al_dia(vigente):
        raise NoExportable("lo publicado es de otra versión del tablero; «python -m etl recalcular» lo rehace.")
    geometria = json.loads(almacen.geometria.read_text(encoding="utf-8")) if almacen.geometria.exists() else None
    acompanan = _acompanantes(almacen, vigente, geometria)
    base = _Pieza(vigente.ruta, vigente.ruta.name, "base", vigente.sha256)
    if _huella(base.origen) != base.sha256:
        raise NoExportable(f"el archivo de la versión {vigente.version} cambió después de publicarse.")
    copiados = 0
    for pieza in (base, *acompanan):
        destino = carpeta / pieza.archivo
        if not destino.is_file() or _huella(destino) != pieza.sha256:
            trabajo.paso(f"Copiando {pieza.archivo}")
            copiar_atomico(pieza.origen, destino)
            copiados += 1
    ficha = {
        **json.loads(ficha_de(vigente.ruta).read_text(encoding="utf-8")),
        "esquema": huella_del_esquema(),
        "geometria": geometria,
        "acompanan": [
            {"papel": p.papel, "archivo": p.archivo, "sha256": p.sha256, "bytes": p.origen.stat().st_size}
            for p in acompanan
        ],
    }
    anterior = _leer(carpeta / PUNTERO)
    ya = {c: v for c, v in anterior.items() if c != "apuntado_en"}
    if ya != ficha:
        puntero = {**ficha, "apuntado_en": _despues_de(anterior.get("apuntado_en"))}
        contenido = json.dumps(puntero, ensure_ascii=False, indent=1).encode("utf-8")
        huella = hashlib.sha256(contenido).hexdigest()[:LARGO_DE_HUELLA]
        escribir_atomico(carpeta / f"version-{vigente.version}-{huella}.json", contenido)
        escribir_atomico(carpeta / PUNTERO, contenido)
    borrados = _podar(carpeta, conservar)
    datos = {"version": vigente.version, "copiados": copiados, "borrados": borrados, "sin_novedad": ya == ficha}
    if ya == ficha and not copiados:
        return Desenlace(HECHO, f"Sin novedad: la carpeta ya sirve la versión {vigente.version}.", datos)
    texto = f"Exportado: versión {vigente.version}, {len(acompanan) + 1} archivos ({copiados} nuevos) y su puntero."
    return Desenlace(HECHO, texto, datos)


def _acompanantes(almacen: Almacen, vigente: Publicacion, geometria: dict | None) -> list[_Pieza]:
    piezas = []
    vecinos = (geometria or {}).get("vecinos")
    for nombre in sorted(nombres_de(geometria)) if geometria else ():
        papel, carpeta = (VECINOS, almacen.publicado) if nombre == vecinos else (GEOMETRIA, ESTATICOS / "geometria")
        piezas.append(_pieza(carpeta / nombre, nombre, papel))
    for nombre in COMPLEMENTOS:
        ruta = almacen.complementos(vigente.version) / nombre
        if ruta.exists():
            con_huella = f"{ruta.stem}-{_huella(ruta)[:LARGO_DE_HUELLA]}.parquet"
            piezas.append(_pieza(ruta, con_huella, COMPLEMENTO))
    return piezas


def _pieza(ruta: Path, nombre: str, papel: str) -> _Pieza:
    """Lanza ``NoExportable`` si falta, o si su contenido ya no es el de la huella que lleva en el nombre."""
    if not ruta.is_file():
        raise NoExportable(f"falta {nombre}, que nombran los límites vigentes; «python -m etl geometria» los rehace.")
    huella = _huella(ruta)
    if not Path(nombre).stem.endswith(huella[:LARGO_DE_HUELLA]):
        raise NoExportable(f"{nombre} ya no es el que se publicó; «python -m etl geometria» lo rehace.")
    return _Pieza(ruta, nombre, papel, huella)


def _despues_de(anterior: object) -> str:
    """Ahora; si el reloj se atrasó, un instante después del puntero anterior: quien lo sigue no ve la hora ir hacia atrás."""
    ahora = datetime.now(UTC)
    if isinstance(anterior, str):
        ahora = max(ahora, datetime.fromisoformat(anterior) + timedelta(microseconds=1))
    return ahora.isoformat()


def _podar(carpeta: Path, conservar: int) -> int:
    """Borra lo que no nombra ninguno de los ``conservar`` punteros más recientes; nunca un archivo que no puso este verbo."""
    punteros = sorted(
        carpeta.glob("version-*-????????????.json"), key=lambda r: str(_leer(r).get("apuntado_en", "")), reverse=True
    )
    vigentes: set[str] = set()
    for ruta in punteros[:conservar]:
        ficha = _leer(ruta)
        vigentes |= {ruta.name, str(ficha["archivo"]), *(str(a["archivo"]) for a in ficha["acompanan"])}
    borrados = 0
    for patron in _PROPIOS:
        for ruta in carpeta.glob(patron):
            if ruta.name not in vigentes:
                ruta.unlink()
                borrados += 1
    return borrados


def _leer(ruta: Path) -> dict:
    """El JSON de un puntero; vacío si no existe o no se entiende: entonces se escribe de nuevo."""
    try:
        leido = json.loads(ruta.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return leido if isinstance(leido, dict) else {}


def _huella(ruta: Path) -> str:
    with ruta.open("rb") as archivo:
        return hashlib.file_digest(archivo, "sha256").hexdigest()


@contextmanager
def _un_solo_publicador(carpeta: Path) -> Iterator[None]:
    with (carpeta / ".exportar.candado").open("a+", encoding="utf-8") as archivo:
        try:
            fcntl.flock(archivo, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as causa:
            raise CargaEnCurso(
                "Otro proceso está exportando a esa carpeta. No se cambió nada; espere a que termine."
            ) from causa
        yield
