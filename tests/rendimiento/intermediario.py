"""Un intermediario que cuenta los bytes que pasan por el cable, ya comprimidos, entre el navegador y el servidor."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass
class Cuenta:
    """Bytes que han bajado del servidor, y la dirección por la que hay que entrar."""

    direccion: str
    bajaron: int = 0


@contextmanager
def contando(puerto_real: int):
    """Abre un puerto que reenvía a ``puerto_real`` y da la cuenta."""
    oyente = socket.create_server(("127.0.0.1", 0))
    cuenta = Cuenta(f"http://127.0.0.1:{oyente.getsockname()[1]}")

    def pasar(de: socket.socket, a: socket.socket, bajan: bool) -> None:
        try:
            while parte := de.recv(65536):
                if bajan:
                    cuenta.bajaron += len(parte)
                a.sendall(parte)
        except OSError:
            return  # el otro lado colgó: no hay más que contar
        finally:
            a.close()

    def atender() -> None:
        while True:
            try:
                cliente, _ = oyente.accept()
            except OSError:
                return  # se cerró el oyente: terminó la medición
            servidor = socket.create_connection(("127.0.0.1", puerto_real))
            threading.Thread(target=pasar, args=(cliente, servidor, False), daemon=True).start()
            threading.Thread(target=pasar, args=(servidor, cliente, True), daemon=True).start()

    threading.Thread(target=atender, daemon=True).start()
    try:
        yield cuenta
    finally:
        oyente.close()
