"""Importar una hoja de acuerdos en dos pasos: primero se ve todo lo que cambiaría; se guarda solo si se acepta.

Cada renglón se busca por Mesa y folio. Reimportar el mismo archivo no cambia nada. Si el registro cambió entre la vista previa y
el sí, no se guarda y se pide mirar otra vez.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from datos.plantilla.lectura import AcuerdosRechazados, ProblemaDeAcuerdo, leer, leer_bytes
from datos.registro import linea_base
from datos.registro.actor import Actor
from datos.registro.acuerdos import aplicar, guardar, insertar, mover_plazo, pedido
from datos.registro.auditoria import instante_de
from datos.registro.autorizacion import Accion, exigir
from datos.registro.conexion import Registro
from datos.registro.errores import Conflicto
from datos.registro.lectura import expedientes
from datos.registro.modelo import Acuerdo, Mesa, Seguimiento
from datos.registro.renglones import ALCANCE, a_campos, a_renglon, fecha_o_nada
from datos.registro.seguimientos import actual, importado

MOTIVO = "Importación de la plantilla"


@dataclass(frozen=True)
class Renglon:
    """Qué pasaría con un renglón del archivo. ``que``: 'nuevo', 'cambia' o 'igual'; ``cambios``: columna → (antes, después)."""

    numero: int
    mesa: str
    folio: str
    que: str
    valores: Mapping[str, str]
    cambios: Mapping[str, tuple[str, str]]
    version: int = 0


@dataclass(frozen=True)
class Plan:
    """La vista previa completa de una importación: sus renglones y las Mesas que habría que registrar (clave → nombre)."""

    renglones: list[Renglon]
    mesas_nuevas: Mapping[str, str]

    def cuantos(self, que: str) -> int:
        """Renglones de esa clase."""
        return sum(r.que == que for r in self.renglones)


def planear_archivo(registro: Registro, actor: Actor, ruta: Path) -> Plan:
    """La vista previa de un archivo. Lanza ``AcuerdosRechazados`` con todos sus problemas, o ``SinPermiso``."""
    return planear(registro, actor, leer(ruta))


def planear_bytes(registro: Registro, actor: Actor, contenido: bytes) -> Plan:
    """Como ``planear_archivo``, con el contenido en memoria (lo que recibe una página)."""
    return planear(registro, actor, leer_bytes(contenido))


def planear(registro: Registro, actor: Actor, renglones: list[dict[str, str]]) -> Plan:
    """Compara renglones ya validados con el registro, sin escribir nada.

    Lanza ``SinPermiso`` si toca una Mesa que no es suya, y ``AcuerdosRechazados`` si una Mesa se llama distinto en el registro o
    un plazo reprogramado no cuadra.
    """
    claves = sorted({r["mesa_clave"] for r in renglones})
    with registro.leer() as sesion:
        mesas = {m.clave: m for m in sesion.scalars(select(Mesa).where(Mesa.clave.in_(claves)))}
        nuevas = {c: next(r["mesa"] for r in renglones if r["mesa_clave"] == c) for c in claves if c not in mesas}
        if nuevas:
            exigir(actor, Accion.CREAR_MESA)
        for clave in claves:
            exigir(actor, Accion.IMPORTAR, clave)
        existentes = _existentes(sesion, claves)
        niveles = {k: s.cumplimiento for k, s in actual(sesion, [a.id for a in existentes.values()]).items()}
        hechos, problemas = [], []
        for numero, valores in enumerate(renglones, 2):
            clave, folio = valores["mesa_clave"], valores["folio"]
            mesa = mesas.get(clave)
            if mesa is not None and (mesa.nombre != valores["mesa"] or mesa.retirado_en is not None):
                esperado = (
                    f"«{mesa.nombre}», como está en el registro" if mesa.retirado_en is None else "una Mesa sin retirar"
                )
                problemas.append(ProblemaDeAcuerdo(numero, "mesa", esperado, f"«{valores['mesa']}»"))
                continue
            suyo = existentes.get((clave, folio))
            if suyo is None:
                hechos.append(Renglon(numero, clave, folio, "nuevo", valores, {}))
                continue
            cambios = _cambios(suyo, valores, niveles.get(suyo.id))
            if "plazo" in cambios and not valores["plazo"]:
                problemas.append(
                    ProblemaDeAcuerdo(numero, "plazo", "un plazo: no se quita el que ya tenía", "la celda vacía")
                )
            hechos.append(
                Renglon(numero, clave, folio, "cambia" if cambios else "igual", valores, cambios, suyo.version)
            )
        if problemas:
            raise AcuerdosRechazados(problemas)
        return Plan(hechos, nuevas)


def importar(registro: Registro, actor: Actor, plan: Plan, dia: date) -> Plan:
    """Guarda una vista previa aceptada, toda o nada, y la devuelve.

    Lanza ``SinPermiso``, ``Conflicto`` si el registro cambió desde la vista previa, o ``DatoInvalido``.
    """
    if plan.mesas_nuevas:
        exigir(actor, Accion.CREAR_MESA)
    for clave in sorted({r.mesa for r in plan.renglones}):
        exigir(actor, Accion.IMPORTAR, clave)
    with registro.escribir(actor, MOTIVO) as sesion:
        for clave, nombre in plan.mesas_nuevas.items():
            _agregar_mesa(sesion, clave, nombre, plan)
        mesas = {m.clave: m for m in sesion.scalars(select(Mesa).with_for_update())}
        existentes = _existentes(sesion, sorted(mesas))
        _agregar_nuevos(sesion, actor, [r for r in plan.renglones if r.que == "nuevo"], existentes, dia)
        for renglon in plan.renglones:
            if renglon.que == "cambia":
                suyo = existentes.get((renglon.mesa, renglon.folio))
                if suyo is None or suyo.version != renglon.version:
                    raise _cambio_entretanto(renglon)
                _actualizar(sesion, actor, suyo, mesas[renglon.mesa], renglon, dia)
    return plan


def exportar(registro: Registro, actor: Actor, mesa: str | None = None) -> list[dict[str, str]]:
    """Los acuerdos que el actor puede ver, como renglones de la plantilla."""
    return [a_renglon(e.acuerdo, e.mesa.nombre, e.cumplimiento) for e in expedientes(registro, actor, mesa_clave=mesa)]


def _existentes(sesion: Session, claves: list[str]) -> dict[tuple[str, str], Acuerdo]:
    consulta = select(Acuerdo).where(Acuerdo.mesa.in_(claves), Acuerdo.retirado_en.is_(None))
    return {(a.mesa, a.folio): a for a in sesion.scalars(consulta)}


def _cambios(suyo: Acuerdo, valores: Mapping[str, str], nivel: int | None) -> dict[str, tuple[str, str]]:
    """Columna → (antes, después) de lo que el renglón cambiaría; compara significados, no cómo se escribió el número."""
    nuevos, antes = a_campos(valores), a_renglon(suyo, valores["mesa"], nivel)
    if nuevos["base_desde"] is None:
        nuevos["base_desde"], nuevos["base_hasta"] = suyo.base_desde, suyo.base_hasta
    distintas = {c for c in nuevos if c not in ("base_desde", "base_hasta") and getattr(suyo, c) != nuevos[c]}
    if (suyo.base_desde, suyo.base_hasta) != (nuevos["base_desde"], nuevos["base_hasta"]):
        distintas.add("linea_base_periodo")
    if fecha_o_nada(valores["plazo"]) != suyo.plazo:
        distintas.add("plazo")
    if valores["cumplimiento"] != antes["cumplimiento"]:
        distintas.add("cumplimiento")
    return {c: (antes[c], valores[c]) for c in antes if c in distintas}


def _agregar_mesa(sesion: Session, clave: str, nombre: str, plan: Plan) -> None:
    if sesion.get(Mesa, clave) is not None:
        raise Conflicto("Otra persona", "hace un momento", 0, [], {"mesa": clave})
    suyos = [r.valores for r in plan.renglones if r.mesa == clave]
    municipios = list(dict.fromkeys(m for v in suyos for m in a_campos(v)["municipios"]))
    sesion.add(
        Mesa(
            clave=clave,
            nombre=nombre,
            entidades=sorted({m[:2] for m in municipios}),
            municipios=municipios,
            fuente=suyos[0]["fuente"],
            nota="Registrada al importar sus acuerdos; cubre los municipios que nombran.",
            creado_en=instante_de(sesion),
        )
    )
    sesion.flush()


def _agregar_nuevos(
    sesion: Session,
    actor: Actor,
    nuevos: list[Renglon],
    existentes: Mapping[tuple[str, str], Acuerdo],
    dia: date,
) -> None:
    for renglon in nuevos:
        if (renglon.mesa, renglon.folio) in existentes:
            raise _cambio_entretanto(renglon)
    campos = [a_campos(r.valores) for r in nuevos]
    bases = linea_base.calcular([pedido(c) for c in campos]) if nuevos else []
    agregados = []
    for renglon, propios, base in zip(nuevos, campos, bases, strict=True):
        agregados.append(insertar(sesion, renglon.mesa, propios, base, renglon.valores))
    sesion.flush()
    for renglon, suyo in zip(nuevos, agregados, strict=True):
        nivel = int(renglon.valores["cumplimiento"])
        sesion.add(Seguimiento(**importado(suyo, nivel, dia, actor.nombre, sesion)))
    sesion.flush()


def _actualizar(sesion: Session, actor: Actor, suyo: Acuerdo, mesa: Mesa, renglon: Renglon, dia: date) -> None:
    valores, cambios = renglon.valores, renglon.cambios
    if "plazo" in cambios:
        mover_plazo(sesion, suyo, actor, date.fromisoformat(valores["plazo"]), MOTIVO, dia)
    propios = set(cambios) - {"plazo", "cumplimiento"}
    if propios:
        de_alcance = propios & {*ALCANCE, "linea_base_periodo"}
        aplicar(sesion, suyo, mesa, valores, MOTIVO if de_alcance else "")
    if "cumplimiento" in cambios:
        sesion.add(Seguimiento(**importado(suyo, int(valores["cumplimiento"]), dia, actor.nombre, sesion)))
    guardar(sesion, suyo)


def _cambio_entretanto(renglon: Renglon) -> Conflicto:
    return Conflicto(
        "Otra persona",
        "después de la vista previa",
        renglon.version,
        [],
        {"folio": renglon.folio, "mesa": renglon.mesa, "renglón": renglon.numero},
    )
