"""Con qué nace el registro de una instalación: las Mesas nombradas en público y lo que hubiera en el registro anterior."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from datos import catalogos
from datos.almacen import Almacen
from datos.registro import heredado
from datos.registro.actor import SISTEMA
from datos.registro.auditoria import firmar, instante_de
from datos.registro.modelo import Ajuste, Mesa

CATALOGO_SEMBRADO, HEREDADO = "catalogo_de_mesas", "registro_anterior"


def ajuste(sesion: Session, clave: str) -> str | None:
    """Lo que el registro recuerda de sí mismo con esa clave."""
    return sesion.scalar(select(Ajuste.valor).where(Ajuste.clave == clave))


def recordar(sesion: Session, clave: str, valor: str) -> None:
    """Deja escrito un ajuste."""
    sesion.merge(Ajuste(clave=clave, valor=valor))


def sembrar(sesion: Session, almacen: Almacen) -> None:
    """Agrega las Mesas del catálogo que nunca han estado y pasa una sola vez el registro anterior. No toca lo editado."""
    firmar(sesion, SISTEMA, "Catálogo de Mesas nombradas en público", datetime.now(UTC))
    mesas = catalogos.mesas()
    huella = hashlib.sha256(mesas.to_csv(index=False).encode()).hexdigest()
    if ajuste(sesion, CATALOGO_SEMBRADO) != huella:
        ya_estuvieron = set(sesion.scalars(select(Mesa.clave)))
        for fila in mesas.itertuples():
            if fila.clave not in ya_estuvieron:
                sesion.add(
                    Mesa(
                        clave=str(fila.clave),
                        nombre=str(fila.nombre),
                        entidades=list(fila.entidades),  # type: ignore[call-overload]
                        municipios=list(fila.municipios),  # type: ignore[call-overload]
                        fuente=str(fila.fuente),
                        nota=str(fila.nota),
                        por_confirmar=bool(fila.por_confirmar),
                        creado_en=instante_de(sesion),
                    )
                )
        recordar(sesion, CATALOGO_SEMBRADO, huella)
        sesion.flush()
    if ajuste(sesion, HEREDADO) is None and (anteriores := heredado.vigentes(almacen)):
        firmar(sesion, SISTEMA, "Migración del registro anterior (acuerdos.json)", datetime.now(UTC))
        heredado.migrar(sesion, anteriores)
        recordar(sesion, HEREDADO, heredado.version(almacen) or "")
