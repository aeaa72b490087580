#!/usr/bin/env python3
"""Las órdenes del proyecto, con la biblioteca estándar: preparan ``.venv`` y trabajan en él, desde cualquier carpeta.

python tareas.py iniciar      abre la aplicación; con --origen RUTA carga antes esos archivos oficiales
python tareas.py probar       corre las pruebas; lo que siga se le pasa a pytest
python tareas.py revisar      estilo, tipos y contratos de importación
python tareas.py seguridad    las pruebas de seguridad, y las licencias y fallas conocidas de lo instalado
python tareas.py cargar RUTA  lee, valida y publica archivos oficiales
python tareas.py fallas       provoca fallas de verdad y cuenta qué se perdió; con --fecha reescribe docs/confiabilidad.md
python tareas.py medir        mide el rendimiento y reescribe docs/rendimiento.md; pide --fecha AAAA-MM-DD
python tareas.py carga        cuántas personas caben y cuánto tarda con más datos
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import webbrowser
from datetime import date
from pathlib import Path

RAIZ = Path(__file__).resolve().parent
ENTORNO = RAIZ / ".venv"
PARA_USAR = ("requirements.txt",)
PARA_PROBAR = ("requirements.txt", "requirements-pruebas.txt")
RESTRICCIONES = "restricciones.txt"
MINIMA = (3, 11)
PUERTO = 8501
PUERTOS_POR_INTENTAR = 20
SEGUNDOS_PARA_ABRIR = 60
GENERADOR = "generar_municipal.py"
LO_MAS_QUE_SALE_ETL = 5
LO_CERRARON = (
    "El sistema cerró la carga antes de que terminara (código {}): casi siempre porque no alcanzó la memoria. Cierre otros "
    "programas o hágalo en una máquina con más memoria."
)
SIN_LO_LARGO = "not rendimiento and (not fallas or fallas_cortas)"
PRUEBAS_DE_SEGURIDAD = (
    "tests/integracion/test_seguridad.py",
    "tests/integracion/test_seguridad_direcciones.py",
    "tests/integracion/test_seguridad_inyeccion.py",
    "tests/integracion/test_secretos.py",
    "tests/integracion/test_limites.py",
    "tests/integracion/test_visitas.py",
    "tests/integracion/registro/test_respaldo.py",
    "tests/integracion/registro/test_respaldo_programado.py",
    "tests/integracion/registro/test_otra_version.py",
    "tests/integracion/registro/test_contenidos.py",
    "tests/integracion/registro/test_permisos.py",
    "tests/integracion/registro/test_identidad.py",
    "tests/unidad/test_archivos_hostiles.py",
    "tests/unidad/test_evidencia.py",
    "tests/unidad/test_logos.py",
    "tests/unidad/test_limites.py",
    "tests/unidad/test_licencias.py",
    "tests/unidad/test_auditoria.py",
    "tests/navegador/test_limites.py",
    "tests/navegador/test_sesion_robada.py",
)


PRUEBAS_DE_CARGA = ("tests/rendimiento/test_capacidad.py", "tests/rendimiento/test_crecimiento.py")


class NoSePudo(Exception):
    """Algo impidió seguir; el mensaje dice qué y qué hacer."""


def python_del_entorno() -> Path:
    """Intérprete de ``.venv`` en este sistema."""
    return ENTORNO / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def huella_de_dependencias(listas: tuple[str, ...], raiz: Path = RAIZ) -> str:
    """SHA-256 que cambia cuando cambia alguna lista, las restricciones o la versión de Python."""
    resumen = hashlib.sha256(repr(sys.version_info[:2]).encode())
    for nombre in (*listas, RESTRICCIONES):
        resumen.update(nombre.encode() + b"\0" + (raiz / nombre).read_bytes() + b"\0")
    return resumen.hexdigest()


def explicar_instalacion(salida: str) -> str:
    """Qué pasó y qué hacer, según lo que dijo pip al fallar."""
    texto = salida.lower()
    if "no space left" in texto or "errno 28" in texto:
        motivo = "Se llenó el disco. Libere alrededor de 2 GB"
    elif any(s in texto for s in ("name resolution", "newconnectionerror", "connection", "timed out", "proxy")):
        motivo = "No hay conexión con el servidor de paquetes. Revise la red o el proxy"
    elif "no module named pip" in texto:
        motivo = "Este Python no trae pip. Instale el paquete de su sistema que lo agrega (python3-pip y python3-venv)"
    elif "no matching distribution" in texto or "could not find a version" in texto:
        motivo = (
            "Una versión fijada no existe para este sistema o este Python. Pruebe con Python 3.11 o 3.12 de 64 bits"
        )
    else:
        motivo = "El motivo está arriba. Corríjalo"
    return f"No se pudieron instalar las dependencias. {motivo} y repita la misma orden: lo ya descargado se aprovecha."


def preparar(listas: tuple[str, ...] = PARA_USAR) -> Path:
    """Deja listo ``.venv`` con las versiones fijadas y devuelve su Python; la segunda vez no instala nada.

    Lanza ``NoSePudo`` con un Python anterior al mínimo o si la instalación falla.
    """
    if sys.version_info < MINIMA:
        raise NoSePudo(f"Se necesita Python {MINIMA[0]}.{MINIMA[1]} o posterior y este es {sys.version.split()[0]}.")
    huella = huella_de_dependencias(listas)
    sellos = [ENTORNO / f"dependencias-{len(otras)}.sha256" for otras in (PARA_USAR, PARA_PROBAR)]
    sello = sellos[len(listas) - 1]
    if python_del_entorno().exists() and sello.exists() and sello.read_text(encoding="utf-8") == huella:
        return python_del_entorno()
    print("Preparando el entorno en .venv; la primera vez tarda de uno a tres minutos…", flush=True)
    if not python_del_entorno().exists():
        _ejecutar_o_explicar([sys.executable, "-m", "venv", str(ENTORNO)])
    orden = [str(python_del_entorno()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    for lista in listas:
        orden += ["-r", str(RAIZ / lista)]
    _ejecutar_o_explicar([*orden, "-c", str(RAIZ / RESTRICCIONES)])
    sello.write_text(huella, encoding="utf-8")
    print("Entorno listo.", flush=True)
    return python_del_entorno()


def _ejecutar_o_explicar(orden: list[str]) -> None:
    hecho = subprocess.run(orden, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if hecho.returncode != 0:
        print("\n".join(hecho.stdout.splitlines()[-20:]), file=sys.stderr)
        raise NoSePudo(explicar_instalacion(hecho.stdout))


def correr(*orden: str, listas: tuple[str, ...] = PARA_USAR) -> int:
    """Corre ``python -m …`` del entorno en la raíz del proyecto y devuelve su código de salida."""
    return subprocess.run([str(preparar(listas)), "-m", *orden], cwd=RAIZ, check=False).returncode


def puerto_libre(deseado: int) -> int:
    """El primer puerto que nadie ocupa a partir del deseado. Lanza ``NoSePudo`` si no hay ninguno cerca."""
    for puerto in range(deseado, min(deseado + PUERTOS_POR_INTENTAR, 65536)):
        with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as enchufe:
            if os.name != "nt":
                enchufe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                enchufe.bind(("127.0.0.1", puerto))
            except OSError:
                continue
            return puerto
    raise NoSePudo(f"Los {PUERTOS_POR_INTENTAR} puertos desde {deseado} están ocupados. Elija otro con --puerto N.")


def estado_del_almacen() -> dict[str, object]:
    """Lo que responde ``python -m etl estado --json``. Lanza ``NoSePudo`` si lo publicado está dañado."""
    hecho = subprocess.run(
        [str(preparar()), "-m", "etl", "estado", "--json"], cwd=RAIZ, capture_output=True, text=True, check=False
    )
    if hecho.returncode != 0:
        raise NoSePudo(f"No se pudo leer el almacén: {(hecho.stdout + hecho.stderr).strip()}")
    return json.loads(hecho.stdout)


def que_hay() -> str:
    """Qué hay publicado: 'nada', 'demostracion' u 'oficial'. Lanza ``NoSePudo`` si está dañado."""
    estado = estado_del_almacen()
    if estado["vigente"] is None:
        return "nada"
    return "demostracion" if estado["demostracion"] else "oficial"


def preparar_datos(origen: str | None) -> None:
    """Carga ``origen`` si se pidió; recalcula lo publicado si es de otra versión del tablero; si no hay nada, trae una base ya
    construida (``TABLERO_PUBLICACION_URL``) o construye la demostración. Lanza ``NoSePudo``.
    """
    if origen is not None:
        ruta = Path(origen).expanduser().resolve()
        if not ruta.exists():
            raise NoSePudo(f"No existe {ruta}. Dé en --origen la carpeta o el archivo que descargó.")
        print(f"Cargando los archivos de {ruta}…", flush=True)
        codigo = correr("etl", "cargar", str(ruta))
        if codigo < 0 or codigo > LO_MAS_QUE_SALE_ETL:
            raise NoSePudo(f"{LO_CERRARON.format(codigo)} Lo publicado antes quedó como estaba.")
        if codigo != 0:
            raise NoSePudo("Los archivos no se cargaron (el motivo está arriba); lo publicado antes quedó como estaba.")
        return
    estado = estado_del_almacen()
    if estado["vigente"] is not None:
        if not estado["de_esta_version"]:
            print(
                "Lo publicado es de otra versión del tablero: se recalcula con los archivos ya recibidos…", flush=True
            )
            if correr("etl", "recalcular") != 0:
                raise NoSePudo("No se pudo recalcular (el motivo está arriba); lo publicado quedó como estaba.")
    elif not traer_publicacion():
        print("No hay datos publicados: se construye la demostración (menos de un minuto)…", flush=True)
        if correr("etl", "demostracion") != 0:
            raise NoSePudo("La demostración no se pudo construir. Cargue archivos oficiales con --origen RUTA.")


def traer_publicacion() -> bool:
    """Trae la base que nombra ``TABLERO_PUBLICACION_URL``; falso si no está puesta o si no se pudo, y entonces se sigue."""
    if not os.environ.get("TABLERO_PUBLICACION_URL", "").strip():
        return False
    print("Trayendo la base ya construida…", flush=True)
    return correr("etl", "traer") == 0


def buscar_en_segundo_plano() -> subprocess.Popen[bytes] | None:
    """Empieza a buscar los datos oficiales mientras se muestra la demostración; ``None`` si ya los hay o si se apagó.

    La aplicación muestra cómo va; cuando hay un conjunto completo y válido se publica solo.
    """
    if os.environ.get("TABLERO_SIN_ACTUALIZAR", "").strip() == "si" or que_hay() == "oficial":
        return None
    print("Se buscan los datos oficiales en segundo plano; la página muestra cómo va.", flush=True)
    return al_lado("actualizar", "--completo", "--json")


def al_lado(*orden: str) -> subprocess.Popen[bytes]:
    """Empieza un verbo de ``etl`` sin esperarlo; lo que haya que saber de él lo dicen las páginas."""
    return subprocess.Popen(
        [str(preparar()), "-m", "etl", *orden],
        cwd=RAIZ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _cerrar(*_senal: object) -> None:
    raise KeyboardInterrupt


def _detener(proceso: subprocess.Popen[bytes] | None) -> None:
    if proceso is None:
        return
    proceso.terminate()
    try:
        proceso.wait(timeout=10)
    except subprocess.TimeoutExpired:
        proceso.kill()


def iniciar(opciones: argparse.Namespace) -> int:
    """Deja datos publicados, sirve la aplicación y la abre en el navegador; Ctrl-C la cierra."""
    signal.signal(signal.SIGTERM, _cerrar)  # quien la detenga no deja el servidor huérfano
    interprete = preparar()
    preparar_datos(opciones.origen)
    puerto = puerto_libre(opciones.puerto)
    if puerto != opciones.puerto:
        print(f"El puerto {opciones.puerto} está ocupado; se usa el {puerto}.", flush=True)
    orden = [str(interprete), "-m", "uvicorn", "servidor:aplicacion", "--host", "127.0.0.1", "--port", str(puerto)]
    entorno = {**os.environ, **({"TABLERO_MODO_LOCAL": "si"} if opciones.modo_local else {})}
    servidor = subprocess.Popen([*orden, "--log-level", "warning", "--no-access-log"], cwd=RAIZ, env=entorno)
    procesos: list[subprocess.Popen[bytes] | None] = []
    direccion = f"http://localhost:{puerto}"
    try:
        _esperar(servidor, f"http://127.0.0.1:{puerto}/api/salud")
        print(f"Delitos a la baja está abierto en {direccion}  (Ctrl-C para cerrar)", flush=True)
        if not opciones.sin_abrir:
            webbrowser.open(direccion)
        procesos = [al_lado("complementar", "--si-falta", "--json"), buscar_en_segundo_plano()]
        return servidor.wait()
    except KeyboardInterrupt:
        print("\nCerrando…", flush=True)
        return 0
    finally:
        for proceso in (*procesos, servidor):  # lo bajado a medias se aprovecha la próxima vez
            _detener(proceso)


def _esperar(servidor: subprocess.Popen[bytes], direccion: str) -> None:
    plazo = time.monotonic() + SEGUNDOS_PARA_ABRIR
    while time.monotonic() < plazo:
        if servidor.poll() is not None:
            raise NoSePudo(f"El servidor se cerró al arrancar (código {servidor.returncode}); el motivo está arriba.")
        try:
            with urllib.request.urlopen(direccion, timeout=2) as respuesta:
                if respuesta.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise NoSePudo(f"El servidor no respondió en {SEGUNDOS_PARA_ABRIR} s. Repita la orden o elija otro --puerto.")


def probar(opciones: argparse.Namespace) -> int:
    """Todas las pruebas menos las de rendimiento y los simulacros largos, en dos procesos; lo demás de la línea va a pytest."""
    return correr(
        "pytest", "-q", "-n", "2", "--dist", "worksteal", "-m", SIN_LO_LARGO, *opciones.extras, listas=PARA_PROBAR
    )


def revisar(opciones: argparse.Namespace) -> int:
    """Estilo, tipos y contratos de importación; corre todo y falla si falla alguno."""
    preparar(PARA_PROBAR)
    contratos = python_del_entorno().with_name("lint-imports" + (".exe" if os.name == "nt" else ""))
    return max(
        correr("ruff", "check", *opciones.extras, ".", listas=PARA_PROBAR),
        correr("ruff", "format", "--check", ".", listas=PARA_PROBAR),
        correr("mypy", listas=PARA_PROBAR),
        subprocess.run([str(contratos)], cwd=RAIZ, check=False).returncode,
    )


def seguridad(opciones: argparse.Namespace) -> int:
    """Las pruebas que atacan la aplicación, y las licencias y fallas conocidas de lo instalado; lo demás va a pytest."""
    return max(
        correr("pytest", "-q", *PRUEBAS_DE_SEGURIDAD, *opciones.extras, listas=PARA_PROBAR),
        correr("tests.licencias", listas=PARA_PROBAR),
        correr("tests.auditoria", listas=PARA_PROBAR),
    )


def cargar(opciones: argparse.Namespace) -> int:
    """``python -m etl cargar`` dentro del entorno; las rutas se entienden desde la carpeta de quien llama."""
    codigo = correr("etl", "cargar", *(e if e.startswith("--") else str(Path(e).resolve()) for e in opciones.extras))
    if codigo < 0 or codigo > LO_MAS_QUE_SALE_ETL:
        raise NoSePudo(
            f"{LO_CERRARON.format(codigo)} Lo publicado antes quedó como estaba; puede repetir la misma orden."
        )
    return codigo


def carpeta_de_herramientas(pedida: str | None) -> Path:
    """Dónde está el generador: lo pedido, ``TABLERO_HERRAMIENTAS`` o la carpeta de al lado. Lanza ``NoSePudo`` si no está."""
    de_al_lado = RAIZ.parent / "shared" / "herramientas"
    carpeta = Path(pedida or os.environ.get("TABLERO_HERRAMIENTAS") or de_al_lado).expanduser().resolve()
    if not (carpeta / GENERADOR).is_file():
        raise NoSePudo(
            f"No está {GENERADOR} en {carpeta}. Diga dónde con --herramientas CARPETA o con TABLERO_HERRAMIENTAS; "
            "docs/rendimiento.md quedó como estaba."
        )
    return carpeta


def medir(opciones: argparse.Namespace) -> int:
    """Mide el rendimiento en archivos de tamaño completo y reescribe docs/rendimiento.md; lo demás va a pytest."""
    return _medir(opciones, "tests/rendimiento")


def carga(opciones: argparse.Namespace) -> int:
    """Mide cuántas personas caben y cuánto tarda con más datos; con --fecha reescribe su parte de docs/rendimiento.md."""
    return _medir(opciones, *PRUEBAS_DE_CARGA)


def _medir(opciones: argparse.Namespace, *que: str) -> int:
    herramientas = carpeta_de_herramientas(opciones.herramientas)
    pedido = ["--herramientas", str(herramientas)]
    if opciones.fecha is not None:
        pedido = ["--fecha", opciones.fecha, *pedido]
    return correr("pytest", "-q", "-s", "-m", "rendimiento", *que, *pedido, *opciones.extras, listas=PARA_PROBAR)


def fallas(opciones: argparse.Namespace) -> int:
    """Provoca cada falla y cuenta qué se perdió; con --fecha reescribe docs/confiabilidad.md. Lo demás va a pytest."""
    carpeta = Path("tests/fallas")
    modulos = {ruta.stem.removeprefix("test_"): ruta for ruta in sorted((RAIZ / carpeta).glob("test_*.py"))}
    if opciones.solo is not None and opciones.solo not in modulos:
        raise NoSePudo(f"No hay un simulacro «{opciones.solo}». Los hay: {', '.join(modulos)}.")
    cual = carpeta if opciones.solo is None else modulos[opciones.solo].relative_to(RAIZ)
    apuntar = ["--apuntar", opciones.fecha] if opciones.fecha else []
    pedido = ["-m", "fallas", str(cual), "--completas", *apuntar, *opciones.extras]
    return correr("pytest", "-q", "-n", "2", "--dist", "loadfile", *pedido, listas=PARA_PROBAR)


def fecha(texto: str) -> str:
    """La fecha, comprobada. Lanza ``ValueError`` si no es AAAA-MM-DD."""
    return date.fromisoformat(texto).isoformat()


VERBOS = {
    "iniciar": iniciar,
    "probar": probar,
    "revisar": revisar,
    "seguridad": seguridad,
    "cargar": cargar,
    "medir": medir,
    "carga": carga,
    "fallas": fallas,
}


def leer_argumentos(argumentos: list[str]) -> argparse.Namespace:
    """Verbo y opciones; ``extras`` es lo que se pasa tal cual a la herramienta de abajo."""
    raiz = argparse.ArgumentParser(
        prog="tareas.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    verbos = raiz.add_subparsers(dest="verbo", required=True, metavar="verbo")
    de_iniciar = verbos.add_parser("iniciar", help="abre la aplicación")
    de_iniciar.add_argument("--origen", help="archivo o carpeta con archivos oficiales que cargar antes")
    de_iniciar.add_argument("--puerto", type=int, default=PUERTO, help=f"puerto deseado (por omisión {PUERTO})")
    de_iniciar.add_argument("--modo-local", action="store_true", help="deja actualizar los datos desde las páginas")
    de_iniciar.add_argument("--sin-abrir", action="store_true", help="no abre el navegador")
    for nombre, obligatoria in (("medir", True), ("carga", False)):
        de_medir = verbos.add_parser(nombre, help=VERBOS[nombre].__doc__.split(";")[0])
        de_medir.add_argument("--fecha", type=fecha, required=obligatoria, help="fecha de la medición, AAAA-MM-DD")
        de_medir.add_argument("--herramientas", help="carpeta con generar_municipal.py (o TABLERO_HERRAMIENTAS)")
    de_fallas = verbos.add_parser("fallas", help="provoca fallas de verdad y cuenta qué se perdió")
    de_fallas.add_argument("--fecha", type=fecha, help="fecha con que se reescribe docs/confiabilidad.md, AAAA-MM-DD")
    de_fallas.add_argument("--solo", metavar="NOMBRE", help="una sola: proceso_muerto, disco_lleno, red_cortada…")
    for nombre in ("probar", "revisar", "seguridad", "cargar"):
        verbos.add_parser(nombre, help=VERBOS[nombre].__doc__.split(";")[0], add_help=False)
    opciones, extras = raiz.parse_known_args(argumentos)
    if extras and opciones.verbo == "iniciar":
        raiz.error(f"no se reconoce: {' '.join(extras)}")
    opciones.extras = extras[1:] if extras[:1] == ["--"] else extras
    return opciones


def main(argumentos: list[str]) -> int:
    """Ejecuta un verbo y devuelve su código de salida: 0 hecho, 1 no se pudo, 2 uso."""
    opciones = leer_argumentos(argumentos)
    try:
        return VERBOS[opciones.verbo](opciones)
    except NoSePudo as causa:
        print(causa, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrumpido; puede repetir la misma orden.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
