"""Sesiones de una Mesa: abrirlas, tomar asistencia y cerrarlas con su minuta fija."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from datos.registro.actor import Actor
from datos.registro.auditoria import instante_de
from datos.registro.autorizacion import Accion, exigir
from datos.registro.comun import MAXIMO_NOMBRE, cambiar, mesa_activa, opcion, recuperar, retirar, texto, tomar
from datos.registro.conexion import Registro
from datos.registro.errores import DatoInvalido
from datos.registro.modelo import ASISTENCIAS, LADOS, TIPOS_DE_SESION, Asistencia, Sesion

ABIERTA, CERRADA = "abierta", "cerrada"
MAXIMO_NUMERO = 3_999
MAXIMO_NOTAS = 20_000
MAXIMO_MINUTA = 200_000


def abrir(
    registro: Registro,
    actor: Actor,
    mesa: str,
    *,
    fecha: date,
    tipo: str = "plenaria",
    numero: int | None = None,
    comision: str = "",
    lugar: str = "",
) -> Sesion:
    """Abre una sesión; sin ``numero`` toma el que sigue en la Mesa.

    Lanza ``SinPermiso``, ``NoEncontrado`` si no existe la Mesa, o ``DatoInvalido`` si el número ya está tomado.
    """
    exigir(actor, Accion.ESCRIBIR, mesa)
    opcion("tipo", tipo, TIPOS_DE_SESION)
    with registro.escribir(actor) as sesion:
        mesa_activa(sesion, mesa)
        elegido = siguiente_numero(sesion, mesa) if numero is None else numero
        _numero_libre(sesion, mesa, elegido, None)
        nueva = Sesion(
            mesa=mesa,
            numero=elegido,
            fecha=fecha,
            tipo=tipo,
            comision=texto("comisión", comision, maximo=MAXIMO_NOMBRE, obligatorio=False),
            lugar=texto("lugar", lugar, maximo=MAXIMO_NOMBRE, obligatorio=False),
            estado=ABIERTA,
            creado_en=instante_de(sesion),
        )
        sesion.add(nueva)
        sesion.flush()
        return nueva


def siguiente_numero(sesion: Session, mesa: str) -> int:
    """Uno más que el mayor usado en la Mesa, aunque esté retirado: los folios lo citan."""
    return int(sesion.scalar(select(func.coalesce(func.max(Sesion.numero), 0)).where(Sesion.mesa == mesa)) or 0) + 1


def editar(registro: Registro, actor: Actor, id_: str, version: int, **cambios: Any) -> Sesion:
    """Cambia número, fecha, tipo, comisión, lugar o notas de una sesión abierta.

    Lanza ``DatoInvalido`` si ya se cerró: hay que reabrirla, con su motivo.
    """
    with registro.escribir(actor) as sesion:
        suya = tomar(sesion, Sesion, id_, actor, Accion.ESCRIBIR, version=version, lo_suyo=cambios)
        _exigir_abierta(suya)
        revisados = dict(cambios)
        for campo, maximo in (("comision", MAXIMO_NOMBRE), ("lugar", MAXIMO_NOMBRE), ("notas", MAXIMO_NOTAS)):
            if campo in revisados:
                revisados[campo] = texto(campo, revisados[campo], maximo=maximo, obligatorio=False)
        if "tipo" in revisados:
            opcion("tipo", revisados["tipo"], TIPOS_DE_SESION)
        if "numero" in revisados:
            mesa_activa(sesion, suya.mesa)
            _numero_libre(sesion, suya.mesa, revisados["numero"], suya.id)
        ajenos = set(revisados) - {"numero", "fecha", "tipo", "comision", "lugar", "notas"}
        if ajenos:
            raise DatoInvalido.de("campo", "uno que se pueda cambiar", ", ".join(sorted(ajenos)))
        cambiar(suya, revisados)
        sesion.flush()
        return suya


def pasar_lista(
    registro: Registro,
    actor: Actor,
    sesion_id: str,
    *,
    institucion: str,
    lado: str,
    estado: str,
    representante: str = "",
) -> Asistencia:
    """Anota si una institución está presente, ausente o justificada; volver a anotarla la corrige.

    Lanza ``DatoInvalido`` si la sesión ya se cerró.
    """
    opcion("asistencia", estado, ASISTENCIAS)
    opcion("lado", lado, LADOS)
    nombre = texto("institución", institucion, maximo=MAXIMO_NOMBRE)
    quien = texto("representante", representante, maximo=MAXIMO_NOMBRE, obligatorio=False)
    with registro.escribir(actor) as sesion:
        suya = tomar(sesion, Sesion, sesion_id, actor, Accion.ESCRIBIR)
        _exigir_abierta(suya)
        previa = sesion.scalar(
            select(Asistencia).where(Asistencia.sesion == sesion_id, Asistencia.institucion == nombre).with_for_update()
        )
        if previa is None:
            previa = Asistencia(
                mesa=suya.mesa,
                sesion=sesion_id,
                institucion=nombre,
                lado=lado,
                estado=estado,
                representante=quien,
                creado_en=instante_de(sesion),
            )
            sesion.add(previa)
        else:
            cambiar(previa, {"lado": lado, "estado": estado, "representante": quien})
        sesion.flush()
        return previa


def cerrar(registro: Registro, actor: Actor, id_: str, version: int, minuta: str) -> Sesion:
    """Cierra la sesión y fija su minuta como texto: ya no cambia con lo que pase después."""
    with registro.escribir(actor, "Cierre de la sesión") as sesion:
        suya = tomar(sesion, Sesion, id_, actor, Accion.ESCRIBIR, version=version)
        _exigir_abierta(suya)
        suya.minuta = texto("minuta", minuta, maximo=MAXIMO_MINUTA)
        suya.estado = CERRADA
        sesion.flush()
        return suya


def reabrir(registro: Registro, actor: Actor, id_: str, version: int, motivo: str) -> Sesion:
    """Reabre una sesión cerrada, con su motivo; la minuta anterior queda en la bitácora."""
    porque = texto("motivo", motivo)
    with registro.escribir(actor, porque) as sesion:
        suya = tomar(sesion, Sesion, id_, actor, Accion.ESCRIBIR, version=version)
        if suya.estado != CERRADA:
            raise DatoInvalido.de("sesión", "una sesión cerrada", "una abierta")
        suya.estado = ABIERTA
        sesion.flush()
        return suya


def retirar_sesion(registro: Registro, actor: Actor, id_: str, version: int, porque: str) -> None:
    """Retira una sesión que no debió abrirse, con su razón."""
    with registro.escribir(actor, porque) as sesion:
        retirar(sesion, tomar(sesion, Sesion, id_, actor, Accion.ESCRIBIR, version=version), porque)


def recuperar_sesion(registro: Registro, actor: Actor, id_: str) -> None:
    """Deshace el retiro de una sesión."""
    with registro.escribir(actor) as sesion:
        recuperar(tomar(sesion, Sesion, id_, actor, Accion.ESCRIBIR, retirados=True))


def _exigir_abierta(suya: Sesion) -> None:
    if suya.estado != ABIERTA:
        raise DatoInvalido.de(
            "sesión", "una sesión abierta (reábrala, con su motivo)", "una ya cerrada, con su minuta fija"
        )


def _numero_libre(sesion: Session, mesa: str, numero: int, propia: str | None) -> None:
    if not 1 <= numero <= MAXIMO_NUMERO:
        raise DatoInvalido.de("número", f"un número de 1 a {MAXIMO_NUMERO:,}", str(numero))
    ocupado = select(Sesion.id).where(
        Sesion.mesa == mesa, Sesion.numero == numero, Sesion.retirado_en.is_(None), Sesion.id != (propia or "")
    )
    if sesion.scalar(ocupado) is not None:
        raise DatoInvalido.de("número", "el de una sesión que no exista", f"{numero}, que ya está en esta Mesa")
