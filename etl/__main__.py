"""``python -m etl`` y sus verbos.

Salidas: 0 hecho, 2 uso, 3 entrada rechazada, 4 sin fuente, 5 se acabó el disco o la memoria.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path

from datos.almacen import AGRUPAMIENTOS, Almacen, PunteroInvalido, almacen_por_omision, publicacion_vigente
from datos.recursos import que_falto
from etl import ordenes
from etl.desenlace import IGUAL, SIN_RECURSOS, datos_de, lineas_de
from etl.ordenes.comun import decir as _decir
from etl.problemas import EntradaRechazada
from etl.publicacion.limites import ESTATICOS
from etl.publicacion.puntero import CargaEnCurso, SinVersionAnterior, revertir

HECHO, USO, RECHAZADA = 0, 2, 3


def analizador() -> argparse.ArgumentParser:
    """Los verbos y sus opciones."""
    raiz = argparse.ArgumentParser(prog="python -m etl", description="Archivos oficiales a base publicada.")
    comunes = argparse.ArgumentParser(add_help=False)
    comunes.add_argument(
        "--almacen", type=Path, help="carpeta del almacén (por omisión TABLERO_ALMACEN o datos/almacen)"
    )
    comunes.add_argument("--json", action="store_true", help="respuesta para máquinas")
    verbos = raiz.add_subparsers(dest="verbo", required=True)
    ordenes.registrar(verbos, comunes)
    verbos.add_parser("demostracion", parents=[comunes], help="publica la demostración, rotulada como tal")
    de_complementar = verbos.add_parser(
        "complementar", parents=[comunes], help="calcula lo que tarda, sobre lo publicado: agrupamientos en el mapa"
    )
    de_complementar.add_argument("--si-falta", action="store_true", help="no hace nada si ya está calculado")
    de_calibrar = verbos.add_parser(
        "calibrar", parents=[comunes], help="mide cuánto se equivoca el método de eficacia con lo publicado"
    )
    de_calibrar.add_argument("--solo", nargs="+", default=[], metavar="DELITO", help="solo estos delitos o canastas")
    de_calibrar.add_argument("--forzar", action="store_true", help="vuelve a calcular lo que ya está")
    verbos.add_parser("verificar", parents=[comunes], help="comprueba la huella de lo publicado")
    de_revertir = verbos.add_parser("revertir", parents=[comunes], help="vuelve a una versión anterior")
    de_revertir.add_argument("version", nargs="?")
    return raiz


def main(argumentos: list[str] | None = None) -> int:
    """Ejecuta un verbo y devuelve su código de salida."""
    opciones = analizador().parse_args(argumentos)
    almacen = Almacen(opciones.almacen.expanduser().resolve()) if opciones.almacen else almacen_por_omision()
    try:
        return _VERBOS[opciones.verbo](opciones, almacen)
    except EntradaRechazada as causa:
        _decir(opciones, {"rechazado": [p.como_dict() for p in causa.problemas]}, causa.explicacion(), error=True)
        return RECHAZADA
    except (CargaEnCurso, SinVersionAnterior, PunteroInvalido) as causa:
        _decir(opciones, {"error": str(causa)}, str(causa), error=True)
        return RECHAZADA
    except Exception as causa:
        falto = que_falto(causa)
        if falto is None:
            raise
        _decir(opciones, {"error": f"{falto} {IGUAL}"}, f"{falto} {IGUAL}", error=True)
        return SIN_RECURSOS


def _avance(opciones: argparse.Namespace) -> Callable[[str], None]:
    def avance(texto: str) -> None:
        if not opciones.json:
            print(f"· {texto}", file=sys.stderr, flush=True)

    return avance


def _demostracion(opciones: argparse.Namespace, almacen: Almacen) -> int:
    vigente = publicacion_vigente(almacen)
    if vigente is not None and not vigente.demostracion:
        texto = "Ya hay datos oficiales publicados y no se tocaron. Para ver la demostración use otro --almacen."
        _decir(opciones, {"error": texto}, texto, error=True)
        return USO
    from etl import demostracion, geografia  # aquí: tardan en abrirse y los demás verbos no las usan

    hecho = demostracion.construir(almacen, avance=_avance(opciones))
    if geografia.geometria_vigente(almacen) is None:
        geografia.publicar_esquematica(ESTATICOS, almacen)
    _decir(opciones, datos_de(hecho), "\n".join(lineas_de(hecho)))
    return HECHO


def _complementar(opciones: argparse.Namespace, almacen: Almacen) -> int:
    from etl import complementos  # aquí: geopandas tarda en abrirse

    vigente = publicacion_vigente(almacen)
    if vigente is None:
        texto = "Nada publicado: cargue antes archivos oficiales con «python -m etl cargar RUTA»."
        _decir(opciones, {"error": texto}, texto, error=True)
        return USO
    dicho = "Ya estaba calculado."
    try:
        if not (opciones.si_falta and complementos.agrupamientos_al_dia(almacen, vigente)):
            complementos.calcular_agrupamientos(almacen, vigente, _avance(opciones))
            dicho = f"Listo: {AGRUPAMIENTOS} de {vigente.version}."
    except complementos.SinLimites as causa:
        _decir(opciones, {"error": str(causa)}, str(causa), error=True)
        return USO
    if complementos.se_calibra():
        _con_menos_prisa()
        complementos.calcular_calibracion(almacen, vigente, _avance(opciones))
    _decir(opciones, {"archivo": AGRUPAMIENTOS, "version": vigente.version}, dicho)
    return HECHO


def _con_menos_prisa() -> None:
    """Deja el procesador a las páginas: nadie espera la calibración."""
    if hasattr(os, "nice"):
        os.nice(10)


def _calibrar(opciones: argparse.Namespace, almacen: Almacen) -> int:
    from etl.complementos import DelitoDesconocido, calcular_calibracion  # aquí: scipy y geopandas tardan en abrirse

    vigente = publicacion_vigente(almacen)
    if vigente is None:
        texto = "Nada publicado: cargue antes archivos oficiales con «python -m etl cargar RUTA»."
        _decir(opciones, {"error": texto}, texto, error=True)
        return USO
    try:
        hecho = calcular_calibracion(almacen, vigente, _avance(opciones), solo=opciones.solo, forzar=opciones.forzar)
    except DelitoDesconocido as causa:
        _decir(opciones, {"error": str(causa)}, str(causa), error=True)
        return USO
    _decir(opciones, {"archivo": hecho.name, "version": vigente.version}, f"Listo: {hecho.name} de {vigente.version}.")
    return HECHO


def _verificar(opciones: argparse.Namespace, almacen: Almacen) -> int:
    vigente = publicacion_vigente(almacen)
    if vigente is None:
        _decir(opciones, {"correcto": False}, "Nada publicado que verificar.", error=True)
        return RECHAZADA
    with vigente.ruta.open("rb") as archivo:
        huella = hashlib.file_digest(archivo, "sha256").hexdigest()
    correcto = huella == vigente.sha256
    texto = f"Versión {vigente.version}: la huella " + (
        "coincide."
        if correcto
        else f"NO coincide (ficha {vigente.sha256[:12]}…, archivo {huella[:12]}…). "
        "El archivo cambió después de publicarse: vuelva a una versión anterior con «python -m etl revertir»."
    )
    _decir(opciones, {"correcto": correcto, "version": vigente.version}, texto, error=not correcto)
    return HECHO if correcto else RECHAZADA


def _revertir(opciones: argparse.Namespace, almacen: Almacen) -> int:
    destino = revertir(almacen, opciones.version)
    _decir(opciones, {"version": destino.version}, f"Vigente: versión {destino.version}.")
    return HECHO


_VERBOS = {
    **ordenes.ORDENES,
    "calibrar": _calibrar,
    "complementar": _complementar,
    "demostracion": _demostracion,
    "verificar": _verificar,
    "revertir": _revertir,
}

if __name__ == "__main__":
    sys.exit(main())
