"""Tomar un acuerdo, corregirlo, reprogramarlo y retirarlo.

Lo que se guarda pasa las mismas reglas que la plantilla. El plazo solo cambia con ``reprogramar``, que conserva el anterior; la
línea base se congela al capturar y solo se vuelve a congelar si cambia de qué es el acuerdo, con su motivo.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from datos.plantilla.columnas import NOMBRES
from datos.plantilla.lectura import validar
from datos.registro import linea_base
from datos.registro.actor import Actor
from datos.registro.auditoria import instante_de
from datos.registro.autorizacion import Accion, exigir
from datos.registro.comun import cambiar, mesa_activa, recuperar, retirar, texto, tomar
from datos.registro.conexion import Registro
from datos.registro.errores import DatoInvalido, NoEncontrado, Problema
from datos.registro.folios import proponer
from datos.registro.modelo import Acuerdo, Borrador, Mesa, Reprogramacion, Sesion
from datos.registro.renglones import ALCANCE, a_campos, a_renglon, fecha_o_nada

VACIO = dict.fromkeys(NOMBRES, "")


def crear(
    registro: Registro,
    actor: Actor,
    mesa: str,
    valores: Mapping[str, str],
    *,
    sesion_id: str | None = None,
    borrador: str | None = None,
) -> Acuerdo:
    """Guarda un acuerdo nuevo con su línea base congelada y, en la misma transacción, desecha su ``borrador``.

    ``valores`` son los de la plantilla como texto; ``mesa_clave``, ``mesa`` y ``cumplimiento`` se ponen solos. Lanza
    ``SinPermiso``, ``NoEncontrado`` o ``DatoInvalido`` con todo lo que falta.
    """
    exigir(actor, Accion.ESCRIBIR, mesa)
    with registro.escribir(actor) as sesion:
        suya = mesa_activa(sesion, mesa)
        revisados = revisar(suya, valores)
        if sesion_id is not None:
            _de_esta_mesa(sesion, sesion_id, mesa)
        campos = a_campos(revisados)
        (base,) = linea_base.calcular([pedido(campos)])
        nuevo = insertar(sesion, mesa, campos, base, revisados, sesion_id)
        if borrador is not None:
            propio = sesion.get(Borrador, borrador)
            if propio is not None and propio.cuenta == actor.cuenta:
                sesion.delete(propio)
        guardar(sesion, nuevo)
        return nuevo


def revisar(mesa: Mesa, valores: Mapping[str, str]) -> dict[str, str]:
    """Los valores completos y limpios de un acuerdo de esa Mesa. Lanza ``DatoInvalido`` con todos sus problemas."""
    completos = {**VACIO, **{c: v.replace("\r\n", "\n").strip() for c, v in valores.items() if c in VACIO}}
    completos |= {"mesa_clave": mesa.clave, "mesa": mesa.nombre, "cumplimiento": completos["cumplimiento"] or "1"}
    problemas = validar([(1, completos)])
    if problemas:
        raise DatoInvalido([Problema(p.columna, p.esperado, p.encontrado) for p in problemas])
    return completos


def pedido(campos: Mapping[str, Any]) -> linea_base.Pedido:
    """Qué línea base le toca: la del periodo que dice, o la de los 12 meses anteriores a su efecto."""
    desde, hasta = campos["base_desde"], campos["base_hasta"]
    if desde is None or hasta is None:
        desde, hasta = linea_base.periodo(campos["inicio_efecto"], campos["rezago_meses"], linea_base.ultimo_corte())
    series = linea_base.series_de(campos["delitos"], campos["canasta"])
    return linea_base.Pedido(tuple(campos["municipios"]), tuple(series), desde, hasta)


def insertar(
    sesion: Session,
    mesa: str,
    campos: Mapping[str, Any],
    base: linea_base.LineaBase,
    valores: Mapping[str, str],
    sesion_id: str | None = None,
) -> Acuerdo:
    """Agrega el acuerdo a la sesión abierta; quien llama ya revisó permisos y valores, y confirma."""
    plazo = fecha_o_nada(valores["plazo"])
    nuevo = Acuerdo(
        mesa=mesa,
        sesion=sesion_id,
        **{**campos, **congelada(base, sesion)},
        plazo=plazo,
        plazo_original=fecha_o_nada(valores["plazo_original"]) or plazo,
        creado_en=instante_de(sesion),
    )
    sesion.add(nuevo)
    return nuevo


def congelada(base: linea_base.LineaBase, sesion: Session) -> dict[str, Any]:
    """La línea base como queda en el acuerdo, con el momento en que se congeló."""
    return {
        "base_desde": base.desde,
        "base_hasta": base.hasta,
        "base_valor": base.valor,
        "base_cortes": base.cortes,
        "base_motivo": base.motivo,
        "base_congelada_en": instante_de(sesion),
    }


def guardar(sesion: Session, acuerdo: Acuerdo) -> None:
    """Escribe en la base; un folio repetido se dice como tal."""
    folio = acuerdo.folio  # tras un choque la sesión ya no puede leerlo
    try:
        sesion.flush()
    except IntegrityError as causa:
        if "uq_acuerdo_mesa_folio_vigente" in str(causa.orig) or "acuerdo.folio" in str(causa.orig):
            raise DatoInvalido.de(
                "folio", "un folio que no se repita en su Mesa", f"{folio}, que ya está en el registro"
            ) from causa
        raise


def proponer_folio(registro: Registro, actor: Actor, mesa: str, sesion: int, anio: int) -> str:
    """El siguiente folio libre de esa sesión de la Mesa. Lanza ``SinPermiso``."""
    exigir(actor, Accion.ESCRIBIR, mesa)
    with registro.leer() as lectura:
        return proponer(lectura.scalars(select(Acuerdo.folio).where(Acuerdo.mesa == mesa)), sesion, anio)


def editar(
    registro: Registro,
    actor: Actor,
    id_: str,
    version: int,
    cambios: Mapping[str, str],
    motivo: str = "",
) -> Acuerdo:
    """Corrige un acuerdo. ``cambios`` son columnas de la plantilla; ``plazo`` no: ese se reprograma.

    Cambiar de qué es (municipios, delitos, canasta, inicio, rezago o periodo base) pide ``motivo`` y vuelve a congelar la línea
    base; la anterior queda en la bitácora. Lanza ``SinPermiso``, ``NoEncontrado``, ``Conflicto`` o ``DatoInvalido``.
    """
    fijos = set(cambios) & {"plazo", "plazo_original", "cumplimiento", "mesa_clave", "mesa"}
    if fijos:
        raise DatoInvalido.de("campo", "uno que se corrija aquí; el plazo se reprograma", ", ".join(sorted(fijos)))
    with registro.escribir(actor, motivo) as sesion:
        suyo = tomar(sesion, Acuerdo, id_, actor, Accion.ESCRIBIR, version=version, lo_suyo=dict(cambios))
        mesa = mesa_activa(sesion, suyo.mesa)
        aplicar(sesion, suyo, mesa, {**a_renglon(suyo, mesa.nombre, None), **cambios}, motivo)
        return suyo


def aplicar(sesion: Session, suyo: Acuerdo, mesa: Mesa, valores: Mapping[str, str], motivo: str) -> bool:
    """Lleva un acuerdo a los valores dados; dice si cambió algo. Quien llama ya revisó permiso y versión."""
    revisados = revisar(mesa, valores)
    nuevos = a_campos(revisados)
    if nuevos["base_desde"] is None:
        nuevos["base_desde"], nuevos["base_hasta"] = suyo.base_desde, suyo.base_hasta
    de_alcance = [c for c in ALCANCE if getattr(suyo, c) != nuevos[c]]
    if de_alcance:
        texto("motivo del cambio de alcance", motivo)
        # Si se movió el efecto y nadie pidió otro periodo, la base vuelve a ser la de los 12 meses anteriores.
        if {"inicio_efecto", "rezago_meses"} & set(de_alcance) and not {"base_desde", "base_hasta"} & set(de_alcance):
            nuevos["base_desde"] = nuevos["base_hasta"] = None
        (base,) = linea_base.calcular([pedido(nuevos)])
        nuevos |= congelada(base, sesion)
    hubo = cambiar(suyo, nuevos)
    guardar(sesion, suyo)
    return hubo


def reprogramar(
    registro: Registro,
    actor: Actor,
    id_: str,
    version: int,
    a: date,
    motivo: str,
    *,
    dia: date,
    sesion_id: str | None = None,
) -> Reprogramacion:
    """Mueve el plazo vigente y deja escrito el anterior, con su motivo. El plazo original no cambia nunca."""
    porque = texto("motivo", motivo)
    with registro.escribir(actor, porque) as sesion:
        suyo = tomar(sesion, Acuerdo, id_, actor, Accion.ESCRIBIR, version=version, lo_suyo={"plazo": a})
        if sesion_id is not None:
            _de_esta_mesa(sesion, sesion_id, suyo.mesa)
        movida = mover_plazo(sesion, suyo, actor, a, porque, dia, sesion_id)
        sesion.flush()
        return movida


def mover_plazo(
    sesion: Session, suyo: Acuerdo, actor: Actor, a: date, porque: str, dia: date, sesion_id: str | None = None
) -> Reprogramacion:
    """El cambio de plazo dentro de una operación ya autorizada. Lanza ``DatoInvalido`` si es el mismo o anterior al acuerdo."""
    if a == suyo.plazo:
        raise DatoInvalido.de("plazo", "una fecha distinta de la vigente", str(a))
    if a < suyo.fecha:
        raise DatoInvalido.de("plazo", f"una fecha no anterior a la del acuerdo, {suyo.fecha}", str(a))
    movida = Reprogramacion(
        mesa=suyo.mesa,
        acuerdo=suyo.id,
        de=suyo.plazo,
        a=a,
        motivo=porque,
        quien=actor.nombre,
        fecha=dia,
        sesion=sesion_id,
        creado_en=instante_de(sesion),
    )
    suyo.plazo, suyo.sin_plazo_porque = a, ""
    suyo.plazo_original = suyo.plazo_original or a
    sesion.add(movida)
    return movida


def retirar_acuerdo(registro: Registro, actor: Actor, id_: str, version: int, porque: str) -> None:
    """Retira un acuerdo con su razón: deja de verse, no se borra."""
    with registro.escribir(actor, porque) as sesion:
        retirar(sesion, tomar(sesion, Acuerdo, id_, actor, Accion.ESCRIBIR, version=version), porque)


def recuperar_acuerdo(registro: Registro, actor: Actor, id_: str) -> Acuerdo:
    """Deshace un retiro. Lanza ``DatoInvalido`` si entretanto otro acuerdo tomó su folio."""
    with registro.escribir(actor) as sesion:
        suyo = tomar(sesion, Acuerdo, id_, actor, Accion.ESCRIBIR, retirados=True)
        recuperar(suyo)
        guardar(sesion, suyo)
        return suyo


def _de_esta_mesa(sesion: Session, sesion_id: str, mesa: str) -> Sesion:
    suya = sesion.get(Sesion, sesion_id)
    if suya is None or suya.mesa != mesa or suya.retirado_en is not None:
        raise NoEncontrado("Esa sesión no es de esta Mesa, o ya no está en el registro.")
    return suya


def sesion_de_la_mesa(sesion: Session, sesion_id: str | None, mesa: str) -> str | None:
    """La sesión pedida si es de esa Mesa. Lanza ``NoEncontrado`` si no lo es."""
    return None if sesion_id is None else _de_esta_mesa(sesion, sesion_id, mesa).id
