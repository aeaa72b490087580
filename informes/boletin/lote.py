"""Muchos boletines a la vez: dos procesos, sin rehacer lo que ya está hecho con lo mismo, y nunca un archivo a medias.

Junto a los archivos de cada boletín queda ``<nombre>.json``: la huella de lo que entró y la de cada archivo. Si al volver
coincide todo, ese boletín no se rehace. La ficha se escribe al final: sin ella, lo que haya se vuelve a hacer.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path

from datos.recursos import escribir_de_una_vez, que_falto
from informes.boletin.componer import Boletin, SinBoletin, componer, huella_de, ultimo_mes
from informes.boletin.donde import Donde
from informes.boletin.paquete import archivos, nombre_base
from informes.lote import HECHO, INESPERADO, RECHAZADO, Resultado, en_paralelo

PROCESOS = 2


def escribir_todos(pedidos: Sequence[Donde], mes: date | None, salida: Path) -> list[Resultado]:
    """Escribe cada boletín en ``salida`` y devuelve qué pasó con cada uno, en el orden pedido."""
    salida.mkdir(parents=True, exist_ok=True)
    hechos = en_paralelo(pedidos, partial(escribir, mes=mes, salida=salida), PROCESOS, lambda r: None)
    por_clave = {r.clave: r for r in hechos}
    return [por_clave[donde.clave] for donde in pedidos]


def escribir(donde: Donde, mes: date | None, salida: Path) -> Resultado:
    """Escribe un boletín si no está ya hecho con lo mismo."""
    try:
        mes = mes or ultimo_mes(donde)
        base = nombre_base(donde, mes)
        ficha = salida / f"{base}.json"
        entradas = huella_de(donde, mes)
        if _ya_esta(ficha, entradas):
            return Resultado(donde.clave, HECHO, f"Ya estaba: {base}", {"boletin": base, "ya_estaba": True})
        boletin = componer(donde, mes)
    except SinBoletin as causa:
        return Resultado(donde.clave, RECHAZADO, f"No se hizo: {causa}")
    try:
        return _guardar(boletin, donde, mes, salida, entradas)
    except Exception as causa:
        falto = que_falto(causa)
        if falto is None:
            raise
        return Resultado(donde.clave, INESPERADO, f"No se hizo {base}. {falto} Ningún archivo quedó a medias.")


def _guardar(boletin: Boletin, donde: Donde, mes: date, salida: Path, entradas: str) -> Resultado:
    """Los archivos y, al final, su ficha. Se dibujan todos antes de tocar los anteriores."""
    base = nombre_base(donde, mes)
    ficha, cuerpos, huellas = salida / f"{base}.json", archivos(boletin), {}
    ficha.unlink(missing_ok=True)
    for nombre, cuerpo in cuerpos.items():
        escribir_de_una_vez(salida / nombre, cuerpo)
        huellas[nombre] = hashlib.sha256(cuerpo).hexdigest()
    dicho = {
        "lugar": donde.clave,
        "mes": f"{mes:%Y-%m}",
        "titulo": boletin.titulo,
        "entradas": entradas,
        "archivos": huellas,
    }
    escribir_de_una_vez(ficha, (json.dumps(dicho, ensure_ascii=False, indent=1) + "\n").encode("utf-8"))
    return Resultado(donde.clave, HECHO, f"Hecho: {base} ({boletin.titulo})", {"boletin": base, "ya_estaba": False})


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
