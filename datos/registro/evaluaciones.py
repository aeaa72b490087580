"""El efecto medido de un acuerdo, con su corte y la versión del método. Lo escribe quien evalúa; nunca toca el cumplimiento."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from datos.registro.actor import Actor
from datos.registro.auditoria import instante_de
from datos.registro.autorizacion import Accion, exigir
from datos.registro.comun import texto, tomar
from datos.registro.conexion import Registro
from datos.registro.modelo import Acuerdo, Evaluacion


def guardar(
    registro: Registro, actor: Actor, acuerdo: str, corte: date, version_metodo: str, salida: Mapping[str, Any]
) -> Evaluacion:
    """Agrega una evaluación; las anteriores se quedan. Lanza ``SinPermiso`` o ``NoEncontrado``."""
    exigir(actor, Accion.EVALUAR)
    with registro.escribir(actor) as sesion:
        suyo = tomar(sesion, Acuerdo, acuerdo, actor, Accion.EVALUAR)
        nueva = Evaluacion(
            mesa=suyo.mesa,
            acuerdo=suyo.id,
            corte=corte,
            version_metodo=texto("versión del método", version_metodo, maximo=40),
            salida=dict(salida),
            creado_en=instante_de(sesion),
        )
        sesion.add(nueva)
        sesion.flush()
        return nueva
