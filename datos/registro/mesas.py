"""Dar de alta, editar y retirar Mesas, y quién se sienta en ellas."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from datos import catalogos
from datos.registro.actor import Actor
from datos.registro.auditoria import instante_de
from datos.registro.autorizacion import Accion, exigir
from datos.registro.comun import MAXIMO_NOMBRE, cambiar, mesa_activa, opcion, recuperar, retirar, texto, tomar
from datos.registro.conexion import Registro
from datos.registro.errores import DatoInvalido
from datos.registro.logos import MAXIMO_GUARDADO
from datos.registro.modelo import LADOS, LARGO_CLAVE, Integrante, Mesa

_CLAVE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def crear(
    registro: Registro,
    actor: Actor,
    *,
    clave: str,
    nombre: str,
    municipios: Sequence[str],
    fuente: str,
    activa_desde: date | None = None,
    nota: str = "",
) -> Mesa:
    """Registra una Mesa. Lanza ``SinPermiso``, o ``DatoInvalido`` si la clave ya existe o un municipio no."""
    exigir(actor, Accion.CREAR_MESA)
    if not _CLAVE.fullmatch(clave) or len(clave) > LARGO_CLAVE:
        raise DatoInvalido.de("clave", "minúsculas, números y guiones (mesa-ejemplo)", f"«{clave[:60]}»")
    valores = _revisar(nombre=nombre, municipios=municipios, fuente=fuente, nota=nota, activa_desde=activa_desde)
    with registro.escribir(actor) as sesion:
        if sesion.get(Mesa, clave) is not None:
            raise DatoInvalido.de("clave", "una que no exista", f"«{clave}», que ya está registrada")
        mesa = Mesa(**{"clave": clave, "entidades": [], "creado_en": instante_de(sesion), **valores})
        sesion.add(mesa)
        sesion.flush()
        return mesa


def editar(registro: Registro, actor: Actor, clave: str, version: int, motivo: str = "", **cambios: Any) -> Mesa:
    """Cambia datos de una Mesa: nombre, municipios, fuente, nota, activa_desde, activa_hasta, por_confirmar, publica o logo
    (el de ``logos.como_texto``; vacío lo quita).

    Lanza ``SinPermiso``, ``NoEncontrado``, ``Conflicto`` o ``DatoInvalido``.
    """
    with registro.escribir(actor, motivo) as sesion:
        mesa = tomar(sesion, Mesa, clave, actor, Accion.EDITAR_MESA, version=version, lo_suyo=cambios)
        cambiar(mesa, _revisar(**cambios))
        if mesa.activa_desde and mesa.activa_hasta and mesa.activa_hasta < mesa.activa_desde:
            raise DatoInvalido.de(
                "activa_hasta", f"una fecha no anterior a {mesa.activa_desde}", str(mesa.activa_hasta)
            )
        sesion.flush()
        return mesa


def retirar_mesa(registro: Registro, actor: Actor, clave: str, version: int, porque: str) -> None:
    """Retira una Mesa con su razón; sus acuerdos siguen en la base. Solo quien puede registrar Mesas."""
    exigir(actor, Accion.CREAR_MESA)
    with registro.escribir(actor, porque) as sesion:
        retirar(sesion, tomar(sesion, Mesa, clave, actor, Accion.CREAR_MESA, version=version), porque)


def recuperar_mesa(registro: Registro, actor: Actor, clave: str) -> None:
    """Deshace el retiro de una Mesa."""
    exigir(actor, Accion.CREAR_MESA)
    with registro.escribir(actor) as sesion:
        recuperar(tomar(sesion, Mesa, clave, actor, Accion.CREAR_MESA, retirados=True))


def sentar(
    registro: Registro,
    actor: Actor,
    mesa: str,
    *,
    institucion: str,
    lado: str,
    representante: str = "",
    desde: date | None = None,
) -> Integrante:
    """Agrega una institución a la Mesa. Lanza ``DatoInvalido`` si ya se sienta en ella."""
    exigir(actor, Accion.EDITAR_MESA, mesa)
    nombre = texto("institución", institucion, maximo=MAXIMO_NOMBRE)
    with registro.escribir(actor) as sesion:
        mesa_activa(sesion, mesa)
        repetida = select(Integrante.id).where(
            Integrante.mesa == mesa, Integrante.institucion == nombre, Integrante.retirado_en.is_(None)
        )
        if sesion.scalar(repetida) is not None:
            raise DatoInvalido.de("institución", "una que no esté ya en la Mesa", f"«{nombre}»")
        integrante = Integrante(
            mesa=mesa,
            institucion=nombre,
            lado=opcion("lado", lado, LADOS),
            representante=texto("representante", representante, maximo=MAXIMO_NOMBRE, obligatorio=False),
            desde=desde,
            creado_en=instante_de(sesion),
        )
        sesion.add(integrante)
        sesion.flush()
        return integrante


def editar_integrante(registro: Registro, actor: Actor, id_: str, version: int, **cambios: Any) -> Integrante:
    """Cambia representante, desde o hasta de una institución que se sienta en la Mesa."""
    revisados = {**cambios}
    if "representante" in cambios:
        revisados["representante"] = texto(
            "representante", cambios["representante"], maximo=MAXIMO_NOMBRE, obligatorio=False
        )
    _solo(revisados, "representante", "desde", "hasta")
    with registro.escribir(actor) as sesion:
        integrante = tomar(sesion, Integrante, id_, actor, Accion.EDITAR_MESA, version=version, lo_suyo=cambios)
        cambiar(integrante, revisados)
        sesion.flush()
        return integrante


def retirar_integrante(registro: Registro, actor: Actor, id_: str, version: int, porque: str) -> None:
    """Una institución deja la Mesa, con su razón; su asistencia pasada se queda."""
    with registro.escribir(actor, porque) as sesion:
        retirar(sesion, tomar(sesion, Integrante, id_, actor, Accion.EDITAR_MESA, version=version), porque)


def _revisar(**valores: Any) -> dict[str, Any]:
    """Los datos de una Mesa, limpios; de los municipios salen las entidades. Lanza ``DatoInvalido``."""
    permitidos = (
        "nombre",
        "municipios",
        "fuente",
        "nota",
        "activa_desde",
        "activa_hasta",
        "por_confirmar",
        "publica",
        "logo",
    )
    _solo(valores, *permitidos)
    revisados = dict(valores)
    for campo, obligatorio in (("nombre", True), ("fuente", True), ("nota", False)):
        if campo in revisados:
            maximo = MAXIMO_NOMBRE if campo == "nombre" else 2_000
            revisados[campo] = texto(campo, revisados[campo], obligatorio=obligatorio, maximo=maximo)
    if revisados.get("logo") and len(revisados["logo"]) > MAXIMO_GUARDADO:
        raise DatoInvalido.de("logo", "el que devuelve logos.como_texto", f"{len(revisados['logo']):,} letras")
    if "municipios" in revisados:
        claves = list(dict.fromkeys(revisados["municipios"]))
        ajenas = set(claves) - set(catalogos.municipios()["cve_mun"])
        if ajenas:
            raise DatoInvalido.de("municipios", "claves de municipio del catálogo", ", ".join(sorted(ajenas)[:5]))
        revisados["municipios"] = claves
        if claves:
            revisados["entidades"] = sorted({c[:2] for c in claves})
    return revisados


def _solo(valores: dict[str, Any], *permitidos: str) -> None:
    ajenos = set(valores) - set(permitidos)
    if ajenos:
        raise DatoInvalido.de("campo", " o ".join(permitidos), ", ".join(sorted(ajenos)))
