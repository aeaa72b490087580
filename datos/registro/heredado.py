"""El registro anterior (``acuerdos.json`` y sus versiones): se lee una vez, se pasa al nuevo y se deja donde está."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from datos.almacen import Almacen
from datos.plantilla.columnas import NOMBRES
from datos.registro import linea_base
from datos.registro.actor import SISTEMA
from datos.registro.acuerdos import insertar, pedido
from datos.registro.auditoria import instante_de
from datos.registro.errores import RegistroDanado
from datos.registro.modelo import Mesa, Seguimiento
from datos.registro.renglones import a_campos
from datos.registro.seguimientos import importado

_PUNTERO = "acuerdos.json"


def vigentes(almacen: Almacen) -> list[dict[str, str]]:
    """Renglones del registro anterior, públicos o no; lista vacía si nunca lo hubo.

    Lanza ``RegistroDanado`` si lo hay y no se puede leer, o si la huella no coincide.
    """
    puntero = _leer_puntero(almacen)
    if puntero is None:
        return []
    try:
        cuerpo = (almacen.registro / Path(puntero["archivo"]).name).read_bytes()
        acuerdos = json.loads(cuerpo)["acuerdos"]
    except (OSError, ValueError, KeyError) as causa:
        raise _danado(f"no se puede leer {puntero.get('archivo')}") from causa
    if hashlib.sha256(cuerpo).hexdigest() != puntero["sha256"]:
        raise _danado(f"la huella de {puntero['archivo']} no coincide")
    return [{n: str(r.get(n, "")) for n in NOMBRES} for r in acuerdos]


def version(almacen: Almacen) -> str | None:
    """Huella del registro anterior vigente, o ``None`` si no hay."""
    puntero = _leer_puntero(almacen)
    return puntero["sha256"] if puntero else None


def migrar(sesion: Session, renglones: Sequence[dict[str, str]]) -> None:
    """Pasa todos los renglones: las Mesas que falten, sus acuerdos y su cumplimiento como seguimiento importado.

    No vuelve a validar: ya pasaron las reglas con que se importaron, y nada se queda atrás.
    """
    momento = instante_de(sesion)
    campos = [a_campos(r) for r in renglones]
    bases = linea_base.calcular([pedido(c) for c in campos])
    for renglon, propios, base in zip(renglones, campos, bases, strict=True):
        clave = renglon["mesa_clave"]
        mesa = sesion.get(Mesa, clave)
        if mesa is None:
            mesa = Mesa(
                clave=clave,
                nombre=renglon["mesa"],
                entidades=[],
                municipios=[],
                fuente=f"Registro anterior: {renglon['fuente']}",
                creado_en=momento,
            )
            sesion.add(mesa)
            sesion.flush()
        # una Mesa cubre, por lo menos, los municipios de sus acuerdos
        mesa.municipios = list(dict.fromkeys([*mesa.municipios, *propios["municipios"]]))
        mesa.entidades = sorted({*mesa.entidades, *(m[:2] for m in mesa.municipios)})
        nuevo = insertar(sesion, clave, propios, base, renglon)
        sesion.flush()
        nivel = int(renglon["cumplimiento"])
        sesion.add(Seguimiento(**importado(nuevo, nivel, momento.date(), SISTEMA.nombre, sesion)))
    sesion.flush()


def _leer_puntero(almacen: Almacen) -> dict[str, Any] | None:
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
        f"El registro anterior de acuerdos está dañado: {que}. No se pasó nada y los datos de delitos no se tocaron. Restaure "
        "la carpeta «registro» de su respaldo, o quite acuerdos.json si ya no lo necesita."
    )
