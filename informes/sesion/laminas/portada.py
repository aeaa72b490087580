"""La portada: qué Mesa, qué cubre, qué sesión, qué mes y con qué corte."""

from __future__ import annotations

from analisis import fechas, formatos
from datos.consultas import lugares
from datos.registro.folios import romano
from datos.registro.modelo import Sesion
from informes.sesion.calculos import fuente
from informes.sesion.insumos import Insumos
from informes.sesion.lamina import Lamina

DEMOSTRACION = "DEMOSTRACIÓN: cifras inventadas; no dicen nada de ningún lugar."
PRACTICA = "Mesas, personas y acuerdos ficticios."
VERSION_PUBLICA = "Versión pública: solo trae los acuerdos públicos."


def nombre_de_la_sesion(s: Sesion | None) -> str:
    """«Sesión plenaria LXXI (71), 8 de agosto de 2026», o que todavía no se abre."""
    if s is None:
        return "Sesión por abrirse"
    que = f"de {s.tipo} {s.comision}".strip() if s.tipo == "comisión" else s.tipo
    return f"Sesión {que} {romano(s.numero)} ({s.numero}), {fechas.dia_largo(s.fecha)}"


def rotulos(i: Insumos) -> tuple[str, ...]:
    """Lo que va a la vista en todas las láminas: demostración, práctica y versión pública."""
    return tuple(
        texto
        for texto, va in (
            (DEMOSTRACION, i.actual.demostracion),
            (PRACTICA, i.registro.practica),
            (VERSION_PUBLICA, i.pedido.publico),
        )
        if va
    )


def _con_entidad(lugar: str) -> str:
    """«León (Guanajuato)»: en una lista, la coma confundiría."""
    municipio, _, entidad = lugares.nombre(lugar).rpartition(", ")
    return f"{municipio} ({entidad})"


def portada(i: Insumos) -> list[Lamina]:
    """Una lámina."""
    cubre = formatos.lista([_con_entidad(m) for m in i.municipios]) or "municipios por confirmar"
    sin_catalogo = len(i.mesa.municipios) - len(i.municipios)
    if sin_catalogo:
        cubre += f" y {formatos.contar(sin_catalogo, 'clave')} que el catálogo no conoce"
    ultimo, provisional = i.corte
    corte = f"Corte {formatos.mes(ultimo)}"
    corte += f", provisional desde {formatos.mes(provisional)}" if provisional else ""
    return [
        Lamina(
            "portada",
            "portada",
            f"{i.mesa.nombre}: sesión mensual, {formatos.mes(i.pedido.mes)}",
            (
                nombre_de_la_sesion(i.sesion),
                f"Cubre {cubre}" + (" (por confirmar)." if i.mesa.por_confirmar else "."),
                f"Cifras de {formatos.mes(i.pedido.mes)}. {corte}. Plazos contados al {fechas.dia_largo(i.pedido.fecha)}.",
                *rotulos(i),
            ),
            notas=(
                "Cada lámina trae una idea, sus datos y de dónde salen. Describen carpetas y acuerdos; no dicen por qué.",
            ),
            fuente=fuente(i, "municipal", "estatal"),
        )
    ]
