"""Los pasos de un acuerdo: cuándo empiezan y terminan, de qué lado son, cuánto pesan y cuándo se cumplieron."""

from __future__ import annotations

from datetime import date
from typing import Any

from datos.registro.actor import Actor
from datos.registro.auditoria import instante_de
from datos.registro.autorizacion import Accion
from datos.registro.comun import cambiar, opcion, retirar, texto, tomar
from datos.registro.conexion import Registro
from datos.registro.errores import DatoInvalido
from datos.registro.modelo import LADOS, Acuerdo, Hito


def agregar(
    registro: Registro,
    actor: Actor,
    acuerdo: str,
    *,
    descripcion: str,
    lado: str,
    inicio: date,
    fin: date,
    ponderador: int,
) -> Hito:
    """Agrega un paso. ``lado``: 'autoridad' o 'ciudadania'; ``ponderador``: cuánto pesa, de 0 a 100."""
    valores = _revisar(descripcion=descripcion, lado=lado, inicio=inicio, fin=fin, ponderador=ponderador)
    with registro.escribir(actor) as sesion:
        suyo = tomar(sesion, Acuerdo, acuerdo, actor, Accion.ESCRIBIR)
        hito = Hito(mesa=suyo.mesa, acuerdo=suyo.id, creado_en=instante_de(sesion), **valores)
        _ordenado(hito)
        sesion.add(hito)
        sesion.flush()
        return hito


def editar(registro: Registro, actor: Actor, id_: str, version: int, **cambios: Any) -> Hito:
    """Cambia descripción, lado, fechas, ponderador o ``cumplido_en`` (``None``: todavía no)."""
    with registro.escribir(actor) as sesion:
        hito = tomar(sesion, Hito, id_, actor, Accion.ESCRIBIR, version=version, lo_suyo=cambios)
        cambiar(hito, _revisar(**cambios))
        _ordenado(hito)
        sesion.flush()
        return hito


def retirar_hito(registro: Registro, actor: Actor, id_: str, version: int, porque: str) -> None:
    """Retira un paso con su razón."""
    with registro.escribir(actor, porque) as sesion:
        retirar(sesion, tomar(sesion, Hito, id_, actor, Accion.ESCRIBIR, version=version), porque)


def _revisar(**valores: Any) -> dict[str, Any]:
    ajenos = set(valores) - {"descripcion", "lado", "inicio", "fin", "ponderador", "cumplido_en"}
    if ajenos:
        raise DatoInvalido.de("campo", "uno de un hito", ", ".join(sorted(ajenos)))
    revisados = dict(valores)
    if "descripcion" in revisados:
        revisados["descripcion"] = texto("descripción", revisados["descripcion"])
    if "lado" in revisados:
        opcion("lado", revisados["lado"], LADOS)
    if "ponderador" in revisados and not 0 <= revisados["ponderador"] <= 100:
        raise DatoInvalido.de("ponderador", "un entero de 0 a 100", str(revisados["ponderador"]))
    return revisados


def _ordenado(hito: Hito) -> None:
    if hito.fin < hito.inicio:
        raise DatoInvalido.de("fin", f"una fecha no anterior al inicio, {hito.inicio}", str(hito.fin))
