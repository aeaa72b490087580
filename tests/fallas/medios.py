"""Con qué se provoca cada falla: discos chicos de verdad, señales, memoria con tope, redes que se cortan y láminas sobre libc.

Lo que no hay en la máquina se dice con ``Falta``: la prueba se omite con su motivo, o falla si se exige.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

RAIZ = Path(__file__).resolve().parents[2]
CGRUPO = Path("/sys/fs/cgroup/memory")
SEGUNDOS = 60


class Falta(Exception):
    """Esta máquina no tiene con qué provocar la falla."""


def hasta(cosa: Callable[[], object], que: str, segundos: float = SEGUNDOS, cada: float = 0.05):
    """Espera a que algo sea cierto y lo devuelve; si no pasa, la prueba falla diciendo qué se esperaba."""
    plazo = time.monotonic() + segundos
    while True:
        hallado = cosa()
        if hallado:
            return hallado
        assert time.monotonic() < plazo, f"no pasó en {segundos:.0f} s: {que}"
        time.sleep(cada)


# --- Disco


def _mount(*argumentos: object) -> None:
    hecho = subprocess.run(["mount", *map(str, argumentos)], capture_output=True, text=True, check=False)
    if hecho.returncode:
        raise Falta(f"no se puede montar un disco de prueba ({hecho.stderr.strip() or 'sin permiso'})")


@contextmanager
def disco_chico(lugar: Path, bytes_: int) -> Iterator[Path]:
    """Un sistema de archivos en memoria de ese tamaño: cuando se llena, el núcleo contesta ENOSPC como en un disco."""
    if os.name != "posix" or os.geteuid() != 0 or shutil.which("mount") is None:
        raise Falta("montar un disco de prueba pide ser root en Linux")
    lugar.mkdir(parents=True, exist_ok=True)
    _mount("-t", "tmpfs", "-o", f"size={bytes_}", "tmpfs", lugar)
    try:
        yield lugar
    finally:
        subprocess.run(["umount", "-l", str(lugar)], check=True)


def redimensionar(lugar: Path, bytes_: int) -> None:
    """Le da otro tamaño a un disco chico: el espacio que alguien libera."""
    _mount("-o", f"remount,size={bytes_}", lugar)


def solo_lectura(lugar: Path, si: bool) -> None:
    """Lo vuelve de solo lectura, o de vuelta. Puede negarse si alguien tiene un archivo abierto para escribir."""
    _mount("-o", f"remount,{'ro' if si else 'rw'}", lugar)


def libre(lugar: Path) -> int:
    """Bytes que le quedan."""
    estado = os.statvfs(lugar)
    return estado.f_bavail * estado.f_frsize


def llenar(lugar: Path, dejar: int) -> Path:
    """Ocupa el disco hasta dejar esos bytes; devuelve el archivo que estorba."""
    estorbo = lugar / "estorbo"
    sobra = libre(lugar) - dejar
    with estorbo.open("ab") as archivo:
        while sobra > 0:
            parte = min(sobra, 1 << 20)
            archivo.write(b"\0" * parte)
            sobra -= parte
    return estorbo


def restos(*carpetas: Path) -> list[str]:
    """Archivos a medias que alguien haya dejado: obras sin terminar, provisionales y temporales."""
    return sorted(
        str(r.relative_to(carpeta))
        for carpeta in carpetas
        if carpeta.exists()
        for r in carpeta.rglob("*")
        if r.name.startswith((".en-obra-", ".")) and r.is_file() and "candado" not in r.name
    )


# --- Láminas sobre libc


def lamina(nombre: str, carpeta: Path) -> Path:
    """Compila ``<nombre>.c`` de esta carpeta para cargarla con LD_PRELOAD."""
    compilador = shutil.which("cc") or shutil.which("gcc")
    if compilador is None or not sys.platform.startswith("linux"):
        raise Falta("hace falta un compilador de C (gcc) para interponer llamadas al sistema")
    destino = carpeta / f"{nombre}.so"
    fuente = Path(__file__).with_name(f"{nombre}.c")
    subprocess.run([compilador, "-shared", "-fPIC", "-O2", "-o", destino, fuente, "-ldl"], check=True)
    return destino


# --- Memoria


@contextmanager
def memoria_con_tope(bytes_: int) -> Iterator[Path]:
    """Un grupo de control: a quien se pase de esa memoria lo mata el núcleo, como cuando se acaba la de la máquina."""
    grupo = CGRUPO / f"fallas-{os.getpid()}-{time.monotonic_ns()}"
    try:
        grupo.mkdir()
        (grupo / "memory.limit_in_bytes").write_text(str(bytes_))
    except OSError as causa:
        raise Falta(f"no hay grupos de control de memoria ({causa.strerror})") from causa
    try:
        yield grupo
    finally:
        hasta(lambda: _quitar(grupo), "que el grupo de control quede vacío", 20)


def _quitar(grupo: Path) -> bool:
    try:
        grupo.rmdir()
    except OSError:
        return False
    return True


# --- Procesos


def python(*argumentos: object, segundos: float = 180, **mas) -> subprocess.CompletedProcess[str]:
    """Corre este Python desde la raíz del proyecto y devuelve cómo acabó, sea como sea."""
    entorno = {**os.environ, **mas.pop("entorno", {})}
    return subprocess.run(
        [sys.executable, *map(str, argumentos)], cwd=RAIZ, env=entorno, capture_output=True, text=True, timeout=segundos,
        check=False, **mas,
    )  # fmt: skip


def etl(almacen: Path, *orden: object, **mas) -> subprocess.CompletedProcess[str]:
    """Un verbo de ``python -m etl`` sobre ese almacén, en su propio proceso."""
    return python("-m", "etl", *orden, "--almacen", almacen, **mas)


class Servidor:
    """La aplicación servida en un puerto fijo: se enciende, se mata y se vuelve a encender."""

    def __init__(
        self, almacen: Path, bitacora: Path, certificado: tuple[Path, Path] | None = None, **entorno: str
    ) -> None:
        self.almacen, self.entorno, self.bitacora = almacen, entorno, bitacora
        self.puerto = puerto_libre()
        # Las rutas de la llave y del certificado; sin ellas se sirve por HTTP.
        self.certificado = certificado
        self.direccion = f"{'https' if certificado else 'http'}://127.0.0.1:{self.puerto}"
        self.proceso: subprocess.Popen | None = None

    def encender(self) -> None:
        """Espera a que atienda."""
        orden = [sys.executable, "-m", "uvicorn", "servidor:aplicacion", "--port", str(self.puerto)]
        if self.certificado:
            llave, cadena = self.certificado
            orden += ["--ssl-keyfile", str(llave), "--ssl-certfile", str(cadena)]
        with self.bitacora.open("ab") as salida:
            self.proceso = subprocess.Popen(
                [*orden, "--log-level", "warning", "--timeout-graceful-shutdown", "2"],
                cwd=RAIZ, env={**os.environ, "TABLERO_ALMACEN": str(self.almacen), **self.entorno}, stdout=salida,
                stderr=salida,
            )  # fmt: skip
        hasta(lambda: responde(f"{self.direccion}/api/vivo"), "que el servidor atienda", 90)

    def matar(self) -> None:
        """Como un corte de luz: sin aviso."""
        if self.proceso is not None:
            self.proceso.send_signal(signal.SIGKILL)
            self.proceso.wait(timeout=10)

    def apagar(self) -> None:
        """Como lo apaga quien administra."""
        if self.proceso is not None and self.proceso.poll() is None:
            self.proceso.terminate()
            try:
                self.proceso.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.matar()


def puerto_libre() -> int:
    """Uno de los que tocan a estas pruebas y que nadie ocupa."""
    # La mitad para cada proceso de pruebas: entre escoger un puerto y abrirlo no lo toma el otro.
    desde = 8730 if os.environ.get("PYTEST_XDIST_WORKER", "gw0").endswith("1") else 8720
    for puerto in range(desde, desde + 10):
        with socket.socket() as enchufe:
            enchufe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                enchufe.bind(("127.0.0.1", puerto))
            except OSError:
                continue
            return puerto
    with socket.socket() as enchufe:
        enchufe.bind(("127.0.0.1", 0))
        return enchufe.getsockname()[1]


def responde(direccion: str, segundos: float = 2) -> int | None:
    """El código con que contesta; ``None`` si no contesta."""
    try:
        # El certificado de estas pruebas lo firman ellas.
        with urllib.request.urlopen(direccion, timeout=segundos, context=ssl._create_unverified_context()) as respuesta:
            return respuesta.status
    except urllib.error.HTTPError as respuesta:
        return respuesta.code
    except (urllib.error.URLError, OSError):
        return None


# --- Red


class Cable:
    """Un intermediario de TCP entre el navegador y el servidor, que se corta como un cable.

    ``modo``: «bien»; «ida», lo que manda el navegador no llega; «vuelta», llega pero lo que contesta el servidor se pierde;
    «a medias», de la respuesta pasan ``dejar_pasar`` bytes y ahí se cuelga. ``cortar`` tira además las conexiones abiertas;
    ``cortar_tras`` lo hace en cuanto bajen tantos bytes.
    """

    def __init__(self, puerto_real: int) -> None:
        self._puerto = puerto_real
        self._oyente = socket.create_server(("127.0.0.1", puerto_libre()), backlog=64)
        self.direccion = f"http://127.0.0.1:{self._oyente.getsockname()[1]}"
        self.modo, self.dejar_pasar, self.subieron, self.bajaron = "bien", 0, 0, 0
        self._abiertas: set[socket.socket] = set()
        self._candado = threading.Lock()
        threading.Thread(target=self._atender, daemon=True).start()

    def cortar(self) -> None:
        """Nada pasa ya: se tiran las conexiones y las nuevas se rechazan."""
        self.modo = "cortado"
        self._tirar()

    def cortar_tras(self, bajados: int) -> None:
        """Pasan esos bytes de lo que contesta el servidor, y en el que sigue se corta todo."""
        self.modo, self.dejar_pasar = "tras", bajados

    def volver(self) -> None:
        """La red vuelve; las conexiones de antes no."""
        self._tirar()
        self.modo, self.dejar_pasar = "bien", 0

    def cerrar(self) -> None:
        """Se quita el cable."""
        self._oyente.close()
        self._tirar()

    def _tirar(self) -> None:
        with self._candado:
            abiertas, self._abiertas = self._abiertas, set()
        for enchufe in abiertas:
            _colgar(enchufe)

    def _atender(self) -> None:
        while True:
            try:
                cliente, _ = self._oyente.accept()
            except OSError:
                return  # se quitó el cable
            if self.modo == "cortado":
                cliente.close()
                continue
            try:
                servidor = socket.create_connection(("127.0.0.1", self._puerto), timeout=5)
            except OSError:
                cliente.close()
                continue
            servidor.settimeout(None)
            with self._candado:
                self._abiertas = {a for a in self._abiertas if a.fileno() != -1} | {cliente, servidor}
            threading.Thread(target=self._pasar, args=(cliente, servidor, True), daemon=True).start()
            threading.Thread(target=self._pasar, args=(servidor, cliente, False), daemon=True).start()

    def _pasar(self, de: socket.socket, a: socket.socket, suben: bool) -> None:
        try:
            while parte := de.recv(65536):
                parte = self._filtrar(parte, suben)
                if parte:
                    a.sendall(parte)
                if self.modo == "tras" and not self.dejar_pasar:
                    self.cortar()
        except OSError:
            return  # la conexión se cayó: es lo que se está probando
        finally:
            _colgar(a)
            _colgar(de)

    def _filtrar(self, parte: bytes, suben: bool) -> bytes:
        if suben:
            self.subieron += len(parte)
            return b"" if self.modo in ("ida", "cortado") else parte
        self.bajaron += len(parte)
        if self.modo in ("vuelta", "cortado"):
            return b""
        if self.modo in ("a medias", "tras"):
            parte, self.dejar_pasar = parte[: self.dejar_pasar], max(0, self.dejar_pasar - len(parte))
        return parte


def _colgar(enchufe: socket.socket) -> None:
    """Cierra los dos sentidos, también si otro hilo está esperando leer de ahí."""
    with suppress(OSError):  # ya estaba cerrado
        enchufe.shutdown(socket.SHUT_RDWR)
    enchufe.close()


# --- PostgreSQL


class Postgres:
    """Un PostgreSQL propio, con fsync de verdad, que se mata con SIGKILL y se vuelve a encender en el mismo puerto."""

    def __init__(self, carpeta: Path) -> None:
        programas = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        if not programas or shutil.which("runuser") is None:
            raise Falta("no está PostgreSQL (apt-get install postgresql)")
        self.bin, self.carpeta = programas[-1].parent, carpeta
        self.puerto = _puerto_cualquiera()
        self.url = f"postgresql+psycopg://tablero@127.0.0.1:{self.puerto}/postgres"
        carpeta.mkdir()
        shutil.chown(carpeta, "postgres")
        self._como(self.bin / "initdb", "-D", carpeta / "datos", "-U", "tablero", "--auth=trust", "--encoding=UTF8")
        self.encender()

    def _como(self, *orden: object, exigir: bool = True) -> int:
        completa = ["runuser", "-u", "postgres", "--", *map(str, orden)]
        if os.geteuid() != 0:
            completa = completa[4:]
        return subprocess.run(
            completa, cwd="/", check=exigir, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=90,
            stdin=subprocess.DEVNULL,
        ).returncode  # fmt: skip

    def encender(self) -> float:
        """Espera a que acepte conexiones; devuelve cuántos segundos tardó."""
        empezo = time.monotonic()
        opciones = [f"port={self.puerto}", "listen_addresses=127.0.0.1", f"unix_socket_directories={self.carpeta}"]
        orden = [str(self.bin / "postgres"), "-D", str(self.carpeta / "datos")]
        for opcion in (*opciones, "max_connections=120"):
            orden += ["-c", opcion]
        # Hijo de esta prueba, para recogerlo al morir: un proceso muerto sin recoger todavía cuenta como vivo.
        quien = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        with (self.carpeta / "bitacora.log").open("ab") as salida:
            self.jefe = subprocess.Popen(
                orden, cwd="/", stdin=subprocess.DEVNULL, stdout=salida, stderr=salida, **quien
            )
        hasta(self._acepta, "que PostgreSQL acepte conexiones", 90, 0.02)
        return time.monotonic() - empezo

    def _acepta(self) -> bool:
        assert self.jefe.poll() is None, (self.carpeta / "bitacora.log").read_text()[-1500:]
        return self._como(self.bin / "pg_isready", "-h", "127.0.0.1", "-p", self.puerto, exigir=False) == 0

    def matar(self) -> None:
        """SIGKILL a todos sus procesos: lo que estaba en vuelo se queda donde iba."""
        self.jefe.send_signal(signal.SIGSTOP)  # quieto, que no le nazca otro hijo mientras se cuentan
        hijos = _hijos(self.jefe.pid)
        for proceso in (self.jefe.pid, *hijos):
            with suppress(ProcessLookupError):  # se fue solo al morir el jefe
                os.kill(proceso, signal.SIGKILL)
        self.jefe.wait(timeout=20)
        hasta(lambda: not any(_vive(p) for p in hijos), "que PostgreSQL termine de morir", 20)

    def apagar(self) -> None:
        """Se cierra y se borra su carpeta."""
        if self.jefe.poll() is None:
            self.matar()
        shutil.rmtree(self.carpeta, ignore_errors=True)


def _hijos(jefe: int) -> list[int]:
    hallados = []
    for carpeta in Path("/proc").glob("[0-9]*"):
        try:
            partes = (carpeta / "stat").read_text().rsplit(")", 1)[1].split()
        except (OSError, IndexError):
            continue  # terminó mientras se miraba
        if int(partes[1]) == jefe:
            hallados.append(int(carpeta.name))
    return hallados


def _vive(proceso: int) -> bool:
    try:
        return (Path("/proc") / str(proceso) / "stat").read_text().rsplit(")", 1)[1].split()[0] not in ("Z", "X")
    except (OSError, IndexError):
        return False


def _puerto_cualquiera() -> int:
    """Por debajo de los que el sistema reparte: a quien insiste en conectarse a uno de esos le puede tocar él mismo."""
    while True:
        puerto = random.randrange(20_000, 30_000)
        with socket.socket() as enchufe:
            if enchufe.connect_ex(("127.0.0.1", puerto)) != 0:
                return puerto
