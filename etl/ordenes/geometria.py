"""``geometria``: publicar los límites, de archivos que se dan o del servicio de INEGI."""

from __future__ import annotations

import argparse
from pathlib import Path

from datos.almacen import Almacen
from etl.desenlace import HECHO, RECHAZADO
from etl.ordenes.comun import en_trabajo, opcion_de_hoy, opcion_de_trabajo

VERBO = "geometria"


def registrar(verbos: argparse._SubParsersAction, comunes: argparse.ArgumentParser) -> None:
    """Las opciones del verbo."""
    analizador = verbos.add_parser(VERBO, parents=[comunes], help="publica los límites: de archivos o de INEGI")
    analizador.add_argument("rutas", nargs="*", type=Path)
    opcion_de_hoy(analizador)
    opcion_de_trabajo(analizador)


def correr(opciones: argparse.Namespace, almacen: Almacen) -> int:
    """Ejecuta el verbo y devuelve su código de salida."""
    from etl import geografia
    from etl.actualizacion import Pedido, actualizar
    from etl.desenlace import Desenlace
    from etl.ensayo import archivos_de
    from etl.fuente.ajustes import desde_entorno
    from etl.problemas import EntradaRechazada
    from etl.publicacion.limites import ESTATICOS
    from etl.trabajo import Trabajo

    def hacer(trabajo: Trabajo) -> Desenlace:
        if not opciones.rutas:
            return actualizar(almacen, desde_entorno(), trabajo, Pedido(opciones.hoy, ("limites",)))
        rutas = archivos_de(opciones.rutas)
        trabajo.paso(f"Publicando límites de {len(rutas)} archivo(s)")
        fuente = "INEGI, Marco Geoestadístico (" + ", ".join(r.name for r in rutas[:3]) + ")"
        try:
            ficha = geografia.publicar_archivos(rutas, ESTATICOS, almacen, fuente)
        except EntradaRechazada as causa:
            return Desenlace(RECHAZADO, causa.explicacion(), {"rechazado": [p.como_dict() for p in causa.problemas]})
        sin_figura: list[str] = ficha["sin_figura"]  # type: ignore[assignment]
        texto = f"Límites publicados; {len(sin_figura)} municipios sin figura propia."
        return Desenlace(HECHO, texto, {"limites": texto, "sin_figura": sin_figura})

    return en_trabajo(opciones, almacen, VERBO, hacer, descripcion="Límites para los mapas")
