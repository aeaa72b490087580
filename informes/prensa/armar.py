"""De lo elegido en la página a una historia: consulta lo que hace falta y se lo da a ``informes.prensa``."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import date

from datos import catalogos
from datos.consultas import lugares
from datos.consultas.claves import claves
from datos.consultas.contexto import Contexto
from datos.consultas.geometria import figuras, geometria
from datos.consultas.series import NACIONAL, nivel_de, series
from graficas.impresas.mapa import Trazado, trazado
from informes import prensa
from informes.comparados import lugares_comparados
from informes.fuente import frases_de_fuente

EVOLUCION, COMPARACION, MAPA, PERIODOS, CAMBIOS = "evolucion", "comparacion", "mapa", "periodos", "cambios"
HISTORIAS = {
    EVOLUCION: "Evolución de un delito en un lugar",
    COMPARACION: "Comparación de tasas entre lugares",
    MAPA: "Mapa de etiquetas",
    PERIODOS: "Antes y después, los mismos meses",
    CAMBIOS: "Qué lugares cambiaron más",
}
DE_VARIOS_LUGARES = (MAPA, CAMBIOS)


@dataclass(frozen=True)
class Pedido:
    """Lo que se eligió. ``nivel`` y ``cierre`` cuentan en el mapa y los cambios; ``meses``, en los periodos."""

    historia: str
    delito: str
    lugares: tuple[str, ...]
    nivel: str
    entidad: str
    cierre: date | None
    meses: int
    desde: date | None

    @property
    def ambitos(self) -> list[str]:
        """Los archivos de que salen las cifras."""
        if self.historia in DE_VARIOS_LUGARES:
            return [self.nivel]
        niveles = {nivel_de(lugar) for lugar in self.lugares}
        return sorted({"municipal" if n == "municipal" else "estatal" for n in niveles})


def armar(actual: Contexto, pedido: Pedido, liga: str) -> prensa.Historia:
    """La historia. Lanza ``ValueError`` con el motivo si no se puede contar con lo publicado."""
    clave = claves()[pedido.delito]
    hasta = pedido.cierre if pedido.historia in DE_VARIOS_LUGARES else None
    pie = [*frases_de_fuente(actual, pedido.ambitos, pedido.desde, hasta), f"Vista viva: {liga}"]
    comunes = {"pie": pie, "demostracion": actual.demostracion}
    if pedido.historia in DE_VARIOS_LUGARES:
        return _de_varios(pedido, clave.nombre, comunes)
    cruda = series(list(pedido.lugares), [pedido.delito], pedido.desde)
    nombres = {lugar: lugares.nombre(lugar) for lugar in pedido.lugares}
    de_uno = nombres[pedido.lugares[0]]
    if pedido.historia == COMPARACION:
        return prensa.comparacion(cruda, nombres, clave.nombre, comparable=clave.comparable_2026, **comunes)
    propia = cruda[cruda["lugar"] == pedido.lugares[0]]
    if pedido.historia == PERIODOS:
        return prensa.antes_y_despues(
            propia, de_uno, clave.nombre, pedido.meses, comparable=clave.comparable_2026, **comunes
        )
    return prensa.evolucion(propia, de_uno, clave.nombre, comparable=clave.comparable_2026, **comunes)


def _de_varios(pedido: Pedido, delito: str, comunes: dict) -> prensa.Historia:
    if pedido.cierre is None:
        raise ValueError("no hay 24 meses seguidos publicados de ese delito")
    tabla = lugares_comparados(pedido.nivel, pedido.delito, pedido.cierre)
    donde = lugares.NOMBRE_NACIONAL
    if pedido.nivel == "municipal" and pedido.entidad != NACIONAL:
        tabla = tabla[tabla["lugar"].str.startswith(pedido.entidad)]
        cortos = catalogos.entidades().set_index("cve_ent")["nombre_corto"]
        donde = str(cortos[pedido.entidad])
    singular, plural = ("municipio", "municipios") if pedido.nivel == "municipal" else ("estado", "estados")
    if pedido.historia == CAMBIOS:
        return prensa.cambios(tabla, donde, delito, pedido.cierre, plural=plural, **comunes)
    hecha = geometria(pedido.nivel, None if pedido.entidad == NACIONAL or pedido.nivel == "estatal" else pedido.entidad)
    return prensa.mapa_de_etiquetas(
        tabla,
        trazado_de(hecha.ruta),
        trazado_de(hecha.bordes) if hecha.bordes else None,
        donde,
        delito,
        pedido.cierre,
        singular=singular,
        plural=plural,
        **{**comunes, "pie": [*comunes["pie"][:-1], f"Límites: {hecha.fuente}.", comunes["pie"][-1]]},
    )


@functools.lru_cache(maxsize=6)
def trazado_de(ruta: str) -> Trazado:
    """Los contornos de una geometría publicada, listos para dibujar."""
    return trazado(*figuras(ruta))
