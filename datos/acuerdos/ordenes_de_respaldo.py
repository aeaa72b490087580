"""Los verbos de respaldo de ``python -m datos.acuerdos``: respaldar, revisar, restaurar y claves."""

from __future__ import annotations

import argparse
import getpass
import signal
import time
from pathlib import Path

from datos.almacen import Almacen
from datos.registro import cifrado, respaldo, respaldo_programado
from datos.registro.actor import Actor, actor_de_la_orden
from datos.registro.apertura import donde_esta, registro_de
from datos.registro.cifrado import Llaves
from datos.registro.errores import RespaldoInvalido
from datos.registro.migrar import ultima
from datos.registro.rotacion import Conservar

HECHO, INCOMPLETO = 0, 4


def agregar(verbos: argparse._SubParsersAction, comunes: argparse.ArgumentParser) -> None:
    """Los agrega a la línea de órdenes."""
    hacer = verbos.add_parser(
        "respaldar", parents=[comunes], help="escribe todo el registro, bitácora y evidencia en un solo archivo"
    )
    donde = hacer.add_mutually_exclusive_group(required=True)
    donde.add_argument("ruta", type=Path, nargs="?", help="el archivo (.zip); se le agrega .age si hay clave")
    donde.add_argument("--carpeta", type=Path, help="carpeta donde se nombra con su fecha y se rotan los viejos")
    hacer.add_argument(
        "--conservar",
        type=_conservar,
        default=Conservar(),
        metavar="D,S,M",
        help="cuántos diarios, semanales y mensuales se guardan en --carpeta (por omisión 7,5,12)",
    )
    for verbo, ayuda in (
        ("revisar", "comprueba un respaldo entero, sin tocar el registro"),
        ("restaurar", "pone el registro como estaba en un respaldo; el anterior se conserva"),
    ):
        suyo = verbos.add_parser(verbo, parents=[comunes], help=ayuda)
        suyo.add_argument("ruta", type=Path)
        suyo.add_argument(
            "--identidad", type=Path, metavar="ARCHIVO", help="la llave privada que abre un respaldo cifrado"
        )
        suyo.add_argument(
            "--frase", type=Path, metavar="ARCHIVO", help="archivo con la frase de la llave, o del respaldo"
        )
    llave = verbos.add_parser(
        "claves", parents=[comunes], help="escribe una llave nueva para los respaldos y dice su clave pública"
    )
    llave.add_argument("ruta", type=Path)
    llave.add_argument("--frase", type=Path, metavar="ARCHIVO", help="cierra la llave con la frase de ese archivo")


def _conservar(texto: str) -> Conservar:
    try:
        return Conservar.de(texto)
    except ValueError as causa:
        raise argparse.ArgumentTypeError(str(causa)) from causa


def _quien() -> Actor:
    return actor_de_la_orden(getpass.getuser())


def _cerrar_bien() -> None:
    """Que detener la orden (systemd, un apagado) borre lo que estaba en claro, como lo borra Ctrl-C."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def respaldar(opciones: argparse.Namespace, almacen: Almacen) -> tuple[str, int]:
    """Uno suelto, o el programado en su carpeta. Sale con 4 si al respaldo le falta evidencia."""
    _cerrar_bien()
    registro = registro_de(almacen)
    if opciones.carpeta is None:
        hecho = respaldo_programado.guardar(registro, _quien(), opciones.ruta, almacen.registro)
        respaldo_programado.anotar(registro, hecho)
        dicho = hecho.en_palabras()
    else:
        carpeta = opciones.carpeta.expanduser()
        hecho, quitados = respaldo_programado.programado(
            registro, _quien(), carpeta, opciones.conservar, almacen.registro
        )
        hay, sin_cifrar = respaldo_programado.conservados(carpeta)
        dicho = f"{hecho.en_palabras()}\nViejos que se quitaron: {len(quitados)}; en la carpeta hay {hay}."
        if hecho.para and sin_cifrar:
            dicho += f" OJO: {sin_cifrar} de ellos, de antes de poner la clave, están sin cifrar."
    return dicho, INCOMPLETO if hecho.respaldo.faltan else HECHO


def revisar(opciones: argparse.Namespace, almacen: Almacen) -> str:
    """Lo abre y lo comprueba entero; de uno cifrado sin su llave, solo que sea el archivo que se escribió."""
    _cerrar_bien()
    llaves, archivo = Llaves(opciones.identidad, opciones.frase), opciones.ruta
    igual = respaldo_programado.comprobar_huella(archivo)
    if igual is False:
        raise RespaldoInvalido(
            f"{archivo.name} no es el archivo que se escribió: su SHA-256 no es el que dice su "
            f"{respaldo_programado.HUELLA}. Use otra copia."
        )
    if not llaves and cifrado.esta_cifrado(archivo):
        if igual is None:
            raise RespaldoInvalido(
                f"{archivo.name} está cifrado y no lo acompaña su {respaldo_programado.HUELLA}: sin la llave no hay con qué "
                "comprobarlo. Dé «--identidad ARCHIVO»."
            )
        return (
            f"{archivo.name} es el archivo que se escribió (SHA-256). Está cifrado: para comprobarlo por dentro, dé "
            "«--identidad ARCHIVO»."
        )
    with cifrado.en_claro(archivo, llaves, almacen.registro) as claro:
        hallado = respaldo.revisar(claro)
    faltan = f" Le faltan {len(hallado.faltan):,} archivo(s) de evidencia." if hallado.faltan else ""
    return f"El respaldo está completo: {hallado.en_palabras()}, del {hallado.hecho_en}, revisión {hallado.revision}.{faltan}"


def restaurar(opciones: argparse.Namespace, almacen: Almacen) -> str:
    """Dice qué quedó, en cuánto tiempo y de qué revisión venía."""
    _cerrar_bien()
    empezo = time.perf_counter()
    with cifrado.en_claro(opciones.ruta, Llaves(opciones.identidad, opciones.frase), almacen.registro) as claro:
        hecho, anterior = respaldo.restaurar(donde_esta(almacen), _quien(), claro)
    segundos = time.perf_counter() - empezo
    conservado = f" El registro que había quedó en {anterior.name}, en la misma carpeta." if anterior else ""
    de = f" Venía de la revisión {hecho.revision} y quedó en la {ultima()}." if hecho.revision != ultima() else ""
    faltan = f" Le faltaban {len(hecho.faltan):,} archivo(s) de evidencia cuando se hizo." if hecho.faltan else ""
    return (
        f"Restaurado: {hecho.en_palabras()}, del {hecho.hecho_en}.{de}{conservado}{faltan}\n"
        f"Tardó {segundos:.1f} s: {hecho.total:,} renglones y {hecho.evidencias:,} archivo(s) de evidencia. La bitácora "
        "reconstruye lo restaurado."
    )


def claves(opciones: argparse.Namespace, _almacen: Almacen) -> str:
    """Una llave nueva, y qué hacer con cada mitad."""
    publica = cifrado.generar(opciones.ruta, opciones.frase)
    return (
        f"{publica}\n"
        f"Esa es la clave pública: póngala en {cifrado.VARIABLE} donde se hacen los respaldos. La llave quedó en "
        f"{opciones.ruta}: llévesela de esta máquina y guarde dos copias en lugares "
        "distintos. Sin ella, ningún respaldo se puede abrir."
    )
