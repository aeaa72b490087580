"""Lo que se lee una sola vez para componer una sesión: el registro con el permiso de quien pide, y qué está publicado."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from datos.almacen import CALIBRACION, almacen_por_omision
from datos.consultas import lugares
from datos.consultas.contexto import Contexto, contexto
from datos.consultas.evaluables import Evaluable, acuerdos_evaluables
from datos.consultas.geometria import FICHA
from datos.registro import lectura
from datos.registro.apertura import registro_vigente
from datos.registro.conexion import Registro
from datos.registro.lectura import Expediente
from datos.registro.meses import sumar
from datos.registro.modelo import Mesa, Sesion
from informes.eficacia.servicio import nombre_de_municipios
from informes.sesion.pedido import VERSION, Pedido

_INTERNOS = ("version", "creado_en", "retirado_en", "retirado_porque")  # no se muestran: no cambian el paquete


@dataclass(frozen=True)
class Insumos:
    """``sesion`` es la que se prepara (``None``: todavía no se abre) y ``previa`` la anterior; ``expedientes``, los acuerdos de
    antes de ella que se pueden ver; ``evaluables``, los públicos de todas las Mesas."""

    pedido: Pedido
    actual: Contexto
    registro: Registro
    mesa: Mesa
    sesion: Sesion | None
    previa: Sesion | None
    sesiones: Sequence[Sesion]
    expedientes: Sequence[Expediente]
    evaluables: Sequence[Evaluable]

    @property
    def municipios(self) -> list[str]:
        """Claves de los que cubre, los que conoce el catálogo."""
        return [m for m in self.mesa.municipios if m in lugares.nombres()]

    @property
    def entidades(self) -> list[str]:
        """Claves de sus estados, en orden."""
        return sorted({*self.mesa.entidades, *(m[:2] for m in self.municipios)} & set(lugares.nombres()))

    @property
    def corte(self) -> tuple[date, date | None]:
        """El último corte municipal y desde cuándo es provisional; sin datos municipales, los del más reciente."""
        municipales = self.actual.fuentes("municipal")
        if municipales:
            return municipales[-1].corte, municipales[-1].provisional_desde
        return self.actual.corte_mas_reciente, self.actual.provisional_desde

    @property
    def lugar(self) -> str:
        """«León, Guanajuato», o varios en una lista corta."""
        return nombre_de_municipios(self.municipios) if self.municipios else self.mesa.nombre


def reunir(pedido: Pedido) -> Insumos:
    """Lo de una Mesa. Lanza ``NoEncontrado`` si no existe o no se puede ver, y lo que lancen el registro y la publicación."""
    actual = contexto()
    registro = registro_vigente()
    mesa = lectura.mesa(registro, pedido.actor, pedido.mesa)
    sesiones = lectura.sesiones(registro, pedido.actor, pedido.mesa)
    sesion = cual_sesion(sesiones, pedido)
    hasta = sesion.fecha if sesion is not None else pedido.fecha
    previas = [s for s in sesiones if sesion is None or (s.fecha, s.numero) < (sesion.fecha, sesion.numero)]
    suyos = lectura.expedientes(registro, pedido.actor, mesa_clave=pedido.mesa)
    propios = [e for e in suyos if e.acuerdo.fecha <= hasta and (sesion is None or e.acuerdo.sesion != sesion.id)]
    return Insumos(
        pedido,
        actual,
        registro,
        mesa,
        sesion,
        previas[0] if previas else None,
        sesiones,
        propios,
        acuerdos_evaluables(),
    )


def cual_sesion(sesiones: Sequence[Sesion], pedido: Pedido) -> Sesion | None:
    """La que se pidió por número; si no, la que está abierta o la primera después del mes que se revisa.

    ``sesiones``: de la más reciente a la más vieja. Lanza ``ValueError`` si el número no es de ninguna.
    """
    if pedido.sesion is not None:
        for s in sesiones:
            if s.numero == pedido.sesion:
                return s
        raise ValueError(f"la Mesa no tiene una sesión con el número {pedido.sesion}")
    siguiente = sumar(pedido.mes, 1)
    posteriores = [s for s in sesiones if s.fecha >= siguiente]
    abiertas = [s for s in posteriores if s.estado == "abierta"]
    return (abiertas or posteriores or [None])[-1]


def huella(i: Insumos) -> str:
    """SHA-256 de todo lo que entra: lo publicado, lo que se ve del registro, los límites y la versión de quien compone."""
    vigente = i.actual.publicacion.version
    partes: list[Any] = [
        VERSION,
        asdict(i.pedido),
        i.actual.publicacion.sha256,
        [_archivo(almacen_por_omision().publicado / FICHA)],
        [_archivo(almacen_por_omision().complementos(vigente) / CALIBRACION)],
        _renglon(i.mesa),
        [_renglon(s) for s in i.sesiones],
        [
            [
                _renglon(e.acuerdo), *map(_renglon, (*e.hitos, *e.seguimientos, *e.evidencias, *e.reprogramaciones)),
                e.respaldos, e.verificado,
                # las del corte vigente salen de lo mismo que ya cuenta aquí
                *(_renglon(x) for x in e.evaluaciones if x.salida.get("version_de_la_base") != vigente),
            ]
            for e in i.expedientes
        ],
        [asdict(x) for x in i.evaluables],
    ]  # fmt: skip
    texto = json.dumps(partes, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(texto.encode("utf-8")).hexdigest()


def _archivo(ruta: Path) -> str:
    return hashlib.sha256(ruta.read_bytes()).hexdigest() if ruta.is_file() else ""


def _renglon(objeto: Any) -> dict[str, Any]:
    columnas = type(objeto).__mapper__.columns
    return {c.key: getattr(objeto, c.key) for c in columnas if c.key not in _INTERNOS}
