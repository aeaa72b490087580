"""Cuando la máquina se queda corta: disco lleno, de solo lectura o que falla, o memoria que no alcanza; dicho para una persona.

También escribe de una sola vez: si el disco no da para todo, no queda nada a medias.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path

LLENO = "Se llenó el disco. Libere espacio (vea cuánto queda con «df -h») y repita."
SOLO_LECTURA = (
    "El disco quedó de solo lectura. Suele ser señal de que está fallando: revíselo, vuelva a montarlo para escritura y "
    "repita."
)
SIN_PERMISO = "Esa carpeta no deja escribir a quien corre el tablero. Dele permiso y repita."
NO_RESPONDE = "El disco falló al leer o escribir. Revíselo antes de repetir; si sigue, restaure en otro."
SIN_MEMORIA = "No alcanzó la memoria. Cierre otros programas, o hágalo en una máquina con más memoria, y repita."
_DE_DISCO = {
    errno.ENOSPC: LLENO,
    errno.EDQUOT: LLENO,
    errno.EFBIG: LLENO,
    errno.EROFS: SOLO_LECTURA,
    errno.EACCES: SIN_PERMISO,
    errno.EPERM: SIN_PERMISO,
    errno.EIO: NO_RESPONDE,
}
# DuckDB, SQLite y los hilos lo dicen con palabras y sin número.
_EN_PALABRAS = (
    (("no space left", "disk quota", "disk is full", "file too large"), LLENO),
    (("read-only file system", "readonly database", "read-only database"), SOLO_LECTURA),
    (("permission denied",), SIN_PERMISO),
    (("input/output error", "disk i/o error"), NO_RESPONDE),
    (("out of memory", "bad_alloc", "bad allocation", "cannot allocate memory", "can't start new thread"), SIN_MEMORIA),
)
# Solo se le creen las palabras a quien habla de recursos: un mensaje nuestro puede citarlas.
_QUE_HABLAN_DE_ELLO = ("duckdb", "_duckdb", "sqlite3", "psycopg.errors", "pyarrow.lib", "loky.process_executor", "PIL")


def que_falto(causa: BaseException | None) -> str | None:
    """Qué le faltó a la máquina y qué hacer; ``None`` si la causa (o las causas de ella) es otra."""
    vistas: set[int] = set()
    while causa is not None and id(causa) not in vistas:
        vistas.add(id(causa))
        dicho = _de_una(causa)
        if dicho is not None:
            return dicho
        causa = causa.__cause__ or causa.__context__
    return None


def _de_una(causa: BaseException) -> str | None:
    if isinstance(causa, MemoryError):
        return SIN_MEMORIA
    if isinstance(causa, ImportError):  # una biblioteca que existe y no cupo
        return SIN_MEMORIA if "failed to map segment" in str(causa) or "allocate memory" in str(causa) else None
    if isinstance(causa, OSError) and causa.errno is not None:
        return SIN_MEMORIA if causa.errno == errno.ENOMEM else _DE_DISCO.get(causa.errno)
    if type(causa) is RuntimeError or type(causa).__module__.startswith(_QUE_HABLAN_DE_ELLO):
        texto = str(causa).lower()
        return next((dicho for senas, dicho in _EN_PALABRAS if any(s in texto for s in senas)), None)
    return None


def escribir_de_una_vez(destino: Path, contenido: bytes) -> None:
    """Escribe aparte, espera al disco y cambia de nombre. Lanza ``OSError``, y entonces no queda nada a medias."""
    aparte = destino.with_name(f".{destino.name}.{os.getpid()}")
    try:
        with aparte.open("wb") as archivo:
            archivo.write(contenido)
            archivo.flush()
            os.fsync(archivo.fileno())
        os.replace(aparte, destino)
    except BaseException:
        aparte.unlink(missing_ok=True)
        raise
