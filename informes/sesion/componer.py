"""Compone la sesión: lee, calcula y arma sus láminas en el orden en que se presentan."""

from __future__ import annotations

from collections.abc import Callable

from datos.registro.logos import como_imagen
from informes.fuente import frases_de_fuente
from informes.sesion import insumos as de_insumos
from informes.sesion.calculos import Calculos, calcular
from informes.sesion.insumos import Insumos, reunir
from informes.sesion.lamina import Composicion, Lamina
from informes.sesion.laminas.acuerdos import acuerdos
from informes.sesion.laminas.alertas import alertas
from informes.sesion.laminas.contexto import contexto
from informes.sesion.laminas.delitos import delitos
from informes.sesion.laminas.efecto import efecto
from informes.sesion.laminas.metodo import metodo
from informes.sesion.laminas.portada import nombre_de_la_sesion, portada, rotulos
from informes.sesion.laminas.propuestas import propuestas
from informes.sesion.laminas.tablero import tablero
from informes.sesion.laminas.territorio import territorio
from informes.sesion.pedido import Pedido

PARTES: tuple[tuple[str, Callable[[Insumos, Calculos], list[Lamina]]], ...] = (
    ("portada", lambda i, c: portada(i)),
    ("tablero", tablero),
    ("delitos", delitos),
    ("mapa", territorio),
    ("acuerdos", lambda i, c: acuerdos(i)),
    ("efecto", efecto),
    ("alertas", alertas),
    ("contexto", contexto),
    ("propuestas", propuestas),
    ("método", metodo),
)


def componer(pedido: Pedido) -> Composicion:
    """La sesión completa. Lanza ``NoEncontrado`` si la Mesa no existe o no se puede ver, y lo que lancen el registro y
    la publicación.
    """
    i = reunir(pedido)
    return armar(i, calcular(i))


def armar(i: Insumos, c: Calculos) -> Composicion:
    """Las láminas de unas cifras ya calculadas."""
    laminas = tuple(lamina for _, hacer in PARTES for lamina in hacer(i, c))
    s = i.sesion
    return Composicion(
        mesa=i.mesa.clave,
        mesa_nombre=i.mesa.nombre,
        mes=i.pedido.mes,
        fecha=i.pedido.fecha,
        corte=i.corte[0],
        sesion=nombre_de_la_sesion(s),
        demostracion=i.actual.demostracion,
        publico=i.pedido.publico,
        rotulos=rotulos(i),
        laminas=laminas,
        cita=tuple(frases_de_fuente(i.actual, ["municipal", "estatal"])),
        huella=de_insumos.huella(i),
        minuta=s.minuta if s is not None else "",
        logo=como_imagen(i.mesa.logo),
        minuta_nombre=f"minuta-{s.numero}-{s.fecha:%Y-%m-%d}" if s is not None else "",
    )
