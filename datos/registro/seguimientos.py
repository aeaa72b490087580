"""Dar seguimiento: declarar el cumplimiento de un acuerdo, de 1 a 5. Subirlo pide evidencia; nada dice del efecto."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from datos.plantilla.columnas import NIVELES_CUMPLIMIENTO
from datos.registro.actor import Actor
from datos.registro.acuerdos import sesion_de_la_mesa
from datos.registro.auditoria import instante_de
from datos.registro.autorizacion import Accion
from datos.registro.comun import recuperar, retirar, texto, tomar
from datos.registro.conexion import Registro
from datos.registro.errores import DatoInvalido
from datos.registro.evidencias import Entrega, adjuntar, guardar_archivo
from datos.registro.modelo import Acuerdo, Borrador, Seguimiento

PIDE_EVIDENCIA = 3
MAXIMO_NIVEL = 5


def registrar(
    registro: Registro,
    actor: Actor,
    acuerdo: str,
    version: int,
    *,
    cumplimiento: int,
    nota: str,
    dia: date,
    entregas: Sequence[Entrega] = (),
    sesion_id: str | None = None,
    borrador: str | None = None,
) -> Seguimiento:
    """Declara el cumplimiento de un acuerdo y entrega su evidencia en la misma transacción.

    ``version`` es la del acuerdo que se vio: si alguien lo cambió entretanto, ``Conflicto``. Subir a 3 o más pide al menos una
    evidencia. Lanza también ``SinPermiso``, ``NoEncontrado``, ``DatoInvalido`` o ``EvidenciaRechazada``.
    """
    if not 1 <= cumplimiento <= MAXIMO_NIVEL:
        raise DatoInvalido.de("cumplimiento", f"un nivel de 1 a {MAXIMO_NIVEL}", str(cumplimiento))
    escrita = texto("nota", nota, obligatorio=False)
    with registro.escribir(actor) as sesion:
        lo_suyo: dict[str, object] = {"cumplimiento": cumplimiento, "nota": escrita}
        suyo = tomar(sesion, Acuerdo, acuerdo, actor, Accion.ESCRIBIR, version=version, lo_suyo=lo_suyo)
        previo = actual(sesion, [suyo.id]).get(suyo.id)
        nivel_previo = previo.cumplimiento if previo else 1
        if cumplimiento > nivel_previo and cumplimiento >= PIDE_EVIDENCIA and not entregas:
            raise DatoInvalido.de(
                "evidencia",
                f"un archivo o una liga que respalde subir de «{NIVELES_CUMPLIMIENTO[nivel_previo - 1]}» a "
                f"«{NIVELES_CUMPLIMIENTO[cumplimiento - 1]}»",
                "ninguna",
            )
        nuevo = Seguimiento(
            mesa=suyo.mesa,
            acuerdo=suyo.id,
            fecha=dia,
            cumplimiento=cumplimiento,
            nota=escrita,
            quien=actor.nombre,
            sesion=sesion_de_la_mesa(sesion, sesion_id, suyo.mesa),
            creado_en=instante_de(sesion),
        )
        if previo is not None:
            # El reloj de la máquina pudo atrasarse: lo último que se declara es siempre lo vigente.
            nuevo.fecha = max(dia, previo.fecha)
            nuevo.creado_en = max(nuevo.creado_en, previo.creado_en + timedelta(microseconds=1))
        sesion.add(nuevo)
        sesion.flush()
        for entrega in entregas:
            adjuntar(sesion, actor, suyo, entrega, guardar_archivo(registro, sesion, entrega), nuevo.id)
        if borrador is not None:
            propio = sesion.get(Borrador, borrador)
            if propio is not None and propio.cuenta == actor.cuenta:
                sesion.delete(propio)
        sesion.flush()
        return nuevo


def actual(sesion: Session, acuerdos: Iterable[str]) -> dict[str, Seguimiento]:
    """Acuerdo → su seguimiento más reciente que no esté retirado."""
    vigentes: dict[str, Seguimiento] = {}
    consulta = (
        select(Seguimiento)
        .where(Seguimiento.acuerdo.in_(list(acuerdos)), Seguimiento.retirado_en.is_(None))
        .order_by(Seguimiento.fecha, Seguimiento.creado_en)
    )
    for uno in sesion.scalars(consulta):
        vigentes[uno.acuerdo] = uno
    return vigentes


def retirar_seguimiento(registro: Registro, actor: Actor, id_: str, version: int, porque: str) -> None:
    """Retira un seguimiento equivocado, con su razón; el cumplimiento vuelve al anterior."""
    with registro.escribir(actor, porque) as sesion:
        retirar(sesion, tomar(sesion, Seguimiento, id_, actor, Accion.ESCRIBIR, version=version), porque)


def recuperar_seguimiento(registro: Registro, actor: Actor, id_: str) -> None:
    """Deshace un retiro."""
    with registro.escribir(actor) as sesion:
        recuperar(tomar(sesion, Seguimiento, id_, actor, Accion.ESCRIBIR, retirados=True))


def importado(acuerdo: Acuerdo, cumplimiento: int, dia: date, quien: str, sesion: Session) -> dict[str, Any]:
    """Los valores del seguimiento que deja una importación: sin evidencia, y dicho así."""
    return {
        "mesa": acuerdo.mesa,
        "acuerdo": acuerdo.id,
        "fecha": dia,
        "cumplimiento": cumplimiento,
        "nota": "Nivel declarado en la plantilla importada",
        "quien": quien,
        "importado": True,
        "creado_en": instante_de(sesion),
    }
