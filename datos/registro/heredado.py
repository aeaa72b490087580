"""El registro de acuerdos en el almacén: versiones inmutables en JSON y un puntero que se reemplaza de una sola vez."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from datos.acuerdos.columnas import NOMBRES
from datos.acuerdos.lectura import leer
from datos.almacen import Almacen

_PUNTERO = "acuerdos.json"


class RegistroDanado(Exception):
    """El puntero o la versión que nombra no se pueden leer; el mensaje dice qué hacer."""


def importar(ruta: Path, almacen: Almacen) -> str:
    """Valida el archivo y lo deja como registro vigente; devuelve la versión. La anterior se conserva.

    Lanza ``AcuerdosRechazados`` y entonces no cambia nada.
    """
    renglones = leer(ruta)
    carpeta = almacen.registro
    carpeta.mkdir(parents=True, exist_ok=True)
    cuerpo = json.dumps({"columnas": NOMBRES, "acuerdos": renglones}, ensure_ascii=False, indent=1).encode("utf-8")
    huella = hashlib.sha256(cuerpo).hexdigest()
    archivo = f"acuerdos-{huella[:16]}.json"
    if not (carpeta / archivo).exists():
        _reemplazar(carpeta / archivo, cuerpo)
    previo = _puntero(almacen)
    historia = (previo or {}).get("historia", [])
    if previo and previo["archivo"] != archivo:
        historia = [*historia, previo["archivo"]]
    ficha = {"archivo": archivo, "sha256": huella, "historia": historia}
    _reemplazar(carpeta / _PUNTERO, json.dumps(ficha, ensure_ascii=False, indent=1).encode("utf-8"))
    return huella[:16]


def vigentes(almacen: Almacen) -> list[dict[str, str]]:
    """Renglones del registro vigente, públicos o no; lista vacía si todavía no hay registro.

    Lanza ``RegistroDanado`` si lo hay y no se puede leer, o si la huella no coincide.
    """
    puntero = _puntero(almacen)
    if puntero is None:
        return []
    try:
        cuerpo = (almacen.registro / Path(puntero["archivo"]).name).read_bytes()
        acuerdos = json.loads(cuerpo)["acuerdos"]
    except (OSError, ValueError, KeyError) as causa:
        raise _danado(f"no se puede leer {puntero.get('archivo')}") from causa
    if hashlib.sha256(cuerpo).hexdigest() != puntero["sha256"]:
        raise _danado(f"la huella de {puntero['archivo']} no coincide")
    return acuerdos


def version(almacen: Almacen) -> str | None:
    """Versión vigente del registro, o ``None`` si no hay."""
    puntero = _puntero(almacen)
    return puntero["sha256"][:16] if puntero else None


def _puntero(almacen: Almacen) -> dict | None:
    ruta = almacen.registro / _PUNTERO
    if not ruta.exists():
        return None
    try:
        ficha = json.loads(ruta.read_text(encoding="utf-8"))
        if not {"archivo", "sha256"} <= set(ficha):
            raise KeyError("archivo o sha256")
    except (OSError, ValueError, KeyError, TypeError) as causa:
        raise _danado(f"{_PUNTERO} no se entiende") from causa
    return ficha


def _danado(que: str) -> RegistroDanado:
    return RegistroDanado(
        f"El registro de acuerdos está dañado: {que}. Los datos de delitos no se tocaron. Restaure la carpeta «registro» "
        "de su respaldo, o quite acuerdos.json e importe de nuevo la plantilla."
    )


def _reemplazar(destino: Path, cuerpo: bytes) -> None:
    temporal = destino.with_name(f".{destino.name}.{os.getpid()}")
    with temporal.open("wb") as archivo:
        archivo.write(cuerpo)
        archivo.flush()
        os.fsync(archivo.fileno())
    os.replace(temporal, destino)
