"""Lo que le faltó a la máquina, dicho para una persona; y escribir todo o nada."""

import errno
import sqlite3

import duckdb
import pytest

from datos import recursos
from datos.recursos import LLENO, NO_RESPONDE, SIN_MEMORIA, SIN_PERMISO, SOLO_LECTURA, que_falto


@pytest.mark.parametrize(
    ("causa", "dicho"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), LLENO),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), LLENO),
        (OSError(errno.EROFS, "Read-only file system"), SOLO_LECTURA),
        (PermissionError(errno.EACCES, "Permission denied"), SIN_PERMISO),
        (OSError(errno.EIO, "Input/output error"), NO_RESPONDE),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), SIN_MEMORIA),
        (MemoryError(), SIN_MEMORIA),
        (ImportError("x.so: failed to map segment from shared object"), SIN_MEMORIA),
        (RuntimeError("can't start new thread"), SIN_MEMORIA),
        (sqlite3.OperationalError("database or disk is full"), LLENO),
        (sqlite3.OperationalError("attempt to write a readonly database"), SOLO_LECTURA),
        (duckdb.IOException("IO Error: Could not write: No space left on device"), LLENO),
        (duckdb.OutOfMemoryException("Out of Memory Error: failed to allocate"), SIN_MEMORIA),
        (ValueError("disk is full"), None),
        (ImportError("No module named x"), None),
        (FileNotFoundError(errno.ENOENT, "No such file"), None),
        (RuntimeError("otra cosa"), None),
        (None, None),
    ],
    ids=str,
)
def test_que_falto(causa, dicho):
    assert que_falto(causa) == dicho


def test_se_busca_en_la_causa_de_la_causa():
    causa = ValueError("no se pudo")
    causa.__cause__ = OSError(errno.ENOSPC, "No space left on device")
    assert que_falto(causa) == LLENO


def test_escribir_de_una_vez_no_deja_nada_a_medias(tmp_path, monkeypatch):
    destino = tmp_path / "archivo"
    recursos.escribir_de_una_vez(destino, b"antes")

    def sin_lugar(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(recursos.os, "fsync", sin_lugar)
    with pytest.raises(OSError, match="No space left"):
        recursos.escribir_de_una_vez(destino, b"despues")
    assert [r.name for r in tmp_path.iterdir()] == ["archivo"]
    assert destino.read_bytes() == b"antes"
