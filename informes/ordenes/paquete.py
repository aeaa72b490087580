"""``paquete``: el paquete de evidencia de una Mesa o de todas, sin repetir el que ya está hecho con lo mismo."""

from __future__ import annotations

import argparse
import os
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from analisis import formatos
from datos import paquetes
from datos.almacen import PunteroInvalido, almacen_por_omision
from datos.consultas.contexto import contexto
from datos.recursos import que_falto
from datos.registro import lectura
from datos.registro.apertura import registro_vigente
from datos.registro.errores import NoEncontrado, RegistroDanado
from datos.reloj import hoy
from datos.tablero import SinPublicacion
from informes import lote
from informes.lote import HECHO, INESPERADO, RECHAZADO, USO, Resultado
from informes.sesion.pedido import Pedido, leer_mes, ultimo_mes

VERBO = "paquete"
PROCESOS = 2


@dataclass(frozen=True)
class Tarea:
    """Un paquete por hacer: qué sesión, dónde se guarda y si se rehace aunque ya esté."""

    pedido: Pedido
    salida: Path
    forzar: bool


def agregar(verbos: argparse._SubParsersAction) -> None:
    """Agrega el verbo con sus opciones."""
    v = verbos.add_parser(VERBO, help="el paquete de la sesión mensual de una Mesa, o de todas")
    lote.comunes(v)
    cuales = v.add_mutually_exclusive_group(required=True)
    cuales.add_argument("--mesa", metavar="CLAVE", help="clave de la Mesa en el registro")
    cuales.add_argument("--todas", action="store_true", help="todas las Mesas activas ese mes")
    v.add_argument("--mes", metavar="AAAA-MM", help="mes de las cifras; por omisión, el último municipal publicado")
    v.add_argument("--salida", type=Path, metavar="DIR", help="dónde se guardan; por omisión, «paquetes» en el almacén")
    v.add_argument("--publico", action="store_true", help="solo lo que puede ver cualquiera")
    v.add_argument("--fecha", type=date.fromisoformat, metavar="AAAA-MM-DD", help="día con que se cuentan los plazos")
    v.add_argument(
        "--sesion", type=int, metavar="N", help="número de la sesión; por omisión, la que corresponde al mes"
    )
    v.add_argument(
        "--procesos", type=int, default=PROCESOS, choices=range(1, 9), metavar="N", help="a la vez; 2 si no se dice"
    )
    v.add_argument("--forzar", action="store_true", help="los rehace aunque ya estén")
    v.add_argument("--trabajo", metavar="ID", help="nombre del trabajo en que se anota el avance")
    v.set_defaults(correr=correr)


def correr(opciones: argparse.Namespace) -> int:
    """Hace lo pedido y devuelve el código de salida."""
    lote.usar_almacen(opciones)
    try:
        mes = leer_mes(opciones.mes) if opciones.mes else ultimo_mes()
    except ValueError as causa:
        return _fin(opciones, USO, f"--mes: {causa}.")
    except (SinPublicacion, PunteroInvalido) as causa:
        return _fin(opciones, RECHAZADO, str(causa))
    if opciones.todas and (opciones.sesion or opciones.trabajo):
        return _fin(opciones, USO, "--sesion y --trabajo son de una sola Mesa.")
    try:
        ultimo = contexto().corte_mas_reciente
        if mes is None or mes > ultimo:
            texto = f"Lo publicado llega a {formatos.mes(ultimo)}: no hay cifras de {formatos.mes(mes) if mes else 'municipios'}."
            return _fin(opciones, RECHAZADO, f"{texto} No se hizo nada.")
        tareas = _tareas(opciones, mes)
    except (SinPublicacion, PunteroInvalido, RegistroDanado, NoEncontrado) as causa:
        return _fin(opciones, RECHAZADO, str(causa))
    if opciones.trabajo:
        return _en_trabajo(opciones, tareas[0])
    hechos = lote.en_paralelo(
        tareas, hacer, opciones.procesos, lambda r: lote.avisar(opciones, f"{r.clave}: {r.mensaje.splitlines()[0]}")
    )
    codigo = max((r.codigo for r in hechos), default=HECHO)
    cuantos = sum(r.codigo == HECHO for r in hechos)
    texto = f"{formatos.contar(cuantos, 'paquete')} de {formatos.entero(len(hechos))}."
    if codigo != HECHO:
        texto += " " + " ".join(f"{r.clave}: {r.mensaje}" for r in hechos if r.codigo != HECHO)
    elif len(hechos) == 1:
        texto = hechos[0].mensaje
    datos = {"paquetes": [{"mesa": r.clave, "codigo": r.codigo, "mensaje": r.mensaje, **r.datos} for r in hechos]}
    lote.decir(opciones, datos, texto, error=codigo != HECHO)
    return codigo


def _fin(opciones: argparse.Namespace, codigo: int, mensaje: str) -> int:
    if getattr(opciones, "trabajo", None):
        with paquetes.bitacora(opciones.trabajo) as anota:
            anota.terminar(codigo, mensaje)
    lote.decir(opciones, {"error": mensaje}, mensaje, error=True)
    return codigo


def _tareas(opciones: argparse.Namespace, mes: date) -> list[Tarea]:
    fecha = opciones.fecha or hoy()
    salida = (opciones.salida or paquetes.carpeta_de_hechos(almacen_por_omision())).expanduser().resolve()
    base = Pedido("", mes, fecha, publico=opciones.publico, sesion=opciones.sesion)
    registro = registro_vigente()
    if not opciones.todas:
        lectura.mesa(registro, base.actor, opciones.mesa)
        claves = [opciones.mesa]
    else:
        claves = [
            m.clave
            for m in lectura.mesas(registro, base.actor)
            if (m.activa_hasta is None or m.activa_hasta >= mes) and (m.activa_desde is None or m.activa_desde <= fecha)
        ]
    return [
        Tarea(Pedido(c, mes, fecha, base.publico, base.sesion), salida / c, opciones.forzar) for c in sorted(claves)
    ]


def hacer(tarea: Tarea, avance: Callable[[str], None] = lambda texto: None) -> Resultado:
    """Un paquete, en el proceso que toque; dice en qué acabó, y una falla no detiene a las demás del lote."""
    # Aquí: matplotlib, plotly y pptx tardan en abrirse, y rechazar una orden no los necesita.
    from informes.sesion import insumos
    from informes.sesion.calculos import calcular
    from informes.sesion.componer import armar
    from informes.sesion.paquete import PASOS, nombre, paquete

    p, salida = tarea.pedido, tarea.salida
    clave, para_quien = p.mesa, "publico" if p.publico else "mesa"
    try:
        avance(PASOS[0])
        reunidos = insumos.reunir(p)
        huella = insumos.huella(reunidos)
        previo = paquetes.mas_reciente(salida, p.mes, publico=p.publico)
        if not tarea.forzar and previo is not None and lote.ya_hecho(previo, huella):
            return Resultado(clave, HECHO, f"Ya estaba hecho: {previo.name}", _datos(previo, huella, repetido=True))
        with lote.candado(salida / f".{p.mes:%Y-%m}-{para_quien}.candado") as tomado:
            if not tomado:
                return Resultado(clave, RECHAZADO, "Otro proceso ya lo está haciendo: espere a que termine.")
            avance(PASOS[1])
            c = armar(reunidos, calcular(reunidos))
            cuerpo = paquete(c, avance)
            destino = salida / nombre(c, "zip")
            mas = {"mesa": clave, "mes": f"{p.mes:%Y-%m}", "publico": p.publico, "fecha": str(p.fecha)}
            lote.guardar(destino, cuerpo, huella, mas)
            paquetes.conservar(salida, p.mes, destino, publico=p.publico)
    except (SinPublicacion, PunteroInvalido, RegistroDanado, NoEncontrado, ValueError) as causa:
        return Resultado(clave, RECHAZADO, f"{causa} No se hizo nada.")
    except Exception as causa:
        falto = que_falto(causa)
        if falto is not None:
            return Resultado(clave, INESPERADO, f"No se pudo hacer. {falto} Lo hecho antes sigue igual.")
        traceback.print_exc()
        mensaje = f"No se pudo componer ({type(causa).__name__}: {causa}). Lo hecho antes sigue igual."
        return Resultado(clave, INESPERADO, mensaje)
    return Resultado(clave, HECHO, f"Listo: {destino.name}, {len(cuerpo) / 1e6:,.1f} MB", _datos(destino, huella))


def _datos(destino: Path, huella: str, *, repetido: bool = False) -> dict[str, object]:
    return {"archivo": str(destino), "bytes": destino.stat().st_size, "huella": huella, "ya_estaba": repetido}


def _en_trabajo(opciones: argparse.Namespace, tarea: Tarea) -> int:
    """Lo mismo, anotando el avance para quien lo sigue desde la página, y con un lugar entre los que caben a la vez."""
    if hasattr(os, "nice"):
        os.nice(5)  # las páginas van primero
    with paquetes.bitacora(opciones.trabajo) as anota, paquetes.lugar() as hay:
        if not hay:
            r = Resultado(tarea.pedido.mesa, RECHAZADO, paquetes.LLENO)
        else:
            try:
                r = hacer(tarea, anota.paso)
            except BaseException as causa:
                anota.terminar(
                    INESPERADO, f"Se interrumpió ({type(causa).__name__}). Lo hecho antes sigue igual; puede repetirlo."
                )
                raise
        anota.terminar(r.codigo, r.mensaje, r.datos)
    lote.decir(
        opciones,
        {"mesa": r.clave, "codigo": r.codigo, "mensaje": r.mensaje, **r.datos},
        r.mensaje,
        error=r.codigo != HECHO,
    )
    return r.codigo
