"""Lo que cada quien puede ver del registro. Lo retirado y lo interno se quedan fuera aquí, no en las páginas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import Session

from datos.registro.actor import Actor, Rol
from datos.registro.autorizacion import Accion, exigir, puede, ve_todo
from datos.registro.conexion import Registro
from datos.registro.errores import NoEncontrado
from datos.registro.modelo import (
    Acuerdo,
    Asistencia,
    Bitacora,
    Evaluacion,
    Evidencia,
    Hito,
    Integrante,
    Mesa,
    Reprogramacion,
    Seguimiento,
    Sesion,
)
from datos.tablero import recordar

T = TypeVar("T")
MAXIMO_DE_BITACORA = 500
_DE_PERSONAS = ("entregada_por", "entregada_nombre", "verificada_por", "verificada_nombre", "verificacion_nota")


@dataclass(frozen=True)
class Expediente:
    """Un acuerdo con todo lo suyo que el actor puede ver, de lo más viejo a lo más nuevo.

    ``respaldos``: cuántas evidencias tiene el seguimiento de hoy, se puedan ver o no; ``verificado``: si otra persona dio
    por buena alguna.
    """

    acuerdo: Acuerdo
    mesa: Mesa
    hitos: list[Hito] = field(default_factory=list)
    seguimientos: list[Seguimiento] = field(default_factory=list)
    evidencias: list[Evidencia] = field(default_factory=list)
    reprogramaciones: list[Reprogramacion] = field(default_factory=list)
    evaluaciones: list[Evaluacion] = field(default_factory=list)
    respaldos: int = 0
    verificado: bool = False

    @property
    def seguimiento(self) -> Seguimiento | None:
        """El más reciente, que dice el cumplimiento de hoy."""
        return self.seguimientos[-1] if self.seguimientos else None

    @property
    def cumplimiento(self) -> int:
        """De 1 a 5; sin seguimiento, 1 («sin evidencia»)."""
        return self.seguimiento.cumplimiento if self.seguimiento else 1

    def vencido(self, hoy: date) -> bool:
        """Si pasó su plazo vigente sin estar completo."""
        return self.acuerdo.plazo is not None and self.acuerdo.plazo < hoy and self.cumplimiento < 5


def mesas(registro: Registro, actor: Actor) -> list[Mesa]:
    """Las Mesas que puede ver, por nombre."""
    with registro.leer() as sesion:
        return list(sesion.scalars(select(Mesa).where(_mesas_visibles(actor)).order_by(Mesa.nombre)))


def mesa(registro: Registro, actor: Actor, clave: str) -> Mesa:
    """Una Mesa. Lanza ``NoEncontrado`` si no existe o no la puede ver."""
    with registro.leer() as sesion:
        hallada = sesion.scalar(select(Mesa).where(Mesa.clave == clave, _mesas_visibles(actor)))
        if hallada is None:
            raise NoEncontrado(f"No hay una Mesa «{clave[:60]}» que se pueda ver con este permiso.")
        return hallada


def integrantes(registro: Registro, actor: Actor, clave: str) -> list[Integrante]:
    """Quién se sienta en la Mesa; el nombre de quien representa solo lo ve quien ve lo interno."""
    mesa(registro, actor, clave)
    with registro.leer() as sesion:
        suyos = list(
            sesion.scalars(
                select(Integrante)
                .where(Integrante.mesa == clave, Integrante.retirado_en.is_(None))
                .order_by(Integrante.lado, Integrante.institucion)
            )
        )
        return _sin(sesion, suyos, not puede(actor, Accion.LEER_INTERNO, clave), "representante")


def sesiones(registro: Registro, actor: Actor, clave: str | None = None) -> list[Sesion]:
    """Sesiones, de la más reciente a la más vieja; notas y minuta solo para quien ve lo interno."""
    with registro.leer() as sesion:
        visibles = select(Mesa.clave).where(_mesas_visibles(actor))
        donde: list[ColumnElement[bool]] = [Sesion.retirado_en.is_(None), Sesion.mesa.in_(visibles)]
        if clave is not None:
            donde.append(Sesion.mesa == clave)
        todas = list(sesion.scalars(select(Sesion).where(*donde).order_by(Sesion.fecha.desc(), Sesion.numero.desc())))
        return [_sin(sesion, [s], not puede(actor, Accion.LEER_INTERNO, s.mesa), "notas", "minuta")[0] for s in todas]


def sesion_de(registro: Registro, actor: Actor, id_: str) -> Sesion:
    """Una sesión. Lanza ``NoEncontrado`` si no existe o no la puede ver."""
    for suya in sesiones(registro, actor):
        if suya.id == id_:
            return suya
    raise NoEncontrado("Esa sesión no existe, o no se puede ver con este permiso.")


def asistencias(registro: Registro, actor: Actor, clave: str | None = None) -> list[Asistencia]:
    """Quién estuvo en cada sesión visible; el representante solo lo ve quien ve lo interno."""
    with registro.leer() as sesion:
        visibles = select(Sesion.id).where(
            Sesion.retirado_en.is_(None), Sesion.mesa.in_(select(Mesa.clave).where(_mesas_visibles(actor)))
        )
        donde: list[ColumnElement[bool]] = [Asistencia.retirado_en.is_(None), Asistencia.sesion.in_(visibles)]
        if clave is not None:
            donde.append(Asistencia.mesa == clave)
        todas = list(sesion.scalars(select(Asistencia).where(*donde).order_by(Asistencia.lado, Asistencia.institucion)))
        return [_sin(sesion, [a], not puede(actor, Accion.LEER_INTERNO, a.mesa), "representante")[0] for a in todas]


def expedientes(
    registro: Registro,
    actor: Actor,
    *,
    mesa_clave: str | None = None,
    ids: Sequence[str] | None = None,
    sesion_id: str | None = None,
) -> list[Expediente]:
    """Los acuerdos que puede ver, con lo suyo, por Mesa, fecha y folio; en pocas consultas, sean cuantos sean.

    Se recuerdan hasta que alguien escriba: los comparten quienes ven lo mismo, y nadie los cambia.
    """
    if ids is not None:
        return _expedientes(registro, actor, mesa_clave, tuple(ids), sesion_id)
    como_quien = Actor("", "", actor.rol, actor.mesas)  # de la persona, solo su papel y sus Mesas deciden qué ve
    return list(_recordados(registro, registro.sello(), como_quien, mesa_clave, sesion_id))


@recordar(maximo=24)
def _recordados(
    registro: Registro, sello: tuple[int, int], actor: Actor, mesa_clave: str | None, sesion_id: str | None
) -> list[Expediente]:
    """``sello`` es parte de la llave: un registro que cambió se vuelve a leer."""
    return _expedientes(registro, actor, mesa_clave, None, sesion_id)


def _expedientes(
    registro: Registro, actor: Actor, mesa_clave: str | None, ids: tuple[str, ...] | None, sesion_id: str | None
) -> list[Expediente]:
    with registro.leer() as sesion:
        donde: list[ColumnElement[bool]] = [_acuerdos_visibles(actor)]
        if mesa_clave is not None:
            donde.append(Acuerdo.mesa == mesa_clave)
        if ids is not None:
            donde.append(Acuerdo.id.in_(ids))
        if sesion_id is not None:
            donde.append(Acuerdo.sesion == sesion_id)
        acuerdos = list(
            sesion.scalars(select(Acuerdo).where(*donde).order_by(Acuerdo.mesa, Acuerdo.fecha, Acuerdo.folio))
        )
        por_clave = {m.clave: m for m in sesion.scalars(select(Mesa))}
        cuales = select(Acuerdo.id).where(*donde)
        internos = {c for c in por_clave if puede(actor, Accion.LEER_INTERNO, c)}
        hitos = _por_acuerdo(
            sesion, select(Hito).where(Hito.acuerdo.in_(cuales)).order_by(Hito.inicio, Hito.fin, Hito.id)
        )
        seguimientos = _por_acuerdo(
            sesion,
            select(Seguimiento)
            .where(Seguimiento.acuerdo.in_(cuales))
            .order_by(Seguimiento.fecha, Seguimiento.creado_en, Seguimiento.id),
        )
        evidencias = _por_acuerdo(
            sesion, select(Evidencia).where(Evidencia.acuerdo.in_(cuales)).order_by(Evidencia.fecha, Evidencia.id)
        )
        movidas = _por_acuerdo(
            sesion,
            select(Reprogramacion)
            .where(Reprogramacion.acuerdo.in_(cuales))
            .order_by(Reprogramacion.fecha, Reprogramacion.creado_en),
        )
        evaluaciones = _por_acuerdo(
            sesion, select(Evaluacion).where(Evaluacion.acuerdo.in_(cuales)).order_by(Evaluacion.corte)
        )
        hechos = []
        for a in acuerdos:
            interno = a.mesa in internos
            actual = seguimientos[a.id][-1].id if seguimientos[a.id] else None
            del_nivel = [e for e in evidencias[a.id] if actual is not None and e.seguimiento == actual]
            hechos.append(
                Expediente(
                    a,
                    por_clave[a.mesa],
                    hitos[a.id],
                    _sin(sesion, seguimientos[a.id], not interno, "nota", "quien"),
                    _sin(sesion, (e for e in evidencias[a.id] if interno or e.publica), not interno, *_DE_PERSONAS),
                    _sin(sesion, movidas[a.id], not interno, "quien"),
                    evaluaciones[a.id],
                    len(del_nivel),
                    any(e.verificada_en is not None for e in del_nivel),
                )
            )
        return hechos


def expediente(registro: Registro, actor: Actor, id_: str) -> Expediente:
    """Un acuerdo con lo suyo. Lanza ``NoEncontrado`` si no existe o no lo puede ver."""
    hallados = expedientes(registro, actor, ids=[id_])
    if not hallados:
        raise NoEncontrado("Ese acuerdo no existe, o no se puede ver con este permiso.")
    return hallados[0]


def retirados(registro: Registro, actor: Actor, clave: str) -> list[Acuerdo]:
    """Los acuerdos retirados de una Mesa, para recuperarlos. Lanza ``SinPermiso``."""
    exigir(actor, Accion.ESCRIBIR, clave)
    with registro.leer() as sesion:
        consulta = (
            select(Acuerdo).where(Acuerdo.mesa == clave, Acuerdo.retirado_en.is_not(None)).order_by(Acuerdo.folio)
        )
        return list(sesion.scalars(consulta))


def bitacora(
    registro: Registro,
    actor: Actor,
    *,
    mesa_clave: str | None = None,
    acuerdo: str | None = None,
    limite: int = MAXIMO_DE_BITACORA,
) -> list[Bitacora]:
    """La historia, de lo más reciente a lo más viejo. Sin ``mesa_clave`` ni ``acuerdo``, solo para quien ve todas las Mesas.

    Lanza ``SinPermiso``, o ``NoEncontrado`` si el acuerdo no existe.
    """
    with registro.leer() as sesion:
        donde: list[ColumnElement[bool]] = []
        if acuerdo is not None:
            suyo = sesion.get(Acuerdo, acuerdo)
            if suyo is None or not puede(actor, Accion.LEER_BITACORA, suyo.mesa):
                raise NoEncontrado("Ese acuerdo no existe, o no se puede ver su historia con este permiso.")
            donde.append(Bitacora.acuerdo == acuerdo)
        elif mesa_clave is not None:
            exigir(actor, Accion.LEER_BITACORA, mesa_clave)
            donde.append(Bitacora.mesa == mesa_clave)
        else:
            exigir(actor, Accion.LEER_BITACORA)
            if actor.rol is not Rol.ADMINISTRACION:
                donde.append(Bitacora.objeto != "persona")
        return list(sesion.scalars(select(Bitacora).where(*donde).order_by(Bitacora.id.desc()).limit(limite)))


def _mesas_visibles(actor: Actor) -> ColumnElement[bool]:
    vigente = Mesa.retirado_en.is_(None)
    if ve_todo(actor):
        return vigente
    return and_(vigente, or_(Mesa.publica.is_(True), _suyas(Mesa.clave, actor)))


def _acuerdos_visibles(actor: Actor) -> ColumnElement[bool]:
    vigente = and_(
        Acuerdo.retirado_en.is_(None), Acuerdo.mesa.in_(select(Mesa.clave).where(Mesa.retirado_en.is_(None)))
    )
    if ve_todo(actor):
        return vigente
    publicas = select(Mesa.clave).where(Mesa.publica.is_(True))
    return and_(vigente, or_(and_(Acuerdo.publico.is_(True), Acuerdo.mesa.in_(publicas)), _suyas(Acuerdo.mesa, actor)))


def _suyas(columna: Any, actor: Actor) -> ColumnElement[bool]:
    if actor.rol is Rol.PUBLICO or not actor.mesas:
        return false()
    return columna.in_(sorted(actor.mesas)) if actor.rol is Rol.MESA else true()


def _por_acuerdo(sesion: Session, consulta: Any) -> defaultdict[str, list[Any]]:
    por_acuerdo: defaultdict[str, list[Any]] = defaultdict(list)
    for uno in sesion.scalars(consulta):
        if uno.retirado_en is None:
            por_acuerdo[uno.acuerdo].append(uno)
    return por_acuerdo


def _sin(sesion: Session, objetos: Iterable[T], ocultar: bool, *campos: str) -> list[T]:
    """Los mismos objetos sin lo que el actor no puede ver; ya no pertenecen a la sesión, así que nada se guarda."""
    lista = list(objetos)
    if ocultar:
        for objeto in lista:
            sesion.expunge(objeto)
            for campo in campos:
                setattr(objeto, campo, "")
    return lista
