"""Conservar cada archivo como se recibió, bajo su SHA-256 y con su ficha; nada se sobrescribe."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from datos.almacen import Almacen
from etl.escritura import copiar_atomico, escribir_atomico
from etl.lectura.recibido import Recibido


def conservar(almacen: Almacen, recibido: Recibido, ficha: dict[str, object]) -> None:
    """Copia el archivo a ``crudo/<sha256>`` y escribe su ficha; si ya estaba, no hace nada."""
    destino = almacen.crudo / recibido.sha256
    ruta_ficha = almacen.crudo / f"{recibido.sha256}.json"
    if destino.exists() and ruta_ficha.exists():
        return
    copiar_atomico(recibido.ruta, destino)
    completa = {
        "archivo": recibido.nombre,
        "sha256": recibido.sha256,
        "bytes": recibido.tamano,
        "recibido_en": datetime.now(UTC).isoformat(timespec="seconds"),
        **ficha,
    }
    escribir_atomico(ruta_ficha, json.dumps(completa, ensure_ascii=False, indent=1).encode("utf-8"))
