"""Muchos boletines a la vez: dos procesos, sin rehacer lo que ya está hecho con lo mismo, y nunca un archivo a medias.

Junto a los archivos de cada boletín queda ``<nombre>.json``: la huella de lo que entró y la de cada archivo. Si al volver
coincide todo, ese boletín no se rehace. La ficha se escribe al final: sin ella, lo que haya se vuelve a hacer.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from loky import ProcessPoolExecutor

from informes.boletin.componer import SinBoletin, componer, huella_de, ultimo_mes
from informes.boletin.donde import Donde
from informes.boletin.paquete import archivos, nombre_base

PROCESOS = 2


@dataclass(frozen=True)
class Resultado:
    """Qué pasó con un boletín: su mensaje, si se hizo ahora y si se rechazó."""

    mensaje: str
    hecho: bool
    rechazado: bool = False


def escribir_todos(pedidos: Sequence[Donde], mes: date | None, salida: Path) -> list[Resultado]:
    """Escribe cada boletín en ``salida`` y devuelve qué pasó con cada uno, en el orden pedido."""
    salida.mkdir(parents=True, exist_ok=True)
    if len(pedidos) < 2:
        return [escribir(donde, mes, salida) for donde in pedidos]
    # Procesos nuevos (DuckDB y matplotlib no se bifurcan bien) que, como los de loky, no vuelven a correr el programa principal.
    with ProcessPoolExecutor(PROCESOS) as taller:
        return list(taller.map(partial(escribir, mes=mes, salida=salida), pedidos))


def escribir(donde: Donde, mes: date | None, salida: Path) -> Resultado:
    """Escribe un boletín si no está ya hecho con lo mismo."""
    try:
        mes = mes or ultimo_mes(donde)
        base = nombre_base(donde, mes)
        ficha = salida / f"{base}.json"
        entradas = huella_de(donde, mes)
        if _ya_esta(ficha, entradas):
            return Resultado(f"Ya estaba: {base}", hecho=False)
        boletin = componer(donde, mes)
    except SinBoletin as causa:
        return Resultado(f"No se hizo: {causa}", hecho=False, rechazado=True)
    ficha.unlink(missing_ok=True)
    huellas = {}
    for nombre, cuerpo in archivos(boletin).items():
        _escribir(salida / nombre, cuerpo)
        huellas[nombre] = hashlib.sha256(cuerpo).hexdigest()
    dicho = {
        "lugar": donde.clave,
        "mes": f"{mes:%Y-%m}",
        "titulo": boletin.titulo,
        "entradas": entradas,
        "archivos": huellas,
    }
    _escribir(ficha, (json.dumps(dicho, ensure_ascii=False, indent=1) + "\n").encode("utf-8"))
    return Resultado(f"Hecho: {base} ({boletin.titulo})", hecho=True)


def _ya_esta(ficha: Path, entradas: str) -> bool:
    """Si la ficha es de las mismas entradas y sus archivos siguen como se escribieron."""
    try:
        dicho = json.loads(ficha.read_text(encoding="utf-8"))
        return dicho["entradas"] == entradas and all(
            hashlib.sha256((ficha.parent / Path(nombre).name).read_bytes()).hexdigest() == huella
            for nombre, huella in dicho["archivos"].items()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False  # falta, está a medias o la tocaron: se vuelve a hacer


def _escribir(ruta: Path, cuerpo: bytes) -> None:
    """De una sola vez: quien lea mientras tanto ve el archivo de antes o el nuevo, nunca la mitad."""
    pasajero = ruta.with_name(f".{ruta.name}.{os.getpid()}")
    pasajero.write_bytes(cuerpo)
    pasajero.replace(ruta)
