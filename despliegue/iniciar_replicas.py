#!/usr/bin/env python3
"""Varias réplicas de la aplicación detrás de nginx, en esta máquina, con despliegue/nginx.conf tal como está.

    .venv/bin/python despliegue/iniciar_replicas.py --replicas 2 --puerto 8080

Cada réplica es un proceso que solo escucha en la propia máquina; si muere, se levanta otra vez. Ctrl-C (o SIGTERM) detiene todo.
Lo que escribe (bitácoras, configuración con los puertos, caché) queda en --carpeta. Sirve para probar y para una sola máquina sin
systemd; para dejarlo corriendo, mejor las unidades de systemd que están al lado.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

RAIZ = Path(__file__).resolve().parent.parent
SEGUNDOS_PARA_ABRIR = 90
SEGUNDOS_PARA_CERRAR = 20
PAUSA_MAXIMA = 60.0


class NoSePudo(Exception):
    """Algo impidió empezar; el mensaje dice qué hacer."""


@dataclass
class Proceso:
    """Un proceso que se mantiene vivo: si muere se levanta, cada vez con más pausa si muere seguido."""

    nombre: str
    orden: list[str]
    bitacora: Path
    entorno: dict[str, str]
    hecho: subprocess.Popen | None = None
    desde: float = 0.0
    fallas: int = 0
    volver: float = 0.0
    salida: IO[bytes] | None = field(default=None, repr=False)

    def empezar(self) -> None:
        """Lo levanta, con su salida en su bitácora."""
        self.salida = self.salida or self.bitacora.open("ab")
        self.hecho = subprocess.Popen(
            self.orden, cwd=RAIZ, env=self.entorno, stdin=subprocess.DEVNULL, stdout=self.salida, stderr=self.salida
        )
        self.desde = time.monotonic()
        self.bitacora.with_suffix(".pid").write_text(f"{self.hecho.pid}\n", encoding="ascii")

    def vive(self) -> bool:
        """Si sigue corriendo."""
        return self.hecho is not None and self.hecho.poll() is None

    def cuidar(self) -> None:
        """Lo levanta si murió y ya pasó su pausa."""
        if self.vive():
            return
        ahora = time.monotonic()
        if self.hecho is not None:
            self.fallas = 1 if ahora - self.desde > PAUSA_MAXIMA else self.fallas + 1
            pausa = min(PAUSA_MAXIMA, 2.0 ** (self.fallas - 1))
            decir(f"{self.nombre} terminó con {self.hecho.returncode}; se levanta en {pausa:.0f} s ({self.bitacora})")
            self.hecho, self.volver = None, ahora + pausa
        if ahora >= self.volver:
            self.empezar()

    def terminar(self) -> None:
        """Le pide que se detenga; si no lo hace a tiempo, lo detiene."""
        if self.vive() and self.hecho is not None:
            self.hecho.terminate()
            try:
                self.hecho.wait(SEGUNDOS_PARA_CERRAR)
            except subprocess.TimeoutExpired:
                self.hecho.kill()
                self.hecho.wait()
        if self.salida is not None:
            self.salida.close()


def decir(texto: str) -> None:
    """Un renglón en la salida, en el momento."""
    print(texto, flush=True)


def analizador() -> argparse.ArgumentParser:
    """Las opciones."""
    raiz = argparse.ArgumentParser(description="Réplicas de la aplicación detrás de nginx, en esta máquina.")
    raiz.add_argument("--replicas", type=int, default=2, metavar="N", help="cuántos procesos (por omisión 2)")
    raiz.add_argument("--puerto", type=int, default=8080, help="en cuál escucha nginx (por omisión 8080)")
    raiz.add_argument("--desde", type=int, default=8501, metavar="PUERTO", help="primer puerto de los procesos")
    raiz.add_argument("--escucha", default="127.0.0.1", metavar="DIRECCION", help="en qué dirección escucha nginx")
    raiz.add_argument(
        "--certificado", type=Path, metavar="PEM", help="cadena de certificados: con ella se sirve por TLS"
    )
    raiz.add_argument("--llave", type=Path, metavar="PEM", help="llave del certificado")
    raiz.add_argument("--seguir", metavar="URL", help="corre también «etl sincronizar URL»")
    raiz.add_argument("--cada", type=float, default=60.0, metavar="SEGUNDOS", help="cada cuánto pregunta --seguir")
    raiz.add_argument("--carpeta", type=Path, help="dónde deja bitácoras y configuración (por omisión, una temporal)")
    return raiz


def escribir_configuracion(opciones: argparse.Namespace, carpeta: Path, puertos: list[int]) -> Path:
    """Deja en la carpeta lo que cambia de una máquina a otra y devuelve la configuración principal, que incluye nginx.conf."""
    propia, temporales = carpeta / "tablero", carpeta / "temporales"
    for nueva in (propia, temporales, carpeta / "cache"):
        nueva.mkdir(parents=True, exist_ok=True)
    servidores = "\n".join(f"    server 127.0.0.1:{p} max_fails=1 fail_timeout=5s;" for p in puertos)
    (propia / "local.conf").write_text(
        f"upstream tablero_procesos {{\n    hash $tablero_llave consistent;\n{servidores}\n}}\n"
        f'proxy_cache_path "{carpeta / "cache"}" keys_zone=tablero_estaticos:2m max_size=300m inactive=30d use_temp_path=off;\n',
        encoding="utf-8",
    )
    con_tls = opciones.certificado is not None
    escucha = [f"listen {opciones.escucha}:{opciones.puerto}{' ssl' if con_tls else ''};", "server_name _;"]
    escucha.append(f'access_log "{carpeta / "acceso.log"}" tablero;')
    if con_tls:
        escucha += [
            f'ssl_certificate "{opciones.certificado.resolve()}";',
            f'ssl_certificate_key "{opciones.llave.resolve()}";',
            "ssl_protocols TLSv1.2 TLSv1.3;",
        ]
    (propia / "escucha.conf").write_text("\n".join(escucha) + "\n", encoding="utf-8")
    de_paso = "\n".join(
        f'    {n}_temp_path "{temporales / n}";' for n in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    principal = carpeta / "nginx.conf"
    tipos = Path("/etc/nginx/mime.types")
    # Como root, nginx atendería con otro usuario, que no puede escribir en la carpeta.
    usuario = "user root;\n" if os.geteuid() == 0 else ""
    principal.write_text(
        f'{usuario}daemon off;\npid "{carpeta / "nginx.pid"}";\nerror_log stderr warn;\nworker_processes 1;\n'
        "events {\n    worker_connections 4096;\n}\nhttp {\n"
        + (f"    include {tipos};\n" if tipos.is_file() else "")
        + f'{de_paso}\n    include "{RAIZ / "despliegue" / "nginx.conf"}";\n}}\n',
        encoding="utf-8",
    )
    return principal


def exigir_puertos(puertos: list[int], direccion: str) -> None:
    """Lanza ``NoSePudo`` si alguno está ocupado."""
    for puerto in puertos:
        with socket.socket() as enchufe:
            enchufe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                enchufe.bind((direccion, puerto))
            except OSError as causa:
                raise NoSePudo(f"El puerto {puerto} no se puede usar ({causa.strerror}); elija otro.") from causa


def esperar(direccion: str, procesos: list[Proceso]) -> None:
    """Espera a que conteste. Lanza ``NoSePudo`` si un proceso muere antes o si tarda demasiado."""
    plazo = time.monotonic() + SEGUNDOS_PARA_ABRIR
    while True:
        muerto = next((p for p in procesos if not p.vive()), None)
        if muerto is not None:
            final = muerto.bitacora.read_text(encoding="utf-8", errors="replace")[-1500:]
            raise NoSePudo(f"{muerto.nombre} murió al arrancar:\n{final}")
        try:
            with urllib.request.urlopen(direccion, timeout=3):
                return
        except (urllib.error.URLError, OSError):
            pass  # todavía no abre: se vuelve a preguntar hasta el plazo
        if time.monotonic() > plazo:
            raise NoSePudo(f"{direccion} no contestó en {SEGUNDOS_PARA_ABRIR} s.")
        time.sleep(0.2)


def correr(opciones: argparse.Namespace) -> int:
    """Levanta todo y lo cuida hasta que se le pida parar."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if nginx is None:
        raise NoSePudo("No está nginx. En Debian: apt-get install nginx-light.")
    if opciones.replicas < 1 or (opciones.certificado is None) != (opciones.llave is None):
        raise NoSePudo("--replicas debe ser 1 o más, y --certificado y --llave van juntos.")
    if not os.environ.get("TABLERO_REGISTRO", "").startswith("postgresql"):
        decir(
            "Aviso: TABLERO_REGISTRO no dice un PostgreSQL. En una sola máquina el SQLite del almacén alcanza; en varias, no."
        )
    carpeta = (opciones.carpeta or Path(tempfile.mkdtemp(prefix="tablero-replicas-"))).resolve()
    carpeta.mkdir(parents=True, exist_ok=True)
    puertos = [opciones.desde + i for i in range(opciones.replicas)]
    exigir_puertos(puertos, "127.0.0.1")
    exigir_puertos([opciones.puerto], opciones.escucha)
    principal = escribir_configuracion(opciones, carpeta, puertos)
    prueba = subprocess.run(
        [nginx, "-t", "-q", "-p", str(carpeta), "-c", str(principal)], capture_output=True, text=True, check=False
    )
    if prueba.returncode:
        raise NoSePudo(f"nginx no acepta la configuración:\n{prueba.stderr}")
    entorno = {"TABLERO_BITACORA": "si", **os.environ}
    replicas = [
        Proceso(
            f"réplica {puerto}",
            [sys.executable, "-m", "uvicorn", "servidor:aplicacion", "--host", "127.0.0.1", "--port", str(puerto),
             "--proxy-headers", "--forwarded-allow-ips", "127.0.0.1", "--timeout-graceful-shutdown", "5",
             "--no-access-log", "--log-level", "warning"],
            carpeta / f"replica-{puerto}.log",
            entorno,
        )
        for puerto in puertos
    ]  # fmt: skip
    otros = [
        Proceso("nginx", [nginx, "-p", str(carpeta), "-c", str(principal)], carpeta / "nginx.log", dict(os.environ))
    ]
    if opciones.seguir:
        orden = [sys.executable, "-m", "etl", "sincronizar", opciones.seguir, "--cada", str(opciones.cada), "--json"]
        otros.append(Proceso("sincronizar", orden, carpeta / "sincronizar.log", dict(os.environ)))
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        for replica in replicas:
            replica.empezar()
        for replica, puerto in zip(replicas, puertos, strict=True):
            esperar(f"http://127.0.0.1:{puerto}/api/vivo", [replica])
        for otro in otros:
            otro.empezar()
        esperar_puerto(opciones.escucha, opciones.puerto, otros[:1])
        esquema = "https" if opciones.certificado else "http"
        decir(
            f"Listo: {esquema}://{opciones.escucha}:{opciones.puerto}, {len(replicas)} réplicas; bitácoras en {carpeta}"
        )
        while True:
            time.sleep(0.5)
            for proceso in (*replicas, *otros):
                proceso.cuidar()
    except KeyboardInterrupt:
        decir("Deteniendo…")
        return 0
    finally:
        for proceso in (*reversed(otros), *replicas):
            proceso.terminar()


def esperar_puerto(direccion: str, puerto: int, procesos: list[Proceso]) -> None:
    """Espera a que alguien escuche. Lanza ``NoSePudo`` si el proceso muere antes."""
    plazo = time.monotonic() + SEGUNDOS_PARA_ABRIR
    while time.monotonic() < plazo:
        if not procesos[0].vive():
            raise NoSePudo(
                f"{procesos[0].nombre} murió al arrancar:\n{procesos[0].bitacora.read_text(errors='replace')[-1500:]}"
            )
        with socket.socket() as enchufe:
            if enchufe.connect_ex((direccion if direccion != "0.0.0.0" else "127.0.0.1", puerto)) == 0:
                return
        time.sleep(0.1)
    raise NoSePudo(f"nginx no abrió el puerto {puerto}.")


def main(argumentos: list[str] | None = None) -> int:
    """0 si se detuvo porque se le pidió; 1 si algo lo impidió."""
    try:
        return correr(analizador().parse_args(argumentos))
    except NoSePudo as causa:
        print(causa, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
