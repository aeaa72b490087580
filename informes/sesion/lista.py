"""La lista de lo que conviene tener antes de la sesión: se llena sola con el registro y lo publicado."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from analisis import fechas, formatos
from analisis.eficacia import INSUFICIENTES
from informes.sesion.calculos import Calculos, calcular
from informes.sesion.componer import armar
from informes.sesion.insumos import Insumos, reunir
from informes.sesion.lamina import Composicion
from informes.sesion.laminas.acuerdos import COMPLETO
from informes.sesion.laminas.portada import nombre_de_la_sesion
from informes.sesion.pedido import Pedido

LISTO, FALTA, OJO = "listo", "falta", "ojo"
_FOLIOS = 6


@dataclass(frozen=True)
class Punto:
    """Algo que revisar: cómo está, qué es, el detalle y a qué página lleva (con sus parámetros)."""

    estado: str
    que: str
    detalle: str = ""
    pagina: str = ""
    parametros: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Preparada:
    """La sesión compuesta y su lista."""

    composicion: Composicion
    puntos: tuple[Punto, ...]


def preparar(pedido: Pedido) -> Preparada:
    """Compone la sesión y revisa qué falta. Lanza lo mismo que ``componer``."""
    i = reunir(pedido)
    c = calcular(i)
    return Preparada(armar(i, c), puntos(i, c))


def puntos(i: Insumos, c: Calculos) -> tuple[Punto, ...]:
    """La lista, en el orden en que conviene revisarla."""
    return (_minuta(i), _datos(i), _sin_seguimiento(i), _vencidos(i), _sin_verificar(i), _evaluaciones(c))


def _minuta(i: Insumos) -> Punto:
    previa = i.previa
    if previa is None:
        return Punto(OJO, "Minuta de la sesión anterior", "No hay sesiones anteriores registradas.")
    donde = ("sesion", (("mesa", i.mesa.clave), ("sesion", previa.id), ("parte", "durante")))
    if previa.estado == "abierta":
        detalle = f"{nombre_de_la_sesion(previa)} sigue abierta: ciérrela para fijar su minuta."
        return Punto(FALTA, "Minuta de la sesión anterior", detalle, *donde)
    return Punto(LISTO, "Minuta de la sesión anterior", f"{nombre_de_la_sesion(previa)}, cerrada.", *donde)


def _datos(i: Insumos) -> Punto:
    mes = formatos.mes(i.pedido.mes)
    que = f"Cifras de {mes}"
    fuentes = i.actual.fuentes("municipal")
    if not fuentes:
        return Punto(FALTA, que, "No hay archivo municipal publicado.", "actualizar")
    ultima = fuentes[-1]
    if ultima.corte < i.pedido.mes:
        return Punto(FALTA, que, f"Lo municipal llega a {formatos.mes(ultima.corte)}.", "actualizar")
    if ultima.provisional_desde is not None and i.pedido.mes >= ultima.provisional_desde:
        return Punto(
            OJO, que, f"Publicadas y provisionales: la fuente todavía las corrige (corte {formatos.mes(ultima.corte)})."
        )
    return Punto(LISTO, que, f"Publicadas, corte {formatos.mes(ultima.corte)}.")


def _folios(i: Insumos, folios: list[str], ninguno: str, que: str, estado: str) -> Punto:
    if not folios:
        return Punto(LISTO, que, ninguno)
    vistos = (
        formatos.lista(folios)
        if len(folios) <= _FOLIOS
        else f"{', '.join(folios[:_FOLIOS])} y {len(folios) - _FOLIOS} más"
    )
    return Punto(estado, f"{que}: {len(folios)}", vistos, "acuerdos", (("mesa", i.mesa.clave),))


def _sin_seguimiento(i: Insumos) -> Punto:
    desde = i.previa.fecha if i.previa is not None else date.min
    folios = [
        e.acuerdo.folio
        for e in i.expedientes
        if e.cumplimiento < COMPLETO and (e.seguimiento is None or e.seguimiento.fecha < desde)
    ]
    cuando = f" desde el {fechas.dia(i.previa.fecha)}" if i.previa is not None else ""
    return _folios(i, folios, "Todos los pendientes tienen.", f"Acuerdos sin seguimiento{cuando}", FALTA)


def _vencidos(i: Insumos) -> Punto:
    folios = [e.acuerdo.folio for e in i.expedientes if e.vencido(i.pedido.fecha)]
    return _folios(i, folios, "Ninguno.", "Plazos vencidos sin completar", FALTA)


def _sin_verificar(i: Insumos) -> Punto:
    folios = [e.acuerdo.folio for e in i.expedientes if e.cumplimiento >= 3 and not e.verificado]
    return _folios(i, folios, "Todo avance declarado la tiene.", "Avance sin evidencia verificada", OJO)


def _evaluaciones(c: Calculos) -> Punto:
    que = "Evaluaciones de efecto"
    con = [h.acuerdo.folio for h, _, _ in c.evaluados if h.hecha.evaluacion.veredicto != INSUFICIENTES]
    if not c.evaluados:
        return Punto(OJO, que, "Ningún acuerdo público que evaluar.")
    return Punto(
        LISTO if con else OJO, que,
        f"{formatos.entero(len(con))} de {formatos.contar(len(c.evaluados), 'acuerdo')} con datos suficientes.",
        "portafolio",
    )  # fmt: skip
