"""``python -m datos.acuerdos``: la plantilla y el registro por línea de órdenes.

Salidas: 0 hecho, 2 uso, 3 rechazado, 4 respaldo hecho pero sin toda su evidencia.

Trabaja siempre con el registro de la instalación, nunca con el de práctica de la demostración.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from datos.acuerdos import ordenes_de_respaldo, series
from datos.acuerdos.ordenes_de_respaldo import INCOMPLETO
from datos.almacen import VARIABLE_ALMACEN, Almacen, almacen_por_omision
from datos.plantilla.columnas import documento
from datos.plantilla.escritura import a_bytes, escribir
from datos.plantilla.lectura import AcuerdosRechazados, leer
from datos.registro import calendario, contenidos, importacion, json_publico, lectura, personas, respaldo
from datos.registro.actor import Actor, actor_de_la_orden
from datos.registro.apertura import registro_de
from datos.registro.errores import Conflicto, DatoInvalido, RegistroDanado, RespaldoInvalido
from datos.registro.migrar import ultima
from datos.reloj import hoy

HECHO, USO, RECHAZADO, INTERRUMPIDO = 0, 2, 3, 130
_TERMINACIONES = {
    "plantilla": (".csv", ".xlsx"),
    "exportar": (".csv", ".xlsx", ".json", ".ics"),
    "respaldar": (".zip", ".age"),
}


def analizador() -> argparse.ArgumentParser:
    """Los verbos y sus opciones."""
    raiz = argparse.ArgumentParser(prog="python -m datos.acuerdos", description="Plantilla y registro de acuerdos.")
    comunes = argparse.ArgumentParser(add_help=False)
    comunes.add_argument(
        "--almacen", type=Path, help="carpeta del almacén (por omisión TABLERO_ALMACEN o datos/almacen)"
    )
    verbos = raiz.add_subparsers(dest="verbo", required=True, metavar="verbo")
    con_ruta = {
        "plantilla": "escribe la plantilla con un renglón de ejemplo (.csv o .xlsx)",
        "verificar": "revisa un archivo y enumera todos sus problemas, sin guardar nada",
        "importar": "muestra qué cambiaría y, con --aceptar, lo guarda",
        "exportar": "escribe el registro (.csv, .xlsx, .json) o sus plazos (.ics)",
    }
    for verbo, ayuda in con_ruta.items():
        suyo = verbos.add_parser(verbo, parents=[comunes], help=ayuda)
        suyo.add_argument("ruta", type=Path)
        if verbo == "importar":
            suyo.add_argument("--aceptar", action="store_true", help="guarda los cambios mostrados")
        if verbo == "exportar":
            suyo.add_argument("--mesa", help="clave de una Mesa; por omisión, todas")
    ordenes_de_respaldo.agregar(verbos, comunes)
    de_persona = verbos.add_parser("persona", parents=[comunes], help="da a una persona su papel en el registro")
    de_persona.add_argument("correo")
    de_persona.add_argument("rol", choices=[r.value for r in personas.ASIGNABLES])
    de_persona.add_argument("--mesas", default="", help="claves de Mesa separadas por coma (papel mesa)")
    de_persona.add_argument("--nombre", default="", help="cómo se llama en la bitácora")
    for verbo, ayuda in (
        ("estado", "qué hay en el registro y dónde vive"),
        ("migrar", "pone al día la forma de la base (también lo hace la aplicación al abrirla)"),
        ("comprobar", "reconstruye el registro desde su bitácora y lo compara con las tablas; revisa cada evidencia"),
        ("recoger", "pasa a PostgreSQL los archivos de evidencia que sigan en la carpeta; se puede repetir"),
        ("documento", "escribe la descripción de la plantilla y de acuerdos_series"),
    ):
        verbos.add_parser(verbo, parents=[comunes], help=ayuda)
    return raiz


def main(argumentos: list[str] | None = None) -> int:
    """Ejecuta un verbo y devuelve su código de salida."""
    try:
        opciones = analizador().parse_args(argumentos)
    except SystemExit as salida:
        return HECHO if salida.code in (0, None) else USO
    if opciones.almacen is not None:
        os.environ[VARIABLE_ALMACEN] = str(opciones.almacen.expanduser().resolve())
    permitidas = _TERMINACIONES.get(opciones.verbo)
    if permitidas and opciones.ruta is not None and opciones.ruta.suffix.lower() not in permitidas:
        print(f"La ruta debe terminar en {' o '.join(permitidas)}.", file=sys.stderr)
        return USO
    try:
        dicho = _VERBOS[opciones.verbo](opciones, almacen_por_omision())
    except (AcuerdosRechazados, RegistroDanado, RespaldoInvalido, DatoInvalido, Conflicto) as causa:
        print(causa, file=sys.stderr)
        return RECHAZADO
    except OSError as causa:
        print(f"No se pudo leer o escribir {causa.filename}: {causa.strerror}. No se cambió nada.", file=sys.stderr)
        return RECHAZADO
    except KeyboardInterrupt:
        print("Se detuvo antes de terminar. No se cambió nada.", file=sys.stderr)
        return INTERRUMPIDO
    texto, codigo = dicho if isinstance(dicho, tuple) else (dicho, HECHO)
    print(texto)
    return codigo


def _quien() -> Actor:
    return actor_de_la_orden(getpass.getuser())


def _plantilla(opciones: argparse.Namespace, _almacen: Almacen) -> str:
    escribir(opciones.ruta)
    return f"Plantilla escrita en {opciones.ruta}, con un renglón de ejemplo que hay que borrar."


def _verificar(opciones: argparse.Namespace, _almacen: Almacen) -> str:
    return f"{len(leer(opciones.ruta))} acuerdo(s) sin problemas. No se importó nada."


def _importar(opciones: argparse.Namespace, almacen: Almacen) -> str:
    registro, quien = registro_de(almacen), _quien()
    plan = importacion.planear_archivo(registro, quien, opciones.ruta)
    nuevos, cambian, iguales = (plan.cuantos(q) for q in ("nuevo", "cambia", "igual"))
    lineas = [f"{nuevos} acuerdo(s) nuevo(s), {cambian} que cambian y {iguales} iguales."]
    lineas += [f"  Mesa nueva: {clave} ({nombre})" for clave, nombre in plan.mesas_nuevas.items()]
    for r in plan.renglones:
        lineas += [f"  renglón {r.numero}, {r.mesa} {r.folio}: nuevo"] if r.que == "nuevo" else []
        for columna, (antes, despues) in r.cambios.items():
            lineas.append(f"  renglón {r.numero}, {r.mesa} {r.folio}, {columna}: «{antes}» → «{despues}»")
    if not opciones.aceptar:
        return "\n".join([*lineas, "No se guardó nada. Para guardarlo, repita la orden con --aceptar."])
    importacion.importar(registro, quien, plan, hoy())
    return "\n".join([*lineas, "Guardado. Lo que no venía en el archivo se quedó como estaba."])


def _exportar(opciones: argparse.Namespace, almacen: Almacen) -> str:
    registro, quien = registro_de(almacen), _quien()
    formato = opciones.ruta.suffix.lower().lstrip(".")
    if formato == "json":
        cuerpo = json_publico.a_json(registro, quien, opciones.mesa)
        que = "El registro"
    elif formato == "ics":
        cuerpo = calendario.a_ical(lectura.expedientes(registro, quien, mesa_clave=opciones.mesa))
        que = "Los plazos pendientes"
    else:
        renglones = importacion.exportar(registro, quien, opciones.mesa)
        nombres = {m.clave: m.nombre for m in lectura.mesas(registro, quien)}
        cuerpo = a_bytes(renglones, formato, nombres)
        que = f"{len(renglones)} acuerdo(s)"
    opciones.ruta.write_bytes(cuerpo)
    return f"{que} en {opciones.ruta}."


def _persona(opciones: argparse.Namespace, almacen: Almacen) -> str:
    mesas = [m.strip() for m in opciones.mesas.split(",") if m.strip()]
    hecha = personas.poner(
        registro_de(almacen), _quien(), correo=opciones.correo, rol=opciones.rol, mesas=mesas, nombre=opciones.nombre
    )
    return f"{hecha.correo}: {hecha.rol}" + (f" de {', '.join(hecha.mesas)}" if hecha.mesas else "") + "."


def _estado(_opciones: argparse.Namespace, almacen: Almacen) -> str:
    registro = registro_de(almacen)
    todos = lectura.expedientes(registro, _quien())
    publicos = sum(e.acuerdo.publico and e.mesa.publica for e in todos)
    ultimo, cuantos = registro.sello()
    return (
        f"Registro: {registro.url.render_as_string(hide_password=True)} (revisión {ultima()})\n"
        f"{len(lectura.mesas(registro, _quien()))} Mesa(s), {len(todos)} acuerdo(s), {publicos} público(s); "
        f"bitácora con {cuantos:,} renglón(es), el último {ultimo:,}.\n{contenidos.en_palabras(registro)}."
    )


def _migrar(_opciones: argparse.Namespace, almacen: Almacen) -> str:
    registro_de(almacen)
    return f"El registro está en la revisión {ultima()}."


def _comprobar(_opciones: argparse.Namespace, almacen: Almacen) -> tuple[str, int]:
    registro = registro_de(almacen)
    cuantas, evidencia = respaldo.comprobar(registro), contenidos.revisar(registro)
    lineas = [
        f"La bitácora ({cuantas:,} renglones) reconstruye el registro tal como está ({datetime.now(UTC):%Y-%m-%d %H:%M} UTC).",
        f"Evidencia: {evidencia.enteros:,} archivo(s) enteros.",
    ]
    for que, huellas in (("Falta", evidencia.faltan), ("Está dañado", evidencia.danados)):
        lineas += [f"  {que} el archivo con SHA-256 {h}: restáurelo de un respaldo." for h in huellas]
    return "\n".join(lineas), INCOMPLETO if evidencia.perdidos else HECHO


def _recoger(_opciones: argparse.Namespace, almacen: Almacen) -> tuple[str, int]:
    registro = registro_de(almacen)
    hecha = contenidos.recoger(registro, _quien())
    lineas = [
        f"A la base: {hecha.pasados:,} archivo(s); ya estaban {hecha.ya_estaban:,}. La carpeta {registro.evidencia} no se tocó."
    ]
    lineas += [
        f"  No se halló entero el de SHA-256 {h}: búsquelo en la carpeta de otra réplica o en un respaldo."
        for h in hecha.perdidos
    ]
    return "\n".join(lineas), INCOMPLETO if hecha.perdidos else HECHO


def _documento(_opciones: argparse.Namespace, _almacen: Almacen) -> str:
    for nombre, cuerpo in (("PLANTILLA.md", documento()), ("SERIES.md", series.documento())):
        Path(__file__).with_name(nombre).write_text(cuerpo, encoding="utf-8")
    return "PLANTILLA.md y SERIES.md al día."


_VERBOS: dict[str, Callable[[argparse.Namespace, Almacen], str | tuple[str, int]]] = {
    "plantilla": _plantilla,
    "verificar": _verificar,
    "importar": _importar,
    "exportar": _exportar,
    "estado": _estado,
    "documento": _documento,
    "respaldar": ordenes_de_respaldo.respaldar,
    "revisar": ordenes_de_respaldo.revisar,
    "restaurar": ordenes_de_respaldo.restaurar,
    "claves": ordenes_de_respaldo.claves,
    "persona": _persona,
    "migrar": _migrar,
    "comprobar": _comprobar,
    "recoger": _recoger,
}

if __name__ == "__main__":
    sys.exit(main())
