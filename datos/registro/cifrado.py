"""Respaldos que solo abre quien guarda la llave: formato age, con claves públicas.

En el servidor está nada más la clave pública (``TABLERO_RESPALDO_CLAVE``): con lo que hay en él no se puede abrir un respaldo. La
privada se guarda en otra parte y solo hace falta para restaurar.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import pyrage

from datos.registro.errores import RespaldoInvalido
from datos.registro.respaldo_en_zip import esta_cifrado

VARIABLE = "TABLERO_RESPALDO_CLAVE"
TERMINACION = ".age"
PREFIJO = ".respaldo-en-claro-"
HORAS_DE_UN_RESTO = 6  # ningún respaldo tarda tanto: lo que quede es de un proceso que murió de golpe
_PRIVADAS = ("AGE-SECRET-KEY-", "-----BEGIN")


@dataclass(frozen=True)
class Destinatario:
    """A quién se cifra: su clave, y cómo se nombra sin escribirla completa."""

    clave: Any
    nombre: str


def destinatarios() -> list[Destinatario]:
    """Los de ``TABLERO_RESPALDO_CLAVE``, separados por coma; vacía si no está puesta. Lanza ``RespaldoInvalido``."""
    halladas = []
    for texto in filter(None, (t.strip() for t in os.environ.get(VARIABLE, "").split(","))):
        if texto.startswith(_PRIVADAS):
            raise RespaldoInvalido(
                f"{VARIABLE} trae una llave privada, y ahí va solo la pública (age1… o ssh-ed25519 …). No se hizo el respaldo. "
                "Quítela de ese ajuste, dé por descubierta esa llave y haga otra con «python -m datos.acuerdos claves ARCHIVO»."
            )
        try:
            de_ssh = texto.startswith("ssh-")
            clave = pyrage.ssh.Recipient.from_str(texto) if de_ssh else pyrage.x25519.Recipient.from_str(texto)
        except pyrage.RecipientError as causa:
            raise RespaldoInvalido(
                f"{VARIABLE} trae «{texto[:24]}…», que no es una clave pública que se entienda ({causa}). No se hizo el "
                "respaldo. Se acepta age1… o ssh-ed25519 …; varias, separadas por coma."
            ) from causa
        halladas.append(Destinatario(clave, f"{texto[:12]}…"))
    return halladas


def cifrar(claro: Path, cifrado: Path, para: Sequence[Destinatario]) -> str:
    """Escribe el archivo cifrado, lo abre otra vez, compara y devuelve su SHA-256. Lanza ``RespaldoInvalido`` si no da lo mismo.

    Para poder comprobarlo se cifra además a una llave hecha en ese momento, que vive en la memoria de este proceso y se olvida.
    """
    pasajera = pyrage.x25519.Identity.generate()
    with claro.open("rb") as entrada, _nuevo(cifrado) as salida:
        pyrage.encrypt_io(entrada, salida, [*(d.clave for d in para), pasajera.to_public()])
        salida.flush()
        os.fsync(salida.fileno())
    with claro.open("rb") as entrada:
        esperada = hashlib.file_digest(entrada, "sha256").hexdigest()
    abierta = _Suma()
    try:
        with cifrado.open("rb") as entrada:
            pyrage.decrypt_io(entrada, abierta, [pasajera])
    except (pyrage.DecryptError, OSError) as causa:
        raise RespaldoInvalido(f"Lo que quedó en {cifrado.name} no se puede volver a abrir ({causa}).") from causa
    if abierta.suma.hexdigest() != esperada:
        raise RespaldoInvalido(f"Lo que quedó en {cifrado.name} no es lo que se cifró.")
    with cifrado.open("rb") as entrada:
        return hashlib.file_digest(entrada, "sha256").hexdigest()


@dataclass(frozen=True)
class Llaves:
    """Con qué se abre: el archivo de la identidad, el archivo de la frase, o los dos si la identidad está bajo frase."""

    identidad: Path | None = None
    frase: Path | None = None

    def __bool__(self) -> bool:
        return self.identidad is not None or self.frase is not None


@contextmanager
def en_claro(archivo: Path, llaves: Llaves, carpeta: Path) -> Iterator[Path]:
    """El respaldo sin cifrar, en un archivo que solo lee este usuario y se borra al salir; uno que no está cifrado, él mismo.

    Lanza ``RespaldoInvalido`` si falta la llave, no es la suya o el archivo está cortado o cambiado: nunca se entrega a medias.
    """
    if not esta_cifrado(archivo):
        yield archivo
        return
    if not llaves:
        raise RespaldoInvalido(
            f"{archivo.name} está cifrado. No se cambió nada. Diga con qué se abre: «--identidad ARCHIVO» (la llave privada) o, "
            "si se cifró con una frase, «--frase ARCHIVO»."
        )
    with aparte(carpeta) as propia:
        claro = propia / "respaldo.zip"
        with _nuevo(claro) as salida:
            _descifrar(archivo, llaves, salida)
        yield claro


def _descifrar(archivo: Path, llaves: Llaves, salida: IO[bytes]) -> None:
    try:
        with archivo.open("rb") as entrada:
            if llaves.identidad is None and llaves.frase is not None:
                salida.write(pyrage.passphrase.decrypt(entrada.read(), _frase(llaves.frase)))
            else:
                pyrage.decrypt_io(entrada, salida, identidades(llaves))
    except pyrage.DecryptError as causa:
        raise RespaldoInvalido(
            f"{archivo.name} no se abre con esa llave, o su encabezado está dañado ({causa}). No se cambió nada. Use la llave "
            f"cuya clave pública estaba en {VARIABLE} cuando se hizo, o pruebe con otra copia del archivo."
        ) from causa
    except OSError as causa:
        if causa.errno is not None:  # el disco, no el contenido
            raise
        raise RespaldoInvalido(
            f"{archivo.name} está cortado o cambió después de cifrarse. No se cambió nada. Use otra copia u otro respaldo."
        ) from causa


def identidades(llaves: Llaves) -> list[Any]:
    """Las llaves privadas de un archivo de age (o de una llave de SSH). Lanza ``RespaldoInvalido`` si no trae ninguna."""
    if llaves.identidad is None:
        return []
    cuerpo = llaves.identidad.read_bytes()
    try:
        if esta_cifrado(llaves.identidad):
            if llaves.frase is None:
                raise RespaldoInvalido(
                    f"{llaves.identidad.name} está bajo una frase. No se cambió nada. Agregue «--frase ARCHIVO»."
                )
            cuerpo = pyrage.passphrase.decrypt(cuerpo, _frase(llaves.frase))
        if b"PRIVATE KEY-----" in cuerpo:
            return [pyrage.ssh.Identity.from_buffer(cuerpo)]
        renglones = [r.strip() for r in cuerpo.decode("utf-8").splitlines()]
        halladas = [pyrage.x25519.Identity.from_str(r) for r in renglones if r and not r.startswith("#")]
    except (pyrage.IdentityError, pyrage.DecryptError, UnicodeDecodeError):
        # Sin la causa: su mensaje podría traer un pedazo de la llave.
        raise RespaldoInvalido(
            f"{llaves.identidad.name} no es una llave privada que se entienda, o la frase no es la suya. No se cambió nada."
        ) from None
    if not halladas:
        raise RespaldoInvalido(
            f"{llaves.identidad.name} no trae ninguna llave privada (AGE-SECRET-KEY-…). No se cambió nada."
        )
    return halladas


def generar(archivo: Path, frase: Path | None = None) -> str:
    """Escribe una llave nueva, que solo lee este usuario, y devuelve la clave pública. Nunca reemplaza un archivo.

    Con ``frase`` la llave queda cifrada con ella. Lanza ``RespaldoInvalido`` si el archivo ya existe.
    """
    nueva = pyrage.x25519.Identity.generate()
    publica = str(nueva.to_public())
    cuerpo = f"# created: {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}\n# public key: {publica}\n{nueva}\n".encode()
    if frase is not None:
        cuerpo = pyrage.passphrase.encrypt(cuerpo, _frase(frase))
    try:
        with _nuevo(archivo) as salida:
            salida.write(cuerpo)
    except FileExistsError as causa:
        raise RespaldoInvalido(
            f"{archivo} ya existe y no se tocó: una llave perdida deja sin abrir lo que cerró."
        ) from causa
    return publica


@contextmanager
def aparte(carpeta: Path) -> Iterator[Path]:
    """Una carpeta que solo abre este usuario y se borra al salir. De paso quita las que dejó un proceso que murió de golpe."""
    carpeta.mkdir(parents=True, exist_ok=True)
    for resto in carpeta.glob(f"{PREFIJO}*"):
        if time.time() - resto.stat().st_mtime > HORAS_DE_UN_RESTO * 3600:
            shutil.rmtree(resto, ignore_errors=True)  # otro proceso pudo ganarle
    with tempfile.TemporaryDirectory(prefix=PREFIJO, dir=carpeta) as propia:
        yield Path(propia)


def _nuevo(archivo: Path) -> IO[bytes]:
    return os.fdopen(os.open(archivo, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _frase(archivo: Path) -> str:
    frase = archivo.read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r")
    if not frase:
        raise RespaldoInvalido(f"{archivo.name} no trae ninguna frase en su primer renglón. No se cambió nada.")
    return frase


class _Suma(io.RawIOBase):
    """Recibe lo descifrado y solo lo suma: no queda en ninguna parte."""

    def __init__(self) -> None:
        super().__init__()
        self.suma = hashlib.sha256()

    def writable(self) -> bool:
        """Sí."""
        return True

    def write(self, datos: Any) -> int:
        """Suma un pedazo."""
        self.suma.update(datos)
        return len(datos)
